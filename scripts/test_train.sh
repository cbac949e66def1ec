#!/usr/bin/env bash
# Builds the trainer and runs its tests: those of src/train, and the toy family that is trained
# and exported. Continuous integration leaves this out: building against libtorch would take it a
# quarter longer. Run this before work on src/train, or on what all families share, ends.
#
# usage: scripts/test_train.sh
#   FURL_JOBS      parallel jobs (default: all cores)
#   FURL_NO_DEPS   set: don't install packages
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${FURL_JOBS:-$(nproc)}

[[ -n ${FURL_NO_DEPS:-} ]] || scripts/install-deps.sh train
cmake --preset train -DFURL_BUILD_TESTS=ON
cmake --build build/train -j "$jobs" --target furl-train train_tests toy_train_tests \
  train_search_tests furl-train-detect train_detect_tests
ctest --test-dir build/train --output-on-failure -R '^(train|train_search|train_detect|toy_train|toy_count)$'
