#!/usr/bin/env python3
"""Whether everything that a Job says is known to Kubernetes' own types: kubectl drops the rest.

usage: same_fields.py JOB.yaml < the same Job as JSON, from kubectl
"""
import json
import sys

import yaml


def missing(wanted, got, place):
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if not isinstance(got, dict) or key not in got:
                yield f"{place}.{key}"
            else:
                yield from missing(value, got[key], f"{place}.{key}")
    elif isinstance(wanted, list):
        for i, value in enumerate(wanted):
            yield from missing(value, got[i] if i < len(got) else None, f"{place}[{i}]")
    elif wanted != got and place.rsplit(".", 1)[-1] != "image":
        yield f"{place}: {wanted!r} became {got!r}"


def main():
    with open(sys.argv[1], encoding="utf-8") as job:
        lost = list(missing(yaml.safe_load(job), json.load(sys.stdin), "job"))
    for field in lost:
        print(f"{sys.argv[1]}: unknown or changed: {field}", file=sys.stderr)
    sys.exit(bool(lost))


main()
