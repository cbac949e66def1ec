#!/usr/bin/env bash
# Files that MKVToolNix made of furl's must pass for what they are: remuxed, edited, split and
# joined ones are whole, and damage to them is found.
#
# usage: mkvtoolnix_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
for program in mkvmerge mkvpropedit; do
  command -v $program > /dev/null || { echo "no $program; skipped"; exit 77; }
done

# whole FILE FRAMES: verify, info and decode find nothing wrong.
whole() {
  expect 0 "$furl" verify "$1"
  grep -q " $2 frames, all good" stdout.txt || fail "$1: $(cat stdout.txt stderr.txt)"
  expect 0 "$furl" info "$1"
  expect 0 "$furl" decode "$1" -o "$1.y4m" -y
}

# Sound makes mkvmerge's clusters begin elsewhere than at key pictures.
make -f lavfi -i testsrc2=s=96x64:r=25:d=6 -f lavfi -i sine=d=6 -c:v libx264 -preset ultrafast \
  -c:a libopus clip.mkv
expect 0 "$furl" encode clip.mkv -o coded.mkv --gop 1 --preset fast
expect 0 "$furl" decode coded.mkv -o coded.y4m

mkvmerge -q -o remuxed.mkv coded.mkv || fail "mkvmerge: exit $?"
whole remuxed.mkv 150
cmp coded.y4m remuxed.mkv.y4m || fail "the remuxed file shows other pictures"
mkvmerge -q -o uncued.mkv --no-cues coded.mkv || fail "mkvmerge --no-cues: exit $?"
whole uncued.mkv 150

mkvmerge -q -o part.mkv --split 2s coded.mkv || fail "mkvmerge --split: exit $?"
for part in part-001.mkv part-002.mkv part-003.mkv; do whole $part 50; done
mkvmerge -q -o joined.mkv part-001.mkv + part-002.mkv + part-003.mkv || fail "joining: exit $?"
whole joined.mkv 150
cmp coded.y4m joined.mkv.y4m || fail "the joined file shows other pictures"

# A GOP in the middle may be cut out: numbers of GOPs jump, times do not.
mkvmerge -q -o edited.mkv part-001.mkv + part-003.mkv || fail "joining a part: exit $?"
whole edited.mkv 100

# The header has no room for this: it moves to the end of the file.
cp coded.mkv edited.mkv
mkvpropedit -q edited.mkv --set title="$(printf 'long %.0s' {1..200})" \
  --edit track:v1 --set language=fi || fail "mkvpropedit: exit $?"
whole edited.mkv 150

# WebVTT as Matroska has it, which FFmpeg before 7 has no name for.
printf 'WEBVTT\n\nfirst\n00:00.200 --> 00:00.900 align:start\n<i>Ahoy</i>\n' > s.vtt
mkvmerge -q -o vtt.mkv clip.mkv s.vtt || fail "mkvmerge with subtitles: exit $?"
expect 0 "$furl" encode vtt.mkv -o vtt_coded.mkv --frames 50 --preset fast
grep -q 'left out' stderr.txt && fail "WebVTT: $(cat stderr.txt)"
same "WebVTT's text" '<i>Ahoy</i>' \
  "$(ffmpeg -nostdin -v error -i vtt_coded.mkv -map 0:s -f webvtt - | sed -n 4p)"

# Damage to a file of mkvmerge's is still found: one bit, and a cluster that is gone.
mapfile -t clusters < <(LC_ALL=C grep -obUaP '\x1f\x43\xb6\x75' remuxed.mkv | cut -d: -f1)
((${#clusters[@]} >= 2)) || fail "remuxed.mkv has ${#clusters[@]} clusters"
last=${clusters[-1]}
cp remuxed.mkv headless.mkv
printf '\x11' | dd of=headless.mkv bs=1 seek="$last" conv=notrunc status=none
expect 6 "$furl" verify headless.mkv
expect 3 "$furl" info headless.mkv
head -c $((last - 100)) remuxed.mkv > cut.mkv
expect 6 "$furl" verify cut.mkv

# Frames that are gone without a trace, their blocks made padding: the last packet of a GOP in the
# middle and of the last one, which no other needs, and a whole GOP.
mapfile -t blocks < <(ffprobe -v error -select_streams v -show_entries packet=pos -of csv=p=0 \
  remuxed.mkv | tr -d ,)
((${#blocks[@]} == 150)) || fail "remuxed.mkv has ${#blocks[@]} blocks of video"
for gone in 49 149 "$(seq -s ' ' 50 74)"; do
  cp remuxed.mkv gone.mkv
  for i in $gone; do
    printf '\xec' | dd of=gone.mkv bs=1 seek="${blocks[i]}" conv=notrunc status=none
  done
  expect 6 "$furl" verify gone.mkv
  grep -q 'missing' stdout.txt || fail "without $gone: $(cat stdout.txt)"
  expect 3 "$furl" info gone.mkv
  expect 3 "$furl" decode gone.mkv -o gone.y4m -y
done

finish
