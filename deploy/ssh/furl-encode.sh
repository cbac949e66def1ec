#!/usr/bin/env bash
# Codes a video on machines that can be reached by SSH, with GNU parallel. The input, the output and
# the tool are at the same paths on all of them (a shared folder). A chunk that fails is tried again
# elsewhere; the same command again codes what is missing.
#
# usage: deploy/ssh/furl-encode.sh MACHINES INPUT OUTPUT [SETTINGS OF furl encode]
#   MACHINES   as parallel --sshlogin has them: 4/render1,8/render2; ":" is this one
#   FURL       the tool (default furl)
#   THREADS    of a chunk (default 2)
#   TRIES      of a chunk (default 3)
set -euo pipefail
if (($# < 3)); then
  sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=${FURL:-furl}
machines=$1
input=$(realpath "$2") output=$(realpath "$3")
plan=$output.plan

[[ -e $plan ]] || "$furl" plan "$input" -o "$plan" "${@:4}"
# number NAME: what the plan's status says of it.
number() {
  "$furl" plan --status "$plan" --json | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" | tail -n 1
}
chunks=$(number chunks)
while true; do
  seq 0 $((chunks - 1)) |
    parallel --sshlogin "$machines" --retries "${TRIES:-3}" --halt soon,fail=1 --line-buffer \
      "$furl" encode --plan "$plan" --threads "${THREADS:-2}" --chunk
  joined=0
  "$furl" join "$plan" -o "$output" -y || joined=$?
  # Where a --bitrate or --size is missed, the plan gets another crf, for which no chunk is done.
  if (($(number done) == chunks)); then exit "$joined"; fi
done
