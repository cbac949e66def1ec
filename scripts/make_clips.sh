#!/usr/bin/env bash
# Makes the clips on which pictures have gone wrong before: grey and tinted streets, dark noise, a
# fade, a flash, scrolling text, a still slide, things that enter at an edge. Lossless, 416x240, so
# that scripts/measure_artifacts.py tells within minutes whether one of them comes back.
#
# usage: scripts/make_clips.sh FOLDER CAMERA_CLIP
#   FOLDER        gets the clips (*.mkv)
#   CAMERA_CLIP   any video of a street or the like, of 2 s or more; the training set has some
set -euo pipefail
if (($# != 2)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
folder=$1 camera=$2
mkdir -p "$folder"

# clip NAME ARGUMENTS...: one lossless clip of ffmpeg's making.
clip() {
  local name=$1
  shift
  ffmpeg -v error -y "$@" -an -pix_fmt yuv420p -c:v ffv1 "$folder/$name.mkv"
}

size=416x240
fit="scale=416:240:flags=lanczos,setsar=1,fps=25"
font=$(fc-match -f '%{file}' 'DejaVu Sans:style=Book')
text="$folder/text.txt"
for i in $(seq 1 40); do
  echo "$i. The quick brown fox jumps over the lazy dog; 0123456789 (a + b) * c = d."
done > "$text"
page="color=white:size=$size:rate=25,drawtext=fontfile=$font:textfile=$text:fontsize=11:line_spacing=4"

clip grey_street -i "$camera" -vf "$fit,hue=s=0"
clip tinted_street -i "$camera" -vf "$fit,colorbalance=rm=0.2:bm=-0.15"
clip dark_street -i "$camera" -vf "$fit,eq=brightness=-0.35:contrast=0.5"
clip dark_noise -f lavfi -i "color=0x101010:size=$size:rate=25,noise=alls=6:allf=t" -t 2
clip fade -i "$camera" -vf "$fit,fade=in:st=0:d=0.8,fade=out:st=1:d=0.8"
clip cross_fade -i "$camera" -f lavfi -i "testsrc2=size=$size:rate=25:duration=2" -filter_complex \
  "[0]$fit,format=yuv420p,trim=duration=1.8,settb=1/25[a];[1]format=yuv420p,settb=1/25[b];[a][b]xfade=duration=1:offset=0.6"
clip flash -i "$camera" -vf "$fit,eq=brightness='if(between(n,12,13)+between(n,30,31),0.35,0)':eval=frame"
clip text_still -f lavfi -i "$page:x=8:y=6:fontcolor=black" -t 2
clip text_scroll -f lavfi -i "$page:x=8:y=h-40*t:fontcolor=black" -t 2
clip terminal -f lavfi -i \
  "color=0x1e1e2e:size=$size:rate=25,drawtext=fontfile=$font:textfile=$text:fontsize=11:x=8:y=200-3*n:fontcolor=0xa6e3a1" -t 2
clip still_slide -f lavfi -i \
  "gradients=size=$size:rate=25:c0=0x203060:c1=0x90b0d0:nb_colors=2:speed=0.00001:seed=3,drawtext=fontfile=$font:text='Results of the year':fontsize=30:x=40:y=40:fontcolor=white,drawtext=fontfile=$font:textfile=$text:fontsize=12:x=40:y=100:fontcolor=0xe0e8ff" -t 6
clip still_camera -i "$camera" -vf "$fit,trim=end_frame=1,tpad=stop_mode=clone:stop_duration=6,noise=alls=3:allf=t" -t 5
clip edges -f lavfi -i "color=0x3a6a3a:size=$size:rate=25,noise=alls=4:allf=t" -f lavfi -i \
  "color=0xf4e8ec:size=90x70:rate=25" -f lavfi -i "color=0x202028:size=60x120:rate=25" -filter_complex \
  "[0][1]overlay=x=416-12*n:y=30[a];[a][2]overlay=x=-60+9*n:y=240-7*n" -t 2
rm "$text"
