#!/usr/bin/env bash
# Codes a video on a Kubernetes cluster: a Job makes the plan, an Indexed Job codes the chunks, a
# third joins them. Waits for each; the same command again goes on with what is there.
#
# usage: deploy/kubernetes/furl-encode.sh INPUT OUTPUT [SETTINGS OF furl encode]
#   INPUT, OUTPUT   in the volume: film.mp4 is /videos/film.mp4
#   CLAIM           PersistentVolumeClaim of a volume that many nodes can write (default videos)
#   IMAGE           with the tool (default furl:latest; deploy/kubernetes/Dockerfile)
#   PARALLEL        chunks at a time (default 100)
#   WAIT            most time for each Job (default 24h)
#   KUBECTL         the program, with its options (default kubectl)
#   DRY_RUN         a folder: the Jobs are written there, for CHUNKS (default 2) chunks
set -euo pipefail
if (($# < 2)); then
  sed -n '2,14s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
here=$(dirname "$(realpath "$0")")
read -ra kubectl <<< "${KUBECTL:-kubectl}"
export CLAIM=${CLAIM:-videos} IMAGE=${IMAGE:-furl:latest} PARALLEL=${PARALLEL:-100}
export OUTPUT=/videos/$2 PLAN=/videos/$2.plan CHUNKS=${CHUNKS:-2} PLAN_ARGS NAME
# Names of Jobs are those of hosts.
NAME=furl-$(basename "$2" | tr '[:upper:]_.' '[:lower:]--' | tr -cd 'a-z0-9-' | cut -c1-40)
NAME=${NAME%%-}

# json_list WORDS...: as YAML takes it, too.
json_list() {
  local word text=
  for word in "$@"; do
    word=${word//\\/\\\\}
    text+="${text:+, }\"${word//\"/\\\"}\""
  done
  echo "[$text]"
}

# job KIND: the template with what is known. ${...} of these names only: $(...) is Kubernetes' own.
job() {
  envsubst "\${NAME} \${IMAGE} \${CLAIM} \${PLAN} \${OUTPUT} \${PLAN_ARGS} \${CHUNKS} \${PARALLEL}" \
    < "$here/$1.yaml"
}

run() {
  job "$1" | "${kubectl[@]}" apply -f -
  "${kubectl[@]}" wait --for=condition=complete --timeout "${WAIT:-24h}" "job/$NAME-$1"
}

PLAN_ARGS=$(json_list "/videos/$1" -o "$PLAN" -y "${@:3}")
if [[ -n ${DRY_RUN:-} ]]; then
  mkdir -p "$DRY_RUN"
  for kind in plan chunks join; do job "$kind" > "$DRY_RUN/$kind.yaml"; done
  exit
fi
run plan
CHUNKS=$("${kubectl[@]}" logs "job/$NAME-plan" --tail 1 | sed -n 's/.* \([0-9]*\) chunks .*/\1/p')
((CHUNKS > 0)) || { echo "the plan says of no chunks" >&2; exit 1; }
run chunks
run join
