#!/usr/bin/env python3
"""Compares the SSIM of furl compare with scikit-image's, frame by frame.

usage: scripts/check_ssim.py FURL ORIGINAL DISTORTED > results/ssim_skimage.json

Both videos: 4:2:0, 8 or 10 bit, even size. Needs python3-skimage (which nothing
else here does) and ffmpeg. Prints the largest difference of any plane.
"""
import json
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


def planes(path, width, height, pixels):
    """Y, U and V of every frame."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-f", "rawvideo",
                          "-pix_fmt", pixels, "-"], check=True, capture_output=True).stdout
    samples = numpy.frombuffer(raw, numpy.uint8 if pixels == "yuv420p" else numpy.uint16)
    sizes = [(height, width), (height // 2, width // 2), (height // 2, width // 2)]
    at = 0
    while at < len(samples):
        frame = []
        for h, w in sizes:
            frame.append(samples[at:at + h * w].reshape(h, w).astype(numpy.float64))
            at += h * w
        yield frame


def main():
    furl, original, distorted = sys.argv[1:4]
    width, height, pixels = probe(original)
    peak = 255 if pixels == "yuv420p" else 1023
    lines = subprocess.run([furl, "compare", original, distorted, "--metric", "ssim", "--json"],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    ours = [o["ssim"] for o in map(json.loads, lines) if o["type"] == "frame"]
    theirs = [[structural_similarity(a, b, data_range=peak, gaussian_weights=True, sigma=1.5,
                                     use_sample_covariance=False) for a, b in zip(x, y)]
              for x, y in zip(planes(original, width, height, pixels),
                              planes(distorted, width, height, pixels))]
    assert len(ours) == len(theirs) > 0
    worst = max(abs(o[p] - t) for o, s in zip(ours, theirs) for p, t in zip("yuv", s))
    print(json.dumps({
        "command": "scripts/check_ssim.py furl " + " ".join(sys.argv[2:]),
        "skimage": skimage.__version__, "size": f"{width}x{height}", "format": pixels,
        "frames": len(ours), "furl_y": numpy.mean([o["y"] for o in ours]),
        "skimage_y": numpy.mean([s[0] for s in theirs]), "largest_difference": worst}))


main()
