#!/usr/bin/env bash
# Builds the decoder for WebAssembly, with and without threads, and tests it: kernels, filters and
# motion in node by the tests they have everywhere, the conformance streams in node and in
# Chromium and Firefox, and the player in Chromium. The models of the streams and hybrid files come
# from the native build.
#
# usage: scripts/test_web.sh [native preset]    (default dev)
#   FURL_JOBS   parallel jobs (default: all cores)
# Needs: emscripten, node 18 or newer, libgtest-dev (for its sources). What runs in chromium or
# firefox-esr, or needs ffmpeg, is shown as skipped without.
set -euo pipefail
cd "$(dirname "$0")/.."
native=${1:-dev}
jobs=${FURL_JOBS:-$(nproc)}

cmake --preset web -DFURL_BUILD_TESTS=ON -DFURL_GTEST_SOURCE=/usr/src/googletest
cmake --build build/web -j "$jobs" --target furl_web nn_tests filter_tests motion_tests
cmake --preset web-threads
cmake --build build/web-threads -j "$jobs" --target furl_web
cmake --preset "$native"
cmake --build "build/$native" -j "$jobs" --target furl_make_models furl

without_threads='*-Plan.IsSharedByThreadsWithAStateEach'
# With a fetch() of node's own the script takes it for a page. One that fails ends all (255).
printf '%s\n' nn_tests filter_tests motion_tests |
  xargs -P "$jobs" -I '{}' sh -c "node --no-experimental-fetch build/web/src/{}.js --gtest_brief=1 \
    --gtest_filter='$without_threads' || exit 255"
export FURL_NATIVE=$PWD/build/$native/furl
export FURL_WEB_MODELS=$PWD/build/web/models
mkdir -p "$FURL_WEB_MODELS"
"build/$native/tests/conformance/furl_make_models" "$FURL_WEB_MODELS"
node --test web/tests/*.test.js
echo "test_web: passed"
