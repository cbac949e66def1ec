#!/usr/bin/env bash
# Trains a model from its recipe: clips to model file, checked by the parity test. What is done is
# not done again and runs go on where they were, so the same command continues after an interruption.
# (transform-s, the default model, has a script of its own: scripts/train_transform_s.sh.)
#
# usage: scripts/train_model.sh RECIPE CLIPS FOLDER [furl-train options for every run]
#   RECIPE       e.g. recipes/vq_m.json; says how long and on what each part is trained. A card
#                beside it (recipes/vq_m_card.json) goes into the model
#   CLIPS        a folder of videos
#   FOLDER       gets caches, checkpoints, logs and the model, named as in the recipe
#   FURL_TRAIN   the trainer (default build/train/src/train/furl-train)
#   FURL_FROM    checkpoints that the parts begin from, up to "intra.safetensors" or the like, e.g.
#                models/checkpoints/transform-s- (default: nothing)
#   FURL_MODEL   whose encoder predicts the inter part's frames (default models/default.furlmodel)
#   FURL_CALIBRATE  options of calibrate (default --clips 36 --rounds 6 --frames 17)
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
if (($# < 3)); then
  sed -n '2,15s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
train=$(realpath "${FURL_TRAIN:-$root/build/train/src/train/furl-train}")
recipe=$(realpath "$1")
clips=$(realpath "$2")
[[ -z ${FURL_FROM:-} ]] || FURL_FROM=$(realpath "$(dirname "$FURL_FROM")")/$(basename "$FURL_FROM")
predictor=$(realpath "${FURL_MODEL:-$root/models/default.furlmodel}")
mkdir -p "$3"
cd "$3"
shift 3
extra=("$@")
name=$(grep -om1 '"name": "[^"]*"' "$recipe" | cut -d'"' -f4)
card=${recipe%.json}_card.json
parts=(video)
if grep -q '"intra\.' "$recipe"; then parts=(intra inter); fi

# A part to the end of its schedule.
run() {
  local part=$1 mode=(start)
  if [[ -e $part/done ]]; then return; fi
  if [[ -n ${FURL_FROM:-} ]]; then mode=(fork --from "$FURL_FROM$part.safetensors"); fi
  if [[ -e $part/latest.safetensors ]]; then mode=(continue); fi
  local dumps=()
  if [[ $part == inter ]]; then dumps=(--dumps dump); fi
  "$train" "${mode[@]}" --arch "$recipe" --cache cache --run "$part" --part "$part" "${dumps[@]}" \
    "${extra[@]}"
  touch "$part/done"
}

[[ -e cache/index.json ]] || "$train" prepare --recipe "$recipe" --clips "$clips" --output cache
from=()
for part in "${parts[@]}"; do
  if [[ $part == inter && ! -e dump/index.json ]]; then
    "$train" dump --cache cache --model "$predictor" --output dump --clips 143 --frames 17
  fi
  run "$part"
  from+=(--from "$part/latest.safetensors")
done
dumps=()
if [[ -e dump ]]; then dumps=(--dumps dump); fi
if [[ -e $card ]]; then from+=(--card "$card"); fi
"$train" export --arch "$recipe" --cache cache "${dumps[@]}" "${from[@]}" \
  --output exported.furlmodel
read -ra options <<< "${FURL_CALIBRATE:---clips 36 --rounds 6 --frames 17}"
if [[ ${parts[0]} == intra ]]; then
  "$train" calibrate --cache cache --model exported.furlmodel --output "$name.furlmodel" "${options[@]}"
else
  cp exported.furlmodel "$name.furlmodel"  # nothing to calibrate
fi
"$train" parity "$name.furlmodel"
