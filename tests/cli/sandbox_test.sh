#!/usr/bin/env bash
# The furl tool inside its sandbox: what it says of it, what is in force, and that inputs which
# open more than one file still work. That all else works there the other tests show, which run
# with it.
#
# usage: sandbox_test.sh path/to/furl
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"

make -f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -c:v mpeg2video in.ts
make -i in.ts img%03d.png
expect 0 "$furl" encode in.ts -o coded.mkv --preset fast
expect 0 "$furl" encode in.ts -o coded.furl --preset fast
expect 0 "$furl" verify coded.mkv -v
if grep -q 'sandbox: not system calls.*not paths' stderr.txt; then
  echo "no sandbox here: $(cat stderr.txt)"
  finish
  exit 77
fi
grep -q 'sandbox: ' stderr.txt || fail "verify -v says nothing of the sandbox: $(cat stderr.txt)"
seccomp=$(grep -c 'sandbox: system calls' stderr.txt)
paths=$(grep -c 'sandbox: .*[^t] paths' stderr.txt)
for command in info verify 'compare in.ts' 'decode -o null'; do
  # shellcheck disable=SC2086
  expect 0 "$furl" $command coded.mkv -v --no-sandbox
  grep -q 'sandbox' stderr.txt && fail "furl $command --no-sandbox: $(cat stderr.txt)"
  # shellcheck disable=SC2086
  expect 0 "$furl" $command coded.mkv -v
  grep -q 'sandbox: ' stderr.txt || fail "furl $command -v says nothing of the sandbox"
done

# --- in force ----------------------------------------------------------------
mkfifo wait
"$furl" decode - -o held.y4m < wait &
pid=$!
exec 3> wait  # opens it; the tool then waits for bytes
for ((i = 0; i < 100; ++i)); do
  sleep 0.1
  grep -q 'NoNewPrivs:.*1' "/proc/$pid/status" && break
done
((seccomp == 0)) || same "filter of system calls" 2 "$(awk '/^Seccomp:/ {print $2}' "/proc/$pid/status")"
kill -KILL $pid
exec 3>&-
wait $pid 2> /dev/null

# --- what may be opened ------------------------------------------------------
printf 'ffconcat version 1.0\nfile in.ts\nfile in.ts\n' > list.ffconcat
expect 0 "$furl" encode list.ffconcat -o list.mkv --preset fast
expect 0 "$furl" encode img%03d.png -o images.mkv --preset fast
expect 0 "$furl" info images.mkv
grep -q '10 frames' stdout.txt || fail "images: $(cat stdout.txt)"
mkdir sub
mv img*.png sub
expect 0 "$furl" encode 'sub/img%03d.png' -o images.mkv -y --preset fast
expect 0 "$furl" compare in.ts images.mkv --metric psnr --html page.html
[[ -s page.html ]] || fail "no page"
cp list.ffconcat disguised.mp4
expect 4 "$furl" encode disguised.mp4 -o no.mkv
[[ -e no.mkv ]] && fail "a playlist of another name was opened"
expect 0 "$furl" decode coded.mkv -o sub/new.mp4
expect 2 "$furl" decode coded.mkv -o sub/new.mp4
expect 0 "$furl" decode coded.mkv -o sub/new.mp4 -y
"$furl" decode - -o sub/in.y4m -q < coded.mkv || fail "standard input"
ln -s coded.mkv link.mkv
expect 0 "$furl" verify link.mkv
"$furl" verify <(cat coded.mkv) > /dev/null || fail "a pipe of the shell"
mkfifo out.y4m
cat out.y4m > got.y4m &
expect 0 "$furl" decode coded.mkv -o out.y4m -y
wait $!
cmp -s got.y4m sub/in.y4m || fail "a pipe as output"
if ((paths > 0)); then
  # A link out of the models' folder leads to a file that wasn't named.
  mkdir models
  ln -s "$work/coded.mkv" models/far.furlmodel
  expect 0 "$furl" info coded.mkv --model models
fi

# --- a killed process leaves what it had, under its temporary name ------------
mkdir clean
mkfifo more
"$furl" decode - -o clean/x.y4m < more 2> /dev/null &
pid=$!
exec 3> more
head -c -10 coded.furl >&3  # not the end
for ((i = 0; i < 100; ++i)); do
  [[ -e clean/x.y4m.furl-part ]] && break
  sleep 0.1
done
[[ -e clean/x.y4m.furl-part ]] || fail "nothing was begun"
kill -KILL $pid
wait $pid 2> /dev/null
exec 3>&-
for ((i = 0; i < 100; ++i)); do
  flock -n clean/x.y4m.furl-part true && break  # the second process has ended
  sleep 0.1
done
same "after kill -9" x.y4m.furl-part "$(ls -A clean)"
expect 0 "$furl" decode coded.furl -o clean/x.y4m
same "after the next run" x.y4m "$(ls -A clean)"

finish
