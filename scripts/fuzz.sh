#!/usr/bin/env bash
# Builds and runs the fuzz targets, one per core at a time. Each first runs all that is in
# fuzz/corpus/<target>, kept with the source, and in the valid inputs that fuzz_seeds writes; then
# it goes on from there and from its own corpus (build/fuzz/corpus/<target>), which it extends.
# Starts none after a finding and fails; the input that shows it is then build/fuzz/<target>-*.
# An input that takes 5 s is a finding, too.
#
# usage: scripts/fuzz.sh [seconds per target, default 60] [target...]
#   FURL_JOBS           parallel jobs (default: all cores)
#   FURL_FUZZ_TIMEOUT   seconds for one input (default 5); more where others use the machine
#   0 seconds run what is kept and nothing else
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

# The longest input of a target. Those that unfold in its hands are short.
max_len() {
  case $1 in
    api) echo 1024 ;;
    model_edit) echo 128 ;;
    model_json) echo 512 ;;
    sequence_header) echo 256 ;;
    subtitles | round_trip) echo 4096 ;;
    model) echo 65536 ;;
    *) echo 16384 ;;
  esac
}

# fuzz_target TARGET: tells what came of it; false after a finding.
fuzz_target() {
  local target=$1 corpus=build/fuzz/corpus/$1 log=build/fuzz/$1.log runs covered slowest
  mkdir -p "$corpus" "build/fuzz/seeds/$target" "fuzz/corpus/$target"
  # Comparisons of a header's fields are worth steering by. Where coding takes the time, the
  # statistics over them take more.
  local options=(-use_value_profile=1)
  case $target in
    stream | model_edit | round_trip | api) options=(-use_value_profile=0 -entropic=0) ;;
  esac
  if ((seconds > 0)); then
    options+=("-max_total_time=$seconds")
  else
    options+=(-runs=0)
  fi
  if ! nice -n 15 "build/fuzz/fuzz/${target}_fuzz" "${options[@]}" \
    -timeout="${FURL_FUZZ_TIMEOUT:-5}" -report_slow_units="${FURL_FUZZ_TIMEOUT:-5}" \
    -rss_limit_mb=1024 -max_len="$(max_len "$target")" -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$target-" \
    "$corpus" "build/fuzz/seeds/$target" "fuzz/corpus/$target" > "$log" 2>&1; then
    tail -n 60 "$log"
    echo "fuzz: $target FAILED, see $log"
    return 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  slowest=$(sed -n 's/^stat::slowest_unit_time_sec: *//p' "$log")
  covered=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
  echo "fuzz: $target: $runs inputs in $seconds s, ${covered:-cov: ?}, slowest ${slowest:-?} s," \
    "nothing found"
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
