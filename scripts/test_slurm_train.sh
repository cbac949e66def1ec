#!/usr/bin/env bash
# Runs deploy/slurm/furl-train.sbatch against a Slurm of its own on this machine (as root): two
# processes train together, one is killed after the first checkpoint, and the run goes on to its end.
# A longer check, not one of ctest.
#
# usage: scripts/test_slurm_train.sh CLIPS [path/to/furl-train]
#   CLIPS   a folder of videos (two dozen are enough)
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
if (($# < 1)); then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
clips=$(realpath "$1")
train=$(realpath "${2:-build/train/src/train/furl-train}")
# shellcheck source=scripts/slurm_common.sh
source scripts/slurm_common.sh

cd "$work"
recipe=$root/recipes/squeeze_t.json
"$train" prepare --recipe "$recipe" --clips "$clips" --output cache > prepare.log
steps=120
FURL_TRAIN=$train sbatch --output train.log --cpus-per-task 1 --ntasks 2 --overcommit \
  "$root/deploy/slurm/furl-train.sbatch" "$work/run" --arch "$recipe" --cache "$work/cache" \
  --part intra --batch 4 --crop 128 --steps "$steps" --validate-every 20 --save-minutes 0.05
for _ in $(seq 300); do
  [[ -e run/latest.safetensors ]] && break
  sleep 0.5
done
sleep 2
victim=$(pgrep -n -f "^$train (start|continue)")
echo "kills $victim: $(tr '\0' ' ' < "/proc/$victim/cmdline" | cut -c1-60)..."
kill -9 "$victim"
while squeue -h | grep -q .; do sleep 1; done
sed 's/^/  /' train.log | tail -n 40
grep -q "ended early" train.log || { echo "nothing was killed" >&2; exit 1; }
reached=$(grep -o '"step":[0-9]*' run/log.jsonl | tail -n 1 | cut -d: -f2)
((reached >= steps)) || { echo "did not go on behind step ${reached:-none}" >&2; exit 1; }
echo "the run went on to step $reached"
