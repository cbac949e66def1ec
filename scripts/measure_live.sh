#!/usr/bin/env bash
# Glass to glass: how old the pictures of a live stream are when a browser shows them. A camera that
# shows the time (scripts/live_source.py) goes through furl live, furl serve and furl's player in
# headless Chromium, all on this machine, which compares it with the clock.
#
# usage: scripts/measure_live.sh [seconds, default 30] [furl live options]
#   FURL   the tool (default build/release/furl)
# Leaves out/live/report.json and a screenshot. Needs build/web/package (scripts/package_web.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/serve_common.sh
source scripts/serve_common.sh
furl=$(realpath "${FURL:-build/release/furl}")
seconds=${1:-30}
shift || true
options=("$@")
[[ ${#options[@]} -gt 0 ]] ||
  options=(--segment 0.5 --preset fast --variant 640x360:400k --h264 640x360:600k)
out=$PWD/out/live
rm -rf "$out"
mkdir -p "$out/site"
ffmpeg -nostdin -v error -i assets/bunny.mkv -vf scale=640:360 -pix_fmt yuv420p "$out/source.y4m"

trap 'jobs -p | xargs -r kill 2> /dev/null || true' EXIT
scripts/live_source.py "$out/source.y4m" $((seconds + 60)) |
  "$furl" live - -o "$out/site/live" "${options[@]}" 2> "$out/live.txt" &
for ((i = 0; i < 300; ++i)); do
  [[ -e $out/site/live/master.m3u8 ]] && break
  sleep 0.1
done
"$furl" serve "$out/site" --listen 127.0.0.1:0 --player build/web/package --json > "$out/serve.log" &
url=$(wait_for_server "$out/serve.log")
node web/tests/live_latency.js "$url" live/master.m3u8 "$seconds" "$out/live.png" > "$out/seen.json"
cat > "$out/report.json" <<JSON
{
  "command": "scripts/measure_live.sh $seconds",
  "options": "${options[*]}",
  "date": "$(date -u +%Y-%m-%d)",
  "machine": "$(nproc) CPUs, load $(cut -d' ' -f1 /proc/loadavg)",
  "segments": $(grep -c '^[^#]' "$out/site/live/furl1.m3u8"),
  "notices": $(grep -c "too slow" "$out/live.txt" || true),
  "seen": $(cat "$out/seen.json")
}
JSON
cat "$out/report.json"
