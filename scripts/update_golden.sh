#!/usr/bin/env bash
# Writes tests/golden/sizes.csv anew, after a change of what the encoder writes. Needs a
# configured build (default: build/dev).
#
#   scripts/update_golden.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/dev}
cmake --build "$build" --target furl_golden
"$build"/tests/golden/furl_golden --write tests/golden/sizes.csv
git diff --stat -- tests/golden
