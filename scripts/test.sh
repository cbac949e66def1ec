#!/usr/bin/env bash
# Everything a change must pass: installs what is missing, builds, runs all
# tests and ends with ctest's summary.
#
# usage: scripts/test.sh [preset]          (dev, release or asan; default dev)
#   FURL_JOBS      parallel jobs (default: all cores)
#   FURL_NO_DEPS   set: don't install packages
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-dev}
jobs=${FURL_JOBS:-$(nproc)}

[[ -n ${FURL_NO_DEPS:-} ]] || scripts/install-deps.sh test
cmake --preset "$preset" -DFURL_BUILD_TESTS=ON -DFURL_BUILD_BENCH=ON
cmake --build "build/$preset" -j "$jobs"
ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure
