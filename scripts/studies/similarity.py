#!/usr/bin/env python3
"""What a unit of squared error in a band of frequencies costs in MS-SSIM.

usage: scripts/studies/similarity.py CLIPS...

A picture of each clip; noise of variance 4 in one band of its 16x16 cosine transform. Prints, per
clip, 1 - MS-SSIM of luma per coefficient of a band, relative to that of the band from 4 to 6 half
waves in 16 samples, and the mean: the numbers of src/train/hyperprior/similarity_steps.cc. Needs
numpy and ffmpeg.
"""

import subprocess
import sys

import numpy as np

SIZE = 16
EDGES = [0, 0.5, 1.5, 2.5, 4, 6, 8, 11, 15, 23]
SCALES = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
VARIANCE = 4.0


def picture(path):
    """The luma of the picture one second in, whole blocks of it."""
    size = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                           "stream=width,height", "-of", "csv=p=0", path],
                          capture_output=True, text=True, check=True).stdout.split(",")
    width, height = int(size[0]), int(size[1])
    raw = subprocess.run(["ffmpeg", "-v", "error", "-ss", "1", "-i", path, "-frames:v", "1", "-vf",
                          "format=gray", "-f", "rawvideo", "-"], capture_output=True,
                         check=True).stdout
    luma = np.frombuffer(raw, np.uint8)[:width * height].reshape(height, width)
    return luma[:height // SIZE * SIZE, :width // SIZE * SIZE].astype(float)


def blurred(a):
    window = np.exp(-(np.arange(11) - 5) ** 2 / (2 * 1.5 ** 2))
    window /= window.sum()
    rows = sum(w * a[i:a.shape[0] - 10 + i] for i, w in enumerate(window))
    return sum(w * rows[:, i:rows.shape[1] - 10 + i] for i, w in enumerate(window))


def halved(a):
    a = a[:a.shape[0] // 2 * 2, :a.shape[1] // 2 * 2]
    return (a[::2, ::2] + a[1::2, ::2] + a[::2, 1::2] + a[1::2, 1::2]) / 4


def ms_ssim(x, y):
    product = 1
    for scale, exponent in enumerate(SCALES):
        mx, my = blurred(x), blurred(y)
        xx, yy, xy = blurred(x * x) - mx * mx, blurred(y * y) - my * my, blurred(x * y) - mx * my
        value = (2 * xy + C2) / (xx + yy + C2)
        if scale == len(SCALES) - 1:
            value = value * (2 * mx * my + C1) / (mx * mx + my * my + C1)
        product *= max(value.mean(), 1e-6) ** exponent
        x, y = halved(x), halved(y)
    return product


def main():
    rng = np.random.default_rng(1)
    k = np.arange(SIZE)
    cosines = np.cos(np.pi * (2 * k[None] + 1) * k[:, None] / (2 * SIZE)) * np.sqrt(2 / SIZE)
    cosines[0] /= np.sqrt(2)
    radius = np.hypot(k[:, None], k[None])
    rows = []
    for path in sys.argv[1:]:
        x = picture(path)
        shape = (x.shape[0] // SIZE, x.shape[1] // SIZE, SIZE, SIZE)
        row = []
        for low, high in zip(EDGES, EDGES[1:]):
            band = (radius >= low) & (radius < high)
            noise = rng.normal(size=shape) * band * np.sqrt(VARIANCE)
            error = np.einsum("ki,abkl,lj->aibj", cosines, noise, cosines).reshape(x.shape)
            row.append((1 - ms_ssim(x, x + error)) / band.sum())
        rows.append(np.array(row) / row[4])
        print(path, *(f"{v:.2f}" for v in rows[-1]))
    print("bands", *EDGES)
    print("mean", *(f"{v:.2f}" for v in np.exp(np.mean(np.log(rows), axis=0))))


main()
