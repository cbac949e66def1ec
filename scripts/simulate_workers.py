#!/usr/bin/env python3
"""What an encode in chunks takes with many workers, from measured times of chunks.

Chunks are handed out in order, each to the worker that is free first. Their times are drawn from
those that were measured, per frame. Some tries take longer (a slow machine), some fail and are made
again. The plan is made before, the file joined after, each by one process at its measured speed.

usage: scripts/simulate_workers.py MEASURED.json [--hours H] [--out RESULT.json]
  MEASURED.json   of scripts/measure_jobs.sh
"""
import argparse
import heapq
import json
import random

WORKERS = (1, 2, 4, 10, 30, 100, 300, 1000)
SLOW = 0.02  # part of the tries that run on a slow machine
SLOWNESS = 3  # how much longer these take
FAILS = 0.01  # part of the tries that fail, half way through
ROUNDS = 20  # of which the mean is told


def try_seconds(work, random_source):
    """Of a chunk until it is done."""
    spent = 0.0
    while True:
        seconds = work * (SLOWNESS if random_source.random() < SLOW else 1)
        if random_source.random() >= FAILS:
            return spent + seconds
        spent += seconds / 2


def wall_seconds(chunks, workers, random_source):
    free = [0.0] * min(workers, len(chunks))
    for work in chunks:
        heapq.heappush(free, heapq.heappop(free) + try_seconds(work, random_source))
    return max(free)


def simulate(measured, hours, workers, random_source):
    frames = hours * 3600 * measured["frame_rate"]
    chunks = []
    while sum(c[0] for c in chunks) < frames:
        chunks.append(random_source.choice(measured["chunks"]))
    work = [seconds + measured["start_seconds"] for _, seconds in chunks]
    coding = wall_seconds(work, workers, random_source)
    alone = frames / measured["plan_fps"] + frames / measured["join_fps"]
    return {"chunks": len(chunks), "plan": frames / measured["plan_fps"],
            "join": frames / measured["join_fps"], "coding": coding, "wall": coding + alone,
            "one": sum(seconds for _, seconds in chunks)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measured")
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    with open(arguments.measured, encoding="utf-8") as file:
        measured = json.load(file)["simulation"]
    rows = []
    print("| workers | plan, s | chunks, s | join, s | all, s | times one encode | of ideal |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for workers in WORKERS:
        random_source = random.Random(workers)
        rounds = [simulate(measured, arguments.hours, workers, random_source)
                  for _ in range(ROUNDS)]
        mean = {key: sum(r[key] for r in rounds) / ROUNDS for key in rounds[0]}
        gain = mean["one"] / mean["wall"]
        rows.append({"workers": workers, **mean, "gain": gain})
        print(f"| {workers} | {mean['plan']:.0f} | {mean['coding']:.0f} | {mean['join']:.0f} | "
              f"{mean['wall']:.0f} | {gain:.1f} | {100 * gain / workers:.0f} % |")
    print(f"\n{rows[0]['chunks']:.0f} chunks, {arguments.hours:g} h at "
          f"{measured['frame_rate']:g} frames per second")
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            json.dump({"measured": measured, "hours": arguments.hours, "slow": SLOW,
                       "slowness": SLOWNESS, "fails": FAILS, "rows": rows}, file, indent=1)
            file.write("\n")


main()
