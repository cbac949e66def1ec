#!/usr/bin/env bash
# The main job on a real clip: installs what is missing, builds furl, encodes the
# bundled clip at several qualities, decodes it again and prints a table. Leaves
# playable files and a side-by-side picture in out/.
#
# usage: scripts/demo.sh [clip] [output folder]
#   FURL_JOBS      parallel jobs of the build (default: all cores)
#   FURL_NO_DEPS   set: don't install packages
#   FURL_PRESET    CMake preset to build, default release
#   FURL_LEVELS    qualities, default "24 32 40 48"
set -euo pipefail
cd "$(dirname "$0")/.."
clip=${1:-assets/bunny.mkv}
out=${2:-out}
levels=${FURL_LEVELS:-24 32 40 48}

[[ -n ${FURL_NO_DEPS:-} ]] || scripts/install-deps.sh demo
preset=${FURL_PRESET:-release}
# A build folder that is there keeps its settings; a new one needs no test libraries.
settings=()
[[ -e build/$preset/CMakeCache.txt ]] || settings=(-DFURL_BUILD_TESTS=OFF)
cmake --preset "$preset" "${settings[@]}" > /dev/null
cmake --build "build/$preset" -j "${FURL_JOBS:-$(nproc)}" --target furl
furl=build/$preset/furl
mkdir -p "$out"
name=$(basename "${clip%.*}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

IFS=, read -r width height frames < <(
  ffprobe -v error -count_packets -select_streams v:0 \
    -show_entries stream=width,height,nb_read_packets -of csv=p=0 "$clip")

seconds() { # runs a command, prints its wall time
  local start
  start=$(date +%s%N)
  "$@" > "$work/log" 2>&1 < /dev/null || { cat "$work/log" >&2; return 1; }
  awk -v ns="$(($(date +%s%N) - start))" 'BEGIN { printf "%.6f", ns / 1e9 }'
}

# (6Y+U+V)/8 PSNR of the mean squared error, by ffmpeg's psnr filter, frame by
# frame: the sound starts before the picture and shifts the clip's own times.
psnr() {
  ffmpeg -hide_banner -nostdin -i "$1" -i "$2" -lavfi \
    '[0:v]setpts=N/25/TB[a];[1:v]setpts=N/25/TB[b];[a][b]psnr' -f null - 2>&1 |
    sed -nE 's/.*PSNR y:([^ ]+) u:([^ ]+) v:([^ ]+) .*/\1 \2 \3/p' |
    awk '{ printf "%.2f", (6 * $1 + $2 + $3) / 8 }'
}

echo
echo "$clip: ${width}x$height, $frames frames, $(stat -c %s "$clip") bytes with sound"
echo
printf '%4s  %12s  %12s  %8s  %8s  %10s  %10s\n' \
  crf 'file bytes' 'video bytes' bpp 'PSNR dB' 'encode fps' 'decode fps'
for crf in $levels; do
  coded=$out/${name}_crf$crf.mkv
  encode=$(seconds "$furl" encode "$clip" -o "$coded" --crf "$crf" -y)
  decode=$(seconds "$furl" decode "$coded" -o null)
  "$furl" decode "$coded" -o "$work/back.y4m" -y > "$work/log" 2>&1 < /dev/null ||
    { cat "$work/log" >&2; exit 1; }
  video=$(ffprobe -v error -select_streams v:0 -show_entries packet=size -of csv=p=0 "$coded" |
          awk '{ sum += $1 } END { print sum + 0 }')
  awk -v crf="$crf" -v file="$(stat -c %s "$coded")" -v video="$video" -v n="$frames" \
    -v samples="$((width * height))" -v psnr="$(psnr "$work/back.y4m" "$clip")" \
    -v enc="$encode" -v dec="$decode" 'BEGIN {
      printf "%4d  %12d  %12d  %8.4f  %8s  %10.1f  %10.1f\n", crf, file, video,
             video * 8 / n / samples, psnr, n / enc, n / dec }'
  # For players that don't know furl: picture re-encoded, sound as it was.
  "$furl" decode "$coded" -o "$out/${name}_crf$crf.mp4" -y --codec-crf 14 > "$work/log" 2>&1 < /dev/null ||
    { cat "$work/log" >&2; exit 1; }
  last=$coded
  mv "$work/back.y4m" "$work/last.y4m"
done

# The original beside the smallest file, one frame of the middle.
ffmpeg -hide_banner -loglevel error -nostdin -y -i "$clip" -i "$work/last.y4m" -filter_complex \
  "[0:v]select=eq(n\,$((frames / 2)))[a];[1:v]select=eq(n\,$((frames / 2)))[b];[a][b]hstack" \
  -frames:v 1 "$out/side_by_side.png"
echo
echo "in $out/: coded files (*.mkv), the same for any player (*.mp4), side_by_side.png"
echo "(left the original, right $last decoded)"
"$furl" verify "$last"
