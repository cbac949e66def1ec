#!/usr/bin/env bash
# Trains the model transform-s from nothing: clips to model file, checked by the parity
# test. Steps whose result is there are skipped and training runs go on where they
# were, so the same command continues after an interruption.
#
# usage: scripts/train_transform_s.sh CLIPS FOLDER [furl-train options for every run]
#   CLIPS        a folder of videos
#   FOLDER       gets caches, checkpoints, logs and transform-s.furlmodel
#   FURL_TRAIN   the trainer (default build/train/src/train/furl-train)
#   FURL_STEPS   length of the schedules in percent (default 100; 1 to try it out)
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
if (($# < 2)); then
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
train=$(realpath "${FURL_TRAIN:-$root/build/train/src/train/furl-train}")
clips=$(realpath "$1")
recipe=$root/recipes
mkdir -p "$2"
cd "$2"
shift 2
extra=("$@")

steps() { echo $(($1 * ${FURL_STEPS:-100} / 100)); }

# once RESULT COMMAND...: runs the trainer unless RESULT exists.
once() {
  local result=$1
  shift
  if [[ ! -e $result ]]; then "$train" "$@"; fi
}

# calibrate MODEL RESULT OPTIONS...: symbol tables and loop filter, unless RESULT exists.
calibrate() {
  local from=$1 result=$2
  shift 2
  if [[ -e $result ]]; then return; fi
  "$train" calibrate --cache cache --model "$from" --output "$result.part" "$@"
  mv "$result.part" "$result"
}

# run NAME FROM OPTIONS...: a training run to its end, from a checkpoint or from "nothing".
run() {
  local name=$1 from=$2 mode=(start)
  shift 2
  if [[ -e $name/done ]]; then return; fi
  if [[ -e $name/latest.safetensors ]]; then
    mode=(continue)
  elif [[ $from != nothing ]]; then
    mode=(fork --from "$from")
  fi
  "$train" "${mode[@]}" --arch "$recipe/transform_s.json" --cache cache --run "$name" "$@" "${extra[@]}"
  touch "$name/done"
}

# export_model DUMP INTRA INTER RESULT: a model file from two runs.
export_model() {
  once "$4" export --arch "$recipe/transform_s.json" --cache cache --dumps "$1" \
    --from "$2/latest.safetensors" --from "$3/latest.safetensors" \
    --card "$recipe/transform_s_card.json" --output "$4"
}

# dump NAME MODEL: what MODEL leaves to code of all clips.
dump() { once "$1/index.json" dump --cache cache --model "$2" --output "$1" --clips 143 --frames 17; }

# inter DUMP NAME: an inter part trained on a dump, from the intra part.
inter() {
  run "$2" intra/latest.safetensors --part inter --dumps "$1" --steps "$(steps 3600)" \
    --lr 1.2e-3 --warmup 200 --decay-part 0.4 --qat-part 0.2 --hyper-keep 0.5
}

# refine PART NAME FROM CROP OPTIONS...: many crops per step, then few of them with all weights
# rounded. Distortion is that of the latents: there is nothing else to train.
refine() {
  local part=$1 name=$2 from=$3 crop=$4
  shift 4
  run "$name-wide" "$from/latest.safetensors" --part "$part" --rate-only --steps "$(steps 8700)" \
    --crop "$crop" --batch 96 --lr 1.5e-3 --warmup 200 --decay-part 0.45 --qat-part 0.2 --hyper-keep 0.5 "$@"
  run "$name" "$name-wide/latest.safetensors" --part "$part" --rate-only --steps "$(steps 2150)" \
    --crop "$crop" --batch 16 --lr 4e-4 --warmup 50 --decay-part 0.9 --qat-part 1 --hyper-keep 0.5 "$@"
}

once cache/index.json prepare --clips "$clips" --output cache
run intra nothing --steps "$(steps 14000)" --crop 192 --batch 8 --lr 1.2e-3 --warmup 200 \
  --decay-part 0.3 --qat-part 0.15 --hyper-keep 0.5
once intra-exported.furlmodel export --arch "$recipe/transform_s.json" --cache cache \
  --from intra/latest.safetensors --output intra-exported.furlmodel
# Frames of a dump shall be predicted from filtered ones.
calibrate intra-exported.furlmodel intra.furlmodel --rounds 3

# The inter part twice: what a model without one leaves to code is not what a good one leaves.
dump first-dump intra.furlmodel
inter first-dump first-inter
export_model first-dump intra first-inter first-exported.furlmodel
calibrate first-exported.furlmodel first.furlmodel --rounds 3
dump second-dump first.furlmodel
inter second-dump second-inter
export_model second-dump intra second-inter second-exported.furlmodel
calibrate second-exported.furlmodel second.furlmodel --rounds 3

# Both parts once more with large batches: two thirds of all work, minutes with --device cuda.
dump third-dump second.furlmodel
refine intra fine-intra intra 192
refine inter fine-inter second-inter 128 --dumps third-dump
export_model third-dump fine-intra fine-inter exported.furlmodel
calibrate exported.furlmodel transform-s.furlmodel --clips 200 --rounds 7
"$train" parity transform-s.furlmodel
