#!/usr/bin/env bash
# Writes the dumps of the shared libraries' binary interface that the tests abi.* compare with.
# Run it after a change of include/furl/furl.h that old programs survive, and commit its result.
#
# usage: scripts/update_abi.sh [build folder with debug information, default build/dev]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/dev}
cmake --build "$build" --target furl_shared furldec_shared furlsense
for name in furl furldec furlsense; do
  library=$(find "$build/src" -name "lib$name.so")
  tests/api/dump_abi.sh . "$library" > "tests/api/abi/$name.abi"
done
