#!/usr/bin/env bash
# Every commit must say whether it changes what the encoder writes, and be right: its message
# holds the line `Bitstream: unchanged.` or `Bitstream: changed.` (more may follow on it), and it
# changes rows of tests/golden/sizes.csv or files of tests/conformance/streams exactly if it says
# so. New rows and new files change nothing. Merges are exempt, and so is all history before the
# commit that added this script.
#
# usage: scripts/check_bitstream_line.sh [RANGE]     (default: the last 20 commits)
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
sizes=tests/golden/sizes.csv
streams=tests/conformance/streams

# The rows of a commit's golden sizes that name a case.
rows() { git show "$1:$sizes" 2> /dev/null | grep -v '^signature,' | sort || true; }

# What a commit does to existing rows and streams; nothing if they stay as they are.
changes() {
  comm -23 <(rows "$1^") <(rows "$1")
  git diff --no-renames --diff-filter=MDT --name-only "$1^" "$1" -- "$streams"
}

start=$(git log --diff-filter=A --format=%H -- scripts/check_bitstream_line.sh | tail -1)
if [[ -z $start ]]; then
  echo "no commit adds the check yet"
  exit 0
fi
range=("${1:-HEAD}")
[[ $# -gt 0 ]] || range=(-n 20 HEAD)
bad=0
checked=0
for commit in $(git rev-list --no-merges "${range[@]}" "^$start"); do
  # Skipped: the oldest commit of a shallow clone, and branches begun before there were sizes.
  git cat-file -e "$commit^:$sizes" 2> /dev/null || continue
  checked=$((checked + 1))
  name=$(git log -1 --format='%h %s' "$commit")
  said=$(git log -1 --format=%B "$commit" | grep -oE '^Bitstream: (un)?changed\b' | tail -1 || true)
  what=$(changes "$commit")
  if [[ -z $said ]]; then
    echo "$name: no line \"Bitstream: unchanged.\" or \"Bitstream: changed.\""
  elif [[ $said == *unchanged && -n $what ]]; then
    printf '%s: says unchanged, but changes\n%s\n' "$name" "$what"
  elif [[ $said != *unchanged && -z $what ]]; then
    echo "$name: says changed, but no golden size and no stream shows it"
  else
    continue
  fi
  bad=1
done
[[ $bad == 0 ]] || exit 1
echo "$checked commits say what they do to the bitstream"
