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
# shellcheck source=scripts/fuzz_common.sh
source scripts/fuzz_common.sh
seconds=${1:-60}
jobs=${FURL_JOBS:-$(nproc)}
shift || true
mapfile -t targets < <(fuzz_targets "$@")

cmake --preset fuzz > /dev/null
cmake --build build/fuzz -j "$jobs" --target fuzz_seeds "${targets[@]/%/_fuzz}"
build/fuzz/fuzz/fuzz_seeds build/fuzz/seeds

# fuzz_target TARGET: tells what came of it; false after a finding.
fuzz_target() {
  local target=$1 log=build/fuzz/$1.log
  if ! fuzz_run build/fuzz/fuzz build/fuzz "$target" "$seconds" "${FURL_FUZZ_TIMEOUT:-5}"; then
    tail -n 60 "$log"
    echo "fuzz: $target FAILED, see $log"
    return 1
  fi
  echo "fuzz: $target: $(fuzz_stat "$log" number_of_executed_units) inputs in $seconds s," \
    "cov: $(fuzz_covered "$log"), slowest $(fuzz_stat "$log" slowest_unit_time_sec) s, nothing found"
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
