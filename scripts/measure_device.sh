#!/usr/bin/env bash
# Measures libfurlsense beside x264 ultrafast on one core: CPU time per picture of either program,
# its input read from a file, less what reading alone takes, and the most memory they held. Writes
# a JSON line per measurement. Use an idle machine, or ratios alone.
#
# usage: scripts/measure_device.sh CLIP [BUILD_FOLDER] > results/device.jsonl
#   CLIP          any video; its first 60 pictures at 1280x720
#   BUILD_FOLDER  with furl-sense (default: build/release)
set -euo pipefail
if (($# < 1)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
clip=$1
sense=${2:-$(dirname "$0")/../build/release}/furl-sense
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
input=$folder/input.y4m coded=$folder/coded
frames=60
runs=5
ffmpeg -v error -y -i "$clip" -vf scale=1280:720 -frames:v $frames -pix_fmt yuv420p "$input"

# least COMMAND...: CPU seconds of the quickest run and kilobytes of the largest.
least() {
  for ((i = 0; i < runs; ++i)); do
    /usr/bin/time -o "$folder/time" -f '%U %S %M' "$@" > /dev/null
    tail -1 "$folder/time"
  done | awk '{ t = $1 + $2; if (NR == 1 || t < least) least = t; if ($3 > most) most = $3 }
              END { print least, most }'
}

# report NAME CRF SECONDS KILOBYTES
report() {
  awk -v name="$1" -v crf="$2" -v s="$3" -v kb="$4" -v n=$frames -v size="$(stat -c %s "$coded")" \
    'BEGIN { printf "{\"encoder\": \"%s\", \"crf\": %d, \"bytes\": %d, \"ms_per_picture\": %.2f, " \
                    "\"megabytes\": %.1f}\n", name, crf, size, 1000 * s / n, kb / 1024 }'
}

read -r reading _ < <(least ffmpeg -v error -y -i "$input" -threads 1 -f null -)
for crf in 0 20 40 63; do
  read -r seconds memory < <(least "$sense" "$input" -o "$coded" --crf $crf)
  report furlsense $crf "$seconds" "$memory"
done
for crf in 8 18 28 40; do
  read -r seconds memory < <(least ffmpeg -v error -y -i "$input" -c:v libx264 -preset ultrafast \
    -threads 1 -crf $crf -f h264 "$coded")
  report x264-ultrafast $crf "$(awk "BEGIN { print $seconds - $reading }")" "$memory"
done
