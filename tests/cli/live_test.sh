#!/usr/bin/env bash
# furl live: a file at its own speed, a process that is killed, an input that breaks off.
#
# usage: live_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
encoders=$(ffmpeg -v error -encoders)
[[ $encoders == *libx264* ]] || exit 77
trap 'jobs -p | xargs -r kill -9 2> /dev/null; rm -rf "$work"' EXIT

small=(--variant 80x64:40k --h264 80x64:60k --segment 0.5)
make -f lavfi -i testsrc2=s=80x64:r=20:d=2.5 -f lavfi -i sine=440:d=2.5 -c:v ffv1 -c:a libopus in.mkv

# eventually SECONDS CONDITION: waits for a command to be true.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until eval "$*"; do
    ((SECONDS < end)) || { fail "not in time: $*"; return 1; }
    sleep 0.1
  done
}
listed() { grep -v '^#' "$1"; }
# check_folder FOLDER: all that its playlists name is there, and furl's part is whole.
check_folder() {
  local list file
  for list in furl1 h264-1; do
    while read -r file; do
      [[ -s $1/$file ]] || fail "$list names $file, which isn't there"
    done < <(listed "$1/$list.m3u8"; sed -n 's/.*MAP:URI="\(.*\)"/\1/p' "$1/$list.m3u8")
  done
  local init=$1/furl1-init.mkv
  for file in $(sed -n 's/.*MAP:URI="\(.*\)"/map:\1/p; /^[^#]/p' "$1/furl1.m3u8"); do
    if [[ $file == map:* ]]; then init=$1/${file#map:}; continue; fi
    cat "$init" "$1/$file" > one.mkv
    expect 0 "$furl" verify one.mkv
  done
}

# --- a file at its own speed -----------------------------------------------------------
begin=$(date +%s%N)
expect 0 "$furl" live in.mkv -o file/ "${small[@]}" --json
took=$((($(date +%s%N) - begin) / 1000000))
((took > 2300)) || fail "2.5 s of video took $took ms"
grep -q '"type":"result".*"frames":50,"dropped":0,"segments":5' stdout.txt ||
  fail "result: $(tail -1 stdout.txt)"
check_folder file
same "leftovers" "" "$(find file -name '*part*')"
for list in furl1 h264-1 sound1; do
  tail -1 file/$list.m3u8 | grep -q '^#EXT-X-ENDLIST$' || fail "$list has not ended"
  ! grep -q VOD file/$list.m3u8 || fail "$list says that it is whole"
done
same "times of the clock" 5 "$(grep -c '^#EXT-X-PROGRAM-DATE-TIME:.*Z$' file/furl1.m3u8)"
grep -q 'CODECS="furl.1,mp4a.40.2"' file/master.m3u8 || fail "$(cat file/master.m3u8)"
same "frames of H.264" 50 "$(ffprobe -v error -count_frames -select_streams v \
  -show_entries stream=nb_read_frames -of csv=p=0 file/h264-1.m3u8 | head -1 | tr -d ,)"

# --- killed, and again -----------------------------------------------------------------
source=(ffmpeg -nostdin -v quiet -re -stream_loop -1 -i in.mkv -c copy -f matroska -)
"${source[@]}" | "$furl" live - -o killed "${small[@]}" --window 3 2> killed.txt &
eventually 60 'grep -q 00008.mkv killed/furl1.m3u8 2> /dev/null'
pkill -9 -f "live - -o killed"
wait 2> /dev/null
! grep -q ENDLIST killed/furl1.m3u8 || fail "the list of a killed process has ended"
check_folder killed
last=$(listed killed/furl1.m3u8 | tail -1)
origin=$(grep '^# furl origin' killed/furl1.m3u8)
"${source[@]}" | "$furl" live - -o killed "${small[@]}" --window 3 2> again.txt &
eventually 60 'listed killed/furl1.m3u8 | grep -q -A2 "^$last" &&
  [[ $(listed killed/furl1.m3u8 | tail -1) > $last ]]'
grep -A3 "^$last" killed/furl1.m3u8 | grep -q '^#EXT-X-DISCONTINUITY$' ||
  fail "no break behind $last: $(cat killed/furl1.m3u8)"
same "origin" "$origin" "$(grep '^# furl origin' killed/furl1.m3u8)"
pkill -INT -f "live - -o killed"
eventually 20 '! pgrep -f "live - -o killed" > /dev/null'
grep -q ENDLIST killed/furl1.m3u8 || fail "ended, and its list goes on"
check_folder killed
grep -q "goes on with the stream" again.txt || fail "$(cat again.txt)"

# --- the input breaks off and comes back -----------------------------------------------
port=$((20000 + RANDOM % 20000))
camera() { ffmpeg -nostdin -v quiet -re -f lavfi -i testsrc2=s=80x64:r=20 -c:v libx264 \
  -preset ultrafast -tune zerolatency -g 10 -f mpegts "tcp://127.0.0.1:$port?listen=1"; }
camera &
first=$!
sleep 1
"$furl" live "tcp://127.0.0.1:$port" -o lost "${small[@]}" --stall 2 2> lost.txt &
live=$!
eventually 60 'grep -q 00003.mkv lost/furl1.m3u8 2> /dev/null'
pkill -9 -P $first 2> /dev/null
kill -9 $first 2> /dev/null
eventually 30 'grep -q "trying to get it back" lost.txt'
camera &
eventually 60 'grep -q "the input is back" lost.txt'
# What came before the break may still be on its way into the list.
eventually 60 'grep -q "^#EXT-X-DISCONTINUITY" lost/furl1.m3u8' || cat lost/furl1.m3u8
kill -TERM $live
wait $live
same "exit of a stream that was ended" 0 $?
check_folder lost

# --- a device --------------------------------------------------------------------------
if "$furl" live nothing -o device --format lavfi 2>&1 | grep -q "unknown input format"; then
  echo "built without libavdevice"
else
  "$furl" live testsrc2=s=80x64:r=20 --format lavfi -o device "${small[@]}" 2> device.txt &
  live=$!
  eventually 60 'grep -q 00003.mkv device/furl1.m3u8 2> /dev/null'
  kill -INT $live
  wait $live
  same "exit of a device that was ended" 0 $?
  check_folder device
fi

# --- wrong use -------------------------------------------------------------------------
expect 8 "$furl" live missing.mkv -o none
same "folder of nothing" "" "$(ls none)"
expect 0 "$furl" package in.mkv -o whole "${small[@]}"
expect 3 "$furl" live in.mkv -o whole "${small[@]}"
grep -q "no playlist of furl live" stderr.txt || fail "$(cat stderr.txt)"
expect 0 "$furl" live in.mkv -o whole "${small[@]}" -y
finish
