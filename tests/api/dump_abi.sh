#!/usr/bin/env bash
# Prints the binary interface of a shared library, as far as the public headers tell of it.
# Paths of sources differ between build folders and are left out.
#
# usage: dump_abi.sh SOURCE_DIR LIBRARY
set -euo pipefail
abidw --headers-dir "$1/include/furl" --drop-private-types --exported-interfaces-only \
  --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --type-id-style hash "$2" |
  sed -E "s| path='[^']*/| path='|"
