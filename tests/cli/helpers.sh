# What the tests of the furl tool share; sourced by them with the tool's path as
# $1. Leaves them in an empty folder that goes away at the end.
# shellcheck shell=bash
set -uo pipefail
furl=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
export NO_COLOR=1

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# expect CODE command...: the command must end with that exit code.
expect() {
  local want=$1 got=0
  shift
  "$@" > stdout.txt 2> stderr.txt < /dev/null || got=$?
  [[ $got == "$want" ]] || { fail "exit $got instead of $want: $*"; sed 's/^/    /' stderr.txt; }
}

# same WHAT expected actual
same() { [[ $2 == "$3" ]] || fail "$1: expected '$2', got '$3'"; }

make() { ffmpeg -nostdin -v error -y "$@" || fail "ffmpeg $*"; }

no_leftovers() { [[ -z $(ls -A "$1") ]] || fail "left behind: $(ls -A "$1")"; }

finish() {
  if ((failures > 0)); then
    echo "$failures checks failed"
    exit 1
  fi
  echo "all checks passed"
}
