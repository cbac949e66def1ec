"""Copies of videos as people make them, for measure_search.py: encoded again, smaller, cropped, in
a mirror, with other colours, a part of them, or all of it."""

import subprocess

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


def make(clip, out, row):
    """`row` is one of PROTOCOL's."""
    filters, part, crf = row
    out.parent.mkdir(parents=True, exist_ok=True)
    start = part * seconds_of(clip) if part else 0
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-ss", f"{start:.3f}", "-an",
         "-sn", "-vf", filters, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset",
         "veryfast", "-crf", str(crf), str(out)], check=True)

