#!/usr/bin/env python3
"""Measures casts, flicker and the worst block of clips coded by furl, and by x265 at equal bits.

usage: scripts/measure_artifacts.py CLIPS... [--crf 40,48,56] [--x265] [--frames N]
                                    [--furl build/release/furl] [--model FILE] [--out FILE]

Prints a row per clip and crf and writes all of it as JSON to --out. x265: medium, tune psnr, key
frames every two seconds as furl's, its crf chosen so that its video has the bits of furl's within
2 %. What the figures mean: docs/benchmarking.md, "Metrics".
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile


def run_json(command):
    """The last JSON line that a furl command prints."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip() or done.stdout[-500:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(options, clip, coded):
    result = run_json([options.furl, "compare", clip, coded, "--metric", "psnr", "--json"]
                      + options.some_model + options.some_frames)
    artifacts = result["artifacts"]
    return {
        "psnr": round(result["psnr"]["yuv"], 3),
        "cast": {p: round(artifacts["cast"][p]["error"], 3) for p in "yuv"},
        "flicker": {p: round(artifacts["flicker"][p]["error"], 3) for p in "yuv"},
        "worst_block": artifacts["worst_block"],
    }


def code_furl(options, clip, crf, folder):
    coded = os.path.join(folder, "furl.mkv")
    command = [options.furl, "encode", clip, "-o", coded, "-y", "--crf", str(crf), "--json"]
    result = run_json(command + options.some_model + options.some_frames)
    return coded, result["video_bytes"]


def x265_bytes(options, clip, crf, coded):
    fps = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                          "stream=r_frame_rate", "-of", "csv=p=0", clip],
                         capture_output=True, text=True, check=True).stdout.strip().split("/")
    gop = round(2 * int(fps[0]) / int(fps[1]))
    limit = ["-frames:v", str(options.frames)] if options.frames else []
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", clip, "-an", *limit, "-c:v", "libx265",
                    "-preset", "medium", "-tune", "psnr", "-crf", f"{crf:.3f}", "-x265-params",
                    f"log-level=error:keyint={gop}:min-keyint={gop}", coded], check=True)
    sizes = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                            "packet=size", "-of", "csv=p=0", coded],
                           capture_output=True, text=True, check=True).stdout.split()
    return sum(int(size.strip(",")) for size in sizes)


def code_x265(options, clip, wanted, start, folder):
    """Secant steps in crf over the logarithm of the bits."""
    coded = os.path.join(folder, "x265.mkv")
    crf, slope = start, -0.12
    last = None
    for _ in range(7):
        miss = math.log(x265_bytes(options, clip, crf, coded) / wanted)
        if abs(miss) < 0.02 or (crf >= 51 and miss > 0):
            break
        if last and abs(crf - last[0]) > 1e-3 and abs(miss - last[1]) > 1e-4:
            slope = min(-0.03, max(-0.3, (miss - last[1]) / (crf - last[0])))
        last = (crf, miss)
        crf = min(51.0, max(0.0, crf - miss / slope))
    return coded, crf, math.exp(miss)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--crf", default="40,48,56")
    parser.add_argument("--x265", action="store_true")
    parser.add_argument("--frames", type=int)
    parser.add_argument("--furl", default="build/release/furl")
    parser.add_argument("--model")
    parser.add_argument("--out")
    options = parser.parse_args()
    options.some_frames = ["--frames", str(options.frames)] if options.frames else []
    options.some_model = ["--model", options.model] if options.model else []
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for clip in options.clips:
            for crf in [float(text) for text in options.crf.split(",")]:
                coded, size = code_furl(options, clip, crf, folder)
                row = {"clip": os.path.basename(clip), "crf": crf, "bytes": size,
                       "furl": compare(options, clip, coded)}
                if options.x265:
                    coded, x_crf, ratio = code_x265(options, clip, size, 0.75 * crf + 5, folder)
                    row["x265"] = {"crf": round(x_crf, 3), "bits_ratio": round(ratio, 4),
                                   **compare(options, clip, coded)}
                rows.append(row)
                print_row(row)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def print_row(row):
    text = f"{row['clip'][:24]:24} crf {row['crf']:4.1f} {row['bytes']:8}"
    for name in ("furl", "x265"):
        if name in row:
            m = row[name]
            cast = " ".join(f"{m['cast'][p]:+.2f}" for p in "yuv")
            flicker = " ".join(f"{m['flicker'][p]:.2f}" for p in "yuv")
            block = m["worst_block"]
            text += (f" | {name} {m['psnr']:.2f} cast {cast} flicker {flicker} "
                     f"block {block['error']:.0f}{block['plane']}@{block['frame']}")
    print(text, flush=True)


if __name__ == "__main__":
    main()
