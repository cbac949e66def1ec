#!/usr/bin/env python3
"""How much key frames of two builds of furl pop, and what that costs.

usage: scripts/studies/pops.py FURL_A FURL_B CLIPS... [--gop SECONDS]

Per clip: the BD-rate of B against A over crf 28, 36, 44 and 52 (whole files; PSNR weighs Y, U and V
6:1:1), and of the luma samples those that differ by 4 levels or more from the frame before, at key
frames but the first and elsewhere, in percent. 8-bit 4:2:0 clips. Needs numpy.
"""

import argparse
import os
import subprocess
import tempfile

import numpy as np

LEVELS = (28, 36, 44, 52)


def planes_of(data, width, height):
    """Frames as lists of planes of integers."""
    half = (width + 1) // 2, (height + 1) // 2
    sizes = [width * height, half[0] * half[1], half[0] * half[1]]
    ends = np.cumsum(sizes)
    samples = np.frombuffer(data, np.uint8)
    for start in range(0, len(samples) - sum(sizes) + 1, sum(sizes)):
        frame = samples[start:start + sum(sizes)].astype(int)
        yield np.split(frame, ends[:-1])


def psnr(original, decoded):
    each = [10 * np.log10(65025 / max(((o - d) ** 2).mean(), 1e-6))
            for o, d in zip(original, decoded)]
    return (6 * each[0] + each[1] + each[2]) / 8


def measure(furl, clip, crf, gop, original, size, folder):
    """(bytes, PSNR, jumps at key frames, jumps elsewhere)"""
    coded, raw = (os.path.join(folder, name) for name in ("coded.mkv", "raw.yuv"))
    subprocess.run([furl, "encode", clip, "-o", coded, "-y", "-q", "--crf", str(crf),
                    "--gop", str(gop)], check=True)
    subprocess.run([furl, "decode", coded, "-o", raw, "-y", "-q"], check=True)
    lines = subprocess.run([furl, "info", coded, "--frames"], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    times = sorted((int(line.split()[4]), line.split()[2]) for line in lines
                   if line.startswith("frame "))
    keys = {i for i, (_, kind) in enumerate(times) if kind == "I"}
    with open(raw, "rb") as file:
        decoded = list(planes_of(file.read(), *size))
    jumps = [(abs(b[0] - a[0]) >= 4).mean() * 100 for a, b in zip(decoded, decoded[1:])]
    at_keys = [j for i, j in enumerate(jumps, 1) if i in keys]
    elsewhere = [j for i, j in enumerate(jumps, 1) if i not in keys]
    quality = np.mean([psnr(o, d) for o, d in zip(original, decoded)])
    return os.path.getsize(coded), quality, np.mean(at_keys or [0]), np.mean(elsewhere)


def bd_rate(a, b):
    fits = [np.polyfit([p[1] for p in curve], np.log([p[0] for p in curve]), 3)
            for curve in (a, b)]
    low = max(min(p[1] for p in curve) for curve in (a, b))
    high = min(max(p[1] for p in curve) for curve in (a, b))
    means = [(np.polyval(np.polyint(f), high) - np.polyval(np.polyint(f), low)) / (high - low)
             for f in fits]
    return (np.exp(means[1] - means[0]) - 1) * 100


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("furl", nargs=2)
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--gop", type=float, default=2)
    options = parser.parse_args()
    rates = []
    for clip in options.clips:
        size = [int(v) for v in subprocess.run(
            ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
             "stream=width,height", "-of", "csv=p=0", clip],
            check=True, capture_output=True, text=True).stdout.strip().split(",")[:2]]
        data = subprocess.run(["ffmpeg", "-v", "error", "-i", clip, "-f", "rawvideo", "-pix_fmt",
                               "yuv420p", "-"], check=True, capture_output=True).stdout
        original = list(planes_of(data, *size))
        with tempfile.TemporaryDirectory() as folder:
            curves = [[measure(furl, clip, crf, options.gop, original, size, folder)
                       for crf in LEVELS] for furl in options.furl]
        rates.append(bd_rate(*curves))
        at_keys = [" ".join(f"{p[2]:.1f}" for p in curve) for curve in curves]
        elsewhere = " ".join(f"{p[3]:.1f}" for p in curves[1])
        print(f"{os.path.basename(clip)}: BD-rate {rates[-1]:+.2f} %; at key frames "
              f"{at_keys[0]} -> {at_keys[1]}; elsewhere {elsewhere}", flush=True)
    print(f"mean BD-rate {np.mean(rates):+.2f} %")


if __name__ == "__main__":
    main()
