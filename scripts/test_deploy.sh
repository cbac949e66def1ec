#!/usr/bin/env bash
# Runs what is in deploy/ on this machine: Kubernetes' Jobs (checked by kubectl, where it is there,
# and run by a stand-in for a cluster), GNU parallel, and object storage (a small server that takes
# PUT). Every file must be that of one encode. Slurm has scripts/test_slurm.sh. A longer check, not
# one of ctest.
#
# usage: scripts/test_deploy.sh [path/to/furl]      (default build/release/furl)
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
furl=$(realpath "${1:-build/release/furl}")
work=$(mktemp -d)
servers=()
finish() {
  ((${#servers[@]} == 0)) || kill "${servers[@]}" 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"

# wait_for FILE: that it has something in it.
wait_for() { for _ in $(seq 100); do [[ -s $1 ]] && return; sleep 0.1; done; return 1; }

ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=160x96:r=25:d=10.4 \
  -f lavfi -i mandelbrot=s=160x96:r=25 -f lavfi -i sine=d=22 -filter_complex \
  '[0:v]format=yuv420p[a];[1:v]trim=duration=10.2,format=yuv420p[b];[a][b]concat[v]' \
  -map '[v]' -map 2:a -c:v libx264 -c:a aac -shortest in.mkv
settings=(--crf 44 --preset fast)
"$furl" encode in.mkv -o whole.mkv "${settings[@]}" -q
export FURL=$furl

echo "== Kubernetes: the Jobs"
DRY_RUN=jobs CHUNKS=143 "$root/deploy/kubernetes/furl-encode.sh" in.mkv out.mkv --filter 'a "b"'
if kubectl version --client > /dev/null 2>&1; then
  python3 "$root/tests/deploy/discovery_server.py" port &
  servers+=($!)
  wait_for port
  for job in jobs/*.yaml; do
    kubectl --server "http://127.0.0.1:$(cat port)" create --dry-run=client --validate=false \
      -f "$job"
    container=$(basename "$job" .yaml)
    kubectl set image --local -f "$job" "${container%s}=other" -o json |
      python3 "$root/tests/deploy/same_fields.py" "$job"
  done
else
  echo "no kubectl: the Jobs are not checked by it"
fi

echo "== Kubernetes: a stand-in for a cluster"
mkdir volume
cp in.mkv volume
VOLUME=$work/volume KUBECTL="python3 $root/tests/deploy/stand_in_kubectl.py" \
  "$root/deploy/kubernetes/furl-encode.sh" in.mkv out.mkv "${settings[@]}"
cmp whole.mkv volume/out.mkv

if command -v parallel > /dev/null; then
  echo "== GNU parallel"
  THREADS=1 "$root/deploy/ssh/furl-encode.sh" 2/: in.mkv parallel.mkv "${settings[@]}"
  cmp whole.mkv parallel.mkv
else
  echo "no GNU parallel: not tried"
fi

echo "== Object storage"
mkdir store
python3 "$root/tests/deploy/storage_server.py" store store.port &
servers+=($!)
wait_for store.port
at=http://127.0.0.1:$(cat store.port)
"$furl" plan in.mkv -o film.plan "${settings[@]}" -q
cp film.plan in.mkv store
"$root/deploy/storage/furl-chunk.sh" "$at/film.plan" "$at/in.mkv" "$at/{}" 0 1
mkdir film.plan.chunks
cp store/0* film.plan.chunks
"$furl" join film.plan -o storage.mkv -q
cmp whole.mkv storage.mkv
echo "all files are that of one encode"
