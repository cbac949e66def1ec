#!/usr/bin/env bash
# `furl serve` under many clients at once on the loopback interface: each connects, waits for the
# others, and asks on its connection for a file of a segment's size and of a playlist's, every
# second time for a part of it; every byte is compared. Writes requests per second, failures, times,
# and the server's memory and processor time.
#
# usage: scripts/measure_serve.sh [build folder, default build/release] [clients, default 200]
#   > results/serve.json
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build/release}")
clients=${2:-200}
work=$(mktemp -d)
server=0
trap 'kill $server 2> /dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/root"
head -c 500000 /dev/urandom > "$work/root/segment-00001.mkv"
head -c 1500 /dev/urandom > "$work/root/list.m3u8"

"$build/furl" serve "$work/root" --listen 127.0.0.1:0 --connections $((clients * 2)) \
  --connections-per-address $((clients * 2)) --json > "$work/log" 2> "$work/err" &
server=$!
for ((i = 0; i < 100; ++i)); do
  port=$(sed -nE 's/.*"port":([0-9]+).*/\1/p' "$work/log")
  [[ $port ]] && break
  sleep 0.1
done
[[ $port ]] || { cat "$work/err" >&2; exit 1; }

# memory NAME: of /proc, in kB; cpu: seconds so far.
memory() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$server/status"; }
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$server/stat"; }

idle=$(memory VmRSS)
echo '{'
echo "  \"command\": \"scripts/measure_serve.sh ${1:-build/release} $clients\","
echo "  \"date\": \"$(date -u +%Y-%m-%d)\","
echo "  \"build\": \"$(sed -nE 's/^CMAKE_BUILD_TYPE:[A-Z]+=(.*)/\1/p' "$build/CMakeCache.txt")\","
echo "  \"machine\": \"$(sed -nE 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1), $(nproc) CPUs," \
  "clients on the same, load before $(cut -d' ' -f1 /proc/loadavg)\","
echo '  "runs": {'
for run in segment-00001.mkv:50 list.m3u8:200; do
  file=${run%:*}
  before=$(cpu)
  figures=$("$build/tests/serve/furl_serve_load" "$port" "/$file" "$work/root/$file" "$clients" \
    "${run#*:}")
  echo "    \"$file\": ${figures%\}}, \"server_cpu_seconds\":" \
    "$(awk "BEGIN { printf \"%.2f\", $(cpu) - $before }")},"
done
echo "    \"memory_kb\": {\"idle\": $idle, \"most\": $(memory VmHWM)}"
echo '  }'
echo '}'
kill -TERM $server
wait $server
