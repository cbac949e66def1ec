#!/usr/bin/env bash
# Writes the BD-rate table of the README, between its "numbers" markers, from
# results/rd/. Run after measuring.
#
# usage: scripts/readme_numbers.sh [path of furl]
set -euo pipefail
cd "$(dirname "$0")/.."
tool=${1:-build/release/furl}
table=$("$tool" eval results/rd/*.json --anchor x265-medium --table results/bd_rate.json)
awk -v table="$table" '
  /<!-- numbers -->/ { print; print ""; print table; print ""; skip = 1; next }
  /<!-- end of numbers -->/ { skip = 0 }
  !skip { print }
' README.md > README.md.new
mv README.md.new README.md
