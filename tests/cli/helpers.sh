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

# stand_in_vmaf FOLDER: a program vmaf that takes three times the mean difference off
# 100, as a score that falls with the crf. It needs awk, bash, cat, cmp and stat, and keeps
# what it was given in $VMAF_KEEPS.
stand_in_vmaf() {
  cat > "$1/vmaf" <<'SCRIPT'
#!/usr/bin/env bash
# usage: vmaf --reference A --distorted B --json --output C --threads N
cat "$2" >> "$VMAF_KEEPS/original.y4m"
cat "$4" > "$VMAF_KEEPS/distorted.y4m"
read -r header < "$2"
[[ $header =~ ^YUV4MPEG2\ W([0-9]+)\ H([0-9]+)\  ]] || exit 9
frames=$((($(stat -c %s "$2") - ${#header} - 1) / (BASH_REMATCH[1] * BASH_REMATCH[2] * 3 / 2 + 6)))
score=$(cmp -l "$2" "$4" | awk -v bytes="$(stat -c %s "$2")" '
  function value(octal) { return int(octal / 100) * 64 + int(octal % 100 / 10) * 8 + octal % 10 }
  { difference = value($2) - value($3); sum += difference < 0 ? -difference : difference }
  END { print 100 - 3 * sum / bytes }')
{
  echo '{"frames": ['
  for ((i = 0; i < frames; ++i)); do
    ((i == 0)) || echo ,
    echo "{\"metrics\": {\"vmaf\": $score}}"
  done
  echo ']}'
} > "$7"
SCRIPT
  chmod +x "$1/vmaf"
}

finish() {
  if ((failures > 0)); then
    echo "$failures checks failed"
    exit 1
  fi
  echo "all checks passed"
}
