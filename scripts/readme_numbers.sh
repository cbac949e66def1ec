#!/usr/bin/env bash
# Writes the BD-rate table of the README, between its "numbers" markers, from
# results/rd/. Run after measuring.
#
# usage: scripts/readme_numbers.sh [path of furl-rd]
set -euo pipefail
cd "$(dirname "$0")/.."
tool=${1:-build/release/bench/rd/furl-rd}
anchor=results/rd/x265-medium.json
table=$("$tool" bd --anchor "$anchor" results/rd/*.json --json results/bd_rate.json)
awk -v table="$table" '
  /<!-- numbers -->/ { print; print ""; print table; print ""; skip = 1; next }
  /<!-- end of numbers -->/ { skip = 0 }
  !skip { print }
' README.md > README.md.new
mv README.md.new README.md
