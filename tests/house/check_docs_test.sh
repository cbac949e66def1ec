#!/usr/bin/env bash
# scripts/check_docs.sh must accept existing names and lines of 100 columns, and
# report missing names and longer lines.
# usage: check_docs_test.sh SOURCE_ROOT
set -euo pipefail
check=$1/scripts/check_docs.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{src/base,docs}
touch "$tree"/src/base/{a.h,a.cc} "$tree/docs/other.md"
good='See `src/base/a.h`, `src/base/a.{h,cc}`, `src/base/*.cc`, `std::a/b` and [x](other.md#top).'
echo "$good" > "$tree/docs/page.md"
"$check" "$tree"
for bad in '`src/base/b.h`' '`src/base/a.{h,txt}`' '`src/none/*.cc`' '[x](gone.md)'; do
  printf '%s\n%s\n' "$good" "$bad" > "$tree/docs/page.md"
  if "$check" "$tree" > /dev/null; then
    echo "accepted: $bad"
    exit 1
  fi
done
echo "all missing names were found"

# repeat TEXT N: TEXT N times.
repeat() { local i; for ((i = 0; i < $2; i++)); do printf %s "$1"; done; }
# Columns are characters, not bytes; a row of a table and an address may be longer.
fits=("$(repeat 'é ' 50)" "| $(repeat 'x ' 60)|" "- <https://$(repeat x 120)>")
printf '%s\n' "$good" "${fits[@]}" > "$tree/docs/page.md"
"$check" "$tree"
for bad in "$(repeat 'x ' 50)x" "    $(repeat 'code ' 20)" "- $(repeat 'é ' 50)"; do
  printf '%s\n%s\n' "$good" "$bad" > "$tree/docs/page.md"
  if "$check" "$tree" > /dev/null; then
    echo "accepted: $bad"
    exit 1
  fi
done
echo "all long lines were found"
