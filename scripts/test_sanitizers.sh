#!/usr/bin/env bash
# The library's tests under sanitizers, which are compiled with them:
#   asan   address and undefined behaviour: what reads a stranger's bytes, encoder and decoder, the
#          C interface, Matroska; in the tree of the fuzz targets (clang)
#   msan   memory: the decoder over the conformance streams, and what the fuzz targets keep
#   tsan   threads: the thread pool, coding, the C interface
#
# usage: scripts/test_sanitizers.sh [--full] [asan|msan|tsan...]   (default: all three)
#   --full      also the tests of what comes before and behind: pictures, kernels, motion, the tool
#   FURL_JOBS   parallel jobs (default: all cores)
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${FURL_JOBS:-$(nproc)}
full=
if [[ ${1:-} == --full ]]; then
  full=1
  shift
fi
stages=("$@")
[[ ${#stages[@]} -gt 0 ]] || stages=(asan msan tsan)

# build_and_test FOLDER NAME...: of the tests of these modules and system tests.
build_and_test() {
  local build=$1
  shift
  cmake --build "$build" -j "$jobs" --target "${@/%/_tests}"
  local names
  names=$(IFS='|' && echo "$*")
  # Conformance on the best instruction set alone: sanitizers see little of what kernels do.
  nice -n 10 ctest --test-dir "$build" -j "$jobs" --output-on-failure --no-tests=error \
    -R "^(${names/conformance/conformance_best})\$"
}

run_asan() {
  local tests=(base entropy bitstream model codec_common codec_dec codec_enc codec api media
    conformance)
  if [[ $full ]]; then
    tests+=(image nn filter motion motion_search codec_latents codec_latents_enc codec_hyperprior
      codec_hyperprior_enc rd metrics session report cli)
  fi
  cmake --preset fuzz > /dev/null
  ASAN_OPTIONS=detect_stack_use_after_return=1 \
    LSAN_OPTIONS=suppressions=$PWD/scripts/lsan.supp:print_suppressions=0 \
    build_and_test build/fuzz "${tests[@]}"
}

run_msan() {
  cmake --preset msan > /dev/null
  cmake --build build/msan -j "$jobs" --target fuzz_conformance fuzz_replay
  nice -n 10 build/msan/fuzz/fuzz_conformance &
  local conformance=$! target
  # Without the tools some targets aren't there.
  while read -r target; do
    nice -n 10 build/msan/fuzz/fuzz_replay "$target" "fuzz/corpus/$target" | tail -n 1
  done < <(build/msan/fuzz/fuzz_replay --targets)
  wait $conformance
}

run_tsan() {
  local tests=(base codec_dec api)
  if [[ $full ]]; then tests+=(nn motion motion_search codec_enc codec conformance); fi
  cmake --preset tsan > /dev/null
  build_and_test build/tsan "${tests[@]}"
}

for stage in "${stages[@]}"; do
  start=$SECONDS
  "run_$stage"
  echo "test_sanitizers: $stage passed in $((SECONDS - start)) s"
done
