#!/usr/bin/env bash
# Makes the Debian packages, into build/packages, and has lintian look at them: an error or a
# warning fails. Left out are the trainer where libtorch is missing, and the player of browsers where
# scripts/package_web.sh has not made it.
#
# usage: scripts/package_deb.sh [build folder]
#   build folder  is packaged as it is, instead of a build with Debian's flags; configured with
#                 -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=lib/TRIPLET
#                 -DFURL_ZSH_DIR=share/zsh/vendor-completions
#   FURL_JOBS     parallel jobs (default: all cores)
#   FURL_NO_DEPS  set: don't install packages
set -euo pipefail
cd "$(dirname "$0")/.."
[[ -n ${FURL_NO_DEPS:-} ]] || scripts/install-deps.sh package

packages=$PWD/build/packages
version=$(dpkg-parsechangelog -S Version)
source=$packages/furl-$version
profiles=()
arguments=(-b -uc -us -nc)
if [[ -n ${1:-} ]]; then
  FURL_BUILD=$(realpath "$1")
  export FURL_BUILD
  arguments+=(-d)  # it has been built
  [[ -e $FURL_BUILD/src/train/furl-train ]] || profiles+=(pkg.furl.notrain)
elif ! dpkg-query -W -f '${db:Status-Abbrev}' libtorch-dev 2> /dev/null | grep -q '^ii'; then
  profiles+=(pkg.furl.notrain)
fi
[[ -e build/web/package/furl-player.js ]] || profiles+=(pkg.furl.noplayer)
echo "package_deb: profiles: ${profiles[*]:-all packages}"

# A copy of the tree, whose objects stay from one call to the next.
mkdir -p "$source"
rm -rf "$source/debian" "$packages"/*.deb
git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$source"
if [[ -d build/web/package ]]; then
  mkdir -p "$source/build/web"
  cp -r build/web/package "$source/build/web"
fi
# debhelper takes $HOME away, where ccache keeps what it has.
if command -v ccache > /dev/null; then
  CCACHE_DIR=$(ccache -k cache_dir)
  export CCACHE_DIR
fi
export DEB_BUILD_PROFILES="${profiles[*]}"
export DEB_BUILD_OPTIONS="nocheck parallel=${FURL_JOBS:-$(nproc)}"
(cd "$source" && dpkg-buildpackage "${arguments[@]}")

rm -f "$packages"/*-dbgsym_*.deb  # of use where packages are kept by version
lintian --fail-on error,warning --tag-display-limit 0 "$packages"/*.deb
ls -l "$packages"/*.deb
