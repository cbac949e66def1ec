#!/usr/bin/env bash
# End-to-end tests of the furl tool on clips made on the spot.
#
# usage: cli_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"

# Hashes of the frames of $1 as ffmpeg decodes them.
frame_hashes() { ffmpeg -nostdin -v error -i "$1" -map 0:v:0 -fps_mode passthrough -f framemd5 - |
                 grep -v '^#' | awk '{ print $NF }'; }

# Presentation times of the video packets of $1, sorted, in microseconds.
times() {
  ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 "$1" |
    tr -d , | awk '{ printf "%.0f\n", $1 * 1e6 }' | sort -n
}

picture='testsrc2=s=96x64:r=25'

# --- usage -------------------------------------------------------------------
expect 0 "$furl" --help
expect 0 "$furl" --version
for command in encode decode play info inspect verify compare models serve; do
  expect 0 "$furl" "$command" --help
  grep -q Examples stdout.txt || fail "furl $command --help shows no examples"
done
expect 2 "$furl"
expect 2 "$furl" encode
expect 2 "$furl" fly
grep -q 'no command fly' stderr.txt || fail "unknown command: $(cat stderr.txt)"
expect 2 "$furl" encode -dash.mp4 -o out.mkv
grep -q 'no option -dash.mp4.*\./-dash.mp4' stderr.txt || fail "a name with -: $(cat stderr.txt)"
expect 2 "$furl" encode in.mp4 -o out.mkv --crff 30
grep -q 'no option --crff' stderr.txt || fail "unknown option: $(cat stderr.txt)"
for value in 'crf 23,5' 'crf 63.5' 'crf nan'; do
  # shellcheck disable=SC2086
  expect 2 "$furl" encode in.mp4 -o out.mkv --$value
  grep -q "\"${value#* }\" is not a number, 0 to 63" stderr.txt || fail "--$value: $(cat stderr.txt)"
done
for value in 'frames 0' 'threads x'; do
  # shellcheck disable=SC2086
  expect 2 "$furl" encode in.mp4 -o out.mkv --$value
  grep -q "\"${value#* }\" is not a whole number" stderr.txt || fail "--$value: $(cat stderr.txt)"
done
expect 2 "$furl" encode in.mp4 -o out.mkv --preset placebo
grep -q 'placebo not in {fast,medium,slow}' stderr.txt || fail "--preset: $(cat stderr.txt)"
expect 0 "$furl" encode --help
LC_ALL=C grep -q '[^[:print:][:space:]]' stdout.txt && fail "encode --help has control characters"
expect 0 "$furl" models

expect 0 "$furl" version
grep -q '^furl [0-9]' stdout.txt || fail "furl version: $(cat stdout.txt)"
expect 0 "$furl" help
"$furl" encode --help > help.txt
expect 0 "$furl" help encode
cmp -s stdout.txt help.txt || fail "furl help encode is not furl encode --help"
expect 2 "$furl" help fly
expect 2 "$furl" encdoe in.mp4 -o out.mkv
grep -q 'did you mean encode?' stderr.txt || fail "a mistyped command: $(cat stderr.txt)"
expect 2 "$furl" encode in.mp4 -o out.mkv --presset fast
grep -q 'no option --presset; did you mean --preset?' stderr.txt ||
  fail "a mistyped option: $(cat stderr.txt)"
for arguments in 'encode in.mp4 --crff 30 --json' 'fly --json' 'encode --json' \
  'encode in.mp4 -o out.mkv --crf 99 --json'; do
  # shellcheck disable=SC2086
  expect 2 "$furl" $arguments
  same "lines of $arguments" 1 "$(wc -l < stdout.txt)"
  grep -q '^{"type":"result","success":false,.*"exit_code":2' stdout.txt ||
    fail "$arguments: $(cat stdout.txt)"
done

# --- the whole walk: sound, subtitles, chapters, attachment, tags -----------
printf '1\n00:00:00,200 --> 00:00:00,900\nAhoy\n' > s.srt
printf ';FFMETADATA1\ntitle=Sails\nartist=Crew\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=600\ntitle=Out\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=600\nEND=1200\ntitle=Back\n' > c.txt
echo 'no real font' > f.ttf
make -f lavfi -i "$picture:d=1.2" -f lavfi -i sine=d=1.2 -i s.srt -i c.txt -map 0 -map 1 -map 2 \
  -map_metadata 3 -map_chapters 3 -c:v libx264 -preset ultrafast -color_primaries bt709 \
  -color_trc bt709 -colorspace bt709 -aspect 16:9 -c:a flac -c:s srt -attach f.ttf \
  -metadata:s:t mimetype=application/x-font-ttf full.mkv
expect 0 "$furl" encode full.mkv -o full_coded.mkv --preset fast
expect 2 "$furl" encode full.mkv -o full_coded.mkv
expect 0 "$furl" encode full.mkv -o full_coded.mkv -y --preset fast --json
tail -n 1 stdout.txt | grep -q '"type":"result","success":true' || fail "--json: last line"
same "json lines" "$(wc -l < stdout.txt)" "$(grep -c '^{.*}$' stdout.txt)"
expect 0 "$furl" info full_coded.mkv
for text in 'flac' 'subrip' 'Back' 'f.ttf' 'Sails' '30 frames' 'primaries bt709' '44100 Hz, mono' \
  "($(stat -c %s full_coded.mkv | awk '{ printf "%.1f kB", $1 / 1000 }'))" 'progressive' \
  'made by .*crf 40, preset fast, GOP 50 frames'; do
  grep -q "$text" stdout.txt || fail "info doesn't show '$text'"
done
expect 0 "$furl" info full_coded.mkv --json
cost=$(grep -o '"macs_per_pixel":[0-9]*' stdout.txt)
expect 0 "$furl" models --json
same "cost of decoding" "$cost" "$(grep -o '"macs_per_pixel":[0-9]*' stdout.txt | head -n 1)"
expect 0 "$furl" info full_coded.mkv --bits
for text in '^motion ' 'latents 0-15' '^key frames  *1 ' '^B, level 1 '; do
  grep -q "$text" stdout.txt || fail "info --bits doesn't show '$text'"
done
expect 2 "$furl" info - --bits < full_coded.mkv
expect 0 "$furl" inspect full_coded.mkv
for text in '30 frames in 1 GOPs' '30 frames were looked at' 'motion' 'QP map' 'expected by'; do
  grep -q "$text" stdout.txt || fail "inspect doesn't show '$text'"
done
expect 0 "$furl" inspect full_coded.mkv --frames 4-6 --blocks --json
same "inspected frames" 30 "$(grep -c '"type":"frame"' stdout.txt)"
same "frames with accounts" 3 "$(grep '"type":"frame"' stdout.txt | grep -c '"accounts"')"
same "frames with blocks" 3 "$(grep -c '"type":"blocks"' stdout.txt)"
expect 2 "$furl" inspect full_coded.mkv --blocks
expect 2 "$furl" inspect full_coded.mkv --frames 6-4
expect 2 "$furl" inspect full_coded.mkv --frames 100-
expect 0 "$furl" verify full_coded.mkv
expect 0 "$furl" decode full_coded.mkv -o back.y4m
expect 0 "$furl" decode full_coded.mkv -o back.yuv
expect 0 "$furl" decode full_coded.mkv -o null
for kind in mp4 mkv; do
  expect 0 "$furl" decode full_coded.mkv -o "back.$kind"
  grep -q lossless stderr.txt || fail "decode doesn't say that $kind is lossless"
  same "$kind: frames" "$(frame_hashes back.y4m)" "$(frame_hashes "back.$kind")"
  same "$kind: times" "$(times full.mkv)" "$(times "back.$kind")"
  probe=$(ffprobe -v error -show_streams -show_chapters -show_format "back.$kind")
  for text in codec_name=flac display_aspect_ratio=16:9 color_space=bt709 TAG:title=Back \
              TAG:title=Sails TAG:artist=Crew; do
    grep -qi "$text" <<< "$probe" || fail "$kind lacks $text"
  done
  grep -qE 'codec_name=(subrip|mov_text)' <<< "$probe" || fail "$kind lacks subtitles"
  same "$kind: sound" "$(ffmpeg -nostdin -v error -i full.mkv -map 0:a -f md5 -)" \
    "$(ffmpeg -nostdin -v error -i "back.$kind" -map 0:a -f md5 -)"
  same "$kind: subtitle text" Ahoy \
    "$(ffmpeg -nostdin -v error -i "back.$kind" -map 0:s -f srt - | sed -n 3p | tr -d '\r')"
done
ffmpeg -nostdin -v quiet -y -dump_attachment:t "" -i back.mkv
same attachment 'no real font' "$(cat f.ttf)"
same "y4m and yuv" "$(ffmpeg -nostdin -v error -i back.y4m -f md5 -)" \
  "$(ffmpeg -nostdin -v error -f rawvideo -s 96x64 -i back.yuv -f md5 -)"
expect 0 "$furl" decode full_coded.mkv -o small.mp4 --x264-crf 30
grep -q lossy stderr.txt || fail "decode doesn't say that the result is lossy"
expect 2 "$furl" decode full_coded.mkv -o small.y4m --x264-crf 30
# Hard edges everywhere are no cliff of quality.
make -f lavfi -i 'color=black:s=96x96:r=25:d=0.2,format=gray,geq=lum=255*mod(X+Y\,2)' \
  -pix_fmt yuv420p checker.y4m
expect 0 "$furl" encode checker.y4m -o checker.mkv --crf 0
expect 0 "$furl" compare checker.y4m checker.mkv
awk '/^PSNR/ { exit !($8 > 30) }' stdout.txt || fail "crf 0: $(grep ^PSNR stdout.txt)"
expect 0 "$furl" compare full_coded.mkv back.mkv
grep -q '30 frames, 30 of them identical' stdout.txt || fail "compare: not identical"
expect 0 "$furl" compare full.mkv full_coded.mkv --json

# --- times: variable frame rate, ticks of 1/90000, sound that starts early ---
make -f lavfi -i "$picture:d=1" -f lavfi -i sine=d=1 -vf "select='not(mod(n,3))+eq(n,4)'" \
  -fps_mode vfr -c:v libx264 -preset ultrafast -video_track_timescale 90000 -c:a aac vfr.mp4
make -f lavfi -i "$picture:d=1" -vf "setpts='(N*3600+mod(N*N*37,1000))/90000/TB'" -fps_mode passthrough \
  -enc_time_base 1:90000 -c:v libx264 -preset ultrafast -video_track_timescale 90000 jitter.mp4
make -f lavfi -i testsrc2=s=96x64:r=30000/1001:d=0.5 -c:v mpeg4 ntsc.mp4
for clip in vfr jitter ntsc; do
  expect 0 "$furl" encode $clip.mp4 -o $clip.mkv --preset fast
  expect 0 "$furl" decode $clip.mkv -o ${clip}_back.mp4
  same "$clip: times" "$(times $clip.mp4)" "$(times ${clip}_back.mp4)"
  same "$clip: sound" "$(ffprobe -v error -select_streams a -show_entries packet=pts,size -of csv $clip.mp4)" \
    "$(ffprobe -v error -select_streams a -show_entries packet=pts,size -of csv ${clip}_back.mp4)"
  expect 0 "$furl" encode $clip.mp4 -o $clip.furl --preset fast
  expect 0 "$furl" decode $clip.furl -o ${clip}_bare.mp4
  same "$clip: times of the bare stream" "$(times $clip.mp4)" "$(times ${clip}_bare.mp4)"
done

# --- pictures: odd sizes, 10 bit, one frame, conversions, rotation, HDR ------
make -f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -vf scale=35:17 -pix_fmt yuv420p -c:v ffv1 odd.mkv
expect 0 "$furl" encode odd.mkv -o odd_coded.mkv
expect 0 "$furl" decode odd_coded.mkv -o odd.y4m
same "odd size" 35,17 "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 odd.y4m)"
expect 0 "$furl" decode odd_coded.mkv -o odd.mp4
make -f lavfi -i "$picture" -frames:v 1 -c:v ffv1 -pix_fmt yuv420p10le ten.mkv
expect 0 "$furl" encode ten.mkv -o ten_coded.mkv
expect 0 "$furl" decode ten_coded.mkv -o ten.y4m
expect 0 "$furl" decode ten_coded.mkv -o ten.mp4
same "10 bit" "yuv420p10le,1" "$(ffprobe -v error -count_packets -show_entries stream=pix_fmt,nb_read_packets -of csv=p=0 ten.mp4)"
same "10 bit lossless" "$(frame_hashes ten.y4m)" "$(frame_hashes ten.mp4)"
make -f lavfi -i "$picture:d=0.2" -c:v ffv1 -pix_fmt yuv444p wide.mkv
expect 0 "$furl" encode wide.mkv -o wide_coded.mkv
grep -q '4:2:0' stderr.txt || fail "no notice about the conversion of 4:4:4"
make -f lavfi -i "$picture:d=0.2" -c:v libx264 plain.mp4
make -i plain.mp4 -c copy -metadata:s:v rotate=90 turned.mp4
expect 0 "$furl" encode turned.mp4 -o turned.mkv
for kind in mp4 mkv; do expect 0 "$furl" decode turned.mkv -o "turned_back.$kind"; done
rotation() { ffprobe -v error -show_streams "$1" | grep -iE '^(rotation|TAG:rotate)=' | head -1; }
same rotation "$(rotation turned.mp4)" "$(rotation turned_back.mp4)"
expect 0 "$furl" encode plain.mp4 -o options.mkv --crop 80x48+8+8 --scale 64x-1 --fps 10 --crf 45 \
  --gop 0.5 --low-delay --threads 1
expect 0 "$furl" info options.mkv
grep -qE '64x38' stdout.txt || fail "crop and scale: $(grep video stdout.txt)"
make -f lavfi -i "$picture:d=4" -c:v libx264 -preset ultrafast -g 30 long.mp4
expect 0 "$furl" encode long.mp4 -o part.mkv --start 1.48 --duration 0.4 --preset fast
expect 0 "$furl" info part.mkv --json
grep -q '"frames":10,' <<< "$(tail -n 1 stdout.txt)" || fail "--start --duration: $(tail -n 1 stdout.txt)"

# --- pipes ------------------------------------------------------------------
ffmpeg -nostdin -v error -i plain.mp4 -f yuv4mpegpipe - | "$furl" encode - -o - 2> /dev/null |
  "$furl" decode - -o - 2> /dev/null > piped.y4m
same "frames through pipes" 5 "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 piped.y4m)"
"$furl" decode - -o - < full_coded.mkv 2> /dev/null | cmp - back.y4m ||
  fail "Matroska as standard input gives other frames"
mkfifo pipe.mkv  # nothing can seek in this
for command in 'decode - -o piped.mkv -y' 'verify -' 'info -'; do
  # shellcheck disable=SC2086
  cat full_coded.mkv | "$furl" $command > /dev/null 2> stderr.txt ||
    fail "Matroska through a pipe: $command: $(cat stderr.txt)"
done
same "sound through a pipe" "$(ffmpeg -nostdin -v error -i full.mkv -map 0:a -f md5 -)" \
  "$(ffmpeg -nostdin -v error -i piped.mkv -map 0:a -f md5 -)"
cat full_coded.mkv > pipe.mkv &
expect 0 "$furl" verify pipe.mkv
wait $!
head -c $(($(stat -c %s full_coded.mkv) * 2 / 3)) full_coded.mkv | "$furl" decode - -o cut.mp4 2> /dev/null
same "cut off in a pipe" 3 $?
cat plain.mp4 | "$furl" decode - -o none.mp4 2> /dev/null
same "not furl's, in a pipe" 4 $?
expect 3 "$furl" encode - -o none.mkv
grep -q 'standard input' stderr.txt || fail "encode of an empty pipe: $(cat stderr.txt)"
expect 8 "$furl" encode http://127.0.0.1:9/a.mp4 -o none.mkv
ffmpeg -nostdin -v error -i plain.mp4 -f rawvideo plain.yuv
expect 0 "$furl" encode plain.yuv --raw-size 96x64 --raw-fps 30 -o raw.mkv
expect 2 "$furl" encode plain.mp4 --raw-fps 30 -o raw2.mkv
grep -q -- '--raw-fps needs --raw-size' stderr.txt || fail "--raw-fps alone: $(cat stderr.txt)"
expect 2 "$furl" info raw.mkv -q -v
expect 2 "$furl" encode plain.mp4 -o - --json
make -f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -preset ultrafast -qp 10 late.mp4
"$furl" encode - -o none.mkv < late.mp4 2> stderr.txt
same "mp4 on standard input" 4 $?
grep -q 'mp4.*needs a file' stderr.txt || fail "mp4 on standard input: $(cat stderr.txt)"
make -i plain.mp4 -c copy -movflags +faststart fast.mp4
"$furl" encode - -o fast.mkv < fast.mp4 2> stderr.txt || fail "fast mp4: $(cat stderr.txt)"

# --- parts, codecs, pictures, players ----------------------------------------
expect 0 "$furl" encode long.mp4 -o parts.mkv --gop 1 --preset fast
expect 0 "$furl" decode parts.mkv -o whole.y4m
expect 0 "$furl" decode parts.mkv -o part.y4m --start 1.48 --duration 0.4
same "decode --start --duration" "$(frame_hashes whole.y4m | sed -n 38,47p)" "$(frame_hashes part.y4m)"
expect 0 "$furl" decode parts.mkv -o part.mp4 --start 2 --frames 7
same "decode --start --frames" "$(frame_hashes whole.y4m | sed -n 51,57p)" "$(frame_hashes part.mp4)"
same "times of a part" 0 "$(times part.mp4 | head -n 1)"
expect 2 "$furl" decode parts.mkv -o none.y4m --start 100
expect 0 "$furl" decode full_coded.mkv -o part.mkv -y --start 0.4 --duration 0.5
for text in codec_name=flac TAG:title=Back 'TAG:title=Out'; do
  grep -qi "$text" <<< "$(ffprobe -v error -show_streams -show_chapters part.mkv)" ||
    fail "a part lacks $text"
done
for kind in 'mkv ffv1' 'mp4 hevc' '- raw' '- ffv1'; do
  read -r ending codec <<< "$kind"
  if [[ $ending == - ]]; then
    "$furl" decode full_coded.mkv -o - --codec "$codec" > codec.nut 2> stderr.txt ||
      fail "decode to a pipe as $codec: $(cat stderr.txt)"
    file=codec.nut
  else
    file=codec.$ending
    expect 0 "$furl" decode full_coded.mkv -o "$file" --codec "$codec"
  fi
  same "$kind: frames" "$(frame_hashes back.y4m)" "$(frame_hashes "$file")"
  same "$kind: sound" "$(ffmpeg -nostdin -v error -i full.mkv -map 0:a -f md5 -)" \
    "$(ffmpeg -nostdin -v error -i "$file" -map 0:a -f md5 -)"
done
expect 0 "$furl" decode full_coded.mkv -o edit.mov
same "ProRes" prores "$(ffprobe -v error -select_streams v -show_entries stream=codec_name -of csv=p=0 edit.mov)"
expect 2 "$furl" decode full_coded.mkv -o none.mp4 --codec ffv1
expect 2 "$furl" decode full_coded.mkv -o none.y4m --codec raw
expect 2 "$furl" decode full_coded.mkv -o none.mkv --codec ffv1 --codec-crf 20
mkdir shots
expect 0 "$furl" decode full_coded.mkv -o shots/s%02d.png --frames 3
same pictures 's01.png s02.png s03.png' "$(cd shots && echo *)"
same "size of pictures" 96,64 \
  "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 shots/s03.png)"
expect 0 "$furl" decode full_coded.mkv -o shots/one.jpg --frames 1
expect 2 "$furl" decode full_coded.mkv -o shots/two.jpg
expect 2 "$furl" decode full_coded.mkv -o shots/a%db%d.png
mkdir players
printf '#!/bin/sh\ncat > "%s/played.nut"\n' "$work" > players/ffplay
chmod +x players/ffplay
expect 0 env PATH="$work/players:/usr/bin:/bin" "$furl" play full_coded.mkv --player ffplay
same "what the player got" "$(frame_hashes back.y4m)" "$(frame_hashes played.nut)"
same "its sound" "$(ffmpeg -nostdin -v error -i full.mkv -map 0:a -f md5 -)" \
  "$(ffmpeg -nostdin -v error -i played.nut -map 0:a -f md5 -)"
printf '#!/bin/sh\nexit 0\n' > players/ffplay
expect 0 env PATH="$work/players:/usr/bin:/bin" "$furl" play full_coded.mkv --player ffplay
expect 4 env PATH="$work/players" "$furl" play full_coded.mkv --player mpv

# --- sound and subtitles, chosen and coded anew ------------------------------
make -f lavfi -i "$picture:d=2" -f lavfi -i sine=d=2 -f lavfi -i sine=f=880:d=2 -i s.srt -map 0 \
  -map 1 -map 2 -map 3 -c:v libx264 -preset ultrafast -c:a flac -c:s srt \
  -metadata:s:a:0 language=eng -metadata:s:a:1 language=fra two.mkv
codecs() { ffprobe -v error -show_entries stream=codec_name:stream_tags=language -of csv=p=0 "$1" |
           tail -n +2 | paste -sd ' '; }
expect 0 "$furl" encode two.mkv -o none.mkv -y --audio none --subtitles none --preset fast
same "no sound" '' "$(codecs none.mkv)"
expect 0 "$furl" encode two.mkv -o fra.mkv --audio fra --preset fast
same "French sound" 'flac,fra subrip' "$(codecs fra.mkv)"
expect 0 "$furl" encode two.mkv -o opus.mkv --audio 1,opus:64k --subtitles none --preset fast
same "Opus" 'opus,eng' "$(codecs opus.mkv)"
expect 0 "$furl" verify opus.mkv
seconds=$(ffmpeg -nostdin -v error -i opus.mkv -map 0:a -f s16le -ac 1 -ar 8000 - | wc -c)
((seconds > 31000 && seconds < 33000)) || fail "Opus lasts $seconds / 16000 s"
expect 0 "$furl" encode two.mkv -o nothing.mkv --audio 9 --preset fast
grep -q 'no sound of that number' stderr.txt || fail "--audio 9: $(cat stderr.txt)"
expect 0 "$furl" encode two.mkv -o nothing.mkv -y --audio 1,pcm --frames 2
grep -q 'no sound in the language pcm' stderr.txt || fail "--audio pcm: $(cat stderr.txt)"
expect 2 "$furl" encode two.mkv -o clean.mkv --audio loud!

# --- numbered pictures, filters, fields --------------------------------------
make -f lavfi -i "$picture" -frames:v 5 -pix_fmt rgba shot%03d.png
expect 0 "$furl" encode shot%03d.png -o shots.mkv --input-fps 10
grep -q 'transparency is lost' stderr.txt || fail "transparency: $(cat stderr.txt)"
expect 0 "$furl" info shots.mkv
grep -q ' 10 fps' stdout.txt || fail "--input-fps: $(cat stdout.txt)"
expect 2 "$furl" encode plain.mp4 -o plain_fps.mkv --input-fps 10
make -f lavfi -i "testsrc2=s=96x64:r=50:d=0.4" -vf tinterlace=4 -c:v mpeg2video -q:v 2 \
  -flags +ildct+ilme fields.mpg
expect 0 "$furl" encode fields.mpg -o woven.mkv --deinterlace no
expect 0 "$furl" info woven.mkv
grep -q 'interlaced, top field first' stdout.txt || fail "field order: $(cat stdout.txt)"
same "field order in Matroska" tt \
  "$(ffprobe -v error -show_entries stream=field_order -of csv=p=0 woven.mkv)"
expect 0 "$furl" encode fields.mpg -o progressive.mkv
grep -q 'it is deinterlaced' stderr.txt || fail "interlaced: $(cat stderr.txt)"
expect 0 "$furl" encode turned.mp4 -o upright.mkv --turn-upright --filter negate --denoise light
expect 0 "$furl" info upright.mkv
grep -qE '64x96' stdout.txt || fail "--turn-upright: $(cat stdout.txt)"
expect 4 "$furl" encode plain.mp4 -o clean.mkv --filter nosuch
expect 2 "$furl" encode plain.mp4 -o clean.mkv --denoise much

# --- what must fail, and how ------------------------------------------------
mkdir clean
expect 2 "$furl" encode plain.mp4 -o plain.mp4 -y
expect 2 "$furl" encode plain.mp4 -o clean/out.avi
expect 2 "$furl" encode plain.mp4 -o clean/out.mkv --crop 999x999
expect 2 "$furl" encode plain.mp4 -o clean/out.mkv --start yesterday
expect 8 "$furl" encode missing.mp4 -o clean/out.mkv
expect 8 "$furl" encode plain.mp4 -o nowhere/out.mkv
expect 8 "$furl" decode full_coded.mkv -o nowhere/out.y4m
head -c 3000 /dev/zero > zeros
expect 3 "$furl" encode zeros -o clean/out.mkv
expect 4 "$furl" decode plain.mp4 -o clean/out.mp4
expect 4 "$furl" decode plain.mp4 -o clean/out.wmv
make -f lavfi -i sine=d=0.2 tone.wav
expect 4 "$furl" encode tone.wav -o clean/out.mkv
ln -s /dev/full full.furl
ln -s /dev/full full.y4m
expect 8 "$furl" encode long.mp4 -o full.furl --preset fast
grep -q full.furl stderr.txt || fail "a full disk is reported without the path"
expect 8 "$furl" decode full_coded.mkv -o full.y4m
for command in 'info full_coded.mkv' 'info full_coded.mkv --json' 'models' 'verify full_coded.mkv'; do
  # shellcheck disable=SC2086
  "$furl" $command > /dev/full 2> stderr.txt
  same "$command > /dev/full" 8 $?
done
"$furl" info full_coded.mkv --frames 2> stderr.txt | true
same "info | true" 0 "${PIPESTATUS[0]}"
no_leftovers clean

# --- text of strangers -------------------------------------------------------
make -i long.mp4 -c copy -metadata title=$'\e]0;owned\a\e[2J' escape.mkv
expect 0 "$furl" encode escape.mkv -o escape_coded.mkv --frames 2 --preset fast
expect 0 "$furl" info escape_coded.mkv
grep -q 'owned' stdout.txt || fail "info doesn't show the title"
grep -q $'\e' stdout.txt && fail "info hands control sequences to the terminal"

# --- damage -----------------------------------------------------------------
expect 0 "$furl" encode long.mp4 -o long.furl --gop 1 --preset fast
size=$(stat -c %s long.furl)
cp long.furl hurt.furl
printf '\xff\x00\xff\x00\xff' | dd of=hurt.furl bs=1 seek=$((size / 2)) conv=notrunc status=none
expect 6 "$furl" verify hurt.furl
grep -q 'is hurt' stdout.txt || fail "verify doesn't say what is hurt"
expect 3 "$furl" decode hurt.furl -o clean/hurt.y4m
no_leftovers clean
expect 3 "$furl" decode hurt.furl -o saved.y4m --conceal -q
grep -q 'frames concealed' stderr.txt || fail "decode --conceal: $(cat stderr.txt)"
[[ -s saved.y4m ]] || fail "decode --conceal wrote nothing"
# Nobody reads on behind two hundred hurt GOPs.
make -f lavfi -i testsrc2=s=32x32:r=25:d=8.4 -c:v libx264 -preset ultrafast many.mp4
expect 0 "$furl" encode many.mp4 -o many.furl --gop 0.04 --preset fast
perl -0777 -pe 's/(\0GOP.{14})(.)/$1.($2 ^ "\x55")/gse' many.furl > many_hurt.furl
expect 6 "$furl" verify many_hurt.furl
same 'verify names GOPs' 200 "$(grep -c 'is hurt' stdout.txt)"
grep -q '^10 more GOPs are hurt' stdout.txt || fail "verify doesn't count: $(tail -n 1 stdout.txt)"
cp long.furl version.furl
printf '\x03' | dd of=version.furl bs=1 seek=4 conv=notrunc status=none
expect 3 "$furl" info version.furl
expect 5 "$furl" decode long.furl -o null --max-memory 1M
grep -q 'takes up to .*max-memory' stderr.txt || fail "--max-memory: $(cat stderr.txt)"
expect 5 "$furl" verify long.furl --max-memory 1Mi
expect 2 "$furl" verify long.furl --max-memory much
head -c $((size * 2 / 3)) long.furl > cut.furl
expect 6 "$furl" verify cut.furl
expect 3 "$furl" decode cut.furl -o clean/cut.y4m
no_leftovers clean
for length in 10 60; do  # within the header, and within the first packet
  head -c $length long.furl > stub.furl
  expect 3 "$furl" decode stub.furl -o clean/stub.y4m
  expect 3 "$furl" decode stub.furl -o clean/stub.mp4 --conceal
done
no_leftovers clean

# Matroska: libavformat goes on behind damage in silence, furl must not.
expect 0 "$furl" encode long.mp4 -o gops.mkv --gop 1 --preset fast
mapfile -t clusters < <(LC_ALL=C grep -obUaP '\x1f\x43\xb6\x75' gops.mkv | cut -d: -f1)
((${#clusters[@]} >= 4)) || fail "gops.mkv has ${#clusters[@]} clusters"
# A track that is furl's no more by one bit is damage, not another codec.
cp gops.mkv codec.mkv
printf 'W' | dd of=codec.mkv bs=1 conv=notrunc status=none \
  seek="$(LC_ALL=C grep -obUaP 'V_FURL' gops.mkv | head -n 1 | cut -d: -f1)"
expect 3 "$furl" decode codec.mkv -o clean/codec.mp4
grep -q 'checksum' stderr.txt || fail "damaged codec id: $(cat stderr.txt)"
no_leftovers clean
second=${clusters[1]}
third=${clusters[2]}
hurt() {  # hurt NAME: a damaged gops.mkv is in NAME.mkv
  expect 6 "$furl" verify "$1.mkv" --json
  grep -q '"type":"damage".*"time":1.0' stdout.txt || fail "$1: verify doesn't name 1 s"
  expect 3 "$furl" info "$1.mkv"
  grep -q 'frames in' stdout.txt || fail "$1: info shows nothing"
  expect 3 "$furl" decode "$1.mkv" -o clean/hurt.mp4
  expect 3 "$furl" decode "$1.mkv" -o "$1.y4m" --conceal
  cat "$1.mkv" | "$furl" verify - > /dev/null 2>&1
  same "$1: verify of a pipe" 6 $?
  no_leftovers clean
}
cp gops.mkv flipped.mkv
printf '\x11' | dd of=flipped.mkv bs=1 seek=$((second + 40)) conv=notrunc status=none
hurt flipped
{ head -c $((second + 100)) gops.mkv; tail -c +$((second + 160)) gops.mkv; } > shorter.mkv
hurt shorter
{ head -c "$second" gops.mkv; tail -c +$((third + 1)) gops.mkv; } > lost.mkv
hurt lost
cp gops.mkv headless.mkv
printf '\x11' | dd of=headless.mkv bs=1 seek="$second" conv=notrunc status=none
hurt headless
for length in 50 150 400 600; do  # within the sections before the first cluster
  head -c $length gops.mkv > header.mkv
  for command in 'decode header.mkv -o clean/header.y4m' 'info header.mkv'; do
    # shellcheck disable=SC2086
    expect 3 "$furl" $command
  done
done
no_leftovers clean
head -c $((third + 100)) gops.mkv > ends.mkv
expect 6 "$furl" verify ends.mkv
expect 3 "$furl" decode ends.mkv -o clean/ends.mp4

# --- interruption -----------------------------------------------------------
make -f lavfi -i testsrc2=s=640x480:r=25:d=60 -c:v libx264 -preset ultrafast big.mp4
"$furl" encode big.mp4 -o clean/big.mkv 2> /dev/null &
pid=$!
sleep 1.5
kill -INT $pid
wait $pid
same "exit code after Ctrl-C" 130 $?
no_leftovers clean
"$furl" encode big.mp4 -o clean/big.mkv 2> /dev/null &
pid=$!
sleep 1.5
kill -HUP $pid
wait $pid
same "exit code when the terminal goes away" 130 $?
no_leftovers clean
mkfifo silent  # nobody opens its other end
"$furl" encode silent -o clean/big.mkv 2> /dev/null &
pid=$!
for ((i = 0; i < 20; ++i)); do
  sleep 0.5
  kill -INT $pid 2> /dev/null || break
done
wait $pid
same "exit code after Ctrl-C while opening" 130 $?
(ulimit -f 100 && exec "$furl" decode long.furl -o clean/long.y4m) 2> /dev/null
same "output beyond the limit of file size" 8 $?
no_leftovers clean

finish
