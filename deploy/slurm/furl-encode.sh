#!/usr/bin/env bash
# Codes a video on a Slurm cluster: a plan, an array of chunks, and the join, each a job that waits
# for the one before. Returns when they are queued and prints their numbers; the files lie in a
# folder that all nodes see.
#
# usage: deploy/slurm/furl-encode.sh INPUT OUTPUT [SETTINGS OF furl encode]
#   FURL            the tool, on all nodes (default furl)
#   SBATCH_ARGS     for all jobs: "--partition=video --time=2:00:00"
#   CHUNK_CPUS      CPUs of a chunk (default 2)
#   CHUNK_MEMORY    memory of a chunk (default 2G)
#   TRIES           of a chunk before it fails (default 3)
#   TASKS           most tasks of the array (default 1000): longer videos get several chunks a task
#
# A chunk that is done is passed over, so the same command again costs what is missing. Progress:
# furl plan --status OUTPUT.plan
set -euo pipefail

furl=${FURL:-furl}
tries=${TRIES:-3}
tasks=${TASKS:-1000}
read -ra common <<< "${SBATCH_ARGS:-}"

# submit NAME ARGUMENTS... -- MODE ARGUMENTS...: this script in a mode below; prints the number.
submit() {
  local name=$1 options=()
  shift
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  sbatch --parsable --job-name "furl-$name" --export=ALL "${common[@]}" "${options[@]}" \
    "$script" "$@" | cut -d';' -f1
}

# number NAME PLAN: what the plan's status says of it.
number() {
  "$furl" plan --status "$2" --json | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" | tail -n 1
}

# The plan is there: as many tasks as it has chunks, and what comes after them.
submit_chunks() {
  local plan=$1 output=$2 chunks per_task last
  chunks=$(number chunks "$plan")
  per_task=$(((chunks + tasks - 1) / tasks))
  last=$(((chunks + per_task - 1) / per_task - 1))
  local array join
  array=$(submit chunk --array "0-$last" --requeue --cpus-per-task "${CHUNK_CPUS:-2}" \
    --mem "${CHUNK_MEMORY:-2G}" --output "$plan.log.%a" --open-mode append \
    -- chunk "$plan" "$chunks" "$per_task")
  join=$(submit join --dependency "afterok:$array" --kill-on-invalid-dep=yes \
    --output "$plan.join.log" -- join "$plan" "$output")
  echo "$chunks chunks in the array $array, joined by $join"
}

# A failed try goes back into the queue, perhaps to another node.
code_chunks() {
  local plan=$1 chunks=$2 per_task=$3 first last
  first=$((SLURM_ARRAY_TASK_ID * per_task))
  last=$((first + per_task - 1 < chunks ? first + per_task - 1 : chunks - 1))
  if "$furl" encode --plan "$plan" --chunk "$first-$last" \
    --threads "${SLURM_CPUS_PER_TASK:-1}"; then
    return
  fi
  local try=$((${SLURM_RESTART_COUNT:-0} + 1))
  echo "try $try of $tries failed on $(hostname)"
  ((try < tries)) || exit 1
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
  sleep 60 # until Slurm ends this try
}

# Where a --bitrate or --size is missed, the plan gets another crf, for which no chunk is done.
join_chunks() {
  local plan=$1 output=$2 joined=0
  "$furl" join "$plan" -o "$output" -y || joined=$?
  if (($(number done "$plan") == $(number chunks "$plan"))); then exit "$joined"; fi
  submit_chunks "$plan" "$output"
}

case ${SLURM_JOB_ID:+${1:-}} in
  plan)
    script=$FURL_SLURM_SCRIPT
    plan=$2 output=$3 input=$4
    # A plan that is there is of an earlier run of the same command.
    [[ -e $plan ]] || "$furl" plan "$input" -o "$plan" "${@:5}"
    submit_chunks "$plan" "$output"
    ;;
  chunk) code_chunks "$2" "$3" "$4" ;;
  join)
    script=$FURL_SLURM_SCRIPT
    join_chunks "$2" "$3"
    ;;
  *)
    if (($# < 2)); then
      sed -n '2,18s/^# \{0,1\}//p' "$0" >&2
      exit 2
    fi
    script=$(realpath "$0")
    export FURL_SLURM_SCRIPT=$script
    input=$(realpath "$1") output=$(realpath "$2")
    plan=$output.plan
    number=$(submit plan --output "$plan.plan.log" -- plan "$plan" "$output" "$input" "${@:3}")
    echo "the plan is job $number; what follows is queued when it is made ($plan.plan.log)"
    ;;
esac
