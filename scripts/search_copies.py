#!/usr/bin/env python3
"""Copies of videos as people make them: encoded again, smaller, cropped, in a mirror, with other
colours, a part of them, or all of it. measure_search.py makes those of its protocol; to train with:

usage: search_copies.py CLIPS OUT    four of random strength and a plain one of each clip, 8 frames
                                     at 320 samples wide, as OUT/KIND/CLIP.mp4
"""

import argparse
import pathlib
import random
import subprocess
import sys

ENDINGS = {".mkv", ".mp4"}

# Filters, the part of the clip that is left out at its start, and x264's crf.
PROTOCOL = {
    "again": ("null", 0, 38),
    "small": ("scale=trunc(iw/4)*2:trunc(ih/4)*2", 0, 28),
    "crop90": ("crop=iw*0.9:ih*0.9", 0, 23),
    "crop75": ("crop=iw*0.75:ih*0.75:iw*0.05:ih*0.1", 0, 23),
    "mirror": ("hflip", 0, 23),
    "colour": ("hue=h=40:s=0.6,eq=brightness=0.08:contrast=0.8:gamma=1.2", 0, 23),
    "late": ("null", 0.4, 23),
    "all": ("crop=iw*0.85:ih*0.85,hflip,scale=trunc(iw/4)*2:trunc(ih/4)*2,"
            "hue=h=-25:s=1.4,eq=contrast=1.15", 0.25, 34),
}


def seconds_of(clip):
    """Length of the first video stream, by its packets."""
    out = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time",
         "-of", "csv=p=0", str(clip)], capture_output=True, text=True, check=True).stdout
    times = [float(line.strip(",")) for line in out.split() if line.strip(",") not in ("", "N/A")]
    return max(times) - min(times) if times else 0


def random_row(chance):
    """As the rows of PROTOCOL."""
    width, height = chance.uniform(0.7, 1), chance.uniform(0.7, 1)
    filters = ["scale=320:-2"]
    if chance.random() < 0.8:
        x, y = chance.uniform(0, 1 - width), chance.uniform(0, 1 - height)
        filters.append(f"crop=iw*{width:.3f}:ih*{height:.3f}:iw*{x:.3f}:ih*{y:.3f}")
    if chance.random() < 0.5:
        filters.append("hflip")
    if chance.random() < 0.7:
        hue, saturation = chance.uniform(-50, 50), chance.uniform(0.4, 1.5)
        brightness, contrast = chance.uniform(-0.1, 0.1), chance.uniform(0.7, 1.3)
        filters.append(f"hue=h={hue:.1f}:s={saturation:.2f}")
        filters.append(f"eq=brightness={brightness:.3f}:contrast={contrast:.2f}:"
                       f"gamma={chance.uniform(0.8, 1.25):.2f}")
    filters.append("scale=trunc(iw/2)*2:trunc(ih/2)*2")
    return ",".join(filters), chance.uniform(0, 0.6), chance.choice([20, 28, 34, 40])


def make(clip, out, row, frames=None):
    """`row` is one of PROTOCOL's."""
    filters, part, crf = row
    out.parent.mkdir(parents=True, exist_ok=True)
    start = part * seconds_of(clip) if part else 0
    count = ["-frames:v", str(frames)] if frames else []
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-ss", f"{start:.3f}", "-an",
         "-sn", *count, "-vf", filters, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset",
         "veryfast", "-crf", str(crf), str(out)], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    clips = sorted(c for c in options.clips.iterdir() if c.suffix in ENDINGS)
    if not clips:
        sys.exit(f"search_copies: no clips in {options.clips}")
    for clip in clips:
        chance = random.Random(clip.stem)
        rows = {f"random{i}": random_row(chance) for i in range(4)}
        rows["plain"] = ("scale=320:-2", 0, 20)
        for name, row in rows.items():
            make(clip, options.out / name / f"{clip.stem}.mp4", row, frames=8)


if __name__ == "__main__":
    main()
