#!/usr/bin/env bash
# furl detect: what happens in a made scene is told, in lines, JSON, WebVTT and for a part; what is
# none is refused.
# Usage: detect_test.sh FURL SOURCE_FOLDER
source=$(realpath "$2")
# shellcheck source-path=SCRIPTDIR/../cli
. "$(dirname "$0")/../cli/helpers.sh"
command -v ffmpeg > /dev/null || exit 77

# event KIND KEY: of the first event of that kind among the lines of JSON.
event() {
  grep -m 1 "\"event\":\"$1\"" stdout.txt | sed "s/.*\"$2\":\"\?\([^,\"}]*\).*/\1/"
}
# near WHAT wanted actual: within 0.3
near() { awk "BEGIN { exit !($3 - $2 < 0.3 && $2 - $3 < 0.3) }" || fail "$1: $3, not $2"; }

# A still camera: something passes from 4 to 8 s, leaves a bag at 6 s, and at 20 s covers the camera.
make -i "$source/assets/bunny.mkv" -vf scale=320:180 -frames:v 1 still.png
make -loop 1 -framerate 5 -i still.png \
  -f lavfi -i color=red:s=24x48:r=5 -f lavfi -i color=white:s=32x32:r=5 \
  -f lavfi -i color=black:s=320x180:r=5 -filter_complex "
    [0][1]overlay=x='if(between(t,4,8),(t-4)*75-24,-100)':y=100:shortest=1[passing];
    [passing][2]overlay=x=220:y=120:enable='gte(t,6)':shortest=1[bag];
    [bag][3]overlay=enable='between(t,20,22)':shortest=1" \
  -t 26 -pix_fmt yuv420p -c:v ffv1 camera.mkv
expect 0 "$furl" encode camera.mkv -o scene.mkv --preset fast --gop 2

expect 0 "$furl" detect scene.mkv --no-objects
grep -q '^0:04.* motion' stdout.txt || fail "no motion: $(cat stdout.txt)"
grep -q 'something was left' stdout.txt || fail 'nothing was left'
grep -q 'the camera is covered' stdout.txt || fail 'nothing was covered'
expect 0 "$furl" detect scene.mkv --no-objects --json
near 'motion begins' 4.2 "$(event motion begin)"
near 'something is left since' 6 "$(event left begin)"
near 'it was told' 16 "$(event left end)"
near 'the camera is covered' 20 "$(event covered begin)"
same 'frames' 130 "$(grep -c '"type":"frame"' stdout.txt)"
same 'removed things' '' "$(event removed begin)"
expect 0 "$furl" detect scene.mkv --no-objects --json --key-frames
same 'key frames, one at a cut,' 14 "$(grep -c '"type":"frame"' stdout.txt)"

# Only what happens in zones counts.
echo '{"zones": [{"name": "sky", "for": "motion", "polygon": [[0, 0], [1, 0], [1, 0.3]]}]}' > sky.json
expect 0 "$furl" detect scene.mkv --no-objects --zones sky.json --start 0 --duration 15 --json
same 'motion in the sky' '' "$(event motion begin)"
echo '{"zones": [{"name": "path", "for": "motion",
  "polygon": [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]}]}' > path.json
expect 0 "$furl" detect scene.mkv --no-objects --zones path.json --duration 15 --json --vtt e.vtt
same 'motion on the path' path "$(event motion where)"
same 'the first line of WebVTT' WEBVTT "$(head -n 1 e.vtt)"
grep -q '^00:00:04.* --> 00:00:0' e.vtt || fail 'no cue'
make -f webvtt -i e.vtt -map 0 -c copy -f null -
expect 2 "$furl" detect scene.mkv --no-objects --vtt e.vtt

# The same as a track of the file, which stays when it is encoded again, and is replaced.
events_in() { ffprobe -v error -select_streams s:m:title:"furl detect" -show_entries \
  packet=pts_time -of csv=p=0 "$1" | wc -l; }
expect 0 "$furl" detect scene.mkv --no-objects -o events.mkv
same 'events in the file' 3 "$(events_in events.mkv)"
ffprobe -v error -show_entries stream_disposition=metadata -of csv=p=0 events.mkv | grep -q 1 ||
  fail 'no metadata'
expect 0 "$furl" verify events.mkv
expect 0 "$furl" encode camera.mkv -o hybrid.mkv --base x264 --enhance filter --duration 9
expect 0 "$furl" detect hybrid.mkv --no-objects -o tagged.mkv
expect 0 "$furl" encode tagged.mkv -o again.mkv --preset fast
same 'events after an encode' 1 "$(events_in again.mkv)"
ffprobe -v error -show_entries stream_disposition=metadata -of csv=p=0 again.mkv | grep -q 1 ||
  fail 'metadata became subtitles'
expect 0 "$furl" detect events.mkv --no-objects --zones sky.json --duration 15 -o replaced.mkv
same 'events that replace others' 0 "$(events_in replaced.mkv)"
expect 4 "$furl" detect camera.mkv --no-objects -o events.mkv -y
echo '{"zones": [{"name": "x"}]}' > bad.json
expect 3 "$furl" detect scene.mkv --no-objects --zones bad.json
grep -q 'bad.json' stderr.txt || fail "doesn't name the file"

# With the network; ordinary videos are encoded on the fly. Boxes lie in the picture.
expect 0 "$furl" detect "$source/assets/bunny.mkv" --json --duration 1
same 'encoded on the fly' true "$(tail -n 1 stdout.txt | sed 's/.*"encoded":\([a-z]*\).*/\1/')"
expect 2 "$furl" detect scene.mkv --no-objects --score 0.5
expect 4 "$furl" detect scene.mkv --detector "$source/models/default.furlmodel"
echo 'no video' > notes.txt
expect 3 "$furl" detect notes.txt
expect 8 "$furl" detect missing.mkv
finish
