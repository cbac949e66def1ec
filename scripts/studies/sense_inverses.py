#!/usr/bin/env python3
"""Gives a checkpoint of the sense family another number of inverses: each begins as what the old
ones made at its QP. Made the start of models/checkpoints/sense-m.safetensors out of the one with
four inverses, evenly apart (docs/sense.md, "Training").

usage: sense_inverses.py OLD.safetensors NEW.safetensors RECIPE.json COUNT
"""

import json
import struct
import sys

import numpy as np

FIRST, SECOND, LAST = 10, 18, 63  # src/train/families/sense/linear_fit.h
KNOTS = np.linspace(0, 79, 8)     # QPs of biases: src/train/network/params.h
OPEN = 127 / 32                   # a gate that is all open: src/train/base/units.h


def read(path):
    data = open(path, "rb").read()
    (size,) = struct.unpack_from("<Q", data)
    head = json.loads(data[8:8 + size])
    meta = head.pop("__metadata__")
    tensors = {}
    for name, entry in head.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        dtype = {"F16": np.float16, "F32": np.float32}[entry["dtype"]]
        tensors[name] = np.frombuffer(data[begin:end], dtype).reshape(entry["shape"])
    return meta, tensors


def write(path, meta, tensors):
    head, blobs, at = {"__metadata__": meta}, [], 0
    for name, tensor in tensors.items():
        blob = np.ascontiguousarray(tensor, np.float32).tobytes()
        head[name] = {"dtype": "F32", "shape": list(tensor.shape),
                      "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def old_shares(qp, levels):
    at = (min(max(qp, FIRST), LAST) - FIRST) / (LAST - FIRST) * (levels - 1)
    return [max(1 - abs(at - level), 0) for level in range(levels)]


def main():
    old, new, recipe, count = *sys.argv[1:4], int(sys.argv[4])
    meta, tensors = read(old)
    meta["arch"] = open(recipe).read()
    qps = [FIRST] + list(np.linspace(SECOND, LAST, count - 1))
    for prefix in {name[:-len("inverse.weight")] for name in tensors
                   if name.endswith("synthesis.inverse.weight")}:
        weight = tensors[prefix + "inverse.weight"].astype(np.float32)
        rows = tensors[prefix.replace("synthesis.", "posterior.absent.bias")].shape[0]
        levels = weight.shape[1] // rows
        copies = weight.reshape(weight.shape[0], levels, rows)
        tensors[prefix + "inverse.weight"] = np.concatenate(
            [np.einsum("l,olr->or", np.array(old_shares(qp, levels), np.float32), copies)
             for qp in qps], 1)[:, :, None, None]
        shares = tensors[prefix + "shares.weight"]
        tensors[prefix + "shares.weight"] = np.zeros((count * rows,) + shares.shape[1:])
        gates = [np.interp(qp, qps, np.eye(count)[level]) for qp in KNOTS for level in range(count)]
        tensors[prefix + "shares.bias"] = np.repeat(
            np.array(gates).reshape(len(KNOTS), count) * OPEN, rows, 1)
    write(new, meta, tensors)


if __name__ == "__main__":
    main()
