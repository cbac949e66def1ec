#!/usr/bin/env bash
# What furl inspect says of a real clip, clean and with noise added: grain is found where there is
# some and nowhere else, and what is advised makes the file smaller.
# Usage: advice_test.sh FURL CLIP
clip=$(realpath "$2")
# shellcheck source-path=SCRIPTDIR/../cli
. "$(dirname "$0")/../cli/helpers.sh"
command -v ffmpeg > /dev/null || exit 77

ids() { "$furl" inspect "$1" --json -q | tail -n 1 | grep -o '"id":"[a-z-]*"' | tr '\n' ' '; }

ffmpeg -nostdin -v error -y -i "$clip" -frames:v 24 -c:v ffv1 clean.mkv || fail "clean clip"
ffmpeg -nostdin -v error -y -i "$clip" -frames:v 24 -vf noise=alls=14:allf=t:all_seed=1 \
  -c:v ffv1 noisy.mkv || fail "noisy clip"
for name in clean noisy; do
  expect 0 "$furl" encode $name.mkv -o ${name}_coded.mkv --crf 28 --preset fast
done
expect 0 "$furl" encode noisy.mkv -o denoised_coded.mkv --crf 28 --preset fast --denoise strong
expect 0 "$furl" encode noisy.mkv -o coarser_coded.mkv --crf 33 --preset fast

clean=$(ids clean_coded.mkv)
noisy=$(ids noisy_coded.mkv)
[[ $clean != *grain* ]] || fail "grain in a clean clip: $clean"
[[ $noisy == *grain* ]] || fail "no grain in a noisy clip: $noisy"
expect 0 "$furl" inspect noisy_coded.mkv
grep -q 'of the bits are grain or noise' stdout.txt || fail "no sentence: $(cat stdout.txt)"
grep -q -e '--denoise' stdout.txt || fail "no advice: $(cat stdout.txt)"
before=$(stat -c %s noisy_coded.mkv)
for name in denoised coarser; do
  after=$(stat -c %s ${name}_coded.mkv)
  [[ $((after * 10)) -lt $((before * 7)) ]] || fail "$name: $before to $after bytes"
done

# A packet that only filters a base has no latents, and no frame of its own.
encoders=$(ffmpeg -v error -encoders)
if [[ $encoders == *libx264* ]]; then
  expect 0 "$furl" encode clean.mkv -o filter.mkv --base x264 --enhance filter
  expect 0 "$furl" inspect filter.mkv --html filter.html
  grep -q 'filter of the base' stdout.txt || fail "no account of a filter: $(cat stdout.txt)"
fi

finish
