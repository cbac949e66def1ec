#!/usr/bin/env bash
# Streaming from end to end on the bundled clip: packages it, serves the package, and plays it in a
# headless Chromium by furl's player (moving pictures, the clock of the sound running) and by
# hls.js, which plays a live stream, too, and in ffmpeg and GStreamer; then a hybrid file in both
# without furl, and in furl. Leaves screenshots and report.json in out/streaming. Each step fails
# loudly if it shows nothing.
#
# usage: scripts/demo_streaming.sh [path/to/furl]     (default build/release/furl, built if missing)
# Needs: scripts/install-deps.sh web; npm fetches hls.js once.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/serve_common.sh
source scripts/serve_common.sh
furl=${1:-build/release/furl}
clip=assets/bunny.mkv
out=$PWD/out/streaming
hls_js=build/web/npm/node_modules/hls.js
hls_js_version=1.7.4

if [[ ! -x $furl ]]; then
  cmake --preset release
  cmake --build build/release --target furl
fi
furl=$(realpath "$furl")
"$furl" package --help > /dev/null 2>&1 || {
  echo "demo_streaming: $furl has no command package" >&2
  exit 1
}
if [[ ! -e build/web/package/furl-player.js ]]; then
  for preset in web web-threads; do
    cmake --preset $preset
    cmake --build --preset $preset --target furl_web
  done
  scripts/package_web.sh "$furl"
fi
[[ -e $hls_js ]] || npm install --silent --no-save --prefix build/web/npm "hls.js@$hls_js_version"

say() { printf '\n== %s\n' "$*"; }
fail() { echo "demo_streaming: $*" >&2; exit 1; }
# frames_of_ffmpeg ADDRESS, frames_of_gstreamer ADDRESS: pictures that they show of it.
frames_of_ffmpeg() {
  ffprobe -v error -count_frames -select_streams v:0 -show_entries stream=nb_read_frames \
    -of csv=p=0 "$1" | tr -d , | head -1
}
gstreamer_to_end() {
  rm -f "$out/gst.y"  # a byte of each picture
  timeout 30 gst-launch-1.0 -q "$2" uri="$1" audio-sink='fakesink sync=false' \
    video-sink="videoconvert ! videoscale ! video/x-raw,format=GRAY8,width=4,height=1 ! \
      filesink location=$out/gst.y"
}
# Only playbin3 has HLS. Of Matroska by HTTP, plain H.264 from other servers, too, playbin3 of 1.22
# shows nothing in half of all plays; playbin showed 30 of 30.
frames_of_gstreamer() {
  local player=playbin
  [[ $1 == *.m3u8 ]] && player=playbin3
  gstreamer_to_end "$1" $player || return
  echo $(($(stat -c %s "$out/gst.y") / 4))
  rm -f "$out/gst.y"
}

rm -rf "$out"
mkdir -p "$out/site"
say "furl package"
"$furl" package $clip -o "$out/site/bunny" --preset fast --segment 1 \
  --variant 416x240:150k --h264 832x480:600k
say "furl encode --base x264"
"$furl" encode $clip -o "$out/site/hybrid.mkv" --preset fast --base x264

say "furl live, of a camera that ffmpeg makes up"
mkfifo "$out/camera"
ffmpeg -v error -re -f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=frequency=440 \
  -c:v rawvideo -pix_fmt yuv420p -c:a aac -f nut - > "$out/camera" &
camera=$!
"$furl" live - -o "$out/site/live" --preset fast -q < "$out/camera" 2> "$out/live.log" &
live=$!
trap 'kill $camera $live 2> /dev/null || true' EXIT
for _ in $(seq 300); do
  [[ -e $out/site/live/master.m3u8 ]] && break
  sleep 0.1
done
[[ -e $out/site/live/master.m3u8 ]] || fail "furl live makes nothing: $(cat "$out/live.log")"

say "furl serve"
"$furl" serve "$out/site" --listen 127.0.0.1:0 --player build/web/package --json \
  > "$out/serve.log" &
server=$!
trap 'kill $camera $live $server 2> /dev/null || true' EXIT
url=$(wait_for_server "$out/serve.log")
[[ $url ]] || fail "the server doesn't start"
echo "$url"

say "Chromium: furl's player on the server's page, hls.js on a page of another site"
node web/tests/streaming_demo.js "$url" bunny/master.m3u8 "$out" "$hls_js/dist" live/master.m3u8 \
  > "$out/browser.json"
cat "$out/browser.json"
kill $camera
wait $live || fail "furl live ended with $?: $(cat "$out/live.log")"

say "ffmpeg and GStreamer: the same playlist, and the hybrid file, without furl"
frames=$(frames_of_ffmpeg $clip)
declare -A seen
for file in bunny/master.m3u8 hybrid.mkv; do
  for player in ffmpeg gstreamer; do
    seen[$file $player]=$("frames_of_$player" "$url$file") || fail "$player: $file"
    echo "$player: $file: ${seen[$file $player]} of $frames pictures"
    [[ ${seen[$file $player]} == "$frames" ]] || fail "$player doesn't show all of $file"
  done
done

say "the hybrid file in furl"
ffmpeg -v error -y -i "$out/site/hybrid.mkv" -map 0:v:0 -c copy "$out/base.mkv"
# psnr FILE: its mean against the clip, scaled to its size.
psnr() {
  "$furl" compare $clip "$1" --scale --metric psnr --json | tail -1 |
    sed -E 's/.*"psnr":\{"y":[^,]*,"u":[^,]*,"v":[^,]*,"yuv":([0-9.]+).*/\1/'
}
base_psnr=$(psnr "$out/base.mkv")
both_psnr=$(psnr "$out/site/hybrid.mkv")
echo "the base alone has $base_psnr dB, both together $both_psnr dB"
awk "BEGIN { exit !($both_psnr > $base_psnr) }" || fail "furl's part adds nothing"

kill -TERM $server
wait $server || fail "the server ended with $?"
cat > "$out/report.json" <<JSON
{
  "command": "scripts/demo_streaming.sh",
  "date": "$(date -u +%Y-%m-%d)",
  "machine": "$(nproc) CPUs, load $(cut -d' ' -f1 /proc/loadavg)",
  "clip": "$clip",
  "frames": $frames,
  "browser": $(cat "$out/browser.json"),
  "frames_seen": {
    "ffmpeg": {"playlist": ${seen[bunny/master.m3u8 ffmpeg]}, "hybrid": ${seen[hybrid.mkv ffmpeg]}},
    "gstreamer": {"playlist": ${seen[bunny/master.m3u8 gstreamer]},
      "hybrid": ${seen[hybrid.mkv gstreamer]}}
  },
  "hybrid_psnr": {"base": $base_psnr, "both": $both_psnr}
}
JSON
say "done: $out/report.json, furl-player-1.png, furl-player-2.png, hls.js-1.png, hls.js-2.png, hls.js-live-1.png, -2.png"
