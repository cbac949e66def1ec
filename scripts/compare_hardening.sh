#!/usr/bin/env bash
# What hardening (cmake/FurlHardening.cmake) costs a decoder: builds bench/decode_bench with and
# without it, decodes a stream with both in turns and prints the user CPU time of each, the least
# of all rounds, as a line of JSON for results/hardening_speed.json. Pause everything else first.
#
# usage: scripts/compare_hardening.sh STREAM.furl [rounds, default 40]
#   FURL_JOBS   parallel jobs (default: all cores)
set -euo pipefail
stream=$(realpath "${1:?usage: compare_hardening.sh STREAM.furl [rounds]}")
rounds=${2:-40}
cd "$(dirname "$0")/.."

for hardening in ON OFF; do
  build=build/hardening_$hardening
  cmake --preset release -B "$build" -DFURL_HARDENING=$hardening -DFURL_BUILD_TOOLS=OFF \
    -DFURL_BUILD_TESTS=OFF -DFURL_BUILD_BENCH=ON > /dev/null
  cmake --build "$build" -j "${FURL_JOBS:-$(nproc)}" --target decode_bench >&2
done

# Prints the user seconds of decoding once.
user_time() {
  local TIMEFORMAT=%U
  { time "build/hardening_$1/bench/decode_bench" "$stream" 1 --benchmark_min_time=0.001 \
    > /dev/null 2>&1; } 2>&1
}

for round in $(seq "$rounds"); do
  # Each goes first in turn: what else runs may favour one of the two places.
  if ((round % 2)); then
    on=$(user_time ON) off=$(user_time OFF)
  else
    off=$(user_time OFF) on=$(user_time ON)
  fi
  echo "$on $off"
done | awk -v rounds="$rounds" '
  NR == 1 || $1 < on { on = $1 }
  NR == 1 || $2 < off { off = $2 }
  END {
    printf "{\"hardened_s\": %.3f, \"plain_s\": %.3f, \"ratio\": %.4f, \"rounds\": %d}\n",
           on, off, on / off, rounds
  }'
