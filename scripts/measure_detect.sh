#!/usr/bin/env bash
# Measures furl detect on labelled clips: average precision of objects in key frames (every fourth
# frame is one) and of objects carried through GOPs of two seconds, and its time beside decoding.
#
# usage: scripts/measure_detect.sh OUTPUT.json LABELS.jsonl CLIP...
#   FURL          the tool (default build/release/furl)
#   FURL_DETECT   the trainer (default build/train/src/train/furl-train-detect)
#   FURL_CRF      of the encodes (default 32)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 3)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=$(realpath "${FURL:-build/release/furl}")
trainer=$(realpath "${FURL_DETECT:-build/train/src/train/furl-train-detect}")
crf=${FURL_CRF:-32}
output=$1 labels=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# look_at KIND CLIP GOP: encodes the clip and looks at it.
look_at() {
  local to
  to=$work/$1/$(basename "${2%.*}")
  "$furl" encode "$2" -o "$to.mkv" --preset fast --crf "$crf" --gop "$3" -q
  "$furl" detect "$to.mkv" --score 0.02 --json -q > "$to.ndjson"
}
# seconds COMMAND...: of processor time.
seconds() {
  local TIMEFORMAT='%U'
  { time "$@" > /dev/null 2>&1; } 2>&1
}
sum() { awk "BEGIN { print $1 + $2 }"; }
# value FILE KEY: of the last line.
value() { tail -n 1 "$1" | sed "s/.*\"$2\":\([0-9.e-]*\).*/\1/"; }

mkdir "$work/keys" "$work/carried"
detecting=0 decoding=0 network=0 looks=0
for clip in "$@"; do
  rate=$(ffprobe -v error -select_streams v:0 -show_entries stream=r_frame_rate -of csv=p=0 "$clip")
  look_at keys "$clip" "$(awk "BEGIN { print 4 / ($rate) }")"
  look_at carried "$clip" 2
  coded=$work/carried/$(basename "${clip%.*}")
  detecting=$(sum "$detecting" "$(seconds "$furl" detect "$coded.mkv" --threads 1)")
  decoding=$(sum "$decoding" "$(seconds "$furl" decode "$coded.mkv" -o null --threads 1)")
  told=$work/keys/$(basename "${clip%.*}").ndjson
  network=$(sum "$network" "$(value "$told" detect_seconds)")
  looks=$((looks + $(value "$told" key_frames)))
done
cat > "$output" <<JSON
{
  "command": "scripts/measure_detect.sh $output LABELS CLIPS",
  "date": "$(date -u +%Y-%m-%d)",
  "machine": "$(nproc) CPUs, load $(cut -d' ' -f1 /proc/loadavg)",
  "crf": $crf,
  "clips": $#,
  "key_frames": "$("$trainer" score "$work"/keys/*.ndjson --labels "$labels")",
  "carried": "$("$trainer" score "$work"/carried/*.ndjson --labels "$labels")",
  "processor_seconds": {"detect": $detecting, "decode": $decoding},
  "network_ms_per_key_frame": $(awk "BEGIN { print 1000 * $network / $looks }")
}
JSON
cat "$output"
