#!/usr/bin/env bash
# Installs what building, testing and the demo need on Debian 12 or newer.
# Does nothing when everything is there.
#
# usage: scripts/install-deps.sh [build] [train]
#   build  the codec, its tools, tests and benchmarks (default)
#   train  also the trainer (libtorch)
set -euo pipefail

build=(
  ca-certificates g++ cmake ninja-build ccache pkg-config git
  libhwy-dev nlohmann-json3-dev
  libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswscale-dev libswresample-dev
  libcli11-dev libfmt-dev libspdlog-dev libzimg-dev
  libgtest-dev libgmock-dev libbenchmark-dev libdnnl-dev
  ffmpeg chromium qemu-user g++-aarch64-linux-gnu
  clang-14 libclang-rt-14-dev clang-format-14 abigail-tools
)
train=(libtorch-dev)

wanted=()
groups=("$@")
[[ ${#groups[@]} -eq 0 ]] && groups=(build)
for group in "${groups[@]}"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    train) wanted+=("${build[@]}" "${train[@]}") ;;
    *)
      echo "install-deps: unknown group $group (build, train)" >&2
      exit 2
      ;;
  esac
done

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
  [[ $status == ii* ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo "install-deps: everything is installed"
  exit 0
fi

echo "install-deps: installing ${missing[*]}"
root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo > /dev/null; then
    echo "install-deps: not root and no sudo; please install: ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3)
"${apt[@]}" update
"${apt[@]}" install -y --no-install-recommends "${missing[@]}"
