#!/usr/bin/env bash
# furl record: a scene with a box that moves at known times, as fast as it can be coded; a process
# that is killed; a quota; masks; several cameras; a full disk.
#
# usage: record_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
trap 'jobs -p | xargs -r kill -9 2> /dev/null; rm -rf "$work"' EXIT

# A minute and a half of a small, noisy scene, three pictures a second: a box moves through it from
# 30 to 36 and from 70 to 74 seconds.
make -f lavfi -i "testsrc=s=64x48:r=3:d=1" -f lavfi -i "color=white:s=16x16:r=3:d=90" \
  -f lavfi -i "color=black:s=14x14:r=3:d=90" -f lavfi -i sine=440:d=90 -filter_complex "[0]trim=end_frame=1,\
loop=-1:1,setpts=N/3/TB,trim=end=90[still];[still][1]overlay=x=(t-30)*9:y=20:\
enable=between(t\,30\,36)[one];[one][2]overlay=x=54-(t-70)*13:y=25:enable=between(t\,70\,74),\
noise=alls=6:allf=t" -map 3:a -c:a flac -pix_fmt yuv420p -c:v ffv1 scene.mkv
model=(--family squeeze)
noon=2026-11-30T12:00:00Z
day=2026-11-30
fast=(--fast --begin "$noon" "${model[@]}")
names() { (cd "$1" && find . -type f | sed 's|^\./||' | sort | tr '\n' ' '); }

# --- always: files by the clock, events at their times ---------------------------------
expect 0 "$furl" record scene.mkv -o all "${fast[@]}" --segment 40s --pre 3 --post 4 --json
grep -c '"type":"event"' stdout.txt | grep -qx 2 || fail "events on standard output"
same "thumbnails" 2 "$(find all -name '12-00-3*.jpg' -o -name '12-01-1*.jpg' | wc -l)"
same "videos" 3 "$(find all -name '12-00-00.mkv' -o -name '12-00-40.mkv' -o -name '12-01-20.mkv' |
  wc -l)"
expect 0 "$furl" verify "all/camera/$day/12-00-40.mkv"
same "events" 2 "$(wc -l < all/camera/$day/events.ndjson)"
grep -q '"begin":"2026-11-30T12:00:30' "all/camera/$day/events.ndjson" ||
  fail "$(cat all/camera/$day/events.ndjson)"
grep -q "\"file\":\"$day/12-00-40.mkv\",\"offset\":30" "all/camera/$day/events.ndjson" ||
  fail "$(cat all/camera/$day/events.ndjson)"
# Nothing is missing from file to file, and each says when it begins.
frames() { ffprobe_times "$1" | wc -l; }
ffprobe_times() { "$furl" info "$1" --frames --json | sed -n 's/.*"type":"frame".*"time":\([0-9.]*\).*/\1/p'; }
total=0
for file in all/camera/$day/*.mkv; do total=$((total + $(frames "$file"))); done
same "pictures" 270 "$total"
sound() { ffprobe -v error -select_streams a -show_entries packet=size -of csv=p=0 "$@" | wc -l; }
total=0
for file in all/camera/$day/*.mkv; do total=$((total + $(sound "$file"))); done
same "packets of sound" "$(sound scene.mkv)" "$total"
"$furl" info all/camera/$day/12-00-40.mkv --json | grep -q '2026-11-30T12:00:40' ||
  fail "the file doesn't say when it begins"

# --- events alone: what was before, and after, and nothing else -------------------------
expect 0 "$furl" record scene.mkv -o events "${fast[@]}" --mode events --pre 5 --post 4 --quiet-gop 2
same "files" 2 "$(find events -name '*.mkv' | wc -l)"
for file in events/camera/$day/*.mkv; do
  seconds=$(("$(frames "$file")" / 3))
  ((seconds >= 12 && seconds <= 22)) || fail "$file has $seconds seconds"
done
first=$(find events -name '*.mkv' | sort | head -1)
[[ $first > events/camera/$day/12-00-22 && $first < events/camera/$day/12-00-26 ]] ||
  fail "the first file begins at $first"

# --- quiet scenes take a fraction --------------------------------------------------------
"$furl" info all/camera/$day/12-00-00.mkv --frames --json > frames.txt
awk -F'"time":|,"qp":|,"bytes":|,"has' '/"type":"frame"/ {
  if ($2 >= 12 && $2 < 28) { quiet += $4; ++q } else if ($2 >= 30 && $2 < 38) { busy += $4; ++b } }
  END { exit !(quiet / q < 0.5 * busy / b) }' frames.txt || fail "quiet pictures take as much"

# --- masks: nothing of what is under them is in any file ---------------------------------
cat > zones.json <<'JSON'
{"zones": [{"name": "m", "for": "mask", "polygon": [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]}]}
JSON
for input in red blue; do
  make -f lavfi -i "color=gray:s=64x48:r=3:d=4" -f lavfi -i "color=white:s=12x12:r=3:d=4" \
    -filter_complex "[0]drawbox=x=16:y=12:w=32:h=24:color=$input:t=fill[a];\
[a][1]overlay=x=4:y=(t-1)*15:enable=gte(t\,1)" -pix_fmt yuv420p -c:v ffv1 $input.mkv
  expect 0 "$furl" record $input.mkv -o masked-$input "${fast[@]}" --zones zones.json \
    --sensitivity 90
done
same "masked files" "" "$(diff -r masked-red masked-blue)"
[[ -n $(find masked-red -name '*.jpg') ]] || fail "no thumbnail"

# --- killed: what was finished stays, the part becomes a file ----------------------------
make -stream_loop 7 -i scene.mkv -c copy long.mkv
"$furl" record long.mkv -o killed "${fast[@]}" --segment 60s 2> killed.txt &
pid=$!
for _ in {1..600}; do
  [[ $(find killed -name '*.mkv' 2> /dev/null | wc -l) -ge 2 ]] && break
  sleep 0.05
done
sleep 0.3
kill -9 $pid
wait $pid 2> /dev/null
before=$(find killed -name '*.mkv' | sort)
[[ -n $(find killed -name '*.furl-part') ]] || fail "no part of a killed run"
sums=$(sha256sum $before)
expect 0 "$furl" record red.mkv -o killed --fast --begin 2026-11-30T15:00:00Z "${model[@]}"
grep -q "got back" stderr.txt || fail "$(cat stderr.txt)"
same "finished files" "$sums" "$(sha256sum $before)"
same "leftovers" "" "$(find killed -name '*furl-*')"
same "files got back" $(($(wc -w <<< "$before") + 2)) "$(find killed -name '*.mkv' | wc -l)"
for file in $(find killed -name '*.mkv'); do expect 0 "$furl" verify "$file"; done

# --- a quota -----------------------------------------------------------------------------
size=$(du -sb --apparent-size all/camera/$day | cut -f1)
quota=$((size / 2))
expect 0 "$furl" record scene.mkv -o small "${fast[@]}" --segment 10s --quota "$quota"
have=$(find small -type f -printf '%s\n' | awk '{ s += $1 } END { print s }')
((have <= quota)) || fail "$have bytes of $quota"
((have > quota / 2)) || fail "only $have bytes of $quota"
[[ ! -e small/camera/$day/12-00-00.mkv && -e small/camera/$day/12-01-20.mkv ]] ||
  fail "not the oldest went: $(names small)"

# --- a full disk, where this user may make one -------------------------------------------
cat > full.sh <<'SCRIPT'
mkdir -p disk && mount -t tmpfs -o size=240k none disk || exit 77
[[ -z $1 ]] || head -c "$1" /dev/zero > disk/foreign
"$furl" record "$2" -o disk "${@:3}" 2> full.txt
code=$?
cp -r disk "$work/saved"
exit $code
SCRIPT
export furl work
rm -rf saved
code=0
unshare -rm bash full.sh "" scene.mkv "${fast[@]}" --segment 4s --crf 20 --quiet-crf 20 || code=$?
if ((code == 77)) || [[ ! -e saved ]]; then
  echo "no full disk can be made here"
else
  # The oldest go, and nothing else is lost.
  same "exit with a full disk" 0 "$code"
  [[ ! -e saved/camera/$day/12-00-00.mkv && -e saved/camera/$day/12-01-28.mkv ]] ||
    fail "not the oldest went: $(names saved)"
  ! grep -q lost full.txt || fail "$(cat full.txt)"
  expect 0 "$furl" verify "$(find saved -name '*.mkv' | sort | head -1)"
  # Somebody else's files fill it: there is nothing to remove, and it goes on.
  rm -rf saved
  unshare -rm bash full.sh 200k scene.mkv "${fast[@]}" --segment 40s --crf 20 --quiet-crf 20 ||
    fail "exit $? with a disk that somebody else fills"
  grep -q "No space left on device; recording is lost until that is mended" full.txt ||
    fail "$(cat full.txt)"
  same "what somebody else has" 204800 "$(stat -c %s saved/foreign)"
fi

# --- several cameras, one of which fails; counters ---------------------------------------
cat > cameras.json <<JSON
{"cameras": [{"name": "front", "input": "$work/scene.mkv", "mode": "events"},
             {"name": "gone", "input": "$work/missing.mkv"},
             {"name": "yard", "input": "$work/red.mkv"}]}
JSON
expect 0 "$furl" record --config cameras.json -o several "${fast[@]}"
grep -q "gone: is given up" stderr.txt || fail "$(cat stderr.txt)"
[[ -n $(find several/front -name '*.mkv') && -n $(find several/yard -name '*.mkv') ]] ||
  fail "$(names several)"
"$furl" record scene.mkv -o own "${model[@]}" --segment 5s --metrics-port 0 --json > own.txt 2>&1 &
pid=$!
for _ in {1..200}; do
  [[ -n $(find own -name '*.mkv' 2> /dev/null) ]] && break
  sleep 0.05
done
url=$(sed -n 's/.*"type":"metrics","url":"\([^"]*\)".*/\1/p' own.txt)
if [[ -n $url ]] && command -v curl > /dev/null; then
  curl -s "$url" > metrics.txt
  grep -q '^furl_record_segments_total{camera="camera"} [1-9]' metrics.txt || fail "$(cat metrics.txt)"
  grep -q '^furl_record_connected{camera="camera"} 1' metrics.txt || fail "$(cat metrics.txt)"
fi
expect 8 "$furl" record red.mkv -o own
grep -q "another furl record" stderr.txt || fail "$(cat stderr.txt)"
kill -INT $pid
wait $pid
same "exit of a recording that was ended" 0 $?
same "leftovers" "" "$(find own -name '*furl-*')"
expect 0 "$furl" verify "$(find own -name '*.mkv' | sort | tail -1)"

# --- wrong use ---------------------------------------------------------------------------
expect 2 "$furl" record -o none
expect 2 "$furl" record --camera ../x=scene.mkv -o none
expect 8 "$furl" record missing.mkv -o none
echo '{"zones": [{"name": "a"}]}' > bad.json
expect 3 "$furl" record scene.mkv -o none --zones bad.json
grep -q 'bad.json: zones\[0\].for: is missing' stderr.txt || fail "$(cat stderr.txt)"
finish
