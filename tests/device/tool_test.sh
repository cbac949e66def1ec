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

strip -o "$folder/stripped.so" "$library"
size=$(stat -c %s "$folder/stripped.so")
((size < 100000)) || [[ ${FURL_SANITIZE:-} ]] || fail "the library has $size bytes"
