#!/usr/bin/env python3
"""How well furl search finds copies, beside a perceptual hash and colour histograms of decoded
pictures, and how fast videos are indexed. docs/search.md, "Figures", has the protocol.

usage: measure_search.py CLIPS OTHERS WORK [--furl build/release/furl] [--out FILE]

CLIPS are the videos to be found, OTHERS those they are among. WORK is a folder for copies, coded
files and indexes; what is there already is not made again.
"""

import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import resource
import sqlite3
import struct
import subprocess
import sys
import time

import search_copies

SECONDS_APART = 2  # of pictures that the other methods look at: as furl's GOPs are
HASH_SIDE = 32
HIST_SIZE = (64, 36)
TOP = 10


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()[-500:]}")
    return done.stdout


def prepare(options):
    """Coded originals and copies of them: {path: clip} of both."""
    originals, copies = {}, {}
    folder = options.work / "originals"
    folder.mkdir(parents=True, exist_ok=True)
    clips = sorted(c for c in options.clips.iterdir() if c.suffix in search_copies.ENDINGS)
    for clip in clips:
        coded = folder / f"{clip.stem}.mkv"
        if not coded.exists():
            run([options.furl, "encode", clip, "-o", coded, "--preset", "fast", "-q"])
        originals[coded.resolve()] = clip.stem
        for name, row in search_copies.PROTOCOL.items():
            copy = options.work / "copies" / name / f"{clip.stem}.mp4"
            if not copy.exists():
                search_copies.make(clip, copy, row)
            copies[copy.resolve()] = clip.stem
    others = sorted(c.resolve() for c in options.others.iterdir()
                    if c.suffix in search_copies.ENDINGS)
    return originals, copies, others


# --- what each method knows of a video: a list of things, one for each shot or picture ------------


def furl_looks(options, paths):
    index = options.work / "all.db"
    run([options.furl, "index", *paths, "--db", index, "--no-pictures", "-q"])
    base = sqlite3.connect(index)
    looks = {}
    for path, vector in base.execute(
            "SELECT path, vector FROM shots JOIN files ON files.id = file ORDER BY file, begin"):
        looks.setdefault(pathlib.Path(path), []).append(struct.unpack("128b", vector))
    return looks


def furl_similarity(a, b):
    """As src/analysis/vector_scan.h has it."""
    even = sum(x * y for x, y in zip(a[:64], b[:64]))
    odd = sum(x * y for x, y in zip(a[64:], b[64:]))
    return (even + abs(odd)) / (math.dist(a, (0,) * 128) * math.dist(b, (0,) * 128))


def pictures(options, path, is_furl, size, pixel_format, values):
    """Decoded pictures, SECONDS_APART, scaled to `size`: bytes of each."""
    scale = ["-vf", f"fps=1/{SECONDS_APART}:round=up:start_time=0,scale={size[0]}:{size[1]}:"
             f"flags=area", "-pix_fmt", pixel_format, "-f", "rawvideo", "-"]
    source = ["-i", str(path)]
    decoder = None
    if is_furl:
        decoder = subprocess.Popen([options.furl, "decode", path, "-o", "-", "-q"],
                                   stdout=subprocess.PIPE)
        source = ["-i", "-"]
    out = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *source, *scale],
                         stdin=decoder.stdout if decoder else None, capture_output=True).stdout
    if decoder:
        decoder.stdout.close()
        decoder.wait()
    return [out[i:i + values] for i in range(0, len(out) - values + 1, values)]


COSINES = [[math.cos(math.pi * f * (i + 0.5) / HASH_SIDE) for i in range(HASH_SIDE)]
           for f in range(9)]


def perceptual_hash(gray):
    """64 bits: which of the 8x8 lowest cosines of 32x32 samples, without frequency 0, are above
    their median."""
    rows = [gray[HASH_SIDE * y:HASH_SIDE * (y + 1)] for y in range(HASH_SIDE)]
    across = [[sum(map(float.__mul__, COSINES[f], map(float, row))) for f in range(1, 9)]
              for row in rows]
    cosines = [sum(COSINES[g][y] * across[y][f] for y in range(HASH_SIDE))
               for g in range(1, 9) for f in range(8)]
    median = sorted(cosines)[32]
    return sum(1 << i for i, c in enumerate(cosines) if c >= median)


def hash_similarity(a, b):
    return 1 - (a ^ b).bit_count() / 64


def histogram(rgb):
    """4x4x4 colours."""
    bins = [0] * 64
    for i in range(0, len(rgb), 3):
        bins[(rgb[i] >> 6) * 16 + (rgb[i + 1] >> 6) * 4 + (rgb[i + 2] >> 6)] += 3 / len(rgb)
    return bins


def histogram_similarity(a, b):
    return sum(map(min, a, b))


def hashes_of(options, path, is_furl):
    return [perceptual_hash(p) for p in pictures(options, path, is_furl, (HASH_SIDE, HASH_SIDE),
                                                 "gray", HASH_SIDE * HASH_SIDE)]


def histograms_of(options, path, is_furl):
    return [histogram(p) for p in pictures(options, path, is_furl, HIST_SIZE, "rgb24",
                                           3 * HIST_SIZE[0] * HIST_SIZE[1])]


def decoded_looks(options, name, looks_of, originals, paths):
    """Of all videos; those of an earlier run are kept in WORK."""
    kept = options.work / f"{name}.json"
    looks = json.loads(kept.read_text()) if kept.exists() else {}
    missing = [path for path in paths if str(path) not in looks]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda path: looks_of(options, path, path in originals), missing)
        looks.update(zip(map(str, missing), made))
    kept.write_text(json.dumps(looks))
    return {path: looks[str(path)] for path in paths}


# --- figures --------------------------------------------------------------------------------------


def similarity(alike, query, video):
    return sum(max(alike(q, v) for v in video) for q in query) / len(query)


def ranked(alike, looks, query, gallery):
    scores = [(similarity(alike, looks[query], looks[path]), path) for path in gallery
              if path != query]
    return [path for _, path in sorted(scores, key=lambda s: -s[0])]


def average_precision(order, relevant):
    found, precision = 0, 0.0
    for place, path in enumerate(order, 1):
        if path in relevant:
            found += 1
            precision += found / place
    return precision / len(relevant)


def figures(alike, looks, originals, copies, others):
    """Recall of the original among originals and others, by kind of copy; mean average precision
    of all that is made of a clip among everything."""
    places = {}
    for copy, clip in copies.items():
        order = ranked(alike, looks, copy, [*originals, *others])
        place = next(i for i, path in enumerate(order, 1) if originals.get(path) == clip)
        places.setdefault(copy.parent.name, []).append(place)

    def recall(some, most):
        return round(sum(p <= most for p in some) / len(some), 4)

    everything = [p for some in places.values() for p in some]
    known = {**originals, **copies}
    precisions = []
    for query, clip in known.items():
        order = ranked(alike, looks, query, [*known, *others])
        relevant = {p for p, c in known.items() if c == clip and p != query}
        precisions.append(average_precision(order, relevant))
    return {
        "recall_at_1": recall(everything, 1), "recall_at_10": recall(everything, TOP),
        "mean_average_precision": round(sum(precisions) / len(precisions), 4),
        "by_copy": {name: {"recall_at_1": recall(some, 1), "recall_at_10": recall(some, TOP)}
                    for name, some in places.items()},
    }


def similarities(alike, looks, originals, copies, others):
    """Of copies with their original, the least and the median by kind; of different videos, what
    half and what 99 % of pairs stay below."""
    of_clip = {clip: path for path, clip in originals.items()}
    by_copy = {}
    for copy, clip in copies.items():
        value = similarity(alike, looks[copy], looks[of_clip[clip]])
        by_copy.setdefault(copy.parent.name, []).append(value)
    different = sorted(similarity(alike, looks[a], looks[b]) for a in originals for b in others)
    return {
        "copies": {name: {"least": round(min(some), 3),
                          "median": round(sorted(some)[len(some) // 2], 3)}
                   for name, some in by_copy.items()},
        "different": {"median": round(different[len(different) // 2], 3),
                      "99_percent": round(different[len(different) * 99 // 100], 3)},
    }


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(body):
    """Processor and wall time of the programs that `body` runs."""
    cpu, wall = children_seconds(), time.monotonic()
    body()
    return {"cpu_seconds": round(children_seconds() - cpu, 3),
            "wall_seconds": round(time.monotonic() - wall, 3)}


def speed(options, originals):
    """Indexing of furl files against decoding them and hashing pictures, one after the other."""
    index = options.work / "speed.db"
    index.unlink(missing_ok=True)
    result = {
        "index": timed(lambda: run([options.furl, "index", *originals, "--db", index, "-q"])),
        # The hash itself is taken for nothing: it is Python here.
        "decode_and_hash": timed(lambda: [
            pictures(options, path, True, (HASH_SIDE, HASH_SIDE), "gray", 1024)
            for path in originals]),
    }
    for unit in ("cpu", "wall"):
        key = f"{unit}_seconds"
        result[f"{unit}_ratio"] = round(result["decode_and_hash"][key] / result["index"][key], 2)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=pathlib.Path)
    parser.add_argument("others", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--furl", default="build/release/furl")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    options.furl = os.path.abspath(options.furl)
    originals, copies, others = prepare(options)
    paths = [*originals, *copies, *others]
    result = {"version": run([options.furl, "version"]).strip(), "clips": len(originals),
              "copies": len(copies), "others": len(others), "speed": speed(options, originals)}
    print(json.dumps(result["speed"]))
    methods = {"furl": (furl_looks(options, paths), furl_similarity)}
    for name, looks_of, alike in (("phash", hashes_of, hash_similarity),
                                  ("histogram", histograms_of, histogram_similarity)):
        methods[name] = (decoded_looks(options, name, looks_of, originals, paths), alike)
    for name, (looks, alike) in methods.items():
        missing = [str(p) for p in paths if not looks.get(p)]
        if missing:
            sys.exit(f"measure_search: {name} knows nothing of {missing[:5]}")
        result[name] = figures(alike, looks, originals, copies, others)
        result[name]["similarity"] = similarities(alike, looks, originals, copies, others)
        print(name, json.dumps({k: v for k, v in result[name].items() if k != "by_copy"}))
        print("  recall@1 by copy:",
              {k: v["recall_at_1"] for k, v in result[name]["by_copy"].items()})
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
