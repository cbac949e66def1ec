#!/usr/bin/env python3
"""Compares the SSIM of furl compare with scikit-image's, frame by frame.

usage: scripts/check_ssim.py FURL ORIGINAL DISTORTED [FRAMES]

Both videos: 4:2:0, 8 or 10 bit, even size; of long ones the first FRAMES. Prints one
line of JSON for results/ssim_skimage.json: the largest difference of any plane of
any frame, from scikit-image's values at the windows that furl takes (ssim.h) and
from their mean over all windows. Needs python3-skimage (which nothing else here
does) and ffmpeg.
"""
import json
import os
import subprocess
import sys

import numpy
import skimage
from skimage.metrics import structural_similarity


def probe(path):
    out = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "json",
         "-show_entries", "stream=width,height,pix_fmt", path],
        check=True, capture_output=True).stdout
    stream = json.loads(out)["streams"][0]
    return stream["width"], stream["height"], stream["pix_fmt"]


def planes(path, width, height, pixels, frames):
    """Y, U and V of every frame."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, *frames, "-f",
                          "rawvideo", "-pix_fmt", pixels, "-"],
                         check=True, capture_output=True).stdout
    samples = numpy.frombuffer(raw, numpy.uint8 if pixels == "yuv420p" else numpy.uint16)
    sizes = [(height, width), (height // 2, width // 2), (height // 2, width // 2)]
    at = 0
    while at < len(samples):
        frame = []
        for h, w in sizes:
            frame.append(samples[at:at + h * w].reshape(h, w).astype(numpy.float64))
            at += h * w
        yield frame


def ssim(a, b, peak):
    """scikit-image's means over furl's windows and over all."""
    every = structural_similarity(a, b, data_range=peak, gaussian_weights=True, sigma=1.5,
                                  use_sample_covariance=False, full=True)[1][5:-5, 5:-5]
    step = next((s for n, s in ((1 << 20, 7), (500000, 5), (1 << 17, 3)) if a.size >= n), 1)
    if step == 1:
        return every.mean(), every.mean()
    rows = [every[y, 2 * (i % 2)::4] for i, y in enumerate(range(0, every.shape[0], step))]
    return numpy.concatenate(rows).mean(), every.mean()


def main():
    furl, original, distorted = sys.argv[1:4]
    count = sys.argv[4:5]
    frames = ["-frames:v", *count] if count else []
    width, height, pixels = probe(original)
    peak = 255 if pixels == "yuv420p" else 1023
    lines = subprocess.run([furl, "compare", original, distorted, "--metric", "ssim", "--json",
                            *(["--frames", *count] if count else [])],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    ours = [o["ssim"] for o in map(json.loads, lines) if o["type"] == "frame"]
    theirs = [[ssim(a, b, peak) for a, b in zip(x, y)]
              for x, y in zip(planes(original, width, height, pixels, frames),
                              planes(distorted, width, height, pixels, frames))]
    assert len(ours) == len(theirs) > 0
    differences = [(abs(o[p] - same), abs(o[p] - every))
                   for o, s in zip(ours, theirs) for p, (same, every) in zip("yuv", s)]
    print(json.dumps({
        "command": " ".join(["scripts/check_ssim.py furl"] + list(map(os.path.basename, sys.argv[2:]))),
        "skimage": skimage.__version__, "size": f"{width}x{height}", "format": pixels,
        "frames": len(ours), "furl_y": numpy.mean([o["y"] for o in ours]),
        "skimage_y": numpy.mean([s[0][0] for s in theirs]),
        "skimage_y_all_windows": numpy.mean([s[0][1] for s in theirs]),
        "largest_difference": max(d[0] for d in differences),
        "largest_difference_from_all_windows": max(d[1] for d in differences)}))

main()
