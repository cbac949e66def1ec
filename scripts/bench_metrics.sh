#!/usr/bin/env bash
# Measures src/metrics beside ffmpeg's filters psnr and ssim on a clip and what
# x264 makes of it, and keeps two Google Benchmark reports, frames from memory
# and from the cache, in results/metrics_bench_<cpu>.json.
#
#   scripts/bench_metrics.sh <cpu name, e.g. zen5> <clip>
#
# Needs a build with FURL_BUILD_BENCH=ON in build/release. Runs of the two are
# interleaved, so that whatever else the machine does meets both.
set -euo pipefail
cd "$(dirname "$0")/.."
cpu=${1:?usage: scripts/bench_metrics.sh <cpu name> <clip>}
clip=${2:?usage: scripts/bench_metrics.sh <cpu name> <clip>}
out=results/metrics_bench_$cpu.json
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
ffmpeg -nostdin -v error -i "$clip" -frames:v 24 -c:v libx264 -preset fast -crf 30 "$tmp/coded.mp4"
export FURL_METRICS_BENCH_A=$clip FURL_METRICS_BENCH_B=$tmp/coded.mp4
sep='['
for frames in 24 1; do
  FURL_METRICS_BENCH_FRAMES=$frames build/release/bench/metrics_bench \
    --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true \
    --benchmark_min_time=0.05 --benchmark_report_aggregates_only=true \
    --benchmark_context=command="scripts/bench_metrics.sh $cpu $(basename "$clip")",frames="$frames" \
    --benchmark_out="$tmp/report.json" --benchmark_out_format=json
  { echo "$sep"; cat "$tmp/report.json"; } >> "$tmp/all.json"
  sep=','
done
echo ']' >> "$tmp/all.json"
mv "$tmp/all.json" "$out"
echo "wrote $out"
