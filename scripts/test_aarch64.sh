#!/usr/bin/env bash
# Cross-compiles base, image, filter, nn and motion for AArch64 and runs their tests under qemu,
# with and without the dot product instructions; among them nn's golden hashes,
# which are the same on every architecture.
#
# usage: scripts/test_aarch64.sh
#   FURL_JOBS   parallel jobs (default: all cores)
# Needs: g++-aarch64-linux-gnu qemu-user libgtest-dev (for its sources) libhwy-dev
# (for its headers).
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/aarch64

# The one host header folder the cross compiler may see.
mkdir -p $build/host_include
ln -sfn /usr/include/hwy $build/host_include/hwy

cmake -G Ninja -S . -B $build --toolchain "$PWD/cmake/toolchain-aarch64.cmake" \
  -DCMAKE_BUILD_TYPE=Release -DFURL_CORE_ONLY=ON \
  -DFURL_GTEST_SOURCE=/usr/src/googletest -DHWY_INCLUDE_DIR="$PWD/$build/host_include"
cmake --build $build -j "${FURL_JOBS:-$(nproc)}" \
  --target base_tests image_tests filter_tests nn_tests motion_tests motion_search_tests

# The longest first; one that fails ends all (255). nn: with SDOT and without.
printf '%s\n' "-cpu cortex-a53 $build/src/nn_tests" "-cpu max $build/src/nn_tests" \
  $build/src/{motion_search,motion,filter,image,base}_tests |
  xargs -P "$(nproc)" -I '{}' sh -c 'qemu-aarch64 -L /usr/aarch64-linux-gnu {} --gtest_brief=1 ||
    exit 255'
echo "test_aarch64: passed"
