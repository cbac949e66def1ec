#!/usr/bin/env bash
# The wide set of conformance streams (tests/conformance/wide_cases.h) and the kept ones, decoded by
# everything there is: builds of several compilers and levels of optimization, every instruction
# set of this machine, numbers of threads, and WebAssembly in node, Chromium and Firefox. Streams
# and pictures must be those of tests/conformance/wide.csv and of tests/conformance/streams.
#
# usage: scripts/test_conformance.sh [RECORD]      (a JSON file; results/conformance.json)
#   FURL_JOBS     parallel jobs (default: all cores)
#   FURL_NO_WEB   set: no WebAssembly
#   FURL_UPDATE   set: write wide.csv anew first, after a change of the bitstream or a model
# Needs what install-deps.sh test and web install. Takes a quarter of an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
record=${1:-}
jobs=${FURL_JOBS:-$(nproc)}
home=$PWD/build/conformance
table=tests/conformance/wide.csv
streams=$home/streams
runs=$home/runs.jsonl
mkdir -p "$streams"
: > "$runs"

# What a build is called, its compiler, its flags.
builds=(
  "gcc-O3 g++ -O3"
  "gcc-O1 g++ -O1"
  "clang-O3 clang++-14 -O3"
)
# An instruction set, and the flag of /proc/cpuinfo without which this machine lacks it.
instruction_sets=(scalar:fpu portable:fpu sse4:sse4_2 avx2:avx2 avxvnni:avx_vnni avx512:avx512bw
  vnni:avx512_vnni amx:amx_int8)
threads=(-1 1 2 3 8)

# note DECODER INSTRUCTIONS THREADS STREAMS: a line of the record.
note() {
  printf '{"decoder": "%s", "instructions": "%s", "threads": "%s", "streams": %d}\n' "$@" >> "$runs"
}

build() {  # NAME COMPILER FLAGS
  cmake -G Ninja -S . -B "$home/$1" -DCMAKE_CXX_COMPILER="$2" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS_RELEASE="$3 -DNDEBUG" -DFURL_BUILD_TOOLS=OFF > /dev/null
  cmake --build "$home/$1" -j "$jobs" --target furl_make_streams furl_check_streams conformance_tests
}

count() { printf '%s\n' "$1"/*.furl | wc -l; }
kept=$(count tests/conformance/streams)

for line in "${builds[@]}"; do
  read -r name compiler flags <<< "$line"
  build "$name" "$compiler" "$flags"
done

# Each build writes the same streams.
first=
for line in "${builds[@]}"; do
  read -r name _ <<< "$line"
  out=$home/streams-$name
  rm -rf "$out"
  mkdir "$out"
  "$home/$name/tests/conformance/furl_make_streams" --wide "$out"
  if [[ -z $first ]]; then
    first=$out
    if [[ -n ${FURL_UPDATE:-} ]]; then
      "$home/$name/tests/conformance/furl_check_streams" --write "$out" "$table"
    fi
  fi
  diff -rq "$first" "$out"
done
rm -rf "$streams"
cp -r "$first" "$streams"
wide=$(count "$streams")

for line in "${builds[@]}"; do
  read -r name _ <<< "$line"
  for set in "${instruction_sets[@]}"; do
    if ! grep -qw "${set#*:}" /proc/cpuinfo; then continue; fi
    FURL_CPU=${set%:*} "$home/$name/tests/conformance/furl_check_streams" "$streams" "$table" \
      "${threads[@]}"
    FURL_CPU=${set%:*} "$home/$name/tests/conformance/conformance_tests" --gtest_brief=1
    note "$name" "${set%:*}" "none, ${threads[*]:1}" "$((wide + kept))"
  done
done

if [[ -z ${FURL_NO_WEB:-} ]]; then
  for preset in web web-threads; do
    cmake --preset "$preset" > /dev/null
    cmake --build "build/$preset" -j "$jobs" --target furl_web
  done
  mkdir -p "$home/models"
  "$home/gcc-O3/tests/conformance/furl_make_models" "$home/models"
  FURL_WEB_STREAMS=$streams FURL_WEB_MODELS=$home/models \
    node --test web/tests/{conformance,browser,firefox}.test.js
  note node simd128 1 "$wide"
  note Chromium simd128 "1, 3" "$wide"
  note Firefox simd128 "1, 3" "$wide"
fi

if [[ -n $record ]]; then
  printf '{"command": "scripts/test_conformance.sh", "date": "%s", "commit": "%s",\n "cpu": "%s",\n' \
    "$(date -u +%F)" "$(git rev-parse --short HEAD)" \
    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" > "$record"
  printf ' "streams": %d, "wrong": 0,\n "runs": [\n  %s\n ]\n}\n' "$((wide + kept))" \
    "$(sed '$!s/$/,/' "$runs" | sed '2,$s/^/  /')" >> "$record"
fi
echo "test_conformance: $((wide + kept)) streams, $(wc -l < "$runs") decoders, all the same"
