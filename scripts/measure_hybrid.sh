#!/usr/bin/env bash
# Measures furl above bases of x264, x265 and SVT-AV1 at half size, all bits counted, beside furl
# alone and x264 medium, and prints what each needs at equal PSNR. Results that are there are kept.
#
# usage: scripts/measure_hybrid.sh FOLDER CLIP...
#   FOLDER     gets a result file per codec (results/hybrid)
#   FURL       the tool (default build/release/furl)
#   BASES      codecs above bases (default furl-on-x264,furl-on-x265,furl-on-av1)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 2)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=${FURL:-build/release/furl}
folder=$1
shift
"$furl" eval "$@" --codec "${BASES:-furl-on-x264,furl-on-x265,furl-on-av1},furl,x264-medium" \
  --anchor x264-medium-default --out "$folder"
