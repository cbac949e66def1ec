#!/usr/bin/env python3
"""A stand-in for kubectl and a cluster: runs the containers of Jobs on this machine, one after the
other, with the folder $VOLUME in place of the volume /videos.

usage: stand_in_kubectl.py apply -f - | wait ... job/NAME | logs job/NAME --tail 1
"""
import os
import subprocess
import sys

import yaml

VOLUME = os.environ["VOLUME"]


def local(word, index):
    return word.replace("/videos/", VOLUME + "/").replace("$(JOB_COMPLETION_INDEX)", str(index))


def apply():
    job = yaml.safe_load(sys.stdin)
    name = job["metadata"]["name"]
    [container] = job["spec"]["template"]["spec"]["containers"]
    failures = 0
    with open(f"{VOLUME}/{name}.log", "w", encoding="utf-8") as log:
        for index in range(job["spec"].get("completions", 1)):
            words = [local(w, index) for w in container["command"] + container.get("args", [])]
            words[0] = os.environ["FURL"]
            failures += subprocess.run(words, stdout=log, stderr=log, check=False).returncode != 0
    with open(f"{VOLUME}/{name}.state", "w", encoding="utf-8") as state:
        state.write("failed" if failures else "complete")
    print(f"job.batch/{name} created")


def named():
    return next(word[4:] for word in sys.argv if word.startswith("job/"))


def main():
    if sys.argv[1] == "apply":
        apply()
    elif sys.argv[1] == "wait":
        with open(f"{VOLUME}/{named()}.state", encoding="utf-8") as state:
            sys.exit(state.read() != "complete")
    elif sys.argv[1] == "logs":
        with open(f"{VOLUME}/{named()}.log", encoding="utf-8") as log:
            print(log.read().splitlines()[-1])


main()
