#!/usr/bin/env bash
# Encodes very many small frames from a pipe, decodes what comes of it, and watches memory: it must
# not grow. Every frame that goes in must come out, and verify must find nothing.
#
# usage: scripts/soak.sh RESULT.json [FRAMES, default 1000000]
#   FURL   the tool (default build/release/furl)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 1)); then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=$(realpath "${FURL:-build/release/furl}")
result=$(realpath -m "$1")
frames=${2:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# watch NAME PID: its resident memory in kB, once a second, until it ends.
watch() {
  while kill -0 "$2" 2> /dev/null; do
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$2/status" 2> /dev/null >> "$1.rss" || true
    sleep 1
  done
}
# rss NAME: what it was after a tenth of the time, and the most after that, as JSON.
rss() {
  awk '{ at[NR] = $1 } END { first = int(NR / 10) > 5 ? int(NR / 10) : 5; early = at[first]; most = 0
    for (i = first; i <= NR; ++i) if (at[i] > most) most = at[i]
    printf "{\"samples\": %d, \"early_kb\": %d, \"most_kb\": %d}", NR, early, most }' "$1.rss"
}

mkfifo pictures
ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=32x32:r=25 -frames:v "$frames" -pix_fmt yuv420p \
  -f yuv4mpegpipe - > pictures &
"$furl" encode - -o out.furl --preset fast --crf 50 --threads 1 --no-sandbox -q < pictures &
encoder=$!
watch encode "$encoder"
wait "$encoder"
"$furl" decode out.furl -o null --threads 1 --no-sandbox --json -q > decoded.json &
decoder=$!
watch decode "$decoder"
wait "$decoder"
shown=$(sed -n 's/.*"type":"result".*"frames":\([0-9]*\).*/\1/p' decoded.json)
"$furl" verify out.furl -q
cat > "$result" << JSON
{"command": "scripts/soak.sh", "date": "$(date -u +%Y-%m-%d)", "frames_in": $frames,
 "frames_out": ${shown:-0}, "bytes": $(stat -c %s out.furl),
 "encode": $(rss encode), "decode": $(rss decode)}
JSON
cat "$result"
((shown == frames))
# A tenth more is what allocators keep.
python3 - "$result" << 'PYTHON'
import json, sys
result = json.load(open(sys.argv[1]))
for part in ("encode", "decode"):
    if result[part]["most_kb"] > 1.1 * result[part]["early_kb"]:
        sys.exit(f"memory grows: {part}")
PYTHON
