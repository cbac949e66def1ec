#!/usr/bin/env python3
"""Compares SSIM and MS-SSIM of furl compare with independent ones, frame by frame.

usage: scripts/check_ssim.py FURL ORIGINAL DISTORTED [FRAMES]

Both videos: 4:2:0, 8 or 10 bit, even size; of long ones the first FRAMES. Prints two
lines of JSON, for results/ssim_skimage.json (SSIM of scikit-image) and for
results/ms_ssim_scipy.json (MS-SSIM of the paper's formulas on SciPy's Gaussian filter):
the largest difference of any plane of any frame, from the values at the windows that
furl takes (ssim.h) and from the mean over all windows. Needs python3-skimage (which
nothing else here does) and ffmpeg.
"""
import json
import os
import subprocess
import sys

import numpy
import scipy
import skimage
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity

EXPONENTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


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


def means(every):
    """Means of a map of all windows: over furl's windows and over all."""
    samples = (every.shape[0] + 10) * (every.shape[1] + 10)
    step = next((s for n, s in ((1 << 20, 7), (500000, 5), (1 << 17, 3)) if samples >= n), 1)
    if step == 1:
        return every.mean(), every.mean()
    rows = [every[y, 2 * (i % 2)::4] for i, y in enumerate(range(0, every.shape[0], step))]
    return numpy.concatenate(rows).mean(), every.mean()


def ssim(a, b, peak):
    return means(structural_similarity(
        a, b, data_range=peak, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
        full=True)[1][5:-5, 5:-5])


def halve(a):
    """2x2 means; of odd sizes the last row or column counts twice."""
    a = numpy.pad(a, [(0, n % 2) for n in a.shape], mode="edge")
    return (a[::2, ::2] + a[::2, 1::2] + a[1::2, ::2] + a[1::2, 1::2]) / 4


def factors(a, b, peak):
    """Maps of the luminance, and of the contrast and structure term of all windows."""
    def window(x):
        return gaussian_filter(x, 1.5, truncate=3.4)[5:-5, 5:-5]
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    ma, mb = window(a), window(b)
    variances = window(a * a) - ma * ma + window(b * b) - mb * mb
    return ((2 * ma * mb + c1) / (ma * ma + mb * mb + c1),
            (2 * (window(a * b) - ma * mb) + c2) / (variances + c2))


def ms_ssim(a, b, peak):
    scales = [(a, b)]
    while len(scales) < len(EXPONENTS) and (min(scales[-1][0].shape) + 1) // 2 >= 11:
        scales.append((halve(scales[-1][0]), halve(scales[-1][1])))
    exponents = numpy.array(EXPONENTS[:len(scales)]) / sum(EXPONENTS[:len(scales)])
    product = numpy.ones(2)
    for i, (x, y) in enumerate(scales):
        luminance, contrast = factors(x, y, peak)
        last = i == len(scales) - 1
        mean = means(luminance * contrast if last else contrast)
        product *= numpy.maximum(mean, 0) ** exponents[i]
    return tuple(product)


def report(name, versions, size, pixels, ours, theirs):
    """One line; `theirs` has (at furl's windows, over all windows) per frame and plane."""
    assert len(ours) == len(theirs) > 0
    differences = [(abs(o[p] - same), abs(o[p] - every))
                   for o, t in zip(ours, theirs) for p, (same, every) in zip("yuv", t)]
    print(json.dumps({
        "command": " ".join(["scripts/check_ssim.py furl"] + list(map(os.path.basename, sys.argv[2:]))),
        **versions, "size": size, "format": pixels, "frames": len(ours),
        "furl_y": numpy.mean([o["y"] for o in ours]),
        name + "_y": numpy.mean([t[0][0] for t in theirs]),
        name + "_y_all_windows": numpy.mean([t[0][1] for t in theirs]),
        "largest_difference": max(d[0] for d in differences),
        "largest_difference_from_all_windows": max(d[1] for d in differences)}))


def main():
    furl, original, distorted = sys.argv[1:4]
    count = sys.argv[4:5]
    frames = ["-frames:v", *count] if count else []
    width, height, pixels = probe(original)
    peak = 255 if pixels == "yuv420p" else 1023
    lines = subprocess.run([furl, "compare", original, distorted, "--metric", "ssim,ms-ssim",
                            "--json", *(["--frames", *count] if count else [])],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    ours = [o for o in map(json.loads, lines) if o["type"] == "frame"]
    size = f"{width}x{height}"
    theirs = {"ssim": [], "ms-ssim": []}
    for pair in zip(planes(original, width, height, pixels, frames),
                    planes(distorted, width, height, pixels, frames)):
        theirs["ssim"].append([ssim(a, b, peak) for a, b in zip(*pair)])
        theirs["ms-ssim"].append([ms_ssim(a, b, peak) for a, b in zip(*pair)])
    report("skimage", {"skimage": skimage.__version__}, size, pixels,
           [o["ssim"] for o in ours], theirs["ssim"])
    report("scipy", {"scipy": scipy.__version__}, size, pixels,
           [o["ms-ssim"] for o in ours], theirs["ms-ssim"])


main()
