#!/usr/bin/env bash
# furl package: what is in the folder, and what furl and FFmpeg make of it.
#
# usage: package_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
encoders=$(ffmpeg -v error -encoders)
[[ $encoders == *libx264* ]] || exit 77

cat > words.srt <<'SRT'
1
00:00:00,800 --> 00:00:01,400
over the cut

SRT
make -f lavfi -i testsrc2=s=160x128:r=25:d=2.6 -f lavfi -i sine=440:d=2.6 -i words.srt \
  -c:v ffv1 -c:a libopus -c:s srt -metadata:s:a:0 language=deu in.mkv

frames() { ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames \
  -of csv=p=0 "$1" | head -1 | tr -d ,; }
first_time() { ffprobe -v error -select_streams "$2" -show_entries packet=pts_time -of csv=p=0 "$1" |
  tr -d , | sort -g | head -1; }
# Sum of a playlist's segments, and the largest against the target.
length() { awk -F '[:,]' '/^#EXT-X-TARGETDURATION/ { most = $2 } /^#EXTINF/ { sum += $2
  if (int($2 + 0.5) > most) bad = 1 } END { printf "%.2f%s", sum, bad ? " too long" : "" }' "$1"; }

# --- rates as asked for --------------------------------------------------------------
expect 0 "$furl" package in.mkv -o out/ --variant 160x128:120k --variant 80x64:40k \
  --h264 80x64:100k --segment 1 --json
grep -q '"type":"result".*"segments":3' stdout.txt || fail "result: $(tail -1 stdout.txt)"
same "leftovers" "" "$(find out -name '*part*')"
for list in furl1 furl2 h264-1 text1; do
  same "length of $list" 2.60 "$(length out/$list.m3u8)"
  while read -r file; do
    [[ -s out/$file ]] || fail "$list names $file, which isn't there"
  done < <(grep -v '^#' out/$list.m3u8)
done
same "default sound" 'LANGUAGE="deu",DEFAULT=YES' "$(grep -o 'LANGUAGE="deu",DEFAULT=YES' out/master.m3u8)"
same "codecs" "avc1.6400xx,mp4a.40.2 furl.1,mp4a.40.2 furl.1,mp4a.40.2" \
  "$(grep -o 'CODECS="[^"]*"' out/master.m3u8 | cut -d '"' -f 2 |
    sed 's/\(avc1.6400\)../\1xx/' | paste -sd ' ')"

# The segments are one Matroska file, each of them with its head can be decoded alone.
cat out/furl1-init.mkv out/furl1-0*.mkv > all.mkv
expect 0 "$furl" verify all.mkv
grep -q "65 frames, all good" stdout.txt || fail "verify: $(cat stdout.txt)"
expect 0 "$furl" compare in.mkv all.mkv
cat out/furl2-init.mkv out/furl2-00002.mkv > one.mkv
expect 0 "$furl" verify one.mkv
grep -q "25 frames, all good" stdout.txt || fail "one segment: $(cat stdout.txt)"

# Other players: H.264 and the sound, through the master playlist, with the same times.
same "frames of H.264" 65 "$(frames out/h264-1.m3u8)"
make -i out/master.m3u8 -map 0:v:0 -map 0:a:0 -f null -
for track in h264-1:v sound1:a; do
  name=${track%:*}
  cat out/"$name"-init.m4s out/"$name"-0*.m4s > "$name.mp4"
  same "begin of $name" 0 "$(awk -v t="$(first_time "$name.mp4" "${track#*:}")" 'BEGIN { print (t > 0.03) }')"
done
begin=$(first_time in.mkv v | cut -c 2-)
same "keys where segments begin" "0$begin 1$begin 2$begin" "$(for i in 1 2 3; do
  cat out/h264-1-init.m4s out/h264-1-0000$i.m4s > part.mp4; first_time part.mp4 v; done | paste -sd ' ')"
same "text in both segments" 2 "$(grep -l 'over the cut' out/text1-*.vtt | wc -l)"

# --- what exists, and what fails ------------------------------------------------------
expect 2 "$furl" package in.mkv -o out --variant :100k --no-fallback
before=$(sha256sum out/master.m3u8)
expect 0 "$furl" package in.mkv -o out -y --variant :100k --no-fallback --audio none --subtitles none
[[ $(sha256sum out/master.m3u8) != "$before" ]] || fail "-y replaced nothing"
same "variants" 1 "$(grep -c STREAM-INF out/master.m3u8)"
expect 2 "$furl" package in.mkv -o bad --variant 160x128
expect 2 "$furl" package in.mkv -o bad --variant :1k --h264 81x64:100k
expect 2 "$furl" package in.mkv -o bad --no-fallback --h264 80x64:100k
expect 2 "$furl" package in.mkv -o bad --audio opus:64k --variant :100k
expect 2 "$furl" package in.mkv -o in.mkv --variant :100k
expect 8 "$furl" package in.mkv -o no/such/folder --variant :100k
expect 8 "$furl" package missing.mkv -o bad --variant :100k
echo nonsense > nonsense.mkv
expect 3 "$furl" package nonsense.mkv -o bad --variant :100k
no_leftovers bad
# One that is interrupted takes back what it wrote. (Without --foreground it is told twice.)
ffmpeg -v error -f lavfi -i testsrc2=s=160x128:r=25:d=60 -f yuv4mpegpipe - 2> /dev/null |
  timeout --foreground --preserve-status -s INT 6 "$furl" package - -o stopped --variant :100k --segment 0.5 2> /dev/null
same "interrupted" 130 "${PIPESTATUS[1]}"
no_leftovers stopped

# --- rates by the content --------------------------------------------------------------
expect 0 "$furl" package in.mkv -o auto --frames 40 --preset fast
grep -q "furl *160x128 .* kbit/s" stderr.txt || fail "the ladder isn't shown: $(cat stderr.txt)"
(( $(grep -c 'CODECS="furl' auto/master.m3u8) >= 2 )) || fail "one rung alone: $(cat auto/master.m3u8)"
same "one of H.264" 1 "$(grep -c 'CODECS="avc1' auto/master.m3u8)"
cat auto/furl1-init.mkv auto/furl1-0*.mkv > auto.mkv
expect 0 "$furl" verify auto.mkv
finish
