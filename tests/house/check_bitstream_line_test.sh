#!/usr/bin/env bash
# scripts/check_bitstream_line.sh must accept commits that tell the truth and refuse the others.
# usage: check_bitstream_line_test.sh SOURCE_ROOT
set -euo pipefail
check=$1/scripts/check_bitstream_line.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree"
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t
export GIT_COMMITTER_EMAIL=t@t
git init -q
mkdir -p scripts tests/golden tests/conformance/streams
commit() { git add -A && git commit -q --allow-empty -m "$1"; }
expect() {  # pass or fail, a name for the message; undoes the last commit if it fails
  local result=pass
  "$check" > report 2>&1 || result=fail
  if [[ $result != "$1" ]]; then
    echo "$2: not $1"
    cat report
    exit 1
  fi
  rm report
  [[ $1 == pass ]] || git reset -q --hard HEAD^
}

printf 'case,bytes\na,1\nsignature,x\n' > tests/golden/sizes.csv
echo a > tests/conformance/streams/a.furl
commit "history before the check needs no line"
expect pass "no check yet"
cp "$check" scripts/
commit "the check itself"
expect pass "start"
commit $'area: nothing\n\nBitstream: unchanged.'
expect pass "unchanged"
commit "no line"
expect fail "no line"
sed -i 's/a,1/a,2/' tests/golden/sizes.csv
commit $'x\n\nBitstream: unchanged.'
expect fail "a row changed"
sed -i 's/a,1/a,2/' tests/golden/sizes.csv
commit $'x\n\nBitstream: changed. 2 % more.'
expect pass "a row changed and said so"
echo b > tests/conformance/streams/a.furl
commit $'x\n\nBitstream: unchanged.'
expect fail "a stream changed"
git rm -q tests/conformance/streams/a.furl
commit $'x\n\nBitstream: unchanged.'
expect fail "a stream went away"
commit $'x\n\nBitstream: changed.'
expect fail "nothing changed"
printf 'case,bytes\na,2\nb,1\nsignature,y\n' > tests/golden/sizes.csv
echo b > tests/conformance/streams/b.furl
commit $'x\n\nBitstream: unchanged.'
expect pass "new rows and streams"
git checkout -q -b side HEAD^
commit $'y\n\nBitstream: unchanged.'
git checkout -q -
git merge -q --no-ff -m "a merge needs no line" side
expect pass "merge"
echo "all untrue commits were found"
