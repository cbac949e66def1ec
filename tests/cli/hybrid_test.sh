#!/usr/bin/env bash
# A base below furl's video: what furl shows of the file, and what programs do that don't know furl.
#
# usage: hybrid_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
encoders=$(ffmpeg -v error -encoders)
[[ $encoders == *libx264* ]] || exit 77

make -f lavfi -i testsrc2=s=160x128:r=25:d=1.6 -f lavfi -i sine=440:d=1.6 -c:v ffv1 -c:a libopus in.mkv

# --- both, in furl ------------------------------------------------------------------
expect 0 "$furl" encode in.mkv -o out.mkv --base x264 --crf 42 --gop 0.64 --enhance full
grep -q "% of it the base's" stderr.txt stdout.txt || fail "the base's part: $(cat stderr.txt)"
expect 0 "$furl" info out.mkv
grep -q "^base .*h264, 80x64, 8 bit" stdout.txt || fail "info: $(cat stdout.txt)"
grep -q "^made by .*base 8-bit H.264.*crf 48" stdout.txt || fail "settings: $(cat stdout.txt)"
expect 0 "$furl" verify out.mkv
grep -q "40 frames beside those of the base, all good" stdout.txt || fail "verify: $(cat stdout.txt)"
expect 0 "$furl" compare in.mkv out.mkv --json
expect 0 "$furl" decode out.mkv -o back.mkv
same "pictures and sound" "40,1" "$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames \
  -select_streams v -of csv=p=0 back.mkv | tr -d ,),$(ffprobe -v error -select_streams a \
  -show_entries stream=index -of csv=p=0 back.mkv | wc -l)"
expect 0 "$furl" encode in.mkv -o coarse.mkv --base x264 --crf 42 --base-crf 51 --base-scale 1/4
expect 0 "$furl" info coarse.mkv
grep -q "^base .*, 40x32" stdout.txt || fail "scale: $(cat stdout.txt)"

# --- a filter alone: the base at full size, and hardly more ---------------------------
expect 0 "$furl" encode in.mkv -o filter.mkv --base x264 --crf 36 --gop 0.64 --enhance filter
expect 0 "$furl" info filter.mkv
grep -q "^base .*, 160x128" stdout.txt || fail "size below a filter: $(cat stdout.txt)"
grep -q "^made by .*base 8-bit H.264.*crf 30" stdout.txt || fail "settings: $(cat stdout.txt)"
expect 0 "$furl" verify filter.mkv
grep -q "3 GOPs, 3 frames beside" stdout.txt || fail "verify: $(cat stdout.txt)"
expect 0 "$furl" decode filter.mkv -o filtered.y4m
same "filtered pictures" 40 "$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames \
  -of csv=p=0 filtered.y4m | tr -d ,)"
make -i filter.mkv -map 0:v:0 base.y4m
psnr() { ffmpeg -v info -i "$1" -i in.mkv -lavfi '[0:v][1:v]psnr' -f null - 2>&1 |
  sed -n 's/.*average:\([0-9.]*\).*/\1/p'; }
awk -v a="$(psnr filtered.y4m)" -v b="$(psnr base.y4m)" 'BEGIN { exit !(a > b) }' ||
  fail "filtered $(psnr filtered.y4m) dB, base $(psnr base.y4m) dB"

# --- without furl -------------------------------------------------------------------
same "first track" "h264,80,64" "$(ffprobe -v error -select_streams v:0 \
  -show_entries stream=codec_name,width,height -of csv=p=0 out.mkv)"
make -i out.mkv -map 0:v:0 -f null - 
# What players do that jump: every key frame of the base is found by the index.
make -ss 1 -i out.mkv -frames:v 1 -f null -

# --- copies that lose furl's track are the base alone, and those without the base are nothing -
make -i out.mkv -map 0:v:0 -map 0:a -c copy base.mkv
expect 4 "$furl" info base.mkv
expect 0 "$furl" compare in.mkv base.mkv --scale

# --- mp4: the base's packets carry furl's, also in copies of other programs -------------
expect 0 "$furl" encode in.mkv -o one.mp4 --base x264 --crf 42 --gop 0.64 --enhance full
expect 0 "$furl" info one.mp4
grep -q "^base .*h264, 80x64, 8 bit" stdout.txt || fail "info of mp4: $(cat stdout.txt)"
grep -q "^total .*40 frames in 3 GOPs, 1.600 s" stdout.txt || fail "info of mp4: $(cat stdout.txt)"
expect 0 "$furl" decode out.mkv -o two.y4m
make -i one.mp4 -c copy one.ts
make -i one.ts -c copy back.mp4
make -i one.ts -c copy back.mkv
for copy in one.mp4 one.ts back.mp4 back.mkv; do
  expect 0 "$furl" verify $copy
  expect 0 "$furl" decode $copy -o copy.y4m -y
  cmp -s two.y4m copy.y4m || fail "$copy shows other pictures than Matroska"
done
same "one track of video" "h264,80,64" "$(ffprobe -v error -select_streams v \
  -show_entries stream=codec_name,width,height -of csv=p=0 one.mp4)"
make -i one.mp4 -c copy -bsf:v filter_units=remove_types=6 plain.mp4
expect 4 "$furl" info plain.mp4
# From the middle on, and not all before it is decoded.
hashes() { sed -n 's/.*"hashes_checked":\([0-9]*\).*/\1/p' stdout.txt; }
for file in out.mkv one.mp4; do
  expect 0 "$furl" decode $file -o whole.y4m -y --json
  whole=$(hashes)
  expect 0 "$furl" decode $file --start 0.8 -o part.y4m -y --json
  (($(hashes) < whole)) || fail "$file: $(hashes) hashes from the middle on, $whole in all"
  bytes=$(((160 * 128 * 3 / 2 + 6) * 20))
  cmp -s <(tail -c $bytes part.y4m) <(tail -c $bytes whole.y4m) || fail "$file from the middle on"
  same "$file: frames from the middle on" 20 "$(ffprobe -v error -count_frames -show_entries \
    stream=nb_read_frames -of csv=p=0 part.y4m | tr -d ,)"
done
# A message that is hurt leaves its picture to the base.
message=$(LC_ALL=C grep -obUaP '\x42\xca\xc8\xaf\x2f\x3c\x47\x1f' one.mp4 | sed -n 10p | cut -d: -f1)
cp one.mp4 hurt.mp4
printf x | dd of=hurt.mp4 bs=1 seek="$message" conv=notrunc status=none
expect 0 "$furl" decode hurt.mp4 -o hurt.y4m
same "frames beside damage" 40 "$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames \
  -of csv=p=0 hurt.y4m | tr -d ,)"
expect 6 "$furl" verify hurt.mp4
expect 2 "$furl" encode in.mkv -o alone.mp4
grep -q "on top of a base" stderr.txt || fail "mp4 alone: $(cat stderr.txt)"
if [[ $encoders == *libsvtav1* ]]; then
  expect 4 "$furl" encode in.mkv -o av1.mp4 --base av1
  grep -q "goes into .mkv" stderr.txt || fail "AV1 in mp4: $(cat stderr.txt)"
fi
[[ ! -e alone.mp4 && ! -e av1.mp4 ]] || fail "an output after an error"

# --- targets: both tracks count -------------------------------------------------------
key() { tail -n 1 stdout.txt | grep -o "\"$1\":[-0-9.e]*" | head -n 1 | cut -d: -f2; }
for out in size.mkv size.mp4; do
  expect 0 "$furl" encode in.mkv -o $out --base x264 --preset fast --audio none --size 16k
  size=$(stat -c %s $out)
  ((size <= 16000 && size > 12000)) || fail "$out has $size bytes: $(cat stderr.txt)"
done
expect 0 "$furl" encode in.mkv -o rate.mkv --base x264 --preset fast --bitrate 60k --json
awk -v kbps="$(key video_kbps)" 'BEGIN { exit !(kbps <= 60.6 && kbps > 45) }' ||
  fail "rate: $(key video_kbps)"
# Also of GOPs that are the base's, filtered: the score is that of what is shown. x264 does not make
# quite the same packets twice in one process.
for use in auto filter; do
  expect 0 "$furl" encode in.mkv -o score.mkv -y --base x264 --preset fast --gop 0.64 \
    --enhance $use --target psnr=33 --json
  reported=$(grep -o '"score":[0-9.]*' <<< "$(tail -n 1 stdout.txt)" | cut -d: -f2)
  expect 0 "$furl" compare in.mkv score.mkv --metric psnr --json
  shown=$(grep -o '"yuv":[0-9.]*' <<< "$(tail -n 1 stdout.txt)" | head -n 1 | cut -d: -f2)
  awk -v a="$reported" -v b="$shown" 'BEGIN { exit !(b >= 32.9 && (a - b) ^ 2 < 0.01) }' ||
    fail "$use: reported $reported dB, compare says $shown"
done
expect 1 "$furl" encode in.mkv -o tiny.mkv --base x264 --preset fast --size 3k

# --- as an input it is what it is everywhere --------------------------------------------
for file in out.mkv filter.mkv one.mp4; do
  expect 0 "$furl" encode $file -o again.mkv -y --crf 0 --preset fast
  expect 0 "$furl" compare $file again.mkv --metric psnr --json
  same "pictures of $file" 40 "$(key frames)"
  awk -v y="$(grep -o '"yuv":[0-9.]*' <<< "$(tail -n 1 stdout.txt)" | head -n 1 | cut -d: -f2)" \
    'BEGIN { exit !(y > 45) }' || fail "$file coded again: $(tail -n 1 stdout.txt)"
  same "sound of $file" "$(ffprobe -v error -select_streams a -show_entries stream=codec_name \
    -of csv=p=0 $file)" "$(ffprobe -v error -select_streams a -show_entries stream=codec_name \
    -of csv=p=0 again.mkv)"
done
expect 0 "$furl" encode out.mkv -o part.mkv --start 0.8 --frames 10 --scale 80x64 --crf 30 --json
same "frames of a part" 10 "$(key frames)"

# --- damage -------------------------------------------------------------------------
size=$(stat -c %s out.mkv)
head -c $((size * 2 / 3)) out.mkv > cut.mkv
expect 6 "$furl" verify cut.mkv

# --- senseless wishes -----------------------------------------------------------------
expect 2 "$furl" encode in.mkv -o no.furl --base x264
expect 2 "$furl" encode in.mkv -o no.mkv --base mpeg2
grep -q "x264, x265, av1" stderr.txt || fail "names of bases: $(cat stderr.txt)"
expect 2 "$furl" encode in.mkv -o no.mkv --base-scale 1/2
expect 2 "$furl" encode in.mkv -o no.mkv --enhance filter
expect 2 "$furl" encode in.mkv -o no.mkv --base x264 --base-scale 1/9
[[ ! -e no.mkv && ! -e no.furl ]] || fail "an output after an error"
finish
