#!/usr/bin/env bash
# Which lines of the decoder's core and of the model loader the fuzz targets reach: runs all that is
# kept (fuzz/corpus) and the seeds through targets built with clang's source-based coverage, and
# prints lines per file and folder.
#
# usage: scripts/fuzz_coverage.sh [FILE of src whose lines that are not reached are listed...]
#   FURL_JOBS        parallel jobs (default: all cores)
#   FURL_FUZZ_HOME   a folder of scripts/fuzz_long.sh (or build/fuzz) whose corpus counts as well
#   JSON             file to write the figures to (results/fuzz_coverage.json)
# Needs: llvm-14.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/coverage
targets=(stream packet sequence_header raw_stream range_decoder symbol_decoder model model_edit
  model_json round_trip api)

cmake --preset fuzz -B $build -DFURL_BUILD_TOOLS=OFF -DFURL_SANITIZE=fuzzer-no-link \
  -DCMAKE_CXX_FLAGS="-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION -fprofile-instr-generate \
-fcoverage-mapping" > /dev/null
cmake --build $build -j "${FURL_JOBS:-$(nproc)}" --target fuzz_seeds "${targets[@]/%/_fuzz}"
LLVM_PROFILE_FILE=$build/seeds.unused $build/fuzz/fuzz_seeds $build/seeds

rm -f $build/*.profraw
objects=()
for target in "${targets[@]}"; do
  folders=()
  for folder in fuzz/corpus $build/seeds "${FURL_FUZZ_HOME:-none}/corpus"; do
    if [[ -d $folder/$target ]]; then folders+=("$folder/$target"); fi
  done
  LLVM_PROFILE_FILE=$build/$target.profraw nice -n 15 "$build/fuzz/${target}_fuzz" -runs=0 \
    "${folders[@]}" > "$build/$target.log" 2>&1
  objects+=(-object "$build/fuzz/${target}_fuzz")
done
llvm-profdata-14 merge -sparse $build/*.profraw -o $build/all.profdata
unset 'objects[0]'  # the first one is named without its option
coverage=("$build/fuzz/${targets[0]}_fuzz" "${objects[@]}" "-instr-profile=$build/all.profdata")

llvm-cov-14 export -summary-only "${coverage[@]}" 2> /dev/null > $build/summary.json
python3 - $build/summary.json "${JSON:-}" <<'PYTHON'
import collections, json, os, re, sys
# What reads a stranger's stream or model. Encoders' sides are left out, and kernels: a machine runs
# one set (tests/conformance runs each), and scalar definitions beside SIMD are for the tests.
ROOM = re.compile(r"src/(bitstream|codec|entropy|filter|image|model|motion|nn)/")
LEFT_OUT = re.compile(r"_test|/encode/|/enc/|/search/|-inl\.h|_simd|nn/(kernels|x86|arm)/|"
                      r"motion/interpolate\.cc|filter/cell_classes\.cc|default_model|nn/cpu")
summary, record = sys.argv[1:]
files = {}
for file in json.load(open(summary))["data"][0]["files"]:
    name = os.path.relpath(file["filename"])
    lines = file["summary"]["lines"]
    if ROOM.match(name) and not LEFT_OUT.search(name) and lines["count"]:
        files[name] = [lines["covered"], lines["count"]]
folders = collections.defaultdict(lambda: [0, 0])
for name, lines in files.items():
    for group in (os.path.dirname(name), "all"):
        folders[group] = [a + b for a, b in zip(folders[group], lines)]
for part in (sorted(files.items()), sorted(folders.items(), reverse=True)):
    for name, (reached, count) in part:
        print(f"{100 * reached / count:6.1f} %  {reached:5} of {count:5}  {name}")
    print()
if record:
    rows = [json.dumps({"name": name, "lines": count, "reached": reached})
            for name, (reached, count) in [*sorted(folders.items()), *sorted(files.items())]]
    with open(record, "w") as f:
        f.write("[\n" + ",\n".join(rows) + "\n]\n")
PYTHON
for file in "$@"; do
  llvm-cov-14 show "${coverage[@]}" "$file" | grep -E '^ *[0-9]+\| +0\|' | sed "s|^|$file:|"
done
