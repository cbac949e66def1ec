#!/usr/bin/env bash
# furl encode --target, --bitrate, --size on clips made on the spot.
#
# usage: target_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"

if ! command -v ffmpeg > /dev/null; then
  echo "SKIPPED: no ffmpeg to make clips"
  exit 77
fi

picture='testsrc2=s=96x64:r=25'
fast=(--preset fast)

# key NAME: that number in the last line of stdout.txt.
key() { tail -n 1 stdout.txt | grep -o "\"$1\":[-0-9.e]*" | head -n 1 | cut -d: -f2; }
# true_if EXPRESSION of numbers
true_if() { awk "BEGIN { exit !($1) }"; }
# points: the crfs tried, one per line.
points() { grep '"type":"point"' stdout.txt | grep -o '"crf":[0-9]*' | cut -d: -f2; }
# score A B METRIC: mean of (6 Y + U + V) / 8, as furl compare measures it.
score() {
  "$furl" compare "$1" "$2" --metric "$3" --json 2> /dev/null | tail -n 1 |
    grep -o "\"$3\":{[^}]*" | grep -o '"yuv":[0-9.]*' | head -n 1 | cut -d: -f2
}

make -f lavfi -i "$picture:d=1.2" -f lavfi -i sine=d=1.2 -c:v libx264 -preset ultrafast -crf 8 \
  -c:a flac a.mkv
make -f lavfi -i "$picture:d=6" -c:v libx264 -preset ultrafast -g 20 long.mp4

# --- a score: the highest crf that reaches it --------------------------------
highest() {  # highest METRIC VALUE
  expect 0 "$furl" encode a.mkv -o t.mkv -y --target "$1=$2" "${fast[@]}" --json
  local crf reported
  crf=$(key crf)
  reported=$(grep -o '"score":[0-9.]*' <<< "$(tail -n 1 stdout.txt)" | cut -d: -f2)
  same "$1: tries are all different" "$(points | sort | uniq | wc -l)" "$(points | wc -l)"
  [[ $(points | wc -l) -le 6 ]] || fail "$1: $(points | wc -l) tries"
  points | grep -qx "$crf" || fail "$1: crf $crf was not tried"
  true_if "$(score a.mkv t.mkv "$1") >= $2" || fail "$1=$2: $(score a.mkv t.mkv "$1") with crf $crf"
  true_if "($(score a.mkv t.mkv "$1") - $reported)^2 < 1e-9" ||
    fail "$1: reported $reported, compare says $(score a.mkv t.mkv "$1")"
  expect 0 "$furl" encode a.mkv -o next.mkv -y --crf $((crf + 1)) "${fast[@]}"
  true_if "$(score a.mkv next.mkv "$1") < $2" || fail "$1=$2: crf $((crf + 1)) would have done"
}
highest psnr 30
highest ssim 0.93
make -i a.mkv -vf scale=384:256 -c:v libx264 -preset ultrafast -frames:v 12 large.mkv
expect 0 "$furl" encode large.mkv -o t.mkv -y --target ms-ssim=0.95 "${fast[@]}"
grep -q 'MS-SSIM of the whole video: 0.9' stderr.txt || fail "ms-ssim: $(cat stderr.txt)"

# --- VMAF, by whatever program is there -------------------------------------------
tools=$(mktemp -d -p "$work")
temporary=$(mktemp -d -p "$work")
for tool in awk bash cat cmp head stat; do ln -s "$(command -v $tool)" "$tools/$tool"; done
vmaf() { env PATH="$tools" TMPDIR="$temporary" "$furl" "$@"; }
expect 4 vmaf encode a.mkv -o v.mkv --target vmaf=93 "${fast[@]}"
grep -q 'VMAF needs the program vmaf, or an ffmpeg' stderr.txt || fail "no word of the program"
[[ ! -e v.mkv ]] || fail "a file without VMAF"
expect 2 vmaf encode a.mkv -o v.mkv --target vmaf=101
mkdir keeps
export VMAF_KEEPS=$work/keeps  # what it was given
stand_in_vmaf "$tools"
expect 0 vmaf encode a.mkv -o v.mkv --target vmaf=60 "${fast[@]}" --json
grep -q '"type":"search","target":"vmaf","value":60' stdout.txt || fail "search for VMAF"
grep -qE '"type":"point","crf":[0-9]+,"vmaf":[0-9.]+,' stdout.txt || fail "points of VMAF"
true_if "$(key score) >= 60" || fail "VMAF of the whole: $(key score)"
crf=$(key crf)
((crf > 0 && crf < 63)) || fail "VMAF says crf $crf"
no_leftovers "$temporary"
# What the program got last is what the file decodes to, in display order.
expect 0 "$furl" decode v.mkv -o v.y4m
pictures() { ffmpeg -nostdin -v error -i "$1" -pix_fmt yuv420p -f md5 -; }
same "what VMAF saw" "$(pictures v.y4m)" "$(pictures keeps/distorted.y4m)"
# On samples: one run of the program each, the whole is not measured.
rm keeps/*
expect 0 vmaf encode long.mp4 -o v.mkv -y --target vmaf=50 --samples 3 --sample-seconds 0.4 \
  --gop 0.4 "${fast[@]}"
grep -q 'VMAF was measured on the samples only' stderr.txt || fail "VMAF of the whole"
same "stretches of samples" 0 $(($(grep -ac YUV4MPEG2 keeps/original.y4m) % 3))
no_leftovers "$temporary"

# --- samples: whole GOPs spread over the input -------------------------------
samples=(--samples 3 --sample-seconds 0.4 --gop 0.4)
expect 0 "$furl" encode long.mp4 --target psnr=30 --dry-run "${samples[@]}" "${fast[@]}" --json
grep -q '"type":"search".*"whole":false,"samples":3,"frames":150' stdout.txt || fail "three samples"
same "frames per try" 30 "$(grep -m 1 '"type":"point"' stdout.txt | grep -o '"frames":[0-9]*' | cut -d: -f2)"
grep -q '"dry_run":true' <<< "$(tail -n 1 stdout.txt)" || fail "dry run: $(tail -n 1 stdout.txt)"
expect 0 "$furl" encode long.mp4 --target psnr=30 --dry-run "${samples[@]}" "${fast[@]}"
grep -qE '^ +[0-9]+ +[0-9.]+ dB .* meets it$' stdout.txt || fail "no table: $(cat stdout.txt)"
expect 0 "$furl" encode long.mp4 --target psnr=28 --dry-run "${samples[@]}" "${fast[@]}" --json \
  --start 1 --duration 4 --scale 64x-1 --fps 12.5
grep -q '"type":"search".*"samples":3,"frames":50,"seconds":4.0' stdout.txt ||
  fail "start, duration, fps: $(grep search stdout.txt)"
expect 0 "$furl" encode long.mp4 --target psnr=28 --dry-run "${samples[@]}" "${fast[@]}" --json \
  --start 1 --frames 80
grep -q '"type":"search".*"samples":3,"frames":80' stdout.txt || fail "frames"

# --- size: all of the file counts --------------------------------------------
printf '1\n00:00:00,200 --> 00:00:00,900\nAhoy\n' > s.srt
head -c 5000 /dev/urandom > f.ttf
make -i a.mkv -i s.srt -map 0 -map 1 -c copy -c:s srt -attach f.ttf \
  -metadata:s:t mimetype=application/x-font-ttf full.mkv
expect 0 "$furl" encode full.mkv -o s.mkv --crf 30 "${fast[@]}"
# The estimate of the rest is a byte per frame or so on the safe side.
limit=$(($(stat -c %s s.mkv) + 100))
expect 0 "$furl" encode full.mkv -o s.mkv -y --size "$limit" "${fast[@]}" --json
same "a size that crf 30 has" 30 "$(key crf)"
same "the size" $((limit - 100)) "$(stat -c %s s.mkv)"
other=$(grep '"type":"search"' stdout.txt | grep -o '"other_bytes":[0-9]*' | cut -d: -f2)
true_if "($other - ($(key bytes) - $(key video_bytes)))^2 <= 64^2" ||
  fail "the rest of the file: expected $other, is $(($(key bytes) - $(key video_bytes)))"
expect 0 "$furl" encode full.mkv -o s.mkv -y --size $((limit - 101)) "${fast[@]}" --json
same "a byte less" 31 "$(key crf)"
expect 0 "$furl" encode full.mkv -o s.furl --size 12Ki "${fast[@]}"
(($(stat -c %s s.furl) <= 12288)) || fail "bare stream of $(stat -c %s s.furl) bytes"

# --- bitrate -----------------------------------------------------------------
expect 0 "$furl" encode a.mkv -o r.mkv --bitrate 100k "${fast[@]}" --json
true_if "$(key video_kbps) <= 101" || fail "bitrate: $(key video_kbps)"
crf=$(key crf)
expect 0 "$furl" encode a.mkv -o r.mkv -y --crf $((crf - 1)) "${fast[@]}" --json
true_if "$(key video_kbps) > 100" || fail "bitrate: crf $((crf - 1)) fits, too"

# --- samples that deceive: the result is checked, and made again -------------
make -f lavfi -i color=gray:s=96x64:r=25:d=6 -vf "noise=c0s=40:c0f=t:enable='not(between(t,2.4,3.6))'" \
  -c:v ffv1 -pix_fmt yuv420p sly.mkv
sly=(--samples 1 --sample-seconds 0.4 --gop 0.4 "${fast[@]}")
expect 0 "$furl" encode sly.mkv -o sly_out.mkv --bitrate 400k "${sly[@]}" --json --best-effort
encodes=$(key encodes)
((encodes >= 2 && encodes <= 3)) || fail "$encodes encodes"
grep -q 'encoding again with crf' stdout.txt || fail "nothing is said about the second encode"
same "starts" "$encodes" "$(grep -c '"type":"start"' stdout.txt)"
same "points of encodes" "$encodes" "$(grep -c '"type":"point".*"whole_encode":true' stdout.txt)"
mkdir clean
(cd clean && ! "$furl" encode ../sly.mkv -o o.mkv --size 4k "${sly[@]}" 2> ../stderr.txt) ||
  fail "a size that can't be met is met"
same "only the file is left" o.mkv "$(ls -A clean)"
rm clean/o.mkv
# Samples harder than the rest: far below the target, so again with a lower crf; the
# result is nearer and never above.
make -f lavfi -i color=gray:s=96x64:r=25:d=6 -vf "noise=c0s=40:c0f=t:enable='between(t,2.4,3.6)'" \
  -c:v ffv1 -pix_fmt yuv420p shy.mkv
size=60000
expect 0 "$furl" encode shy.mkv -o shy_out.mkv --size $size "${sly[@]}" --json
encodes=$(key encodes)
((encodes >= 2 && encodes <= 3)) || fail "far below: $encodes encodes: $(cat stdout.txt)"
first=$(grep -m 1 '"whole_encode":true' stdout.txt | grep -o '"bytes":[0-9]*' | cut -d: -f2)
last=$(stat -c %s shy_out.mkv)
same "bytes of the file" "$(key bytes)" "$last"
((last > first && last <= size)) || fail "far below: from $first to $last bytes of $size"
expect 0 "$furl" verify shy_out.mkv
(cd clean && "$furl" encode ../shy.mkv -o o.furl --size $size "${sly[@]}" 2> ../stderr.txt) ||
  fail "bare: $(cat stderr.txt)"
same "one file" o.furl "$(ls -A clean)"
rm clean/o.furl
# A pipe is written once, however far below.
"$furl" encode shy.mkv -o - --size $size "${sly[@]}" 2> stderr.txt | wc -c > piped.txt
(($(cat piped.txt) <= size)) || fail "pipe: $(cat piped.txt) bytes"
grep -q 'encoding again' stderr.txt && fail "a pipe is written twice"

# --- what can't be met: best effort ------------------------------------------
expect 1 "$furl" encode a.mkv -o e.mkv --target psnr=99 "${fast[@]}" --json
same "crf of the best effort" 0 "$(key crf)"
tail -n 1 stdout.txt | grep -q '"success":false,"error":"target_missed","message":".*best effort' ||
  fail "best effort: $(tail -n 1 stdout.txt)"
expect 0 "$furl" verify e.mkv
expect 1 "$furl" encode full.mkv -o e.mkv -y --size 2k "${fast[@]}"
grep -q 'all but the video alone takes' stderr.txt || fail "why 2k is too small: $(cat stderr.txt)"
expect 0 "$furl" encode a.mkv -o e.mkv -y --bitrate 1k "${fast[@]}" --best-effort
grep -q 'could not be kept: crf 63' stderr.txt || fail "best effort: $(cat stderr.txt)"
expect 1 "$furl" encode a.mkv --bitrate 1k "${fast[@]}" --dry-run

# --- pictures: one frame, odd sizes, 10 bit, times without a grid ------------
make -f lavfi -i testsrc2=s=96x64:r=25 -vf scale=35:17 -frames:v 1 -pix_fmt yuv420p10le -c:v ffv1 one.mkv
expect 0 "$furl" encode one.mkv -o one_coded.mkv --target psnr=30 "${fast[@]}"
expect 4 "$furl" encode one.mkv -o none.mkv --target ms-ssim=0.95  # too small for it
make -f lavfi -i "$picture:d=1" -vf "select='not(mod(n,3))+eq(n,4)'" -fps_mode vfr \
  -c:v libx264 -preset ultrafast -video_track_timescale 90000 vfr.mp4
expect 0 "$furl" encode vfr.mp4 -o vfr.mkv --bitrate 60k "${fast[@]}" --json
true_if "$(key video_kbps) <= 60.6" || fail "vfr: $(key video_kbps)"
make -i a.mkv -c:v copy -an -f h264 bare.h264  # no times, no length
expect 0 "$furl" encode bare.h264 -o bare.mkv --target psnr=28 "${fast[@]}"

# --- usage -------------------------------------------------------------------
expect 2 "$furl" encode a.mkv -o u.mkv --crf 30 --target psnr=30
expect 2 "$furl" encode a.mkv -o u.mkv --size 1M --bitrate 1M
expect 2 "$furl" encode a.mkv -o u.mkv --target sharpness=3
expect 2 "$furl" encode a.mkv -o u.mkv --size big
expect 2 "$furl" encode a.mkv -o u.mkv --dry-run
for unused in '--samples 3' '--sample-seconds 1' --best-effort; do
  # shellcheck disable=SC2086
  expect 2 "$furl" encode a.mkv -o u.mkv $unused
  grep -q -- "^furl: error: ${unused% *} needs --target, --bitrate or --size$" stderr.txt ||
    fail "$unused without a target: $(cat stderr.txt)"
done
expect 2 "$furl" encode a.mkv --crf 30
expect 2 "$furl" encode a.mkv -o u.avi --target psnr=30
expect 2 "$furl" encode a.mkv -o e.mkv --target psnr=30
expect 8 "$furl" encode a.mkv -o nowhere/u.mkv --target psnr=30
expect 8 "$furl" encode missing.mkv -o u.mkv --target psnr=30
same "early refusals tried nothing" 0 "$(grep -c trying stderr.txt)"
cat a.mkv | "$furl" encode - -o u.mkv --target psnr=30 2> stderr.txt
same "exit code for a pipe" 2 $?
grep -q "can't be sampled" stderr.txt || fail "a pipe is refused without a reason"

# --- interruption: while searching, while encoding ---------------------------
make -f lavfi -i testsrc2=s=320x240:r=25:d=20 -c:v libx264 -preset ultrafast big.mp4
interrupt() {  # interrupt WHEN-SHOWN options...
  local shown=$1 pid i
  shift
  "$furl" encode big.mp4 -o clean/big.mkv "$@" --json > lines.txt 2> /dev/null &
  pid=$!
  for ((i = 0; i < 600; ++i)); do
    grep -q "$shown" lines.txt && break
    sleep 0.1
  done
  sleep 0.3
  kill -INT $pid
  wait $pid
  same "exit code after Ctrl-C behind $shown" 130 $?
  no_leftovers clean
}
interrupt '"type":"search"' --target psnr=30
interrupt '"type":"start"' --target psnr=5 --samples 1 --sample-seconds 0.1 --gop 0.1 "${fast[@]}"

# --- sound coded anew makes room for small goals ------------------------------
sound=$(ffprobe -v error -select_streams a -show_entries packet=size -of csv=p=0 a.mkv |
        awk '{ sum += $1 } END { print sum }')
expect 1 "$furl" encode a.mkv -o tight.mkv --size "$sound" "${fast[@]}"
expect 0 "$furl" encode a.mkv -o room.mkv --size "$sound" --audio opus:24k "${fast[@]}"
true_if "$(stat -c %s room.mkv) <= $sound" || fail "--size $sound: $(stat -c %s room.mkv) bytes"

finish
