#!/usr/bin/env python3
"""The record of fuzzing, results/fuzzing.json: a list with an object for each run.

least   prints the target that has had the least processor time, of the record and a log together,
        or nothing where all have had --seconds
add     adds a log of scripts/fuzz_long.sh to the record, an object for each target and commit,
        and empties it
table   prints the sums of the record, a line for each target, in Markdown
"""

import argparse
import collections
import json
import pathlib

RECORD = pathlib.Path(__file__).parent.parent / "results" / "fuzzing.json"
# A target that fails this often in one log is left alone until someone has looked.
MOST_FINDINGS = 5


def read_log(path):
    if path is None or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def sums(runs):
    """target -> processor seconds, inputs, findings; runs from before processor time was taken
    count with inputs and findings alone."""
    totals = collections.defaultdict(collections.Counter)
    for run in runs:
        totals[run["target"]].update(
            cpu_seconds=run.get("cpu_seconds", 0), inputs=run["inputs"], findings=run["findings"])
    return totals


def least(args, record):
    log = read_log(args.log)
    stuck = {target for target, total in sums(log).items() if total["findings"] >= MOST_FINDINGS}
    totals = sums(record + log)
    waiting = [target for target in args.targets
               if target not in stuck and totals[target]["cpu_seconds"] < args.seconds]
    if waiting:
        print(min(waiting, key=lambda target: totals[target]["cpu_seconds"]))


def add(args, record):
    runs = collections.defaultdict(list)
    for run in read_log(args.log):
        runs[run["target"], run["commit"]].append(run)
    for (target, commit), group in runs.items():
        total = sums(group)[target]
        record.append({
            "target": target, "cpu_seconds": round(total["cpu_seconds"]),
            "inputs": total["inputs"], "coverage": max(run["coverage"] for run in group),
            "findings": total["findings"], "date": group[-1]["date"], "commit": commit,
            "command": "scripts/fuzz_long.sh"})
    RECORD.write_text("[\n" + ",\n".join(json.dumps(run) for run in record) + "\n]\n")
    args.log.write_text("")


def table(_, record):
    print("| target | processor time | inputs | findings |\n|---|---:|---:|---:|")
    for target, total in sorted(sums(record).items()):
        print(f"| `{target}` | {total['cpu_seconds'] / 60:.0f} min | {total['inputs']} "
              f"| {total['findings']} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["least", "add", "table"])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--log", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=7200)
    args = parser.parse_intermixed_args()
    {"least": least, "add": add, "table": table}[args.what](args, json.loads(RECORD.read_text()))


if __name__ == "__main__":
    main()
