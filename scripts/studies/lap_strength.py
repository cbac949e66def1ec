#!/usr/bin/env python3
"""How far blocks should be lapped (decision 9).

Codes the luma of clips' first frames and the luma residuals of a dump
(`furl-train dump`) with the ideal codec of transforms.py around a 16x16 DCT,
after pre-filters V^s of different strength s, each range of QPs at its mean
step. Prints the difference in bits at equal PSNR against no filter. Needs what
transforms.py needs.

    scripts/studies/lap_strength.py --dump DUMP --clips CLIP...
"""
import argparse
import json
import pathlib

import numpy as np

import transforms

STRENGTHS = (0.4, 0.5, 0.6, 0.75, 1.0)
RANGES = ((8, 20), (20, 30), (30, 40), (40, 50))  # of QPs
FRAMES = 28  # of each range, from the dump
NO_CHOICE = (np.eye(256, dtype=np.float32),)


def quantizer_step(qp):
    return 2 * 2 ** (qp / 10)


def residual(data, record):
    w, h = record["width"], record["height"]
    samples = w * h * 3 // 2
    start = record["offset"]
    original = data[start:start + w * h].reshape(h, w).astype(np.float32)
    predicted = data[start + samples:start + samples + 2 * w * h].tobytes()
    predicted = np.frombuffer(predicted, np.uint16).reshape(h, w).astype(np.float32) / 16
    return (original - predicted)[:h // 16 * 16, :w // 16 * 16]


def point(images, basis, step):
    bits, error, pixels = transforms.code(images, basis, NO_CHOICE, 0, step)
    return np.log(bits / pixels), 10 * np.log10(255**2 * pixels / error)


def compare(name, images, basis, step):
    plain = [point(images, basis, step * f) for f in (0.9, 1, 1.11)]
    slope = (plain[0][0] - plain[2][0]) / (plain[0][1] - plain[2][1])
    changes = []
    for strength in STRENGTHS:
        lapping = transforms.lapping(strength)
        bits, psnr = point([transforms.lap(i, lapping) for i in images], basis, step)
        changes.append(bits - plain[1][0] - (psnr - plain[1][1]) * slope)
    print(name, "  ".join(f"{s}: {100 * np.expm1(c):+.2f} %" for s, c in zip(STRENGTHS, changes)),
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dump", type=pathlib.Path, required=True)
    parser.add_argument("--clips", nargs="+", required=True, metavar="CLIP")
    options = parser.parse_args()
    basis = transforms.dct_basis()
    pictures = [transforms.first_luma(path, 1) for path in options.clips]
    for low, high in RANGES:
        compare(f"intra QP {low}-{high}", pictures, basis, quantizer_step((low + high) / 2))
    records = json.loads((options.dump / "index.json").read_text())["records"]
    data = np.memmap(options.dump / "frames.bin", np.uint8, "r")
    for kind, levels in (("P", (0,)), ("B", (1, 2, 3))):
        for low, high in RANGES:
            fitting = [r for r in records if low <= r["qp"] < high and r["level"] in levels]
            chosen = np.random.default_rng(1).permutation(len(fitting))[:FRAMES]
            step = quantizer_step(np.mean([fitting[i]["qp"] for i in chosen]))
            compare(f"{kind} QP {low}-{high}", [residual(data, fitting[i]) for i in chosen], basis,
                    step)


if __name__ == "__main__":
    main()
