#!/usr/bin/env bash
# Writes what results/rd/ says between the "numbers" markers of two pages: the means
# into README.md, the table of all clips into docs/results.md. Run after measuring.
#
# usage: scripts/readme_numbers.sh [path of furl]
set -euo pipefail
cd "$(dirname "$0")/.."
tool=${1:-build/release/furl}
anchor=x265-medium
table=$("$tool" eval results/rd/*.json --anchor $anchor --table results/bd_rate.json)

# means: one row per codec of the rows "mean" and "95 % interval", fewest bits first.
means() {
  local clips
  clips=$(grep -cE '^\| [a-z]+_[0-9]+x' <<< "$table")
  echo "Bits at equal PSNR against $anchor, mean of $clips clips (negative: fewer bits):"
  echo
  echo "| codec | mean | 95 % interval |"
  echo "|---|---:|---:|"
  awk -F ' *\\| *' '
    $2 == "clip" { for (i = 3; i < NF; ++i) name[i] = $i; columns = NF }
    $2 == "**mean**" { for (i = 3; i < NF; ++i) { gsub(/[*]/, "", $i); mean[i] = $i } }
    $2 == "95 % interval" { for (i = 3; i < NF; ++i) interval[i] = $i }
    END {
      for (i = 3; i < columns; ++i)
        printf "%s\t| %s | %s %% | %s |\n", mean[i], name[i], mean[i], interval[i]
    }' <<< "$table" | LC_ALL=C sort -s -g | cut -f 2
}

# write PAGE TEXT: TEXT becomes what stands between the markers of PAGE.
write() {
  local page=$1 text=$2
  awk -v text="$text" '
    /<!-- numbers -->/ { print; print ""; print text; print ""; skip = 1; next }
    /<!-- end of numbers -->/ { skip = 0 }
    !skip { print }
  ' "$page" > "$page.new"
  mv "$page.new" "$page"
}

write README.md "$(means)"
write docs/results.md "$table"
