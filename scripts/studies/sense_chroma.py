#!/usr/bin/env python3
"""Sets the first inverse of a checkpoint of the sense family, that of its finest QPs, to the best
linear one for chroma, and to nothing where luma would add to chroma: training alone stays 0.5 to
1 dB below it at QP 10 (docs/sense.md, "Training"). Prints how alike both are.

usage: sense_chroma.py OLD.safetensors NEW.safetensors PRIOR.json     (results/sense_prior.json)
"""

import json
import sys

import numpy as np

from sense_inverses import OPEN, read, write

SIDE, ROWS = 8, 16             # of a block of chroma, and its measurements
LUMA_ROWS, ALL_ROWS = 64, 96   # of a block's measurements: Y, U, V
STEP, ROUNDING = 64, 0.4       # of the quantizer at QP 10: docs/sense.md, "Quantizer"
UNIT = 16 * 4                  # samples at 12 bits, of rows in quarters


def measurements():
    """[ROWS, SIDE * SIDE]: twice the Walsh functions, by rising X + Y from the middle out."""
    h = np.ones((1, 1))
    while len(h) < SIDE:
        h = np.block([[h, h], [h, -h]])
    h = h[np.argsort([np.count_nonzero(np.diff(row)) for row in h])]
    order = sorted(((x, y) for x in range(SIDE) for y in range(SIDE)),
                   key=lambda p: (p[0] + p[1], abs(p[0] - p[1]), p[1] > p[0]))
    return np.array([2 * np.outer(h[y], h[x]).ravel() for x, y in order[:ROWS]])


def cosines():
    k = np.arange(SIDE)
    d = np.sqrt(2 / SIDE) * np.cos((2 * k + 1) * k[:, None] * np.pi / (2 * SIDE))
    d[0] /= np.sqrt(2)
    return np.kron(d, d)


def best_inverse(variance):
    """[SIDE * SIDE, ROWS]: samples of decoded measurements, the DCT prior of docs/sense.md."""
    d = cosines()
    b = measurements() @ d.T
    noise = STEP**2 * (ROUNDING**3 + (1 - ROUNDING)**3) / 3
    v = np.diag(variance)
    return d.T @ v @ b.T @ np.linalg.inv(b @ v @ b.T + noise * np.eye(ROWS))


def outputs(plane):
    """Channels of the samples of a block, in raster order, of U (0) or V (1)."""
    half = SIDE // 2
    return np.array([((y // half) * 2 + x // half) * ALL_ROWS + LUMA_ROWS + ROWS * plane +
                     (y % half) * half + x % half for y in range(SIDE) for x in range(SIDE)])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    meta, tensors = read(sys.argv[1])
    prior = json.load(open(sys.argv[3]))
    for name in [n for n in tensors if n.endswith("synthesis.inverse.weight")
                 and not n.startswith("adam")]:
        weight = tensors[name] = tensors[name].copy()
        for plane, of in enumerate("uv"):
            best = UNIT * best_inverse(prior[of]["variance"]) * 4 / OPEN
            rows = LUMA_ROWS + ROWS * plane + np.arange(ROWS)
            at = np.ix_(outputs(plane), rows, [0], [0])
            print(f"{name} {of}: correlation "
                  f"{np.corrcoef(weight[at].ravel(), best.ravel())[0, 1]:.3f}")
            weight[outputs(plane), :ALL_ROWS] = 0
            weight[at] = best[:, :, None, None]
    write(sys.argv[2], meta, tensors)


if __name__ == "__main__":
    main()
