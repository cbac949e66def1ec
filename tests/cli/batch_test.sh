#!/usr/bin/env bash
# furl encode of several files: folders, patterns, names of outputs, failures, interrupts.
#
# usage: batch_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"

mkdir -p clips/more
make -f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v mpeg2video clips/a.ts
make -f lavfi -i testsrc=s=64x48:r=25:d=0.2 -c:v mpeg2video clips/c.mkv
make -i clips/a.ts -c copy clips/more/d.mkv
head -c 3000 /dev/urandom > clips/b.mp4
echo text > clips/notes.txt

# --- one of three is broken --------------------------------------------------
expect 3 "$furl" encode clips -o out/ --preset fast
same "outputs" "a.mkv c.mkv" "$(cd out && echo *)"
expect 0 "$furl" verify out/a.mkv
expect 0 "$furl" encode clips/a.ts -o alone.mkv --preset fast
cmp alone.mkv out/a.mkv || fail "a file of several differs from one alone"
expect 3 "$furl" encode clips -o out2/ --preset fast
for text in '1 of 3: clips/a.ts' '2 done, 0 skipped, 1 failed' 'failed: clips/b.mp4: ' \
  '1 of 3 files failed'; do
  grep -q "$text" stderr.txt || fail "not told: $text: $(cat stderr.txt)"
done
no_parts=$(find . -name '*.furl-part')
same "parts" "" "$no_parts"

# --- JSON, and what exists ---------------------------------------------------
rm out/c.mkv
expect 3 "$furl" encode clips --recursive -o 'out/{dir}/{name}.mkv' --preset fast --skip-existing \
  --json
same "files done" 2 "$(grep -c '^{"type":"file",.*"state":"done"' stdout.txt)"
grep -q '^{"type":"file","input":"clips/a.ts","output":"out/a.mkv","state":"skipped"}' stdout.txt ||
  fail "skipped: $(cat stdout.txt)"
grep -q '^{"type":"file","input":"clips/b.mp4",.*"state":"failed","error":"invalid_stream",.*"exit_code":3' \
  stdout.txt || fail "failed: $(cat stdout.txt)"
[[ $(tail -n 1 stdout.txt) == '{"type":"result","success":false,'*'"exit_code":3,"command":"encode","files":4,"done":2,"skipped":1,"failed":1,"bytes_in":'* ]] ||
  fail "summary: $(tail -n 1 stdout.txt)"
same "results" 1 "$(grep -c '"type":"result"' stdout.txt)"
[[ -s out/more/d.mkv ]] || fail "the folder is not kept"
rm clips/b.mp4
expect 0 "$furl" encode clips --recursive -o 'out/{dir}/{name}.mkv' --preset fast --skip-existing
before=$(stat -c %Y.%i out/a.mkv)
expect 2 "$furl" encode clips -o out --preset fast
grep -q 'out/a.mkv exists; -y replaces it' stderr.txt || fail "exists: $(cat stderr.txt)"
same "the old file" "$before" "$(stat -c %Y.%i out/a.mkv)"
expect 0 "$furl" encode clips -o out --preset fast -y
[[ $(stat -c %Y.%i out/a.mkv) == "$before" ]] && fail "-y replaced nothing"
expect 0 "$furl" encode clips/a.ts -o out/a.mkv --preset fast --skip-existing
grep -q 'out/a.mkv exists: skipped' stderr.txt || fail "one that exists: $(cat stderr.txt)"

# --- patterns and names ------------------------------------------------------
expect 0 "$furl" encode 'clips/*.ts' clips/more -o 'n/{index}_{name}.{ext}_{crf}_{preset}.mkv' \
  --crf 50 --preset fast
same "names" "1_a.ts_50_fast.mkv 2_d.mkv_50_fast.mkv" "$(cd n && echo *)"
expect 2 "$furl" encode clips -o one.mkv
grep -q 'is one file' stderr.txt || fail "one output: $(cat stderr.txt)"
expect 2 "$furl" encode clips -o 'x/{nam}.mkv'
grep -q 'did you mean {name}' stderr.txt || fail "template: $(cat stderr.txt)"
expect 2 "$furl" encode clips -o 'x/same.{crf}.mkv'
grep -q 'would both become x/same.40.mkv' stderr.txt || fail "the same twice: $(cat stderr.txt)"
[[ -e x ]] && fail "work began before names were checked"
expect 2 "$furl" encode '*.avi' -o x/
expect 2 "$furl" encode clips/a.ts -o a.mkv --recursive
expect 2 "$furl" encode
grep -q 'an input is needed' stderr.txt || fail "no input: $(cat stderr.txt)"
# Outputs beside their inputs are no inputs the next time.
mkdir beside
cp clips/a.ts beside
expect 0 "$furl" encode beside -o 'beside/{name}.mkv' --preset fast
expect 0 "$furl" encode beside -o 'beside/{name}.mkv' --preset fast -y
same "beside" "a.mkv a.ts" "$(cd beside && echo *)"

# --- keys, searches, the sandbox ---------------------------------------------
head -c 32 /dev/urandom > key
if "$furl" encode clips -o sealed/ --preset fast --encrypt --key-file key 2> stderr.txt; then
  expect 0 "$furl" verify sealed/a.mkv --key-file key
  expect 2 "$furl" verify sealed/c.mkv
else
  grep -q 'without encryption\|not built' stderr.txt || fail "sealed: $(cat stderr.txt)"
fi
expect 0 "$furl" encode clips -o sized/ --preset fast --size 30k --best-effort
[[ -s sized/a.mkv && -s sized/c.mkv ]] || fail "no files of a size"

# --- Ctrl-C ------------------------------------------------------------------
make -f lavfi -i testsrc2=s=640x480:r=25:d=20 -c:v mpeg2video clips/b.ts
set -m
"$furl" encode clips -o stopped/ --preset slow > stdout.txt 2> stderr.txt &
pid=$!
for ((i = 0; i < 300; ++i)); do
  [[ -n $(find stopped -name 'b.*part' 2> /dev/null) ]] && break
  sleep 0.1
done
kill -INT -- -$pid
wait $pid
same "interrupted" 130 $?
same "after Ctrl-C" "a.mkv" "$(cd stopped && echo *)"
grep -q 'interrupted; 1 of 3 files are done' stderr.txt || fail "interrupted: $(cat stderr.txt)"
# The signal to the first process alone.
"$furl" encode clips -o stopped2/ --preset slow > stdout.txt 2> stderr.txt &
pid=$!
for ((i = 0; i < 300; ++i)); do
  [[ -n $(find stopped2 -name 'b.*part' 2> /dev/null) ]] && break
  sleep 0.1
done
kill -TERM $pid
wait $pid
same "terminated" 130 $?
same "after the signal" "a.mkv" "$(cd stopped2 && echo *)"
set +m

finish
