#!/usr/bin/env bash
# furl-sense on a file, as a user: the stream it writes is one that furl knows, damaged input is
# named, and the library stays as small as promised.
#
# usage: tool_test.sh FURL_SENSE FURL LIBFURLSENSE
set -euo pipefail
sense=$1 furl=$2 library=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "tool_test: $*" >&2
  exit 1
}

ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=98x50:r=24000/1001:d=0.5 -pix_fmt yuv420p \
  "$folder/in.y4m"
"$sense" "$folder/in.y4m" -o "$folder/out.furl" --crf 30 --gop 5 > "$folder/said"
grep -q '^12 pictures' "$folder/said" || fail "said $(cat "$folder/said")"
"$furl" info "$folder/out.furl" > "$folder/info" || fail "furl info: $?"
grep -q 'furl (sense), 98x50' "$folder/info" || fail "$(cat "$folder/info")"
grep -q 'I frames  *3' "$folder/info" || fail "no three key frames: $(cat "$folder/info")"

head -c 20 /dev/urandom > "$folder/noise.y4m"
if "$sense" "$folder/noise.y4m" -o "$folder/x.furl" 2> "$folder/error"; then fail "took noise"; fi
grep -q "noise.y4m': no YUV4MPEG2 header" "$folder/error" || fail "$(cat "$folder/error")"
if "$sense" "$folder/none.y4m" -o "$folder/x.furl" 2> "$folder/error"; then fail "took nothing"; fi
grep -q "none.y4m': No such file" "$folder/error" || fail "$(cat "$folder/error")"
[[ ! -e "$folder/x.furl" ]] || fail "left an output behind"

# Damage behind pictures that are coded already: no part of a stream stays, nor does one replace
# what was there. The third picture begins after the header, two pictures and two markers.
header=$(head -1 "$folder/in.y4m" | wc -c)
at=$((header + 2 * (98 * 50 + 2 * 49 * 25 + 6)))
cp "$folder/in.y4m" "$folder/damaged.y4m"
printf 'FRONT' | dd of="$folder/damaged.y4m" bs=1 seek=$at conv=notrunc status=none
if "$sense" "$folder/damaged.y4m" -o "$folder/x.furl" 2> "$folder/error"; then fail "took damage"; fi
grep -q "damaged.y4m': no plain FRAME before picture 2" "$folder/error" || fail "$(cat "$folder/error")"
cp "$folder/out.furl" "$folder/before.furl"
if "$sense" "$folder/damaged.y4m" -o "$folder/out.furl" 2> "$folder/error"; then fail "took it"; fi
cmp -s "$folder/out.furl" "$folder/before.furl" || fail "replaced a stream by a part of one"
[[ $(ls "$folder"/*.tmp "$folder/x.furl" 2> "$folder/error") == "" ]] || fail "left a part behind"

strip -o "$folder/stripped.so" "$library"
size=$(stat -c %s "$folder/stripped.so")
((size < 100000)) || [[ ${FURL_SANITIZE:-} ]] || fail "the library has $size bytes"
