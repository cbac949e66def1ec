#!/usr/bin/env python3
"""What a better transform could bring to intra frames (decision 8).

Codes the luma of the first frame of every clip with an ideal codec around a
16x16 transform: dead-zone quantization, and the entropy of the symbols under
contexts made of neighbouring blocks and lower bands (a generous stand-in for the
prior networks). Prints bits per pixel and PSNR per step and the difference in
bits at equal PSNR. Needs ffmpeg, numpy and scipy.

    scripts/studies/transforms.py --test CLIP... [--train CLIP...]

With --train also a choice among eight transforms per block, trained on these
clips at 0.6 of their size (sparse orthonormal transforms, Sezer, Guleryuz and
Altunbasak, IEEE Trans. Image Processing 24, 2015).
"""
import argparse
import json
import subprocess

import numpy as np
from scipy.fft import dct
from scipy.linalg import expm, logm

STEPS = (6, 10, 18, 32, 56)
THRESHOLD = 1.2  # of the step: what a coefficient must have to be worth coding
CLASSES = 8
BANDS = np.repeat(np.arange(8), (1, 3, 6, 6, 16, 32, 64, 128))


def first_luma(path, scale):
    size = f"trunc(iw*{scale}/32)*32:trunc(ih*{scale}/32)*32"
    shape = f"scale={size}:flags=area" if scale != 1 else f"crop={size}"
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-vf", shape + ",format=gray",
         "-f", "nut", "-c:v", "rawvideo", "-"], capture_output=True, check=True).stdout
    out = subprocess.run(["ffprobe", "-v", "error", "-f", "nut", "-show_entries",
                          "stream=width,height", "-of", "json", "-"],
                         input=raw, capture_output=True, check=True).stdout
    stream = json.loads(out)["streams"][0]
    w, h = stream["width"], stream["height"]
    pixels = np.frombuffer(raw[-w * h:], np.uint8)
    return pixels.reshape(h, w).astype(np.float32) - 128


def blocks(image):
    h, w = image.shape
    return image.reshape(h // 16, 16, w // 16, 16).transpose(0, 2, 1, 3).reshape(h // 16, -1, 256)


def dct_basis():
    d = dct(np.eye(16), norm="ortho", axis=0)
    fy, fx = np.divmod(np.arange(256), 16)
    order = np.argsort((fy + fx) * 100 + np.maximum(fy, fx), kind="stable")
    return np.kron(d, d).astype(np.float32)[order]


def lapping(strength=1.0):
    """Pre-filter over the 16 samples around a block edge that makes DCT and filter
    the lapped orthogonal transform (Malvar and Staelin, IEEE Trans. ASSP 37, 1989).
    Less strength turns the differences across the edge by V^strength; 0 does nothing."""
    n = 8
    k = np.arange(n) + 0.5
    dct4 = np.sqrt(2 / n) * np.cos(np.pi / n * np.outer(k, k))
    flip = np.eye(n)[::-1]
    v = flip @ dct(np.eye(n), norm="ortho", axis=0).T @ dct4 @ flip
    part = np.real(expm(strength * logm(v)))
    butterfly = np.block([[np.eye(n), flip], [flip, -np.eye(n)]]) / np.sqrt(2)
    inner = np.block([[np.eye(n), np.zeros((n, n))], [np.zeros((n, n)), part]])
    return butterfly @ inner @ butterfly


def lap(image, p):
    h, w = image.shape
    out = image.astype(np.float64)
    n = (w - 16) // 16
    out[:, 8:8 + 16 * n] = (out[:, 8:8 + 16 * n].reshape(h, n, 16) @ p.T).reshape(h, -1)
    n = (h - 16) // 16
    rows = out[8:8 + 16 * n].reshape(n, 16, w)
    out[8:8 + 16 * n] = np.einsum("ij,njw->niw", p, rows).reshape(-1, w)
    return out.astype(np.float32)


def sparse_cost(y, limit):
    return np.minimum(y * y, limit * limit).sum(-1)


def train_classes(images, basis, low, limit, rounds=12):
    """Orthonormal transforms of all coefficients but the first `low`; class 0 is none."""
    x = np.concatenate([blocks(i).reshape(-1, 256) for i in images])
    z = (x @ basis.T)[:, low:]
    gx, gy = (np.diff(x.reshape(-1, 16, 16), axis=a) for a in (2, 1))
    gx, gy = gx[:, :15], gy[:, :, :15]
    a, b, c = (gx * gx).sum((1, 2)), (gy * gy).sum((1, 2)), (gx * gy).sum((1, 2))
    direction = ((0.5 * np.arctan2(2 * c, a - b) / np.pi + 0.5) * (CLASSES - 1)).astype(int)
    directed = np.sqrt((a - b) ** 2 + 4 * c * c) > 0.35 * (a + b + 1e-3)
    active = sparse_cost(z, limit) > 4 * limit * limit
    z, label = z[active], np.where(directed, 1 + direction % (CLASSES - 1), 0)[active]
    transforms = [np.eye(256 - low, dtype=np.float32)]
    for j in range(1, CLASSES):
        _, v = np.linalg.eigh(z[label == j].T @ z[label == j])
        transforms.append(v[:, ::-1].T.astype(np.float32))
    for i in range(rounds):
        label = np.stack([sparse_cost(z @ t.T, limit) for t in transforms]).argmin(0)
        keep = limit * (1 + max(0.0, rounds * 0.6 - i) / rounds)
        for j in range(1, CLASSES):
            mine = z[label == j]
            for _ in range(3):
                y = mine @ transforms[j].T
                u, _, vt = np.linalg.svd(np.where(np.abs(y) > keep, y, 0).T @ mine)
                transforms[j] = (u @ vt).astype(np.float32)
    for j in range(1, CLASSES):
        y = z[label == j] @ transforms[j].T
        transforms[j] = transforms[j][np.argsort(-np.minimum(y * y, 4 * limit**2).mean(0))]
    return transforms


def features(q, labels, spread):
    """Expected magnitudes from neighbours and lower bands, relative to the spread."""
    r = np.abs(q) / spread[labels]
    band = np.stack([np.minimum(r[..., BANDS == b], 20).mean(-1) for b in range(8)], -1)

    def around(v):
        p = np.pad(v, ((1, 1), (1, 1), (0, 0)), mode="edge")
        return np.minimum((p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]) / 4, 20)

    near = around(band)
    below = np.concatenate([near[..., :1], band[..., :-1]], -1)
    below2 = np.concatenate([near[..., :1], band[..., :1], band[..., :-2]], -1)
    columns = (np.ones_like(r), around(r), near[..., BANDS], below[..., BANDS], below2[..., BANDS])
    return np.stack(columns, -1).reshape(-1, 256, 5).astype(np.float32)


def symbol_bits(symbols, labels, classes):
    count, total = np.zeros((classes, 1)), np.zeros((classes, 256))
    for q, label in zip(symbols, labels):
        for j in range(classes):
            count[j] += (label == j).sum()
            total[j] += np.abs(q)[label == j].sum(0)
    spread = (total + 0.02) / (count + 1) + 1e-3
    f = np.concatenate([features(q, k, spread) for q, k in zip(symbols, labels)])
    q = np.concatenate([s.reshape(-1, 256) for s in symbols])
    s = np.concatenate([spread[k].reshape(-1, 256) for k in labels])
    bits = 0.0
    for b in range(8):
        fb, qb, sb = f[:, BANDS == b].reshape(-1, 5), q[:, BANDS == b].ravel(), s[:, BANDS == b].ravel()
        weight = 1 / (0.3 + fb.sum(1))
        g = fb * weight[:, None]
        target = np.minimum(np.abs(qb) / sb, 30) * weight
        solution = np.linalg.solve(g.T @ g + 1e-3 * np.eye(5), g.T @ target)
        expected = np.maximum(fb @ solution, 0.02) * sb
        context = np.clip(((np.log2(expected) + 9) * 3).astype(int), 0, 47)
        seen = np.zeros((48, 81))
        np.add.at(seen, (context, np.clip(qb, -40, 40).astype(int) + 40), 1)
        share = seen / seen.sum(1, keepdims=True).clip(1)
        bits -= (seen[seen > 0] * np.log2(share[seen > 0])).sum()
    return bits


def label_bits(labels, classes):
    seen = np.full((classes,) * 3, 0.05)
    for k in labels:
        left = np.pad(k, ((0, 0), (1, 0)))[:, :-1]
        above = np.pad(k, ((1, 0), (0, 0)))[:-1]
        np.add.at(seen, (left, above, k), 1)
    return -(seen * np.log2(seen / seen.sum(2, keepdims=True))).sum() if classes > 1 else 0.0


def code(images, basis, transforms, low, step):
    """(bits, squared error, pixels); the first coefficient is predicted from its neighbours."""
    symbols, labels, error, pixels = [], [], 0.0, 0
    for image in images:
        y = blocks(image) @ basis.T
        cost = np.stack([sparse_cost(y[..., low:] @ t.T, THRESHOLD * step) for t in transforms])
        cost[1:] += 0.35 * (THRESHOLD * step) ** 2
        label = cost.argmin(0)
        for j in range(1, len(transforms)):
            y[label == j, low:] = y[label == j, low:] @ transforms[j].T
        dc, expected = y[..., 0].copy(), np.zeros(y.shape[:2])
        expected[:, 1:] += dc[:, :-1] / 2
        expected[1:] += dc[:-1] / 2
        expected[0, 1:] *= 2
        expected[1:, 0] *= 2
        y[..., 0] -= expected
        q = np.sign(y) * np.floor(np.abs(y) / step + 0.36)
        error += ((y - q * step) ** 2).sum()
        pixels += image.size
        symbols.append(q)
        labels.append(label)
    bits = symbol_bits(symbols, labels, len(transforms)) + label_bits(labels, len(transforms))
    return bits, error, pixels


def curve(name, images, basis, transforms=(np.eye(256, dtype=np.float32),), low=0):
    points = []
    print(name)
    for step in STEPS:
        bits, error, pixels = code(images, basis, transforms, low, step)
        points.append((np.log(bits / pixels), 10 * np.log10(255**2 * pixels / error)))
        print(f"  step {step:3}: {bits / pixels:.4f} bit/pixel  {points[-1][1]:.3f} dB", flush=True)
    return np.array(points).T


def bd_rate(a, b):
    low, high = max(a[1].min(), b[1].min()), min(a[1].max(), b[1].max())
    areas = [np.diff(np.polyval(np.polyint(np.polyfit(c[1], c[0], 3)), [low, high]))[0] for c in (a, b)]
    return (np.exp((areas[1] - areas[0]) / (high - low)) - 1) * 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--test", nargs="+", required=True, metavar="CLIP")
    parser.add_argument("--train", nargs="+", default=[], metavar="CLIP")
    options = parser.parse_args()
    images = [first_luma(path, 1) for path in options.test]
    basis = dct_basis()
    plain = curve("DCT 16x16", images, basis)
    lapped = curve("lapped", [lap(i, lapping()) for i in images], basis)
    print(f"lapped against DCT: {bd_rate(plain, lapped):+.2f} % bits")
    training = [first_luma(path, 0.6) for path in options.train]
    for low in (16, 1) if training else ():
        transforms = train_classes(training, basis, low, THRESHOLD * 18)
        chosen = curve(f"choice of {CLASSES}, first {low} coefficients common", images, basis,
                       transforms, low)
        print(f"choice against DCT: {bd_rate(plain, chosen):+.2f} % bits")


if __name__ == "__main__":
    main()
