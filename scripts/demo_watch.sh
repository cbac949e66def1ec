#!/usr/bin/env bash
# What furl knows of what it holds, on the bundled clip and a camera scene of its own making: where
# the bits go, which videos are alike, recording a camera, what happened, and encryption. Leaves
# pages and files in out/watch. Each step fails loudly if it shows nothing.
#
# usage: scripts/demo_watch.sh [path/to/furl]     (default build/release/furl, built if missing)
# Needs: ffmpeg; libsodium and SQLite in the build.
set -euo pipefail
cd "$(dirname "$0")/.."
furl=${1:-build/release/furl}
clip=$PWD/assets/bunny.mkv
out=$PWD/out/watch

if [[ ! -x $furl ]]; then
  cmake --preset release
  cmake --build build/release --target furl
fi
furl=$(realpath "$furl")
say() { printf '\n== %s\n' "$*"; }
fail() { echo "demo_watch: $*" >&2; exit 1; }
make() { ffmpeg -nostdin -v error -y "$@"; }

rm -rf "$out"
mkdir -p "$out/videos"
cd "$out"

say "furl inspect: where the bits of the bundled clip go"
"$furl" encode "$clip" -o videos/bunny.mkv --preset fast -q
"$furl" inspect videos/bunny.mkv --html inspect.html

say "furl index, furl search: a mirrored, smaller copy is found again"
make -f lavfi -i mandelbrot=s=320x180:r=25 -t 2 -c:v mpeg4 -q:v 4 videos/mandelbrot.mp4
make -f lavfi -i testsrc2=s=320x180:r=25 -t 2 -c:v mpeg4 -q:v 4 videos/card.mp4
make -i "$clip" -an -vf hflip,scale=300:-2 -c:v mpeg4 -q:v 6 copy.mp4
"$furl" index videos --db videos.db -q
"$furl" search --db videos.db copy.mp4 --html search.html | tee found.txt
head -n 1 found.txt | grep -q bunny.mkv || fail "the copy isn't found"

say "a camera: someone passes from 4 to 8 s and leaves a bag, at 20 s the lens is covered"
make -i "$clip" -vf scale=640:360 -frames:v 1 still.png
make -loop 1 -framerate 10 -i still.png -f lavfi -i color=red:s=48x96:r=10 \
  -f lavfi -i color=white:s=64x64:r=10 -f lavfi -i color=black:s=640x360:r=10 -filter_complex "
    [0][1]overlay=x='if(between(t,4,8),(t-4)*150-48,-100)':y=200:shortest=1[passing];
    [passing][2]overlay=x=440:y=240:enable='gte(t,6)':shortest=1[bag];
    [bag][3]overlay=enable='between(t,20,22)':shortest=1" \
  -t 30 -pix_fmt yuv420p -c:v mpeg4 -q:v 2 camera.mp4

say "furl record: quiet scenes cost little, events are told"
"$furl" record --camera yard=camera.mp4 -o recordings --fast --begin 2026-11-30T12:00:00Z \
  --segment 10 --preset fast -q
find recordings -type f | sort
[[ $(find recordings -name '*.mkv' | wc -l) == 3 ]] || fail "not three files of ten seconds"
grep -q '"begin":"2026-11-30T12:00:04' recordings/yard/2026-11-30/events.ndjson ||
  fail "the event isn't told"
for file in recordings/yard/*/*.mkv; do "$furl" verify -q "$file"; done

say "furl detect: what happened, without decoding a picture"
"$furl" encode camera.mp4 -o camera.mkv --preset fast --gop 1 -q
"$furl" detect camera.mkv --html detect.html -o tagged.mkv | tee events.txt
for event in motion 'something was left' 'the camera is covered'; do
  grep -q "$event" events.txt || fail "not told: $event"
done

say "furl encode --encrypt: nothing without the key, nothing that was changed"
head -c 32 /dev/urandom > film.key
"$furl" encode "$clip" -o film.mkv --preset fast -q --encrypt --key-file film.key
"$furl" info film.mkv && fail "it can be read without the key"
"$furl" decode film.mkv --key-file film.key -o back.y4m -q
"$furl" decode videos/bunny.mkv -o plain.y4m -q
cmp back.y4m plain.y4m
cp film.mkv changed.mkv
printf 'X' | dd of=changed.mkv bs=1 seek=60000 conv=notrunc status=none
"$furl" decode changed.mkv --key-file film.key -o null && fail "a change goes unnoticed"
rm -f back.y4m plain.y4m

say "done: $out/inspect.html, search.html, detect.html"
