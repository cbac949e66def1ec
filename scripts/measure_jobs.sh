#!/usr/bin/env bash
# Times one encode against chunks of it with 1, 2 and 4 processes, on this machine, and writes what
# scripts/simulate_workers.py takes. All files must be the same.
#
# usage: scripts/measure_jobs.sh RESULT.json CLIP...      (clips are put one behind the other)
#   FURL      the tool (default build/release/furl)
#   SIZE      of the pictures (default 416x240)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 2)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=$(realpath "${FURL:-build/release/furl}")
result=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for clip in "$@"; do
  ffmpeg -nostdin -v error -i "$clip" -an -vf "scale=${SIZE:-416x240},fps=25,format=yuv420p" \
    -c:v libx264 -preset veryfast -crf 12 "$work/$(basename "$clip").part.mkv"
  echo "file '$work/$(basename "$clip").part.mkv'" >> "$work/list"
done
ffmpeg -nostdin -v error -f concat -safe 0 -i "$work/list" -c copy "$work/in.mkv"

# timed COMMAND...: its seconds.
timed() {
  local begin end
  begin=$(date +%s.%N)
  "$@" -q
  end=$(date +%s.%N)
  awk "BEGIN { printf \"%.3f\", $end - $begin }"
}
in=$work/in.mkv
# As many threads as the chunks of two processes have: one.
one_thread=$(timed "$furl" encode "$in" -o "$work/one.mkv" --threads 1)
two_threads=$(timed "$furl" encode "$in" -o "$work/two.mkv" --threads 2)
declare -A jobs
for n in 1 2 4; do
  jobs[$n]=$(timed "$furl" encode "$in" -o "$work/jobs$n.mkv" --threads 2 --jobs "$n")
  cmp "$work/one.mkv" "$work/jobs$n.mkv"
done
plan=$(timed "$furl" plan "$in" -o "$work/plan" --threads 1)
chunks=$("$furl" plan --status "$work/plan" --json | sed -n 's/.*"chunks":\([0-9]*\).*/\1/p' | tail -n 1)
code=$(timed "$furl" encode --plan "$work/plan" --chunk "0-$((chunks - 1))" --threads 1)
first=$(timed "$furl" encode --plan "$work/plan" --chunk 0 --threads 1 -y)
join=$(timed "$furl" join "$work/plan" -o "$work/joined.mkv" --threads 1)
cmp "$work/one.mkv" "$work/joined.mkv"

python3 - "$work" "$result" <<PYTHON
import json, sys
work, result = sys.argv[1:]
plan = json.load(open(f"{work}/plan"))
frames = [c["frames"] for c in plan["chunks"]]
seconds = [json.load(open(f"{work}/plan.chunks/{i:05}.json"))["seconds"] for i in range(len(frames))]
start = max($first - seconds[0], 0)
data = {"command": "scripts/measure_jobs.sh", "frames": sum(frames), "chunk_frames": frames,
        "one_thread_s": $one_thread, "two_threads_s": $two_threads,
        "jobs_s": {"1": ${jobs[1]}, "2": ${jobs[2]}, "4": ${jobs[4]}}, "plan_s": $plan,
        "chunks_s": $code, "join_s": $join,
        "simulation": {"frame_rate": 25, "plan_fps": sum(frames) / $plan,
                       "join_fps": sum(frames) / $join, "start_seconds": start,
                       "chunks": [list(pair) for pair in zip(frames, seconds)]}}
json.dump(data, open(result, "w"), indent=1)
open(result, "a").write("\n")
print(json.dumps({k: v for k, v in data.items() if k != "simulation"}, indent=1))
PYTHON
