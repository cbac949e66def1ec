#!/usr/bin/env bash
# Encrypted files and signed models, through the tool.
#
# usage: seal_test.sh path/to/furl path/to/open_sealed source-folder
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/../cli/helpers.sh"
open_sealed=$(realpath "$2")
source_folder=$(realpath "$3")
vectors=$source_folder/tests/seal/vectors
command -v ffmpeg > /dev/null || exit 77
export -n FURL_PASSPHRASE FURL_MODEL_KEY
unset FURL_PASSPHRASE FURL_MODEL_KEY

# flip FILE AT: changes one byte.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf '%b' "\\x$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

printf '1\n00:00:00,000 --> 00:00:01,000\nsecret words\n' > subtitles.srt
make -f lavfi -i testsrc2=s=64x48:r=10:d=3 -f lavfi -i sine=d=3 -i subtitles.srt \
  -c:v libx264 -preset ultrafast -c:a flac -c:s srt -metadata title=hidden in.mkv
head -c 32 /dev/urandom > key
head -c 32 /dev/urandom > other
printf 'correct horse\n' > words
encode=("$furl" encode in.mkv --preset fast --gop 1)

# --- what is written ---------------------------------------------------------
expect 0 "${encode[@]}" -o plain.mkv
expect 0 "${encode[@]}" -o sealed.mkv --encrypt --key-file key
expect 0 "${encode[@]}" -o sealed.furl --encrypt --key-file key
"${encode[@]}" -o - --encrypt --key-file key 2> /dev/null > piped.furl || fail "sealing to a pipe"
for file in sealed.mkv sealed.furl piped.furl; do
  same "$file begins" "$(printf '\x89fseal\r\n' | xxd -p)" "$(head -c 8 $file | xxd -p)"
  grep -qE 'V_FURL|hidden|secret words|furl' $file && fail "$file can be read without a key"
done
"$open_sealed" key key < sealed.mkv > opened.mkv || fail "the other implementation: sealed.mkv"
cmp opened.mkv plain.mkv || fail "what is sealed isn't what is written without"
"$open_sealed" key key < piped.furl > opened.furl || fail "the other implementation: piped.furl"
expect 2 "${encode[@]}" -o base.mp4 --base x264 --encrypt --key-file key
grep -q 'not .mp4' stderr.txt || fail "mp4: $(cat stderr.txt)"

# --- what is read ------------------------------------------------------------
expect 0 "$furl" decode plain.mkv -o plain.y4m
expect 0 "$furl" decode plain.mkv -o part.y4m --start 2
for file in sealed.mkv sealed.furl piped.furl; do
  expect 0 "$furl" decode $file -o back.y4m -y --key-file key
  cmp back.y4m plain.y4m || fail "$file gives other frames"
  "$furl" decode - -o - --key-file key < <(cat $file) 2> /dev/null | cmp - plain.y4m ||
    fail "$file through a pipe gives other frames"
  expect 0 "$furl" decode $file -o back.y4m -y --key-file key --start 2
  cmp back.y4m part.y4m || fail "a part of $file has other frames"
  expect 0 "$furl" verify $file --key-file key
  expect 0 "$furl" info $file --key-file key
done
expect 0 "$furl" decode sealed.mkv -o back.mkv --key-file key --codec ffv1
same "sound" "$(ffmpeg -nostdin -v error -i in.mkv -map 0:a -f md5 -)" \
  "$(ffmpeg -nostdin -v error -i back.mkv -map 0:a -f md5 -)"
grep -q 'secret words' back.mkv || fail "the subtitles are lost"
"$furl" info sealed.mkv --key-file key | grep -q '^encrypted  with a key file' || fail "info"
expect 0 "$furl" compare in.mkv sealed.mkv --key-file key
expect 0 "$furl" inspect sealed.mkv --key-file key
expect 0 "$furl" decode plain.mkv -o back.y4m -y --key-file key
grep -q 'plain.mkv is not encrypted' stderr.txt || fail "a key for nothing: $(cat stderr.txt)"

# --- keys --------------------------------------------------------------------
expect 2 "$furl" info sealed.mkv
grep -q 'sealed.mkv is encrypted with a key file' stderr.txt || fail "no key: $(cat stderr.txt)"
expect 6 "$furl" decode sealed.mkv -o none.mkv --key-file other
grep -q 'wrong key' stderr.txt || fail "wrong key: $(cat stderr.txt)"
expect 6 "$furl" info sealed.mkv --passphrase-file words
grep -q 'with a key file, not with a passphrase' stderr.txt || fail "kind: $(cat stderr.txt)"
expect 2 "$furl" info sealed.mkv --key-file words
expect 8 "$furl" info sealed.mkv --key-file missing
expect 2 "$furl" info sealed.mkv --key-file key --passphrase-file words
expect 0 "${encode[@]}" -o words.mkv --encrypt --passphrase-file words
expect 2 "$furl" info words.mkv
grep -q 'a passphrase (Argon2id, 3 passes over 256 MiB)' stderr.txt ||
  fail "no passphrase: $(cat stderr.txt)"
FURL_PASSPHRASE='correct horse' expect 0 "$furl" verify words.mkv
FURL_PASSPHRASE='battery staple' expect 6 "$furl" verify words.mkv
grep -q 'wrong passphrase' stderr.txt || fail "wrong passphrase: $(cat stderr.txt)"
"$open_sealed" passphrase words < words.mkv | cmp - plain.mkv ||
  fail "the other implementation: words.mkv"

# --- changes -----------------------------------------------------------------
cp sealed.mkv hurt.mkv
flip hurt.mkv $(($(stat -c %s hurt.mkv) / 2))
for command in 'verify hurt.mkv' 'decode hurt.mkv -o none.mkv' 'info hurt.mkv' \
  'decode hurt.mkv -o none.mkv --conceal' 'inspect hurt.mkv'; do
  # shellcheck disable=SC2086
  expect 6 "$furl" $command --key-file key
  grep -q 'record [0-9]* (byte [0-9]*): was changed' stderr.txt || fail "$command: $(cat stderr.txt)"
done
"$furl" decode - -o none.mkv --key-file key < <(cat hurt.mkv) 2> /dev/null
same "a changed file through a pipe" 6 $?
"$open_sealed" key key < hurt.mkv > /dev/null 2>&1 && fail "the other implementation: hurt.mkv"
head -c -100 sealed.mkv > cut.mkv
expect 6 "$furl" decode cut.mkv -o none.mkv --key-file key
grep -q 'cut off' stderr.txt || fail "cut: $(cat stderr.txt)"
[[ ! -e none.mkv ]] || fail "something was made of a changed file"

# --- hybrid files ------------------------------------------------------------
expect 0 "${encode[@]}" -o both.mkv --base x264 --encrypt --key-file key
expect 0 "$furl" verify both.mkv --key-file key
expect 0 "$furl" encode both.mkv -o again.mkv --preset fast --key-file key
expect 2 "$furl" encode both.mkv -o again.mkv -y
grep -q 'both.mkv is encrypted' stderr.txt || fail "encode without the key: $(cat stderr.txt)"

# --- vectors that are published ----------------------------------------------
opened() { "$open_sealed" "$1" "$vectors/$1" < "$vectors/$1.sealed"; }
cmp <(opened key) <(yes furl | head -c 65566) || fail "the vector of a key"
cmp <(opened passphrase) <(yes furl | head -c 25) || fail "the vector of a passphrase"

# --- signed models -----------------------------------------------------------
if command -v minisign > /dev/null; then
  minisign -G -W -p one.pub -s one.sec > /dev/null
  minisign -G -W -p two.pub -s two.sec > /dev/null
  cp "$source_folder/models/squeeze-t.furlmodel" m.furlmodel
  one_frame=("$furl" encode in.mkv -o m.mkv -y --frames 1 --model m.furlmodel)
  expect 0 "${one_frame[@]}"
  expect 6 "${one_frame[@]}" --model-key one.pub
  grep -q "m.furlmodel.minisig" stderr.txt || fail "no signature: $(cat stderr.txt)"
  for legacy in '' -l; do
    minisign -S $legacy -s one.sec -m m.furlmodel > /dev/null
    expect 0 "${one_frame[@]}" --model-key one.pub
    expect 0 "${one_frame[@]}" --model-key "$(tail -1 one.pub)"
    expect 6 "${one_frame[@]}" --model-key two.pub
    grep -q 'signed with another key' stderr.txt || fail "another key: $(cat stderr.txt)"
  done
  FURL_MODEL_KEY=$(tail -1 two.pub) expect 6 "${one_frame[@]}"
  expect 2 "${one_frame[@]}" --model-key RWnonsense
  flip m.furlmodel 1000
  expect 6 "${one_frame[@]}" --model-key one.pub
  grep -q "signature doesn't fit" stderr.txt || fail "changed model: $(cat stderr.txt)"
  # The built-in one.
  expect 0 "$furl" encode in.mkv -o m.mkv -y --frames 1 --model-key one.pub
fi

finish
