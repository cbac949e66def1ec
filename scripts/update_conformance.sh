#!/usr/bin/env bash
# Writes the conformance streams anew, after a change of the bitstream, the tiny or the
# default model. Needs a configured build (default: build/release).
#
#   scripts/update_conformance.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
cmake --build "$build" --target furl_make_streams
rm -f tests/conformance/streams/*
"$build"/tests/conformance/furl_make_streams tests/conformance/streams
du -sh tests/conformance/streams
