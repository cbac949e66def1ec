#!/usr/bin/env bash
# Kills furl at random moments, again and again: encode (bare stream, Matroska), encode --resume and
# decode. Whatever moment it is, an output is there whole or not at all, and a resumed encode ends
# with the bytes of one that was never killed. Tells how many kills hit, and what went wrong.
#
# usage: scripts/kill_runs.sh RESULT.json [KILLS, default 1000]
#   FURL   the tool (default build/release/furl)
#   SEED   of the moments (default 1)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 1)); then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=$(realpath "${FURL:-build/release/furl}")
result=$(realpath -m "$1")
kills=${2:-1000}
RANDOM=${SEED:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:r=25:d=10.4 \
  -f lavfi -i mandelbrot=s=64x48:r=25 -f lavfi -i sine=d=13 -filter_complex \
  '[0:v]format=yuv420p[a];[1:v]trim=duration=2.6,format=yuv420p[b];[a][b]concat[v]' \
  -map '[v]' -map 2:a -c:v libx264 -c:a aac -shortest in.mkv
settings=(--crf 47 --preset fast --gop 1 --threads 1)
"$furl" encode in.mkv -o whole.mkv "${settings[@]}" -q
"$furl" encode in.mkv -o whole.furl "${settings[@]}" -q
"$furl" decode whole.mkv -o whole.y4m -q

# seconds COMMAND...: that it takes undisturbed.
seconds() {
  local TIMEFORMAT=%R
  { time "$@" > /dev/null 2>&1; } 2>&1
}
hits=0 wrong=0 resumed=0
say_wrong() {
  echo "wrong: $*" >&2
  wrong=$((wrong + 1))
}

# kill_after MOST COMMAND...: kills it, and what it started, within so many seconds.
kill_after() {
  local most=$1 delay group
  shift
  delay=$(awk "BEGIN { print $most * $RANDOM / 32767 }")
  setsid "$@" > log 2>&1 &
  group=$!
  sleep "$delay"
  if kill -9 -- "-$group" 2> /dev/null; then hits=$((hits + 1)); fi
  wait "$group" 2> /dev/null || true
}

# whole_or_absent FILE REFERENCE
whole_or_absent() {
  [[ ! -e $1 ]] || cmp -s "$1" "$2" || say_wrong "$1 is neither whole nor absent"
  rm -f "$1"
}

encode=$(seconds "$furl" encode in.mkv -o timed.mkv "${settings[@]}")
decode=$(seconds "$furl" decode whole.mkv -o timed.y4m)
resume=$(seconds "$furl" encode in.mkv -o timed2.mkv "${settings[@]}" --resume)
told=0
while ((hits < kills)); do
  if ((hits >= told + 50)); then
    told=$hits
    echo "$hits kills, $wrong wrong" >&2
  fi
  case $((RANDOM % 4)) in
    0)
      kill_after "$encode" "$furl" encode in.mkv -o a.mkv "${settings[@]}"
      whole_or_absent a.mkv whole.mkv
      ;;
    1)
      kill_after "$encode" "$furl" encode in.mkv -o a.furl "${settings[@]}"
      whole_or_absent a.furl whole.furl
      ;;
    2)
      kill_after "$decode" "$furl" decode whole.mkv -o a.y4m
      whole_or_absent a.y4m whole.y4m
      ;;
    *)
      for _ in 1 2 3; do
        kill_after "$resume" "$furl" encode in.mkv -o b.mkv "${settings[@]}" --resume
        [[ ! -e b.mkv ]] || cmp -s b.mkv whole.mkv || say_wrong "b.mkv is not whole"
      done
      if [[ ! -e b.mkv || -e b.mkv.furl-work ]]; then
        "$furl" encode in.mkv -o b.mkv "${settings[@]}" --resume -q ||
          say_wrong "a killed encode could not be resumed"
      fi
      cmp -s b.mkv whole.mkv || say_wrong "a resumed encode is another one"
      [[ ! -e b.mkv.furl-work ]] || say_wrong "b.mkv.furl-work stays"
      rm -rf b.mkv b.mkv.furl-work*
      resumed=$((resumed + 1))
      ;;
  esac
done
rm -f ./*.furl-part
cat > "$result" << JSON
{"command": "scripts/kill_runs.sh", "date": "$(date -u +%Y-%m-%d)", "kills": $hits,
 "resumed_encodes": $resumed, "wrong": $wrong}
JSON
cat "$result"
((wrong == 0))
