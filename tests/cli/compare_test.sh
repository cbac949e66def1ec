#!/usr/bin/env bash
# furl compare on clips made on the spot: agreement with ffmpeg, pairs of frames,
# sizes, depths, VMAF through a stand-in for its program.
#
# usage: compare_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"

if ! command -v ffmpeg > /dev/null; then
  echo "SKIPPED: no ffmpeg to make clips and to compare with"
  exit 77
fi

picture='testsrc2=s=192x128:r=25'
make -f lavfi -i "$picture:d=2" -c:v libx264 -preset ultrafast -crf 12 a.mp4
make -i a.mp4 -c:v libx264 -preset ultrafast -crf 34 b.mkv
make -i a.mp4 -c:v ffv1 -pix_fmt yuv420p10le deep.mkv
make -i b.mkv -vf noise=c0s=9 -c:v ffv1 -pix_fmt yuv420p10le deep_b.mkv


# --- PSNR is ffmpeg's, to the printed digits ---------------------------------
agrees() {  # agrees ORIGINAL DISTORTED
  expect 0 "$furl" compare "$1" "$2" --metric psnr --json
  local pooled want
  pooled=$(tail -n 1 stdout.txt | grep -o '"pooled":{[^}]*}')
  want=$(LC_ALL=C printf 'y:%f u:%f v:%f average:%f' \
    "$(grep -o '"y":[0-9.]*' <<< "$pooled" | cut -d: -f2)" \
    "$(grep -o '"u":[0-9.]*' <<< "$pooled" | cut -d: -f2)" \
    "$(grep -o '"v":[0-9.]*' <<< "$pooled" | cut -d: -f2)" \
    "$(grep -o '"all":[0-9.]*' <<< "$pooled" | cut -d: -f2)")
  ffmpeg -nostdin -hide_banner -i "$2" -i "$1" -lavfi psnr -f null - 2> ffmpeg.txt
  grep -qF "$want" ffmpeg.txt || fail "PSNR of $1 and $2: '$want', but $(grep PSNR ffmpeg.txt)"
}
agrees a.mp4 b.mkv
agrees deep.mkv deep_b.mkv

# --- fields are compared as they were coded, woven or deinterlaced ------------
make -f lavfi -i testsrc2=s=192x128:r=50:d=0.4 -vf tinterlace=4 -c:v mpeg2video -q:v 2 \
  -flags +ildct+ilme fields.mpg
for way in no auto; do
  expect 0 "$furl" encode fields.mpg -o fields.mkv -y --deinterlace $way --crf 10 --preset fast
  expect 0 "$furl" compare fields.mpg fields.mkv --metric psnr --json
  luma=$(tail -n 1 stdout.txt | grep -o '"psnr":{"y":[0-9]*' | cut -d: -f3)
  ((luma >= 38)) || fail "--deinterlace $way: $luma dB"
done

# --- terminal and JSON -------------------------------------------------------
expect 0 "$furl" compare a.mp4 b.mkv
grep -q '^50 frames, 0 of them identical' stdout.txt || fail "compare: frames"
for row in 'PSNR, dB ' 'SSIM ' 'MS-SSIM '; do
  grep -qE "^$row.*[0-9] +0:0[01]\.[0-9]{3} \(frame [0-9]+\)$" stdout.txt || fail "no row $row"
done
grep -qE '^In levels of 8 bits: cast Y [-+][0-9.]+ U .*, flicker Y [0-9.]+ U ' stdout.txt &&
  grep -qE '^worst block [0-9.]+ \([YUV] at [0-9]+,[0-9]+ of frame [0-9]+\)$' stdout.txt ||
  fail "no artifacts: $(cat stdout.txt)"
grep -q VMAF stdout.txt && fail "VMAF though nobody asked for it"
expect 0 "$furl" compare a.mp4 b.mkv --json
same "frame lines" 50 "$(grep -c '"type":"frame".*"time":.*"psnr":{"y":.*"ssim":.*"ms-ssim":.*"yuv":' stdout.txt)"
tail -n 1 stdout.txt | grep -q '"ssim":{.*"low":.*"low_frames":1,"worst":{"frame":[0-9]*,"time":' ||
  fail "no summary of SSIM: $(tail -n 1 stdout.txt)"
expect 0 "$furl" compare a.mp4 a.mp4 --json --metric ssim,psnr
tail -n 1 stdout.txt | grep -q '"identical_frames":50.*"psnr":{"y":100.0.*' || fail "identical"
tail -n 1 stdout.txt | grep -q '"worst_block":{"error":0.0,"plane":"y","x":0,"y":0,"frame":0}' ||
  fail "identical: artifacts: $(tail -n 1 stdout.txt)"
tail -n 1 stdout.txt | grep -q '"ssim":{"y":1.0,"u":1.0,"v":1.0,"yuv":1.0' || fail "identical: SSIM"
expect 0 "$furl" compare a.mp4 b.mkv --frames 3 --per-frame --metric psnr
same "--frames --per-frame" 3 "$(grep -c '^ *[012] .*0:00.* psnr ' stdout.txt)"
expect 0 "$furl" compare a.mp4 b.mkv --json --threads 1
mv stdout.txt one.txt
expect 0 "$furl" compare a.mp4 b.mkv --json --threads 3
diff <(grep -v progress one.txt) <(grep -v progress stdout.txt) > /dev/null ||
  fail "results depend on threads"
expect 2 "$furl" compare a.mp4 b.mkv --metric psnr,beauty
grep -q 'no metric beauty' stderr.txt || fail "unknown metric isn't named"

# --- frames without a partner, starts, ends ----------------------------------
make -i a.mp4 -vf "select='not(between(n,10,12))'" -fps_mode passthrough -c:v ffv1 gap.mkv
expect 0 "$furl" compare a.mp4 gap.mkv --json
grep -q '3 frames of a.mp4 have no partner in gap.mkv.*first at 0.400 s' stdout.txt || fail "gap"
tail -n 1 stdout.txt | grep -q '"frames":47,"identical_frames":47,"original_alone":{"between":3,"after":0},"distorted_alone":{"between":0,"after":0}' ||
  fail "frames around a gap are not paired by time: $(tail -n 1 stdout.txt)"
expect 0 "$furl" compare gap.mkv a.mp4 --json
tail -n 1 stdout.txt | grep -q '"frames":47,"identical_frames":47.*"distorted_alone":{"between":3' ||
  fail "gap in the original"
make -i a.mp4 -frames:v 31 -c:v ffv1 short.mkv
expect 0 "$furl" compare a.mp4 short.mkv
grep -q 'short.mkv ends at 1.240 s; the last 19 frames of a.mp4 are left out' stderr.txt ||
  fail "a shorter video isn't explained: $(cat stderr.txt)"
grep -q '^31 frames, 31 of them identical' stdout.txt || fail "shorter: $(cat stdout.txt)"
make -i a.mp4 -frames:v 49 -c:v ffv1 shorter.mkv
expect 0 "$furl" compare shorter.mkv a.mp4 --metric psnr
grep -q 'shorter.mkv ends at 1.960 s; the last frame of a.mp4 is left out' stderr.txt ||
  fail "one frame less isn't explained: $(cat stderr.txt)"
make -i a.mp4 -vf setpts=PTS+1.5/TB -fps_mode passthrough -c:v ffv1 late.mkv
expect 0 "$furl" compare a.mp4 late.mkv
grep -q '^50 frames, 50 of them identical' stdout.txt || fail "late start: $(cat stdout.txt)"
grep -q 'late.mkv at 1.5.*s; times count from the first frame' stderr.txt || fail "late: no notice"
make -i a.mp4 -r 50 -c:v ffv1 twice.mkv
expect 0 "$furl" compare a.mp4 twice.mkv
grep -q '^50 frames, 50 of them identical' stdout.txt || fail "double rate: $(cat stdout.txt)"
make -i a.mp4 -frames:v 1 -c:v ffv1 one.mkv
expect 0 "$furl" compare one.mkv one.mkv
grep -q '^1 frame, 1 of them' stdout.txt || fail "one frame"

# --- sizes and depths --------------------------------------------------------
make -i a.mp4 -vf scale=96:64 -c:v ffv1 small.mkv
expect 4 "$furl" compare a.mp4 small.mkv
grep -q '192x128.*96x64' stderr.txt || fail "sizes aren't named: $(cat stderr.txt)"
expect 0 "$furl" compare a.mp4 small.mkv --scale
grep -q 'scaled from 96x64 to 192x128' stderr.txt || fail "scaling isn't told"
make -i a.mp4 -vf scale=95:63 -c:v ffv1 odd.mkv
expect 0 "$furl" compare odd.mkv a.mp4 --scale --json
expect 0 "$furl" compare a.mp4 deep.mkv
grep -q 'a.mp4 has 8 bits, deep.mkv has 10' stderr.txt || fail "depths aren't told"
grep -q '50 of them identical' stdout.txt || fail "8 bit times four isn't 10 bit"
make -f lavfi -i testsrc2=s=20x16:r=25:d=0.2 -c:v ffv1 -pix_fmt yuv420p tiny.mkv
expect 0 "$furl" compare tiny.mkv tiny.mkv
grep -q 'SSIM needs planes of at least 11 samples' stderr.txt || fail "too small: no notice"
expect 4 "$furl" compare tiny.mkv tiny.mkv --metric ssim

# --- furl's own files, damage, missing files ---------------------------------
expect 0 "$furl" encode a.mp4 -o coded.mkv --preset fast --crf 40
expect 0 "$furl" compare a.mp4 coded.mkv --scale
expect 0 "$furl" compare small.mkv coded.mkv --scale --metric psnr
expect 8 "$furl" compare a.mp4 missing.mkv
head -c $(($(stat -c %s coded.mkv) / 2)) coded.mkv > cut.mkv
expect 3 "$furl" compare a.mp4 cut.mkv
"$furl" compare a.mp4 - --metric psnr < coded.mkv > stdout.txt 2> stderr.txt
same "the second from standard input" 0 $?
head -n 1 stdout.txt | grep -q '^50 frames' || fail "standard input: $(cat stdout.txt stderr.txt)"

# --- standard input: whatever needs no seeking, in small pieces, once -----------
piped() {  # piped WHAT CODE: stdin against a.mp4
  "$furl" compare a.mp4 - --metric psnr > stdout.txt 2> stderr.txt
  same "$1: exit code" "$2" $?
}
ffmpeg -nostdin -v error -i a.mp4 -f yuv4mpegpipe - | piped "y4m" 0
grep -q '^50 frames, 50 of them identical' stdout.txt || fail "y4m: $(cat stdout.txt stderr.txt)"
ffmpeg -nostdin -v error -i a.mp4 -f yuv4mpegpipe a.y4m
(head -c 3 a.y4m; sleep 0.2; tail -c +4 a.y4m) | piped "y4m in pieces" 0
grep -q '^50 frames, 50 of them identical' stdout.txt || fail "y4m in pieces: $(cat stdout.txt)"
piped "y4m as a file" 0 < a.y4m
ffmpeg -nostdin -v error -i a.mp4 -c:v ffv1 -f matroska - | piped "other Matroska" 0
grep -q '^50 frames, 50 of them identical' stdout.txt || fail "Matroska: $(cat stdout.txt stderr.txt)"
"$furl" compare - a.mp4 --metric psnr < a.y4m > stdout.txt 2> stderr.txt
same "the first from standard input" 0 $?
expect 0 "$furl" encode a.mp4 -o bare.furl --preset fast --crf 40
piped "bare stream" 0 < bare.furl
head -c $(($(stat -c %s a.y4m) - 5000)) a.y4m | piped "y4m cut short" 0
grep -q '^49 frames' stdout.txt || fail "y4m cut short: $(cat stdout.txt)"
piped "nothing" 3 < /dev/null
echo 'no video, just words' | piped "no video" 3
expect 2 "$furl" compare - -
grep -q 'only one of the two' stderr.txt || fail "twice standard input: $(cat stderr.txt)"

# --- VMAF, with a stand-in that checks what it is given ----------------------
tools=$(mktemp -d -p "$work")
temporary=$(mktemp -d -p "$work")
export TMPDIR=$temporary
for tool in bash cat cp dirname grep head sed seq sleep stat; do
  ln -s "$(command -v $tool)" "$tools/$tool"
done
expect 4 env PATH="$tools" "$furl" compare a.mp4 b.mkv --metric vmaf
grep -q 'needs the program vmaf, or an ffmpeg' stderr.txt || fail "VMAF: what is missing isn't said"

cat > "$tools/vmaf" <<'SCRIPT'
#!/usr/bin/env bash
# usage: vmaf --reference A --distorted B --json --output C --threads N
[[ $1 == --reference && $3 == --distorted && $5 == --json && $6 == --output ]] || exit 9
for file in "$2" "$4"; do
  header=$(head -n 1 "$file")
  [[ $header =~ ^YUV4MPEG2\ W([0-9]+)\ H([0-9]+)\  ]] || { echo "bad header $header"; exit 9; }
  picture=$((BASH_REMATCH[1] * BASH_REMATCH[2] * 3 / 2 + 6))
  frames=$((($(stat -c %s "$file") - ${#header} - 1) / picture))
done
[[ -e $VMAF_FAILS ]] && { echo "no model"; exit 3; }
[[ -e $VMAF_HANGS ]] && sleep 60
{
  echo '{"version": "9.8.7", "frames": ['
  for i in $(seq 0 $((frames - 1))); do
    ((i == 0)) || echo ,
    echo "{\"frameNum\": $i, \"metrics\": {\"integer_motion\": 1.5, \"vmaf\": $((90 - i % 40)).25}}"
  done
  echo '], "pooled_metrics": {"vmaf": {"mean": 1.0}}, "aggregate_metrics": {}}'
} > "$7"
SCRIPT
chmod +x "$tools/vmaf"
export VMAF_FAILS=$work/fails VMAF_HANGS=$work/hangs
expect 0 env PATH="$tools" "$furl" compare a.mp4 b.mkv --metric psnr,vmaf
grep -qE '^VMAF +73\.750 +51\.250 +51\.250  0:01\.560 \(frame 39\)$' stdout.txt ||
  fail "VMAF row: $(cat stdout.txt)"
no_leftovers "$temporary"
expect 0 env PATH="$tools" "$furl" compare a.mp4 b.mkv --metric vmaf --json
same "lines with VMAF" 50 "$(grep -c '"type":"frame","frame":[0-9]*,"time":[0-9.]*,"vmaf":[0-9.]*}' stdout.txt)"
tail -n 1 stdout.txt | grep -q '"vmaf":{"mean":73.75,"program":".*/vmaf","version":"9.8.7","low":51.25' ||
  fail "VMAF result: $(tail -n 1 stdout.txt)"
touch "$VMAF_FAILS"
expect 8 env PATH="$tools" "$furl" compare a.mp4 b.mkv --metric vmaf
grep -q 'failed with exit code 3: no model' stderr.txt || fail "VMAF: cause isn't shown"
rm "$VMAF_FAILS"
touch "$VMAF_HANGS"
PATH=$tools "$furl" compare a.mp4 b.mkv --metric vmaf > /dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do [[ -e $(echo "$temporary"/*/output.txt) ]] && break; sleep 0.1; done
kill -INT $pid
wait $pid
same "exit code after Ctrl-C" 130 $?
rm "$VMAF_HANGS"
no_leftovers "$temporary"

# An ffmpeg with libvmaf serves as well.
rm "$tools/vmaf"
cat > "$tools/ffmpeg" <<'SCRIPT'
#!/usr/bin/env bash
[[ $* == *-filters* ]] && { echo ' ... libvmaf           VV->V      Calculate the VMAF'; exit 0; }
[[ $* == *'-i distorted.y4m -i original.y4m -lavfi [0:v][1:v]libvmaf=log_fmt=json:log_path=vmaf.json'* ]] || exit 9
{ echo '{"frames": ['; for i in 0 1 2; do ((i == 0)) || echo ,; echo '{"metrics": {"vmaf": 80}}'; done; echo ']}'; } > vmaf.json
SCRIPT
chmod +x "$tools/ffmpeg"
expect 0 env PATH="$tools" "$furl" compare a.mp4 b.mkv --metric vmaf --frames 3
grep -q '^VMAF  *80.000' stdout.txt || fail "VMAF by ffmpeg: $(cat stdout.txt)"
expect 3 env PATH="$tools" "$furl" compare a.mp4 b.mkv --metric vmaf --frames 4
grep -q 'measured 3 of 4 frames' stderr.txt || fail "VMAF: lost frames"
no_leftovers "$temporary"

# --html: one file that asks for nothing, and is not written over anything.
expect 0 "$furl" compare a.mp4 b.mkv --metric psnr,ssim --html page.html --json
tail -n 1 stdout.txt | grep -q '"html":{"path":"page.html","pictures":50}' ||
  fail "page in the result: $(tail -n 1 stdout.txt)"
same "pictures in the page" 50 "$(grep -o '"difference":"data:image/png;base64,' page.html | wc -l)"
grep -qE '(src|href)="?(https?:)?//' page.html && fail "the page loads something"
expect 2 "$furl" compare a.mp4 b.mkv --html page.html
expect 0 "$furl" compare a.mp4 b.mkv --html page.html -y --frames 2 --metric psnr
expect 2 "$furl" compare a.mp4 b.mkv --html b.mkv -y
expect 2 "$furl" compare a.mp4 b.mkv --html -
expect 2 "$furl" compare a.mp4 b.mkv --html-size 5
grep -q -- '--html-size needs --html' stderr.txt || fail "--html-size alone: $(cat stderr.txt)"
expect 2 "$furl" compare a.mp4 b.mkv -y
expect 2 "$furl" compare a.mp4 b.mkv --html other.html --html-size 0
expect 8 "$furl" compare a.mp4 b.mkv --html nowhere/page.html --frames 1
grep -q 'there is no folder .*/nowhere' stderr.txt || fail "no folder: $(cat stderr.txt)"
[[ ! -s stdout.txt ]] || fail "work before the page's folder was looked at"
expect 4 "$furl" compare a.mp4 small.mkv --html other.html
[[ ! -e other.html ]] || fail "a page of a failed comparison"

finish
