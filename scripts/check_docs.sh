#!/usr/bin/env bash
# Every file or folder that a page names in `backticks` must exist: paths that
# start with a folder of this repository, globs and {a,b} lists included, and
# the targets of relative links. And no line has more than 100 columns, but for
# rows of tables and for a single word that can't be broken, such as an address.
#
# usage: scripts/check_docs.sh [source root]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
shopt -s nullglob

failed=0
checked=0

# Complains unless $2, named in page $1, exists.
check() {
  local page=$1 path=$2 matches
  checked=$((checked + 1))
  if [[ $path == *'{'* ]]; then
    local head=${path%%\{*} rest=${path#*\{} part
    IFS=, read -ra parts <<< "${rest%%\}*}"
    for part in "${parts[@]}"; do check "$page" "$head$part${rest#*\}}"; done
    return
  fi
  matches=($path)
  if [[ ${#matches[@]} -eq 0 || ! -e ${matches[0]} ]]; then
    echo "$page names $path, which does not exist"
    failed=1
  fi
}

# Complains of the long lines of page $1.
check_width() {
  local page=$1 line
  while IFS= read -r line; do
    echo "$page:${line%%:*} has more than 100 columns"
    failed=1
  done < <(LC_ALL=C.UTF-8 grep -nE '^.{101,}$' "$page" |
           LC_ALL=C.UTF-8 grep -vE '^[0-9]+:(\||[ ]*([-*+] )?[^ ]+$)')
}

folders='src|docs|scripts|tests|bench|results|assets|recipes|models|include|cmake|fuzz|examples'
for page in *.md docs/*.md docs/*/*.md assets/*.md models/*.md; do
  check_width "$page"
  # CHANGELOG tells history: files it names may be gone.
  [[ $page == CHANGELOG.md ]] && continue
  while read -r path; do
    check "$page" "$path"
  done < <(grep -oE "\`($folders)/[A-Za-z0-9_./*{},-]*\`" "$page" | tr -d '`' | sort -u)
  while read -r path; do
    check "$page" "$(dirname "$page")/${path%%#*}"
  done < <(grep -oE '\]\([A-Za-z0-9_./-]+(#[A-Za-z0-9_-]*)?\)' "$page" |
           sed -E 's/^\]\(//; s/\)$//' | sort -u)
done

if [[ $checked -eq 0 ]]; then
  echo "check_docs: found nothing to check" >&2
  exit 1
fi
echo "check_docs: $checked names checked"
exit $failed
