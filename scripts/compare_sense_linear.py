#!/usr/bin/env python3
"""The sense family's decoder beside linear reconstruction from the same bits, and x264 ultrafast.

usage: scripts/compare_sense_linear.py CLIPS... --model FILE [--qp 10,16,...] [--frames 8]
           [--prior results/sense_prior.json] [--build build/release] [--out FILE]

Codes the first frames of each clip as one GOP at each QP, prints a table of the means over the
clips, and writes points and means as JSON to --out. What the columns mean: docs/sense.md, "Beside
linear reconstruction". x264: its PSNR at the bytes of sense, on the line through its two nearest
crfs over the logarithm of bytes; null where no crf of the list is beyond. Needs furl-sense-linear
and furl of the build, and ffmpeg.

The prior comes from training clips:

    build/release/furl-sense-linear fit CLIPS... -o results/sense_prior.json
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile

RIVALS = ("pseudo_inverse", "dct_prior", "dct_prior_on_before", "decoder")
X264_CRFS = (4, 10, 16, 22, 28, 34, 40, 46, 51)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip() or done.stdout[-500:]}")
    return done.stdout


def linear_points(options, clip):
    """A dictionary per QP, as furl-sense-linear prints it."""
    lines = run([os.path.join(options.build, "furl-sense-linear"), "compare", clip,
                 "--prior", options.prior, "--model", options.model, "--qp", options.qp,
                 "--frames", str(options.frames)])
    return [json.loads(line) for line in lines.splitlines()]


def x264_curve(options, clip, folder):
    """(bytes, PSNR) of the clip's first frames at each crf, fewest bytes first."""
    curve = []
    coded = os.path.join(folder, "x264.mkv")
    for crf in X264_CRFS:
        run(["ffmpeg", "-v", "error", "-y", "-i", clip, "-an", "-frames:v", str(options.frames),
             "-c:v", "libx264", "-preset", "ultrafast", "-tune", "psnr", "-g", "1000",
             "-crf", str(crf), coded])
        sizes = run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                     "packet=size", "-of", "csv=p=0", coded]).split()
        compared = run([os.path.join(options.build, "furl"), "compare", clip, coded, "--metric",
                        "psnr", "--json", "--frames", str(options.frames)])
        psnr = json.loads(compared.strip().splitlines()[-1])["psnr"]["yuv"]
        curve.append((sum(int(size.strip(",")) for size in sizes), psnr))
    return sorted(curve)


def x264_at(curve, wanted):
    for (low, below), (high, above) in zip(curve, curve[1:]):
        if low <= wanted <= high:
            part = math.log(wanted / low) / math.log(high / low) if high > low else 0
            return below + part * (above - below)
    return None


def mean(values):
    return None if None in values else sum(values) / len(values)


def mean_of(points):
    """The means of the points of one QP over the clips."""
    result = {"qp": points[0]["qp"], "measured": points[0]["measured"],
              "bpp": mean([p["bpp"] for p in points])}
    for scores in ("psnr", "key_psnr"):
        result[scores] = {rival: mean([p[scores][rival] for p in points]) for rival in RIVALS}
    result["psnr"]["x264_ultrafast"] = mean([p["psnr"]["x264_ultrafast"] for p in points])
    result["decoder_above_dct_prior"] = sum(
        p["psnr"]["decoder"] > p["psnr"]["dct_prior"] for p in points)
    return result


def rounded(value):
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def print_table(means):
    print("| QP | measured | bit per pixel | pseudo-inverse | DCT prior | on the frame before "
          "| decoder | x264 ultrafast |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for m in means:
        scores = [m["psnr"][rival] for rival in RIVALS + ("x264_ultrafast",)]
        cells = [f"{score:.2f}" if score is not None else "" for score in scores]
        print(f"| {m['qp']} | 1/{1 / m['measured']:.3g} | {m['bpp']:.3f} | {' | '.join(cells)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--model", required=True)
    parser.add_argument("--qp", default="10,16,22,28,34,40,46,52")
    parser.add_argument("--frames", type=int, default=8)
    here = os.path.join(os.path.dirname(__file__), "..")
    parser.add_argument("--prior", default=os.path.join(here, "results", "sense_prior.json"))
    parser.add_argument("--build", default=os.path.join(here, "build", "release"))
    parser.add_argument("--out")
    options = parser.parse_args()
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for clip in options.clips:
            curve = x264_curve(options, clip, folder)
            for point in linear_points(options, clip):
                point["psnr"]["x264_ultrafast"] = x264_at(curve, point["bytes"])
                points.append(point)
            print(os.path.basename(clip), file=sys.stderr)
    qps = sorted({point["qp"] for point in points})
    means = [mean_of([p for p in points if p["qp"] == qp]) for qp in qps]
    print_table(means)
    if options.out:
        with open(options.model, "rb") as model:
            digest = hashlib.sha256(model.read()).hexdigest()
        with open(options.out, "w") as out:
            head = {"model": os.path.basename(options.model), "model_sha256": digest,
                    "frames": options.frames}
            lines = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
            for key, rows in (("means", means), ("points", points)):
                text = ",\n  ".join(json.dumps(rounded(row)) for row in rows)
                lines.append(f'"{key}": [\n  {text}]')
            out.write("{" + ",\n ".join(lines) + "}\n")


if __name__ == "__main__":
    main()
