#!/usr/bin/env bash
# Makes assets/bunny.mkv: 64 frames of Big Buck Bunny with a small melody made
# here, two chapters, a subtitle track and a title, so that everything furl keeps
# beside the picture can be seen. Needs ffmpeg.
#
# usage: assets/make_bunny.sh SOURCE.mkv      (832x480, 25 fps)
set -euo pipefail
source_clip=$1
out=$(dirname "$0")/bunny.mkv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A plucked note: frequency (Hz), start (s), loudness; two partials, decaying.
note() {
  local s="(t-$2)"
  echo "gte(t,$2)*$3*exp(-5*$s)*min(1,300*$s)*(sin(2*PI*$1*$s)+0.35*exp(-6*$s)*sin(4*PI*$1*$s))"
}
# A pentatonic tune over two bass notes; odd notes lean left, even ones right.
tune=(659.26 783.99 880.00 1046.50 880.00 783.99 659.26 523.25)
left="$(note 130.81 0 0.20)+$(note 196.00 1.28 0.20)"
right=$left
for i in "${!tune[@]}"; do
  start=$(awk "BEGIN { print $i * 0.3 }")
  near=$(note "${tune[i]}" "$start" 0.22)
  far=$(note "${tune[i]}" "$start" 0.12)
  if ((i % 2)); then left+="+$far" right+="+$near"; else left+="+$near" right+="+$far"; fi
done

cat > "$work/meta.txt" << 'END'
;FFMETADATA1
title=Big Buck Bunny (excerpt)
artist=Blender Foundation
copyright=(c) 2008 Blender Foundation, CC-BY 3.0
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1280
title=Morning
[CHAPTER]
TIMEBASE=1/1000
START=1280
END=2560
title=A stretch
END
cat > "$work/subtitles.srt" << 'END'
1
00:00:00,200 --> 00:00:01,200
Big Buck Bunny

2
00:00:01,300 --> 00:00:02,500
(c) Blender Foundation, CC-BY 3.0
END

ffmpeg -hide_banner -loglevel error -y -i "$source_clip" \
  -f lavfi -i "aevalsrc=exprs=${left//,/\\,}|${right//,/\\,}:s=48000:d=2.56" \
  -i "$work/subtitles.srt" -i "$work/meta.txt" \
  -map 0:v:0 -map 1:a -map 2:s -map_metadata 3 -map_chapters 3 \
  -c:v libx264 -preset veryslow -crf 12 -threads 1 -color_primaries bt709 -color_trc bt709 \
  -colorspace bt709 -color_range tv \
  -c:a libopus -b:a 96k -c:s srt -metadata:s:a:0 title=Melody -metadata:s:a:0 language=und \
  -metadata:s:s:0 language=eng -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "$out"
