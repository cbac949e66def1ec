#!/usr/bin/env bash
# Fuzzes for hours, beside other work: one process at a time, a slice for the target that has had
# the least processor time so far, until each has had its share. What is found doesn't end it.
# Can be stopped and started again at any time: what each target has had is in its log and in
# results/fuzzing.json.
#
# usage: scripts/fuzz_long.sh [hours of processor time per target, default 2] [target...]
#   FURL_FUZZ_HOME      folder for all of it, outside of the build (default build/fuzz_long): bin (a
#                       copy of the targets, taken from build/fuzz if not there), corpus, seeds,
#                       log.jsonl (a line for each slice)
#   FURL_FUZZ_SLICE     seconds of a slice (default 600)
#   FURL_FUZZ_TIMEOUT   seconds for one input (default 30)
# After scripts/fuzz.sh 0, which builds. scripts/fuzz_record.py adds the log to the record.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/fuzz_common.sh
source scripts/fuzz_common.sh
hours=${1:-2}
shift || true
mapfile -t targets < <(fuzz_targets "$@")
home=${FURL_FUZZ_HOME:-build/fuzz_long}
log=$home/log.jsonl
mkdir -p "$home"
touch "$log"
if [[ ! -d $home/bin ]]; then
  cp -r build/fuzz/seeds "$home"
  mkdir "$home/bin"
  cp build/fuzz/fuzz/*_fuzz "$home/bin"
  git rev-parse --short HEAD > "$home/bin/commit"
fi

# The target to go on with; nothing when all have had their share.
next_target() {
  scripts/fuzz_record.py least --log "$log" --seconds "$((hours * 3600))" "${targets[@]}"
}

while target=$(next_target) && [[ -n $target ]]; do
  findings=0
  TIMEFORMAT='%U %S'
  # libFuzzer's own output goes to a log, so that standard error has the times alone.
  times=$({ time fuzz_run "$home/bin" "$home" "$target" "${FURL_FUZZ_SLICE:-600}" \
    "${FURL_FUZZ_TIMEOUT:-30}"; } 2>&1) || findings=1
  if ((findings)); then cp "$home/$target.log" "$home/$target-$(date +%s).log"; fi
  inputs=$(fuzz_stat "$home/$target.log" number_of_executed_units)
  printf '{"target": "%s", "cpu_seconds": %s, "inputs": %d, "coverage": %d, "findings": %d, ' \
    "$target" "$(awk '{print $1 + $2}' <<< "$times")" "${inputs:-0}" \
    "$(fuzz_covered "$home/$target.log" || true)" "$findings" >> "$log"
  printf '"date": "%s", "commit": "%s"}\n' "$(date -u +%F)" "$(cat "$home/bin/commit")" >> "$log"
done
