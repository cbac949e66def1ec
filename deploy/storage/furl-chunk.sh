#!/usr/bin/env bash
# Codes chunks of a plan on a machine that shares no folder: the plan and the input are read by
# their addresses, what is coded is sent by PUT, as pre-signed addresses of object storage take it.
#
# usage: deploy/storage/furl-chunk.sh PLAN_URL INPUT_URL PUT_URL CHUNK...
#   PUT_URL   with {} where the name of a file goes: 00017.furl, then 00017.json. Where each name
#             has an address of its own (they are signed one by one), a command that prints it for
#             the name it is given: "!./sign-put"
#   FURL      the tool (default furl)
#   TRIES     of each transfer (default 5)
#
# Where they are joined, the two files of each chunk go into PLAN.chunks.
set -euo pipefail
if (($# < 4)); then
  sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=${FURL:-furl}
plan_url=$1 input_url=$2 put_url=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

transfer() { curl -fsS --retry "${TRIES:-5}" --retry-connrefused --retry-delay 1 "$@"; }

address_of() {
  if [[ $put_url == '!'* ]]; then
    "${put_url#!}" "$1"
  else
    echo "${put_url/'{}'/$1}"
  fi
}

transfer -o "$work/plan" "$plan_url"
for chunk in "$@"; do
  "$furl" encode --plan "$work/plan" --chunk "$chunk" --input "$input_url"
  # The record last: a chunk without one isn't done.
  for suffix in furl json; do
    name=$(printf '%05d.%s' "$chunk" "$suffix")
    transfer -T "$work/plan.chunks/$name" "$(address_of "$name")"
  done
done
