#!/usr/bin/env bash
# furl plan, encode --plan, join, and encode --resume and --jobs, on clips made on the spot.
#
# usage: chunks_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"

if ! command -v ffmpeg > /dev/null; then
  echo "SKIPPED: no ffmpeg to make clips"
  exit 77
fi

# says TEXT: the last command said so.
says() { cat stdout.txt stderr.txt | grep -qF -- "$1" || fail "does not say: $1"; }

# Three scenes with sound and subtitles: chunks begin at 0, 260 and 515.
make -f lavfi -i testsrc2=s=64x48:r=25:d=10.4 -f lavfi -i mandelbrot=s=64x48:r=25 \
  -f lavfi -i smptebars=s=64x48:r=25:d=3 -f lavfi -i sine=d=24 -filter_complex \
  '[0:v]format=yuv420p[a];[1:v]trim=duration=10.2,format=yuv420p[b];[2:v]format=yuv420p[c];
   [a][b][c]concat=n=3[v]' -map '[v]' -map 3:a -c:v libx264 -g 40 -c:a aac -shortest sound.mkv
printf '1\n00:00:01,000 --> 00:00:04,000\nhello\n' > words.srt
make -i sound.mkv -i words.srt -c copy in.mkv
settings=(--crf 47 --preset fast --gop 1)
expect 0 "$furl" encode in.mkv -o whole.mkv "${settings[@]}"

# --- chunks anywhere, in any order, join to the same bytes -------------------
expect 0 "$furl" plan in.mkv -o film.plan "${settings[@]}" --json
says '"chunks":3'
expect 0 "$furl" plan --status film.plan
says "0 of 3 chunks done (0 of 590 frames)"
says "missing: 0-2"
expect 3 "$furl" join film.plan -o joined.mkv
says "missing: 0-2"
expect 0 "$furl" encode --plan film.plan --chunk 2
mkdir elsewhere
cp film.plan in.mkv elsewhere/
(cd elsewhere && expect 0 "$furl" encode --plan film.plan --chunk 0-1 --chunks here --input in.mkv)
expect 3 "$furl" join film.plan -o joined.mkv
says "missing: 0, 1"
[[ ! -e joined.mkv ]] || fail "joined what is incomplete"
cp elsewhere/here/* film.plan.chunks/
expect 0 "$furl" plan --status film.plan --json
says '"frames_done":590'
expect 0 "$furl" join film.plan -o joined.mkv
cmp -s whole.mkv joined.mkv || fail "joined is not whole"
expect 2 "$furl" join film.plan -o joined.mkv
expect 0 "$furl" decode film.plan.chunks/00001.furl -o chunk.y4m

# --- what is done stays; what is damaged is named and done again -------------
expect 0 "$furl" encode --plan film.plan --chunk 1
says "00001.furl: is done"
printf x | dd of=film.plan.chunks/00001.furl bs=1 seek=500 conv=notrunc status=none
expect 3 "$furl" join film.plan -o again.mkv
says "damaged: 1"
truncate -s 400 film.plan.chunks/00001.furl
expect 0 "$furl" plan --status film.plan
says "damaged, or of another plan: 1"
expect 0 "$furl" encode --plan film.plan --chunk 1
expect 0 "$furl" join film.plan -o again.mkv
cmp -s whole.mkv again.mkv || fail "mended is not whole"

# --- what makes no sense ------------------------------------------------------
expect 2 "$furl" encode --plan film.plan
expect 2 "$furl" encode --plan film.plan --chunk 3
says "the plan has the chunks 0 to 2"
expect 2 "$furl" encode --plan film.plan --chunk 1 --crf 30
expect 2 "$furl" plan in.mkv -o film.plan
expect 2 "$furl" plan - -o pipe.plan
expect 2 "$furl" plan in.mkv -o vbv.plan --bitrate 100k --vbv 200k
expect 2 "$furl" plan in.mkv -o base.plan --base x264
sed 's/"crf": 47/"crf": 40/; s/47/40/' film.plan > changed.plan
expect 3 "$furl" encode --plan changed.plan --chunk 0
says "the plan has been changed"
make -f lavfi -i testsrc=s=64x48:r=25:d=23.6 -c:v libx264 other.mkv
expect 3 "$furl" encode --plan film.plan --chunk 0 -y --input other.mkv
cp film.plan far.plan
sed -i 's|"input": "[^"]*"|"input": "http://127.0.0.1:9/in.mkv"|' far.plan
expect 3 "$furl" encode --plan far.plan --chunk 0

# --- a search is made once, in the plan ---------------------------------------
expect 0 "$furl" encode in.mkv -o target.mkv --target psnr=33 --preset fast
expect 0 "$furl" plan in.mkv -o target.plan --target psnr=33 --preset fast
expect 0 "$furl" encode --plan target.plan --chunk 0-2
expect 0 "$furl" join target.plan -o target_joined.mkv
cmp -s target.mkv target_joined.mkv || fail "a target in chunks is another file"

# --- a rate that the whole misses makes the plan another one ---------------------
rate=(--bitrate 100k --samples 1 --sample-seconds 2 --preset fast)
expect 0 "$furl" encode in.mkv -o rate.mkv "${rate[@]}"
says "encoding again with crf"
expect 0 "$furl" plan in.mkv -o rate.plan "${rate[@]}"
for ((round = 1; round < 4; ++round)); do
  expect 0 "$furl" encode --plan rate.plan --chunk 0-2
  "$furl" join rate.plan -o rate_joined.mkv -y > stdout.txt 2> stderr.txt
  "$furl" plan --status rate.plan | grep -q "^3 of 3 chunks done" && break
  says "code its chunks and join them again"
done
((round > 1)) || fail "the plan was not revised"
cmp -s rate.mkv rate_joined.mkv || fail "a rate in chunks is another file"
expect 0 "$furl" encode in.mkv -o rate_jobs.mkv "${rate[@]}" --jobs 2
says "coding again with crf"
cmp -s rate.mkv rate_jobs.mkv || fail "a rate by --jobs is another file"

# --- one command on one machine, killed and resumed ---------------------------
expect 0 "$furl" encode in.mkv -o jobs.mkv "${settings[@]}" --jobs 2
cmp -s whole.mkv jobs.mkv || fail "jobs make another file"
[[ ! -e jobs.mkv.furl-work ]] || fail "left behind: jobs.mkv.furl-work"
# killed_when FILE: a run that is killed once that is there.
killed_when() {
  setsid "$furl" encode in.mkv -o resumed.mkv "${settings[@]}" --resume > /dev/null 2>&1 &
  local group=$!
  until [[ -e $1 ]] || ! kill -0 "$group" 2> /dev/null; do sleep 0.02; done
  kill -9 -- "-$group" 2> /dev/null
  wait "$group" 2> /dev/null
}
killed_when resumed.mkv.furl-work
killed_when resumed.mkv.furl-work/plan
killed_when resumed.mkv.furl-work/plan.chunks/00000.json
[[ ! -e resumed.mkv ]] || fail "killed too late"
expect 2 "$furl" encode in.mkv -o resumed.mkv "${settings[@]}" --jobs 2
says "--resume goes on with it"
expect 2 "$furl" encode in.mkv -o resumed.mkv --crf 30 --resume
says "other settings"
expect 0 "$furl" encode in.mkv -o resumed.mkv "${settings[@]}" --resume
says "1 of 3 chunks are done already"
cmp -s whole.mkv resumed.mkv || fail "resumed is not whole"
[[ ! -e resumed.mkv.furl-work ]] || fail "left behind: resumed.mkv.furl-work"
expect 2 "$furl" encode in.mkv -o resumed.mkv "${settings[@]}" --resume
expect 4 "$furl" encode words.srt -o no.mkv --jobs 2
[[ ! -e no.mkv.furl-work ]] || fail "left behind: no.mkv.furl-work"
expect 2 "$furl" encode in.mkv -o - --jobs 2

finish
