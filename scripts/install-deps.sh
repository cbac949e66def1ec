#!/usr/bin/env bash
# Installs packages of Debian 12 or newer, by group. Does nothing when everything
# is there.
#
# usage: scripts/install-deps.sh [group...]     (default: test)
#   demo   the codec, its tool and scripts/demo.sh
#   test   also all tests, benchmarks and fuzzers; "build" is another name for it
#   web    what scripts/test_web.sh and scripts/demo_streaming.sh need: emscripten
#   train  also the trainer (libtorch)
#   package  what scripts/package_deb.sh and scripts/test_deb.sh need, and the trainer
set -euo pipefail

# One array per kind of need, so that each can grow alone.
compiler=(g++ cmake ninja-build pkg-config)
libraries=(
  libhwy-dev nlohmann-json3-dev libcli11-dev libfmt-dev libspdlog-dev libseccomp-dev
  libmicrohttpd-dev  # furl serve; optional
  libsqlite3-dev     # furl index, furl search; optional
  libsodium-dev      # encrypted files, signed models; optional
)
ffmpeg_libraries=(
  libavformat-dev libavcodec-dev libavdevice-dev libavfilter-dev libavutil-dev libswscale-dev libswresample-dev
)
programs=(ffmpeg)  # the demo and the tests of the tool make, measure and probe files with it

test_libraries=(libgtest-dev)
bench_libraries=(libbenchmark-dev libdnnl-dev)
test_programs=(git ccache abigail-tools)
test_programs+=(chromium)    # opens the pages of src/report
test_programs+=(curl)        # asks furl serve
test_programs+=(mkvtoolnix)  # makes files that furl must take for whole
test_programs+=(minisign)    # signs models
test_programs+=(mandoc bsdextrautils zsh fish)  # read man pages and completions
test_programs+=(python3-numpy python3-pip python3-setuptools python3-wheel)  # the Python binding
test_programs+=(shared-mime-info desktop-file-utils libglib2.0-bin librsvg2-bin file)  # desktops
gstreamer=(  # optional: without it there is no plugin
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev gstreamer1.0-tools
  gstreamer1.0-plugins-base gstreamer1.0-plugins-base-apps gstreamer1.0-plugins-good
)
aarch64=(qemu-user g++-aarch64-linux-gnu)
clang=(clang-14 llvm-14 libclang-rt-14-dev clang-format-14)
torch=(libtorch-dev libgloo-dev)
debian=(debhelper dh-python dpkg-dev lintian mmdebstrap)
emscripten=(emscripten nodejs node-acorn firefox-esr)
emscripten+=(gstreamer1.0-libav)  # scripts/demo_streaming.sh: H.264 in GStreamer

demo=("${compiler[@]}" "${libraries[@]}" "${ffmpeg_libraries[@]}" "${programs[@]}")
test=("${demo[@]}")
test+=("${test_libraries[@]}" "${bench_libraries[@]}" "${test_programs[@]}")
test+=("${gstreamer[@]}" "${aarch64[@]}" "${clang[@]}")
web=("${test[@]}" "${emscripten[@]}")
train=("${test[@]}" "${torch[@]}")
package=("${train[@]}" "${debian[@]}")

wanted=()
groups=("$@")
[[ ${#groups[@]} -eq 0 ]] && groups=(test)
for group in "${groups[@]}"; do
  case $group in
    demo) wanted+=("${demo[@]}") ;;
    test | build) wanted+=("${test[@]}") ;;
    web) wanted+=("${web[@]}") ;;
    train) wanted+=("${train[@]}") ;;
    package) wanted+=("${package[@]}") ;;
    *)
      echo "install-deps: unknown group $group (demo, test, web, train, package)" >&2
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
