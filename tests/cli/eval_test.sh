#!/usr/bin/env bash
# furl eval on tiny clips made on the spot: result files, tables, the cache,
# interruption, speed, wrong usage.
#
# usage: eval_test.sh path/to/furl path/to/write_test_model
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
write_model=$2

if ! command -v ffmpeg > /dev/null; then
  echo "SKIPPED: no ffmpeg to make clips"
  exit 77
fi

make -f lavfi -i 'testsrc2=s=98x64:r=25:d=0.4,noise=alls=12' -c:v ffv1 -pix_fmt yuv420p a.mkv
make -f lavfi -i 'mandelbrot=s=64x66:r=25' -frames:v 4 -c:v ffv1 -pix_fmt yuv420p10le deep.mkv

pictures() { grep -o '"image":"data:image/jpeg;base64,' "$1" | wc -l; }

expect 0 "$furl" eval --list
grep -q '^x265-veryslow *\* x265 veryslow, tune psnr' stdout.txt || fail "--list: $(cat stdout.txt)"
grep -q '^furl-lowdelay ' stdout.txt || fail "--list lacks furl-lowdelay"

# --- searched levels, result files, table ------------------------------------
codecs=mpeg2video,furl-fast
run=(eval a.mkv deep.mkv --codec "$codecs" --anchor x264-medium --frames 4 --out out)
expect 0 "$furl" "${run[@]}" --metric psnr,ssim --table bd.json --min-overlap 0.2
for name in x264-medium mpeg2video furl-fast; do
  [[ -s out/$name.json ]] || fail "no out/$name.json"
done
same "clips of x264" 2 "$(grep -c '"frames": 4' out/x264-medium.json)"
same "clips of mpeg2video" 1 "$(grep -c '"frames": 4' out/mpeg2video.json)"
grep -q 'mpeg2video on deep: mpeg2video has no 10 bit' stderr.txt || fail "no word of 10 bit"
grep -q '^| deep | not run | ' stdout.txt || fail "no row of deep: $(cat stdout.txt)"
grep -q '"ssim_worst_frame"' out/furl-fast.json || fail "no worst frame of SSIM"
grep -q '"model_id"' out/furl-fast.json || fail "the model isn't recorded"
grep -q '"kmac_per_pixel"' out/furl-fast.json || fail "no cost of the networks"
grep -q '"encoder": "x264 - core' out/x264-medium.json || fail "no version of x264"
grep -q '^| clip | mpeg2video | furl-fast |$' stdout.txt || fail "table: $(cat stdout.txt)"
same "tables" 2 "$(grep -c 'BD-rate in percent against x264-medium' stdout.txt)"
same "tables in --table" 2 "$(grep -c '"metric"' bd.json)"
points=$(grep -c 'kbit/s' stderr.txt)
((points >= 15)) || fail "only $points points"
leftovers=$(find out -name '*.tmp')
[[ -z $leftovers ]] || fail "left behind: $leftovers"

# --- the second run comes from the cache, to the same tables ------------------
mv stdout.txt first.txt
expect 0 "$furl" "${run[@]}" --metric psnr,ssim --min-overlap 0.2
same "cached" "$points" "$(grep -c '(cached)' stderr.txt)"
diff first.txt stdout.txt > /dev/null || fail "cached results differ"
expect 0 "$furl" eval out/{mpeg2video,x264-medium,furl-fast}.json --anchor x264-medium \
  --metric psnr,ssim --min-overlap 0.2
diff first.txt stdout.txt > /dev/null || fail "tables of result files differ"
expect 0 "$furl" "${run[@]}" --json
same "points" "$points" "$(grep -c '"type":"point".*"cached":true' stdout.txt)"
grep -q '"type":"bd","anchor":"x264-medium","metric":"psnr".*"codecs":{"mpeg2video"' stdout.txt ||
  fail "no bd object"
tail -n 1 stdout.txt | grep -q '"type":"result","success":true.*"codecs":3,"clips":2' || fail "result"

# --- given levels; too few points are an error in place of the number --------
expect 0 "$furl" eval a.mkv --codec x264-medium-lowdelay --anchor x264-medium --levels 20,30 \
  --frames 3 --out two
grep -q '| a | none |' stdout.txt || fail "a number from two points: $(cat stdout.txt)"
grep -q 'x264-medium-lowdelay on a: anchor curve.* has 2 points' stdout.txt || fail "no reason"

# --- VMAF, by whatever program is there ----------------------------------------
tools=$(mktemp -d -p "$work")
temporary=$(mktemp -d -p "$work")
for tool in awk bash cat cmp stat; do ln -s "$(command -v $tool)" "$tools/$tool"; done
vmaf() { env PATH="$tools" TMPDIR="$temporary" VMAF_KEEPS="$temporary" "$furl" "$@"; }
judge=(eval a.mkv --codec mpeg2video --anchor x264-medium --frames 4 --out judged)
expect 4 vmaf "${judge[@]}" --metric vmaf
grep -q 'VMAF needs the program vmaf, or an ffmpeg' stderr.txt || fail "no word of the program"
stand_in_vmaf "$tools"
expect 0 vmaf "${judge[@]}" --metric vmaf,psnr
grep -q '^BD-rate in percent against x264-medium (negative: fewer bits), VMAF, PCHIP.$' stdout.txt ||
  fail "VMAF: $(cat stdout.txt)"
grep -qE '^\| a \| [+-][0-9.]+ \|$' stdout.txt || fail "no BD-rate of VMAF: $(cat stdout.txt)"
grep -q '^| BD-VMAF, points |' stdout.txt || fail "unit of VMAF"
grep -qE ' VMAF [0-9.]+  [0-9.]+ dB' stderr.txt || fail "VMAF of points: $(cat stderr.txt)"
grep -q '"vmaf_worst_frame"' judged/mpeg2video.json || fail "no worst frame of VMAF"
rm "$temporary"/*.y4m "$tools/vmaf"
no_leftovers "$temporary"
# Results need no program.
mv stdout.txt first.txt
expect 0 vmaf eval judged/*.json --anchor x264-medium --metric vmaf,psnr --report judged.html
diff first.txt stdout.txt > /dev/null || fail "tables of result files with VMAF differ"
grep -q '"vmaf"' judged.html || fail "no VMAF in the report"

# --- several models of furl in one run, each under its name ----------------------
mkdir models
"$write_model" models/first.furlmodel
"$write_model" models/second.furlmodel squeeze
several=(eval a.mkv --codec "furl-fast,furl-fast:squeeze,mine=furl-fast:models/first.furlmodel"
  --anchor mine --levels 20,27,34,41,48 --frames 3 --model models --out several)
expect 0 "$furl" "${several[@]}" --report several.html
grep -q '^| clip | furl-fast | furl-fast-squeeze |$' stdout.txt || fail "names: $(cat stdout.txt)"
same "rows with numbers" 1 "$(grep -cE '^\| a \| [+-][0-9.]+ \| [+-][0-9.]+ \|$' stdout.txt)"
model() { sed -n 's/^ *"model": "\(.*\)",$/\1/p' "several/$1.json"; }
same "model of furl-fast" transform-s "$(model furl-fast)"
same "model of furl-fast-squeeze" squeeze-test "$(model furl-fast-squeeze)"
same "model of mine" dct-test "$(model mine)"
grep -q '"family": "squeeze"' several/furl-fast-squeeze.json || fail "the family isn't recorded"
grep -q 'furl, fast preset, model dct-test (transform)' several/mine.json || fail "description"
grep -q -- '--codec mine=furl-fast:first.furlmodel,furl-fast,furl-fast:squeeze ' several/mine.json ||
  fail "command: $(grep command several/mine.json)"
grep -q '"subject":"mine"' several.html || fail "subject of the report"
expect 0 "$furl" "${several[@]}"
same "cached" 15 "$(grep -c '(cached)' stderr.txt)"
expect 0 "$furl" "${several[@]}" --json
same "points of squeeze" 5 "$(grep -c '"type":"point","codec":"furl-fast-squeeze"' stdout.txt)"
# Result files alone are compared, and know by which model the pictures are to be made.
mv stdout.txt first.txt
expect 0 "$furl" eval several/*.json --anchor mine --report again.html --pictures a.mkv --frames 3 \
  --model models
same "pictures" "$(pictures several.html)" "$(pictures again.html)"
grep -qE 'pictures are of|left out' stderr.txt && fail "pictures of others: $(cat stderr.txt)"
expect 0 "$furl" eval several/*.json --anchor mine --report again.html --pictures a.mkv
grep -q 'furl-fast-squeeze is left out' stderr.txt || fail "no word of a missing model"
expect 0 "$furl" eval a.mkv --speed --codec furl-fast:squeeze --anchor mine=furl-fast:models/first.furlmodel \
  --frames 2 --rounds 1 --threads 1 --model models --out several
same "speed of models" 2 "$(grep -cE '^a +(mine|furl-fast-squeeze) +[0-9.]+ ' stdout.txt)"

# --- one frame, no constant rate, no 4:2:0, a file cut short -------------------
make -i a.mkv -frames:v 1 -c:v ffv1 one.mkv
make -i a.mkv -vf "select='not(eq(mod(n,3),1))'" -fps_mode passthrough -c:v ffv1 vfr.mkv
make -i a.mkv -c:v ffv1 -pix_fmt bgr0 rgb.mkv
head -c "$(($(stat -c %s a.mkv) * 9 / 10))" a.mkv > cut.mkv
make -f lavfi -i testsrc2=s=98x64:r=30000/1001:d=0.2 -c:v ffv1 ntsc.mkv
expect 0 "$furl" eval {one,vfr,rgb,cut,ntsc}.mkv --codec furl-fast,mpeg2video --anchor x264-medium \
  --out odd --report odd.html
(($(pictures odd.html) >= 4)) || fail "$(pictures odd.html) pictures of odd clips"
same "numbers" 5 "$(grep -cE '^\| (one|vfr|rgb|cut|ntsc) \| [+-][0-9.]+ \|' stdout.txt)"
grep -q 'mpeg2video on vfr: mpeg2video takes no 98x64 at ' stderr.txt || fail "no word of the rate"
grep -q 'vfr.mkv: frames are not evenly spaced; bit rates are at' stderr.txt || fail "no word of times"
grep -q 'note: \(one\|rgb\|ntsc\).mkv: frames are not evenly' stderr.txt && fail "even frames are called uneven"
grep -q 'bgr0 is converted' stderr.txt || fail "no word of the conversion"

# --- Ctrl-C: 130, and the same command continues ------------------------------
"$furl" eval a.mkv --codec furl --anchor x265-veryslow --out stopped > /dev/null 2> stderr.txt &
pid=$!
for _ in $(seq 600); do
  [[ -n $(ls stopped/cache 2> /dev/null) ]] && break
  sleep 0.1
done
kill -INT "$pid"
wait "$pid"
code=$?
if [[ $code != 0 ]]; then  # a fast machine may have been done
  same "exit code of Ctrl-C" 130 "$code"
  grep -q 'the same command continues' stderr.txt || fail "Ctrl-C: $(cat stderr.txt)"
fi
kept=$(find stopped/cache -name '*.json' | wc -l)
expect 0 "$furl" eval a.mkv --codec furl --anchor x265-veryslow --out stopped
same "points kept" "$kept" "$(grep -c '(cached)' stderr.txt)"

# --- speed --------------------------------------------------------------------
expect 0 "$furl" eval a.mkv --speed --codec mpeg2video,furl-fast --anchor x264-medium --out out \
  --rounds 2 --threads 1 --frames 4
same "speed rows" 3 "$(grep -cE '^a +(x264-medium|mpeg2video|furl-fast) +[0-9.]+ ' stdout.txt)"
grep -qE '^a +x264-medium .* 1\.00 .* 1\.00$' stdout.txt || fail "the anchor isn't 1: $(cat stdout.txt)"
for key in '"cpu"' '"threads": 1' '"peak_bytes"' '"cpu_ms_per_frame"' '"model_bytes"'; do
  grep -q -- "$key" out/speed/speed.json || fail "no $key in speed.json"
done
grep -qE '^furl: 12 of 12  ' stderr.txt || fail "jobs are not counted: $(cat stderr.txt)"
grep -qE '^furl: 7 of 12 .* fps  ETA 0:0[0-9]$' stderr.txt || fail "no ETA in the second round"
same "rounds kept" 12 "$(grep -c '"wall_seconds"' out/speed/speed.json)"
# Jobs run in processes of their own; their failures keep cause and exit code.
expect 4 "$furl" eval deep.mkv --speed --codec mpeg2video --anchor x264-medium --levels 10 --out out
grep -q 'error: mpeg2video on .*/deep.mkv: mpeg2video has no 10 bit$' stderr.txt ||
  fail "failure of a job: $(cat stderr.txt)"
cp a.mkv gone.mkv
expect 0 "$furl" eval gone.mkv --codec mpeg2video --anchor x264-medium --levels 10 --out gone
echo 'no video any more' > gone.mkv
expect 3 "$furl" eval gone.mkv --speed --codec mpeg2video --anchor x264-medium --levels 10 --out gone
# A clip that a codec could not take is left out for it alone.
expect 0 "$furl" eval {a,deep}.mkv --speed --codec mpeg2video --anchor x264-medium --out out \
  --rounds 1 --frames 2 --threads 1
grep -q 'mpeg2video.json has no results of deep.*; it is left out' stderr.txt || fail "10 bit, speed"
same "speed rows without 10 bit" 3 "$(grep -cE '^(a|deep) +(x264-medium|mpeg2video) +[0-9.]+ ' stdout.txt)"
expect 2 "$furl" eval a.mkv --speed --codec mpeg2video --out nowhere
grep -q 'run furl eval without --speed first' stderr.txt || fail "speed without results"

# --- the report -----------------------------------------------------------------
expect 0 "$furl" "${run[@]}" --report report.html
# Source and codecs, of the middle frame at least: 4 of a, 3 of deep.
(($(pictures report.html) >= 7)) || fail "$(pictures report.html) pictures in the report"
grep -q '"speed":{"a":{' report.html || fail "no speeds in the report"
grep -qE '(src|href)="?(https?:)?//' report.html && fail "the report loads something"
expect 0 "$furl" eval out/*.json out/speed/speed.json --anchor x264-medium --report files.html --json
tail -n 1 stdout.txt | grep -q '"report":"files.html"' || fail "report in the result"
same "pictures without clips" 0 "$(pictures files.html)"
expect 0 "$furl" eval out/*.json --anchor x264-medium --report files.html --pictures deep.mkv
(($(pictures files.html) >= 3)) || fail "no pictures of --pictures"
grep -q 'a: the clip was not given' files.html || fail "no word of the clip without pictures"
expect 2 "$furl" eval a.mkv --speed --report speed.html
expect 2 "$furl" eval out/*.json --anchor x264-medium --report out/furl-fast.json
expect 2 "$furl" eval out/*.json --anchor x264-medium --table out/furl-fast.json
# What is no regular file is written into. Through a link, in case it is replaced after all.
ln -s /dev/full full.json
expect 8 "$furl" eval out/*.json --anchor x264-medium --table full.json
[[ -L full.json ]] || fail "a device was replaced by a table"
# --min-overlap counts on the page, too.
expect 0 "$furl" eval out/*.json --anchor x264-medium --min-overlap 1 --report strict.html
refused() { grep -o 'the curves share only' "$1" | wc -l; }
(($(refused strict.html) > $(refused files.html))) || fail "--min-overlap does not reach the page"
# Pictures by another model than the curves'.
sed 's/"model_id": "[0-9a-f]*"/"model_id": "0123456789abcdef"/' out/furl-fast.json > another.json
expect 0 "$furl" eval out/x264-medium.json another.json --anchor x264-medium --report another.html \
  --pictures a.mkv
grep -q 'furl-fast: pictures are of model [0-9a-f]* instead of 0123456789abcdef' stderr.txt ||
  fail "no word of another model: $(cat stderr.txt)"
expect 8 "$furl" eval out/*.json --anchor x264-medium --report nowhere/report.html

# --- options that would be ignored ------------------------------------------------
unused() {  # unused MESSAGE arguments...
  local message=$1
  shift
  expect 2 "$furl" eval "$@"
  grep -qF -- "$message" stderr.txt || fail "$*: $(cat stderr.txt)"
}
unused '--codec makes no sense with --list' --list --codec furl
unused 'inputs makes no sense with --list' --list a.mkv
unused '--rounds needs --speed' a.mkv --rounds 2
unused '--points is for searched levels' a.mkv --levels 20,30 --points 7
unused '--no-pictures needs --report' a.mkv --no-pictures
unused '--pictures excludes --no-pictures' a.mkv --report r.html --no-pictures --pictures a.mkv
unused '--again is not for --speed' a.mkv --speed --again
unused '--speed takes one of --levels' a.mkv --speed --levels 20,30
unused '--speed takes one --metric' a.mkv --speed --metric psnr,ssim
unused '--out is for measuring clips' out/furl-fast.json --out elsewhere
unused '--frames is for coding clips' out/furl-fast.json --frames 3

# --- wrong usage ----------------------------------------------------------------
expect 2 "$furl" eval
expect 2 "$furl" eval a.mkv out/furl-fast.json
expect 2 "$furl" eval a.mkv --codec h266
grep -q 'no codec h266; furl eval --list' stderr.txt || fail "unknown codec"
expect 2 "$furl" eval a.mkv --codec furl:nobody
grep -q "no model 'nobody'.*no such family (.*squeeze" stderr.txt || fail "no family: $(cat stderr.txt)"
expect 2 "$furl" eval a.mkv --codec furl,furl=furl:squeeze
expect 2 "$furl" eval a.mkv --codec x=furl,x=furl-fast
grep -q 'results of x=furl and x=furl-fast would have the same name' stderr.txt ||
  fail "two of one name: $(cat stderr.txt)"
expect 2 "$furl" eval a.mkv --metric beauty
# Found before anything is measured.
expect 8 "$furl" eval a.mkv missing.mkv --out early
grep -q 'missing.mkv: there is no such file' stderr.txt || fail "missing clip: $(cat stderr.txt)"
make -f lavfi -i sine=d=0.2 sound.mka
expect 4 "$furl" eval a.mkv sound.mka --out early
grep -q 'sound.mka: no video stream' stderr.txt || fail "sound only: $(cat stderr.txt)"
expect 8 "$furl" eval a.mkv --table nowhere/bd.json --out early
expect 8 "$furl" eval out/*.json --anchor x264-medium --report r.html --pictures missing.mkv
[[ ! -e early ]] || fail "work before the inputs were looked at"
expect 2 "$furl" eval out/furl-fast.json --anchor x265-medium
expect 2 "$furl" eval out/{x264-medium,furl-fast,furl-fast}.json --anchor x264-medium
grep -q 'there already is a file of furl-fast' stderr.txt || fail "twice: $(cat stderr.txt)"
echo '{}' > broken.json
expect 3 "$furl" eval broken.json
expect 3 "$furl" eval broken.json --json
tail -n 1 stdout.txt | grep -q '"success":false,"error":"invalid_stream"' || fail "JSON error"
if [[ -w /dev/full ]]; then
  expect 8 "$furl" eval out/*.json --anchor x264-medium --table /dev/full/x
fi

finish
