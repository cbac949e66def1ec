#!/usr/bin/env bash
# Hours of a camera in minutes: a small scene with noise, through which something moves every ten
# minutes, goes through furl record as fast as it can be coded. Looks at the process's memory all
# the time and, at the end, at every picture of every file: whether one is missing between two files
# or within one. Prints one JSON object; ends with 1 where there is a gap or memory grows.
#
# usage: scripts/soak_record.sh [hours, default 8] [furl record options] > results/record_soak.json
#   FURL   the tool (default build/release/furl)
#   FPS    pictures per second of the scene (default 1)
#   SIZE   of the pictures (default 64x48)
set -euo pipefail
cd "$(dirname "$0")/.."
furl=$(realpath "${FURL:-build/release/furl}")
hours=${1:-8}
shift || true
fps=${FPS:-1} size=${SIZE:-64x48}
options=("$@")
[[ ${#options[@]} -gt 0 ]] || options=(--family squeeze --preset fast --segment 10m)
work=$(mktemp -d)
trap 'jobs -p | xargs -r kill 2> /dev/null || true; rm -rf "$work"' EXIT
seconds=$(python3 -c "print(round($hours * 3600))")

scene="[0]trim=end_frame=1,loop=-1:1,setpts=N/$fps/TB,trim=end=$seconds[still];[still][1]overlay="
scene+="x=(mod(t\,600)-300)*4:y=24:enable=between(mod(t\,600)\,300\,320),noise=alls=5:allf=t"
ffmpeg -nostdin -v error -f lavfi -i "testsrc=s=$size:r=$fps:d=1" \
  -f lavfi -i "color=white:s=16x20:r=$fps:d=$seconds" -filter_complex "$scene" \
  -pix_fmt yuv420p -f yuv4mpegpipe - |
  "$furl" record - -o "$work/rec" --fast --begin 2026-11-30T00:00:00Z "${options[@]}" --json \
    > "$work/said.json" 2> "$work/messages.txt" &
pid=$!
while grep VmRSS "/proc/$pid/status" 2> /dev/null | awk -v t="$(date +%s.%N)" '{ print t, $2 }'; do
  sleep 0.5
done > "$work/memory.txt" || true
wait

FURL=$furl COMMAND="scripts/soak_record.sh $hours ${options[*]}" FPS=$fps HOURS=$hours \
  SIZE=$size python3 - "$work" <<'PYTHON'
import datetime, glob, json, os, subprocess, sys
work = sys.argv[1]
fps, hours = float(os.environ['FPS']), float(os.environ['HOURS'])
said = [json.loads(line) for line in open(f'{work}/said.json')]
result = said[-1]
assert result['success'], result

# When every picture was taken, in seconds.
times, files = [], sorted(glob.glob(f'{work}/rec/camera/*/*.mkv'))
for path in files:
    info = subprocess.run([os.environ['FURL'], 'info', path, '--frames', '--json'], check=True,
                          capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in info.splitlines()]
    tags = next(r for r in rows if r['type'] == 'container')['tags']
    begin = datetime.datetime.fromisoformat(tags['creation_time'].replace('Z', '+00:00')).timestamp()
    times += sorted(begin + r['time'] for r in rows if r['type'] == 'frame')
steps = [b - a for a, b in zip(times, times[1:])]

memory = [tuple(map(float, line.split())) for line in open(f'{work}/memory.txt')]
wall = memory[-1][0] - memory[0][0]
def kib(part):  # the highest of a twentieth of the time, there
    at = memory[0][0] + part * wall
    near = [m for t, m in memory if abs(t - at) <= wall / 40]
    return round(max(near or [min(memory, key=lambda sample: abs(sample[0] - at))[1]]))
rss = {f'{round(100 * p)} %': kib(p) for p in (0.1, 0.25, 0.5, 0.75, 0.95)}
expected = round(hours * 3600 * fps)
report = {
    'command': os.environ['COMMAND'],
    'scene': f"{os.environ['SIZE']}, {fps:g} pictures per second, {hours:g} hours",
    'wall_seconds': round(wall, 1),
    'pictures': len(times), 'expected_pictures': expected,
    'files': len(files), 'events': result['events'], 'expected_events': int(hours * 6),
    'bytes': result['bytes'],
    'shortest_step_seconds': round(min(steps), 4), 'longest_step_seconds': round(max(steps), 4),
    'resident_kib': rss,
    'growth_kib_from_10_to_95_percent': rss['95 %'] - rss['10 %'],
}
print(json.dumps(report, indent=1))
gap = max(steps) > 1.01 / fps or len(times) != expected
sys.exit(1 if gap or rss['95 %'] > 1.05 * rss['10 %'] else 0)
PYTHON
