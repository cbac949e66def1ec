#!/usr/bin/env bash
# Storage per camera and day: what furl record takes of clips of a camera that stands still, beside
# x264 and x265 (ffmpeg, preset medium) at the PSNR that it has. Of each clip twice: as it is, all
# of it an event, and still: its first picture under noise, as quiet as a scene is at night. Prints
# one JSON object.
#
# usage: scripts/measure_record.sh CLIP... > results/record.json
#   FURL      the tool (default build/release/furl)
#   CRF       of events (default 40); QUIET_CRF where nothing moves (default 50)
#   FRAMES    of each clip at most (default 300); STILL seconds of a still scene (default 12)
#   WIDTH     pictures are scaled to at most this (default 640)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 1)); then
  sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
FURL=$(realpath "${FURL:-build/release/furl}") CRF=${CRF:-40} QUIET_CRF=${QUIET_CRF:-50} \
  STILL=${STILL:-12} FRAMES=${FRAMES:-300} WIDTH=${WIDTH:-640} python3 - "$work" "$@" <<'PYTHON'
import glob, json, math, os, re, subprocess, sys
work, clips = sys.argv[1], sys.argv[2:]
furl, crf, quiet_crf = os.environ['FURL'], os.environ['CRF'], os.environ['QUIET_CRF']
width, still_seconds = os.environ['WIDTH'], os.environ['STILL']
frames = os.environ['FRAMES']
DAY = 86400 / 8 / 1e9  # bits per second to GB per day

def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

def ffmpeg(*arguments):
    run('ffmpeg', '-nostdin', '-v', 'error', '-y', *arguments)

def psnr(original, coded):
    out = run(furl, 'compare', original, coded, '--metric', 'psnr', '--json')
    return json.loads(out.splitlines()[-1])['psnr']['yuv']

def seconds(path):
    return float(run('ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0',
                     path))

def video_bits(path):
    sizes = run('ffprobe', '-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=size',
                '-of', 'csv=p=0', path)
    return 8 * sum(int(s.rstrip(',')) for s in sizes.split())

def record(source, quiet, gop):
    folder = f'{work}/rec'
    run('rm', '-rf', folder)
    run(furl, 'record', source, '-o', folder, '--fast', '--begin', '2026-11-30T00:00:00Z',
        '--segment', '1d', '--crf', crf, '--quiet-crf', quiet, '--quiet-gop', gop,
        '--audio', 'none')
    files = glob.glob(f'{folder}/camera/*/*.mkv')
    assert len(files) == 1, files
    return files[0]

# The rate of an encoder at that PSNR, between two crfs near it.
def rate_at(encoder, source, target, length):
    points = {}
    def at(level):
        if level not in points:
            out = f'{work}/{encoder}.mkv'
            quiet_log = ['-x265-params', 'log-level=none'] if encoder == 'libx265' else []
            ffmpeg('-i', source, '-an', '-c:v', encoder, '-preset', 'medium', '-crf', str(level),
                   *quiet_log, out)
            points[level] = (psnr(source, out), video_bits(out) / length)
        return points[level]
    def bracket():  # the last crf that is good enough, and the first that isn't
        good = max(l for l in points if points[l][0] >= target)
        return good, min(l for l in points if l > good)
    at(14), at(46)
    for _ in range(4):
        low, high = bracket()
        (p0, _), (p1, _) = points[low], points[high]
        if high - low > 1:
            at(min(max(round(low + (high - low) * (p0 - target) / (p0 - p1)), low + 1), high - 1))
    low, high = bracket()
    (p0, r0), (p1, r1) = points[low], points[high]
    part = (p0 - target) / (p0 - p1)
    return math.exp(math.log(r0) + part * (math.log(r1) - math.log(r0)))

def row(source, coded):
    length = seconds(source)
    quality = psnr(source, coded)
    rates = {'furl': video_bits(coded) / length}
    for name, encoder in (('x264', 'libx264'), ('x265', 'libx265')):
        rates[name] = rate_at(encoder, source, quality, length)
    return {'psnr_yuv': round(quality, 2),
            'kbit_per_second': {n: round(r / 1000, 1) for n, r in rates.items()},
            'gb_per_day': {n: round(r * DAY, 3) for n, r in rates.items()}}

result = {'command': 'scripts/measure_record.sh ' + ' '.join(os.path.basename(c) for c in clips),
          'settings': {'crf': float(crf), 'quiet_crf': float(quiet_crf), 'width': int(width),
                       'frames': int(frames), 'still_seconds': float(still_seconds)},
          'versions': run('ffmpeg', '-version').splitlines()[0], 'clips': {}}
for clip in clips:
    name = re.sub(r'\.\w+$', '', os.path.basename(clip))
    scale = f"scale='min({width},iw)':-2"
    busy, still = f'{work}/busy.mkv', f'{work}/still.mkv'
    ffmpeg('-i', clip, '-an', '-frames:v', frames, '-vf', scale, '-pix_fmt', 'yuv420p', '-c:v', 'ffv1', busy)
    rate = run('ffprobe', '-v', 'error', '-select_streams', 'v', '-show_entries',
               'stream=r_frame_rate', '-of', 'csv=p=0', busy).strip().rstrip(',')
    ffmpeg('-i', busy, '-vf', f'trim=end_frame=1,loop=-1:1,setpts=N/({rate})/TB,fps={rate},'
           f'trim=end={still_seconds},noise=alls=4:allf=t', '-pix_fmt', 'yuv420p', '-c:v', 'ffv1',
           still)
    # All of a clip is coded as events are, from its first picture on.
    result['clips'][name] = {'events': row(busy, record(busy, crf, '2')),
                             'still': row(still, record(still, quiet_crf, '10'))}
    print(name, json.dumps(result['clips'][name]), file=sys.stderr)
print(json.dumps(result, indent=1))
PYTHON
