#!/usr/bin/env bash
# What furl adds to a video that is there already: its packets stay, its pictures get better, and
# an original that is another is refused.
#
# usage: enhance_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
encoders=$(ffmpeg -v error -encoders)
[[ $encoders == *libx264* ]] || exit 77

psnr() { ffmpeg -v info -i "$1" -i in.mkv -lavfi '[0:v]scale=160:128[a];[a][1:v]psnr' -f null - \
  2>&1 | sed -n 's/.*average:\([0-9.]*\).*/\1/p'; }
better() { awk -v a="$(psnr "$1")" -v b="$(psnr "$2")" 'BEGIN { exit !(a > b + 0.2) }' ||
  fail "$1 has $(psnr "$1") dB, $2 $(psnr "$2") dB"; }
# Hashes of the packets of a file's first video and of its sound, in file order.
packets() { ffmpeg -v error -i "$1" -map "0:$2:0" -c copy -f framemd5 - | grep -v '^#' |
  awk -F, '{ print $5, $6 }'; }

make -f lavfi -i testsrc2=s=160x128:r=25:d=1.6 -f lavfi -i sine=440:d=1.6 -c:v ffv1 -c:a flac in.mkv
make -i in.mkv -vf scale=80:64 -c:v libx264 -crf 40 -g 16 -c:a aac -metadata title=Pattern small.mp4
make -i in.mkv -c:v libx264 -crf 40 -g 16 -c:a aac full.mp4

# --- nothing of the base changes ------------------------------------------------------
for base in small full; do
  expect 0 "$furl" enhance $base.mp4 --original in.mkv -o $base.mkv
  same "$base: video packets" "$(packets $base.mp4 v)" "$(packets $base.mkv v)"
  same "$base: sound packets" "$(packets $base.mp4 a)" "$(packets $base.mkv a)"
  expect 0 "$furl" verify $base.mkv
  expect 0 "$furl" decode $base.mkv -o $base.y4m
  better $base.y4m $base.mp4
done
expect 0 "$furl" info small.mkv
grep -q "^base .*h264, 80x64, 8 bit" stdout.txt || fail "base: $(cat stdout.txt)"
grep -q "^tag .*Pattern" stdout.txt || fail "tags of the base: $(cat stdout.txt)"
grep -q "^made by .*base 8-bit h264 as it was, 80x64" stdout.txt || fail "$(cat stdout.txt)"
expect 0 "$furl" enhance full.mp4 --original in.mkv -o filter.mkv --enhance filter --audio none
expect 0 "$furl" info filter.mkv
grep -q "^audio" stdout.txt && fail "sound that nobody wanted"
expect 0 "$furl" decode filter.mkv -o filter.y4m
better filter.y4m full.mp4
expect 0 "$furl" enhance small.mp4 --original in.mkv -o json.mkv --json
grep -q '"command":"enhance".*"base":"small.mp4"' stdout.txt || fail "start: $(cat stdout.txt)"

# --- in mp4 the base's packets carry what is added -------------------------------------
expect 0 "$furl" enhance small.mp4 --original in.mkv -o carried.mp4
expect 0 "$furl" verify carried.mp4
grep -q "40 frames beside those of the base, all good" stdout.txt || fail "verify: $(cat stdout.txt)"
expect 0 "$furl" decode carried.mp4 -o carried.y4m
cmp -s carried.y4m small.y4m || fail "mp4 and Matroska show different pictures"
plain() { ffmpeg -v error -i "$1" -map 0:v:0 -c copy -bsf:v filter_units=remove_types=6 \
  -f framemd5 - | grep -v '^#'; }
same "carried: video packets and times" "$(plain small.mp4)" "$(plain carried.mp4)"
same "carried: sound" "$(packets small.mp4 a)" "$(packets carried.mp4 a)"
# What was added before is replaced.
expect 0 "$furl" enhance carried.mp4 --original in.mkv -o again.mp4
same "again" "$(stat -c %s carried.mp4)" "$(stat -c %s again.mp4)"

# --- what doesn't belong together ------------------------------------------------------
make -i in.mkv -t 1.2 -c:v ffv1 short.mkv
expect 6 "$furl" enhance small.mp4 --original short.mkv -o no.mkv
grep -q "small.mp4 has a picture 1.200 s after its first that short.mkv lacks" stderr.txt ||
  fail "short: $(cat stderr.txt)"
make -i in.mkv -c:v mpeg4 -an mpeg4.mp4
expect 4 "$furl" enhance mpeg4.mp4 --original in.mkv -o no.mkv
expect 4 "$furl" enhance full.mp4 --original small.mp4 -o no.mkv
expect 2 "$furl" enhance small.mp4 --original in.mkv -o no.furl
expect 2 "$furl" enhance small.mp4 -o no.mkv
cp small.mp4 same.mkv
expect 2 "$furl" enhance same.mkv --original in.mkv -o same.mkv -y
cmp -s small.mp4 same.mkv || fail "the base was written over"
[[ ! -e no.mkv && ! -e no.furl ]] || fail "an output after an error"
finish
