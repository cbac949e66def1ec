#!/usr/bin/env bash
# Measures encoding and decoding speed and peak memory of the furl tool, from
# file to null writer, two threads, and prints one JSON object. Each figure is
# the fastest of three runs (memory: the largest). Pause everything else first.
#
# usage: scripts/measure_speed.sh CLIP_480P CLIP_720P CLIP_1080P > results/speed_<cpu>.json
# Needs GNU time (/usr/bin/time) and ffprobe.
#   FURL       the tool (default build/release/furl)
#   FURL_CRF   quality (default 32)
set -euo pipefail
furl=${FURL:-build/release/furl}
crf=${FURL_CRF:-32}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure COMMAND...: sets wall (s), cpu (s) and memory (KiB).
measure() {
  wall=1e9 cpu=1e9 memory=0
  for _ in 1 2 3; do
    /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" > /dev/null 2>&1 < /dev/null
    read -r e u s m < "$work/time"
    wall=$(awk -v a="$wall" -v b="$e" 'BEGIN { print a < b ? a : b }')
    cpu=$(awk -v a="$cpu" -v b="$u" -v c="$s" 'BEGIN { print a < b + c ? a : b + c }')
    if ((m > memory)); then memory=$m; fi
  done
}

# report NAME FRAMES
report() {
  awk -v name="$1" -v n="$2" -v w="$wall" -v c="$cpu" -v m="$memory" 'BEGIN {
    printf "    {\"what\": \"%s\", \"frames\": %d, \"fps\": %.1f, \"cpu_ms_per_frame\": %.1f, \"peak_mib\": %.0f}",
           name, n, n / w, 1000 * c / n, m / 1024 }'
}

frames() { ffprobe -v error -count_packets -select_streams v:0 -show_entries \
  stream=nb_read_packets -of csv=p=0 "$1" | tr -d ,; }

printf '{\n  "command": "scripts/measure_speed.sh (crf %s, 2 threads)",\n' "$crf"
printf '  "cpu": "%s",\n' "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)"
printf '  "load_before": "%s",\n  "results": [\n' "$(cut -d' ' -f1 /proc/loadavg)"
separator=
for clip in "$@"; do
  name=$(basename "${clip%.*}")
  count=$(frames "$clip")
  measure "$furl" encode "$clip" -o "$work/a.mkv" -y --crf "$crf" --threads 2
  printf '%s' "$separator"; separator=$',\n'
  report "encode $name" "$count"
  for cpu_limit in best avx2; do
    limit=(env)
    [[ $cpu_limit == best ]] || limit=(env FURL_CPU="$cpu_limit")
    measure "${limit[@]}" "$furl" decode "$work/a.mkv" -o null --threads 2
    printf ',\n'
    report "decode $name, dispatch $cpu_limit" "$count"
  done
done
printf '\n  ]\n}\n'
