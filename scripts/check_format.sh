#!/usr/bin/env bash
# Fails when a source file is not formatted as .clang-format says.
#
# usage: scripts/check_format.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
format=$(command -v clang-format-14 || command -v clang-format)
arguments=(--dry-run -Werror)
[[ ${1:-} == --fix ]] && arguments=(-i)
git ls-files -z '*.cc' '*.h' '*.hpp' | xargs -0 "$format" "${arguments[@]}"
