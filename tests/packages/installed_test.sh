#!/usr/bin/env bash
# What the Debian packages promise, on a machine that has them and nothing else of furl.
# scripts/test_deb.sh runs it in a root of its own; it changes nothing outside of a new folder.
#
# usage: installed_test.sh FOLDER
#   FOLDER  with assets/bunny.mkv, tests/install/example and python/tests of the sources
set -euo pipefail
sources=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "== tool"
furl encode "$sources/assets/bunny.mkv" -o clip.mkv --frames 12 -q
furl verify clip.mkv
furl decode clip.mkv -o clip.y4m -q
[[ $(stat -c %s clip.y4m) -gt $((12 * 832 * 480 * 3 / 2)) ]]
furl models | grep squeeze
furl encode "$sources/assets/bunny.mkv" -o other.furl --frames 2 --family squeeze -q

echo "== man pages and completions"
for command in $(furl --help | sed -n '/^Subcommands:/,/^$/{/^  [a-z]/p}' | awk '{print $1}'); do
  gzip -cd "/usr/share/man/man1/furl-$command.1.gz" | grep -q '^\.SH OPTIONS'
done
# shellcheck disable=SC1091  # installed
source /usr/share/bash-completion/completions/furl
COMP_WORDS=(furl ver) COMP_CWORD=1
_furl
[[ ${COMPREPLY[*]} == verify ]]

echo "== library"
sed -n '/^ \* @example/,/^ \* @endexample/p' /usr/include/furl/furl.h |
  sed '1d;$d; s/^ \*   //; s/^ \*$//' > example.c
model=/usr/share/furl/models/squeeze-t.furlmodel
# shellcheck disable=SC2046  # flags are words
cc -std=c99 example.c -o example $(pkg-config --cflags --libs furl)
./example "$model" | tee example.txt
cmake -S "$sources/tests/install/example" -B build -DEXAMPLE_C="$work/example.c" > configure.log ||
  { cat configure.log; exit 1; }
cmake --build build > build.log || { cat build.log; exit 1; }
for program in example_shared example_static; do
  "build/$program" "$model" | cmp - example.txt
done

echo "== GStreamer"
gst-inspect-1.0 furldec > furldec.txt
grep -q 'Factory Details' furldec.txt
gst-launch-1.0 -q filesrc location=clip.mkv ! furlmkvdemux ! furldec ! fakesink

echo "== Python"
mkdir source && cp -r "$sources/python" source/python && ln -s /usr/include source/include
FURL_TOOL=/usr/bin/furl FURL_CLIP=$sources/assets/bunny.mkv \
  python3 -m unittest discover -s source/python/tests

if [[ -e /usr/bin/furl-train ]]; then
  echo "== trainer"
  furl-train --help | grep prepare
  furl-train-detect --help | grep evaluate
  ls /usr/share/furl/recipes/*.json
fi
if [[ -d /usr/share/furl/player ]]; then
  echo "== player"
  furl serve . --listen 127.0.0.1:0 --json > serve.txt &
  server=$!
  url=
  for ((i = 0; i < 100; ++i)); do
    url=$(grep -o 'http://127[^"/]*' serve.txt | head -1) && [[ $url ]] && break
    sleep 0.1
  done
  python3 -c 'import sys, urllib.request as r; r.urlopen(sys.argv[1])' "$url/.furl/player/furl-player.js"
  kill "$server"
fi
echo "the packages do what they promise"
