#!/usr/bin/env bash
# Installs the packages that scripts/package_deb.sh made into a new, minimal Debian, which has nothing
# but what they depend on, and tries them there: tests/packages/installed_test.sh.
#
# usage: scripts/test_deb.sh          (as root)
#   FURL_APT_SOURCES  where the Debian comes from: a file of sources or the address of a mirror
#                     (default: this machine's sources)
#   FURL_KEEP_ROOT    set: the root stays in build/packages/root
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$PWD/build/packages
root=$packages/root
sources=${FURL_APT_SOURCES:-}
for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
  [[ -n $sources || ! -s $file ]] || sources=$file
done
command -v mmdebstrap > /dev/null || { echo "test_deb: no mmdebstrap (install-deps.sh package)"; exit 1; }
compgen -G "$packages/*.deb" > /dev/null || { echo "test_deb: no packages; package_deb.sh"; exit 1; }

rm -rf "$root"
cleanup() { [[ -n ${FURL_KEEP_ROOT:-} ]] || rm -rf "$root"; }
trap cleanup EXIT
mmdebstrap --mode=root --variant=minbase \
  --customize-hook="mkdir -p '$root/test/tests'" \
  --customize-hook="copy-in $(echo "$packages"/*.deb | tr '\n' ' ') /test" \
  --customize-hook="copy-in assets python /test" \
  --customize-hook="copy-in tests/install tests/packages /test/tests" \
  --customize-hook="chroot '$root' sh -c 'apt-get install -y --no-install-recommends /test/*.deb'" \
  --customize-hook="chroot '$root' apt-get install -y --no-install-recommends \
                      gcc libc6-dev g++ cmake make pkg-config gstreamer1.0-tools" \
  --customize-hook="chroot '$root' /test/tests/packages/installed_test.sh /test" \
  bookworm "$root" "$sources"
echo "test_deb: good"
