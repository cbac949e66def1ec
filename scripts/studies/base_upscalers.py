#!/usr/bin/env python3
"""What upscaling of bases leaves to gain (docs/decisions/0029-upscaling-bases.md): luma PSNR of
x264 medium at half size, upscaled with the taps of src/image/upscale.cc, and with 7x7 filters for
each of the four phases that least squares fit to other clips (half of them to the other half), one
for all samples or one of 30 classes by direction and activity, and to the clip itself.

usage: base_upscalers.py FOLDER_OF_CLIPS [crf...]     (default 30 38; needs numpy and ffmpeg)
"""

import subprocess
import sys
import tempfile

import numpy as np

CLIPS = """davis_dancetwirl pexels_coast_1 garden_shaky_1 highway_1 skatedog toy_pig bbb_anim_1
bedroom_kids_1 cardetect_1 cockatoo_1 concert davis_goat apple baseball berries bird""".split()
WIDTH, HEIGHT, FRAMES, EVERY = 480, 272, 24, 3
TAPS = np.array([-2, 8, -21, 111, 41, -13, 5, -1], np.float32) / 128  # a quarter behind a sample
RADIUS = 3
INPUTS = (2 * RADIUS + 1) ** 2 + 1  # differences from the middle, and 1
CLASSES = 30


def luma(command, width, height):
    data = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(data, np.uint8).reshape(-1, height, width).astype(np.float32)


def load(path, crf, folder):
    """Originals and the base's pictures of the same times."""
    ffmpeg = ["ffmpeg", "-v", "error", "-y", "-i"]
    whole, base = folder + "/whole.y4m", folder + "/base.mkv"
    subprocess.run(ffmpeg + [path, "-frames:v", str(FRAMES), "-vf",
                             f"scale={WIDTH}:{HEIGHT}:flags=lanczos,format=yuv420p", whole],
                   check=True)
    subprocess.run(ffmpeg + [whole, "-vf", f"scale={WIDTH // 2}:{HEIGHT // 2}:flags=bicubic",
                             "-c:v", "libx264", "-preset", "medium", "-crf", str(crf), base],
                   check=True)
    raw = ["-pix_fmt", "gray", "-f", "rawvideo", "-"]
    originals = luma(ffmpeg + [whole] + raw, WIDTH, HEIGHT)
    bases = luma(ffmpeg + [base] + raw, WIDTH // 2, HEIGHT // 2)
    return list(zip(originals, bases))[::EVERY]


def as_today(base):
    def rows(x):
        padded = np.pad(x, ((0, 0), (4, 4)), "edge")
        n = x.shape[1]
        out = np.zeros((x.shape[0], 2 * n), np.float32)
        for k in range(8):
            out[:, 1::2] += TAPS[k] * padded[:, 1 + k:1 + k + n]
            out[:, 0::2] += TAPS[7 - k] * padded[:, k:k + n]
        return out
    return rows(rows(base).T).T


def inputs_of(base):
    p = np.pad(base, RADIUS, "edge")
    h, w = base.shape
    side = range(2 * RADIUS + 1)
    around = np.stack([p[i:i + h, j:j + w] for i in side for j in side], -1)
    return np.concatenate([around - base[..., None], np.ones_like(base)[..., None]], -1)


def classes_of(base):
    p = np.pad(base, 1, "edge")
    bends = [np.abs(2 * base - p[a] - p[b]) for a, b in (
        (np.s_[1:-1, :-2], np.s_[1:-1, 2:]), (np.s_[:-2, 1:-1], np.s_[2:, 1:-1]),
        (np.s_[:-2, :-2], np.s_[2:, 2:]), (np.s_[:-2, 2:], np.s_[2:, :-2]))]
    def box(x):
        q = np.pad(x, 2, "edge")
        return sum(q[i:i + x.shape[0], j:j + x.shape[1]] for i in range(5) for j in range(5))
    x, y, d, e = [box(bend) for bend in bends]
    straight = np.maximum(x, y) / (np.minimum(x, y) + 1)
    oblique = np.maximum(d, e) / (np.minimum(d, e) + 1)
    direction = np.where(straight >= oblique, np.where(x > y, 1, 2), np.where(d > e, 3, 4))
    direction = np.where(np.maximum(straight, oblique) < 1.5, 0, direction)
    return np.digitize(x + y, [40, 100, 200, 400, 800]) * 5 + direction


class Fit:
    """Least squares for each class and phase."""

    def __init__(self, classes):
        self.a = np.zeros((classes, 4, INPUTS, INPUTS))
        self.b = np.zeros((classes, 4, INPUTS))

    def add(self, original, base, classes):
        x = inputs_of(base)
        for phase in range(4):
            target = original[phase // 2::2, phase % 2::2] - base
            for c in np.unique(classes):
                here = classes == c
                rows = x[here].astype(np.float64)
                self.a[c, phase] += rows.T @ rows
                self.b[c, phase] += rows.T @ target[here]

    def solve(self, toward=None):
        """`toward`: weights of one class, which those of rare classes stay close to."""
        out = np.zeros(self.b.shape)
        for c, phase in np.ndindex(self.b.shape[:2]):
            hold = 1e-3 * np.trace(self.a[c, phase]) / INPUTS + 1
            prior = 0 if toward is None else toward[0, phase]
            out[c, phase] = np.linalg.solve(self.a[c, phase] + hold * np.eye(INPUTS),
                                            self.b[c, phase] + hold * prior)
        return out


def upscale(weights, base, classes):
    x = inputs_of(base)
    out = np.zeros((2 * base.shape[0], 2 * base.shape[1]), np.float32)
    for phase in range(4):
        w = weights[:, phase].astype(np.float32)[classes]
        out[phase // 2::2, phase % 2::2] = base + np.einsum("hwk,hwk->hw", x, w)
    return out


def psnr(pictures):
    inner = np.s_[8:-8, 8:-8]
    error = np.mean([np.mean((np.clip(a, 0, 255)[inner] - b[inner]) ** 2) for a, b in pictures])
    return 10 * np.log10(255 ** 2 / error)


def fits(pairs):
    one, classed = Fit(1), Fit(CLASSES)
    for original, base in pairs:
        one.add(original, base, np.zeros(base.shape, int))
        classed.add(original, base, classes_of(base))
    taps = one.solve()
    return taps, classed.solve(taps)


def study(folder, crf):
    with tempfile.TemporaryDirectory() as scratch:
        clips = [load(f"{folder}/{clip}.mp4", crf, scratch) for clip in CLIPS]
    halves = [fits([pair for clip in clips[k::2] for pair in clip]) for k in (0, 1)]
    gains = []
    for i, (name, clip) in enumerate(zip(CLIPS, clips)):
        of_others, own = halves[1 - i % 2], fits(clip)
        scores = [psnr([(as_today(b), o) for o, b in clip])]
        for taps, classed in (of_others, own):
            scores.append(psnr([(upscale(taps, b, np.zeros(b.shape, int)), o) for o, b in clip]))
            scores.append(psnr([(upscale(classed, b, classes_of(b)), o) for o, b in clip]))
        gains.append(np.subtract(scores[1:], scores[0]))
        print(f"crf {crf} {name}: {scores[0]:.2f} dB, {np.round(gains[-1], 2)}", flush=True)
    print(f"crf {crf}: of other clips one {np.mean(gains, 0)[0]:+.3f}, classes "
          f"{np.mean(gains, 0)[1]:+.3f}; its own one {np.mean(gains, 0)[2]:+.3f}, classes "
          f"{np.mean(gains, 0)[3]:+.3f} dB", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for crf in map(int, sys.argv[2:] or (30, 38)):
        study(sys.argv[1], crf)


main()
