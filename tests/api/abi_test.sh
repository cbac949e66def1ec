#!/usr/bin/env bash
# Compares a shared library with the committed dump of its binary interface: functions, structs
# and enumerations of the public headers. Any difference fails; where it is intended and old
# programs keep working, scripts/update_abi.sh writes the dumps anew.
#
# usage: abi_test.sh SOURCE_DIR LIBRARY DUMP
# Exit code 77 (skipped) without abidiff, debug information, or on another CPU than the dump's.
set -euo pipefail
source_dir=$1 library=$2 dump=$3
skip() {
  echo "skipped: $1"
  exit 77
}
command -v abidiff > /dev/null || skip "no abidiff (Debian package abigail-tools)"
[[ $(uname -m) == x86_64 ]] || skip "the dump is of x86_64"
readelf -S --wide "$library" | grep -q '\.debug_info' || skip "$library has no debug information"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Dump against dump: abidiff takes the structs of a dump for private beside a library's own.
"$(dirname "$0")/dump_abi.sh" "$source_dir" "$library" > "$work/now.abi"
abidiff --harmless "$dump" "$work/now.abi"
