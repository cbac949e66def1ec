#!/usr/bin/env bash
# What encryption costs: bytes per GOP, and processor time of writing, reading and decoding beside
# the same file without it.
#
# usage: scripts/measure_encryption.sh path/to/furl VIDEO [ROUNDS] > results/encryption.txt
set -euo pipefail
furl=$(realpath "$1")
video=$(realpath "$2")
rounds=${3:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Processor seconds of a command, the least of all rounds; both commands in turn.
compare_times() { # WHAT PLAIN-COMMAND SEALED-COMMAND
  local what=$1 best=(999 999) round i seconds
  shift
  for ((round = 0; round < rounds; ++round)); do
    for i in 0 1; do
      local command=("$1" "$2")
      seconds=$({ TIMEFORMAT='%U %S'; time ${command[i]} > /dev/null 2> /dev/null; } 2>&1 |
        awk '{ print $1 + $2 }')
      best[i]=$(awk -v a="$seconds" -v b="${best[i]}" 'BEGIN { print a < b ? a : b }')
    done
  done
  printf '%-28s %8.2f s %8.2f s\n' "$what" "${best[@]}"
}

head -c 32 /dev/urandom > key
sealed=(--encrypt --key-file key)
"$furl" encode "$video" -o plain.mkv --preset fast --gop 1 -q
"$furl" encode "$video" -o sealed.mkv --preset fast --gop 1 -q "${sealed[@]}"
gops=$("$furl" info plain.mkv --json | grep -c '"type":"gop"')
plain_bytes=$(stat -c %s plain.mkv)
sealed_bytes=$(stat -c %s sealed.mkv)

echo "# scripts/measure_encryption.sh furl $(basename "$video") $rounds"
echo "# $(grep -m 1 'model name' /proc/cpuinfo | cut -d: -f2- | xargs), $(date -I)"
echo "# processor time, the least of $rounds rounds"
echo "GOPs                         $gops"
echo "bytes                        $plain_bytes plain, $sealed_bytes sealed"
awk -v a="$plain_bytes" -v b="$sealed_bytes" -v n="$gops" 'BEGIN {
  printf "more                         %d bytes, %.1f per GOP, %.4f %%\n", b - a, (b - a) / n,
    100 * (b - a) / a }'
echo "                                plain     sealed"
encode="$furl encode $video -y --preset fast --frames 20 -o out.mkv"
compare_times "encode 20 frames" "$encode" "$encode ${sealed[*]}"
compare_times "read all packets (info)" "$furl info plain.mkv" "$furl info sealed.mkv --key-file key"
compare_times "decode" "$furl decode plain.mkv -o null" \
  "$furl decode sealed.mkv -o null --key-file key"
compare_times "decode 1 s from 5 s on" \
  "$furl decode plain.mkv -o null --start 5 --duration 1" \
  "$furl decode sealed.mkv -o null --start 5 --duration 1 --key-file key"
