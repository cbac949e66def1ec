#!/usr/bin/env bash
# Speed of two builds of furl side by side: encodes and decodes a clip with both in turns and
# prints the median of the ratios new / old of their CPU times. Pause everything else first.
#
# usage: scripts/compare_speed.sh OLD_FURL NEW_FURL CLIP [rounds, default 7] [encode options]
set -euo pipefail
if (($# < 3)); then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
old=$1 new=$2 clip=$3 rounds=${4:-7}
shift $(($# < 4 ? $# : 4))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# cpu COMMAND...: prints the seconds of CPU it takes.
cpu() {
  local TIMEFORMAT='%U %S'
  { time "$@" >/dev/null 2>&1 </dev/null; } 2>&1 | awk '{print $1 + $2}'
}

"$old" encode "$clip" -o "$work/old.mkv" -q "$@"
"$new" encode "$clip" -o "$work/new.mkv" -q "$@"
for _ in $(seq "$rounds"); do
  o=$(cpu "$old" encode "$clip" -o "$work/x.mkv" -y -q "$@")
  n=$(cpu "$new" encode "$clip" -o "$work/x.mkv" -y -q "$@")
  echo "encode $o $n"
  o=$(cpu "$old" decode "$work/old.mkv" -o "$work/x.y4m" -y -q)
  n=$(cpu "$new" decode "$work/new.mkv" -o "$work/x.y4m" -y -q)
  echo "decode $o $n"
done >"$work/times"
for what in encode decode; do
  grep "^$what" "$work/times" | awk '{print $3 / $2, $2, $3}' | sort -n |
    awk -v what="$what" '{ratio[NR] = $1; old += $2; new += $3}
      END {printf "%s: new / old %.3f (median of %d; %.3f to %.3f), %.2f and %.2f s of CPU\n",
           what, ratio[int((NR + 1) / 2)], NR, ratio[1], ratio[NR], new / NR, old / NR}'
done
