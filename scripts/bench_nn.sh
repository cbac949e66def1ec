#!/usr/bin/env bash
# Measures src/nn beside oneDNN on every instruction set of this machine and
# keeps one Google Benchmark report per set in results/nn_bench_<cpu>.json.
#
#   scripts/bench_nn.sh <cpu name, e.g. zen5> [isa...]
#
# Needs a build with FURL_BUILD_BENCH=ON in build/release. Runs of the two are
# interleaved, so that whatever else the machine does meets both.
set -euo pipefail
cd "$(dirname "$0")/.."
cpu=${1:?usage: scripts/bench_nn.sh <cpu name> [isa...]}
shift
[ $# -gt 0 ] || set -- sse4 avx2 avxvnni avx512 vnni
out=results/nn_bench_$cpu.json
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export OMP_WAIT_POLICY=passive
sep='['
for isa in "$@"; do
  FURL_NN_BENCH_ISA=$isa build/release/bench/nn_bench \
    --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true \
    --benchmark_min_time=0.05 --benchmark_report_aggregates_only=true \
    --benchmark_context=command="scripts/bench_nn.sh $cpu $*",isa="$isa",threads=2 \
    --benchmark_out="$tmp/report.json" --benchmark_out_format=json
  { echo "$sep"; cat "$tmp/report.json"; } >> "$tmp/all.json"
  sep=','
done
echo ']' >> "$tmp/all.json"
mv "$tmp/all.json" "$out"
echo "wrote $out"
