#!/usr/bin/env bash
# A furl file with sound plays in GStreamer's player as soon as the plugin is there, and its
# pictures are those of `furl decode`. Needs GStreamer's programs and its base and good plugins.
#
# usage: play_test.sh FURL CLIP        (with GST_PLUGIN_PATH set)
set -euo pipefail
furl=$1 clip=$2
skip() {
  echo "skipped: $1"
  exit 77
}
for program in gst-inspect-1.0 gst-launch-1.0 gst-discoverer-1.0; do
  command -v "$program" > /dev/null || skip "no $program"
done
for element in playbin matroskademux opusdec; do
  gst-inspect-1.0 "$element" > /dev/null || skip "no $element"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
  echo "FAILED: $1"
  exit 1
}

for element in furldec furlenc furlparse furlmkvdemux; do
  gst-inspect-1.0 "$element" > "inspect.$element" || fail "gst-inspect-1.0 $element"
done
grep -q 'Codec/Decoder/Video' inspect.furldec || fail "furldec is no decoder"
# A plugin with missing symbols is remembered as unusable.
[[ $(gst-inspect-1.0 --print-blacklist | grep -c gstfurl || true) == 0 ]] || fail "blacklisted"

encode=(encode "$clip" --frames 18 --scale 208x120 --preset fast --quiet)
"$furl" "${encode[@]}" -o in.mkv
"$furl" "${encode[@]}" -o in.furl
"$furl" decode in.mkv -o own.yuv --quiet
for file in in.mkv in.furl; do
  # The clip has subtitles, which would be drawn into the pictures.
  gst-launch-1.0 -q playbin "uri=file://$work/$file" flags=video+audio \
    video-sink="filesink location=$file.yuv" audio-sink="fakesink sync=true" 2> log || fail "playbin of $file: $(cat log)"
  cmp own.yuv "$file.yuv" || fail "playbin's pictures of $file"
done
gst-discoverer-1.0 -v in.mkv > found
grep -q 'video/x-furl,' found || fail "no furl video: $(cat found)"
grep -q 'audio/x-opus' found || fail "no sound: $(cat found)"

# From a source that can't seek the header must be found as it goes by.
gst-launch-1.0 -q fdsrc ! furlmkvdemux ! furldec ! filesink location=pushed.yuv < <(cat in.mkv)
cmp own.yuv pushed.yuv || fail "pictures from a pipe"

# What furlenc writes is a stream like any other.
gst-launch-1.0 -q filesrc location=own.yuv ! rawvideoparse width=208 height=120 \
  framerate=25/1 format=i420 ! furlenc preset=fast crf=50 ! filesink location=out.furl
"$furl" verify out.furl --quiet || fail "verify of furlenc's stream"

# A file of another codec is still GStreamer's own business.
gst-discoverer-1.0 -v "$clip" > found
grep -q 'video/x-matroska$' found || fail "a foreign file was taken: $(cat found)"

# What goes wrong is said with the file's name. gst-launch itself sometimes doesn't end after an
# error that comes while it prerolls (wavparse shows it, too), so it gets a limit.
refuse() {
  local file=$1
  if timeout 20 gst-launch-1.0 filesrc location="$file" ! furlparse ! furldec ! fakesink \
    > log 2>&1; then
    fail "$file was played"
  fi
  grep -q '^ERROR: from element' log || fail "no error for $file: $(cat log)"
}
head -c 60 in.furl > cut.furl
refuse cut.furl
head -c 30 in.furl > header.furl
refuse header.furl
grep -q "header.furl" log || fail "no file name in: $(cat log)"
echo "all is played"
