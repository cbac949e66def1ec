#!/usr/bin/env bash
# Measures furl's families beside x264 and x265 (default tuning) at 0.005 to 0.03 bit per pixel,
# and prints what each needs at equal MS-SSIM, SSIM and PSNR. Results that are there are kept.
#
# usage: scripts/measure_low_rates.sh FOLDER CLIP...
#   FOLDER     gets a result file per codec (results/low_rate)
#   FURL       the tool (default build/release/furl)
#   FURL_CODECS  of furl (default vq=furl:vq,transform=furl)
set -euo pipefail
cd "$(dirname "$0")/.."
if (($# < 2)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
furl=${FURL:-build/release/furl}
folder=$1
shift
metrics=psnr,ssim,ms-ssim

# Quality levels that span these rates: crf means something else to each.
measure() {
  local codecs=$1 anchor=${1%%[=,]*} levels=$2
  shift 2
  "$furl" eval "$@" --codec "$codecs" --anchor "$anchor" --levels "$levels" --metric "$metrics" \
    --out "$folder" > /dev/null
}

measure x264-medium-default,x265-medium-default 33,37,41,45,49 "$@"
measure "${FURL_CODECS:-vq=furl:vq,transform=furl}" 43,47,51,55,59 "$@"
"$furl" eval "$folder"/*.json --anchor x264-medium-default --metric "$metrics"
