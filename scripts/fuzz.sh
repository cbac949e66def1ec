#!/usr/bin/env bash
# Builds and runs the fuzz targets, one per core at a time, each from its own corpus
# (build/fuzz/corpus/<target>), which it extends. Starts none after a finding and fails;
# the input that shows it is then build/fuzz/<target>-*.
#
# usage: scripts/fuzz.sh [seconds per target, default 60] [target...]
#   FURL_JOBS   parallel jobs (default: all cores)
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
jobs=${FURL_JOBS:-$(nproc)}
shift || true
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  for source in fuzz/*_fuzz.cc; do targets+=("$(basename "$source" _fuzz.cc)"); done
fi

cmake --preset fuzz > /dev/null
cmake --build build/fuzz -j "$jobs" --target fuzz_seeds "${targets[@]/%/_fuzz}"
build/fuzz/fuzz/fuzz_seeds build/fuzz/seeds

export ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
# fuzz_target TARGET: tells what came of it; false after a finding.
fuzz_target() {
  local target=$1 corpus=build/fuzz/corpus/$1 log=build/fuzz/$1.log runs covered
  mkdir -p "$corpus" "build/fuzz/seeds/$target"
  # Comparisons of a header's fields are worth steering by. In the whole decoder
  # they drown in those of samples, and the statistics over them take most of the time.
  local steering=(-use_value_profile=1)
  if [[ $target == stream ]]; then steering=(-use_value_profile=0 -entropic=0); fi
  if ! nice -n 15 "build/fuzz/fuzz/${target}_fuzz" -max_total_time="$seconds" -timeout=60 \
    -rss_limit_mb=1024 -max_len=16384 "${steering[@]}" -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$target-" \
    "$corpus" "build/fuzz/seeds/$target" > "$log" 2>&1; then
    tail -n 60 "$log"
    echo "fuzz: $target FAILED, see $log"
    return 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  covered=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
  echo "fuzz: $target: $runs inputs in $seconds s, ${covered:-cov: ?}, nothing found"
}

running=0 failed=0
for target in "${targets[@]}"; do
  if ((running == jobs)); then
    wait -n || failed=1
    running=$((running - 1))
  fi
  if ((failed)); then break; fi
  fuzz_target "$target" &
  running=$((running + 1))
done
while ((running-- > 0)); do wait -n || failed=1; done
exit "$failed"
