#!/usr/bin/env bash
# Fails when a source file is not formatted as .clang-format says.
#
# usage: scripts/check_format.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
format=$(command -v clang-format-14 || command -v clang-format)
arguments=(--dry-run -Werror)
[[ ${1:-} == --fix ]] && arguments=(-i)
# A source archive has no git; its sources are all there is.
list() {
  if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
    git ls-files -z '*.cc' '*.h' '*.hpp'
  else
    find src include bench tests fuzz -name '*.cc' -print0 -o -name '*.h' -print0 \
      -o -name '*.hpp' -print0
  fi
}
list | xargs -0 "$format" "${arguments[@]}"
