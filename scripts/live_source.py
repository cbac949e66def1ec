#!/usr/bin/env python3
"""A camera that shows the time: pictures of a video, over and over, as YUV4MPEG2 on standard
output when they are due, each with the milliseconds of the clock in black and white squares.

usage: live_source.py PICTURES.y4m SECONDS

The squares, SIDE samples a side from the upper left corner, are the bits of the time since 1970 in
milliseconds modulo 2**BITS, the highest first; behind them stands a white and a black one.
PICTURES.y4m is 8 bit 4:2:0.
"""

import re
import sys
import time

SIDE = 16
BITS = 24
BLACK, WHITE = 16, 235


def read_pictures(path):
    """(header line, frames per second, width, height, pictures as bytes)"""
    with open(path, "rb") as file:
        header = file.readline()
        fields = dict((f[0], f[1:]) for f in header.decode().split()[1:])
        width, height = int(fields["W"]), int(fields["H"])
        num, den = map(int, fields["F"].split(":"))
        if not re.match("420", fields.get("C", "420")) or "p1" in fields.get("C", ""):
            sys.exit(f"{path}: not 8 bit 4:2:0")
        size = width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)
        pictures = []
        while file.readline():
            pictures.append(file.read(size))
    return header, num / den, width, height, pictures


def with_time(picture, width, height, milliseconds):
    """The picture with squares for the time, gray in the chroma below them."""
    bits = [milliseconds >> (BITS - 1 - i) & 1 for i in range(BITS)] + [1, 0]
    row = b"".join(bytes([WHITE if bit else BLACK]) * SIDE for bit in bits)
    out = bytearray(picture)
    for y in range(SIDE):
        out[y * width:y * width + len(row)] = row
    half = (width + 1) // 2
    for plane in range(2):
        begin = width * height + plane * half * ((height + 1) // 2)
        for y in range(SIDE // 2):
            at = begin + y * half
            out[at:at + len(row) // 2] = bytes([128]) * (len(row) // 2)
    return out


def main():
    path, seconds = sys.argv[1], float(sys.argv[2])
    header, rate, width, height, pictures = read_pictures(path)
    if width < SIDE * (BITS + 2):
        sys.exit(f"{path}: too narrow")
    out = sys.stdout.buffer
    out.write(header)
    start = time.time()
    for i in range(int(seconds * rate)):
        time.sleep(max(0, start + i / rate - time.time()))
        now = int(time.time() * 1000) % (1 << BITS)
        out.write(b"FRAME\n" + with_time(pictures[i % len(pictures)], width, height, now))
        out.flush()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass
