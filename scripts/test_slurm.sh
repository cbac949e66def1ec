#!/usr/bin/env bash
# Runs deploy/slurm/furl-encode.sh against a Slurm of its own on this machine (Debian's slurmctld,
# slurmd and munge, as root): one node, two CPUs. One task is killed and one fails on its first try;
# the file must be that of one encode all the same. A longer check, not one of ctest.
#
# usage: scripts/test_slurm.sh [path/to/furl]      (default build/release/furl)
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
furl=$(realpath "${1:-build/release/furl}")
# shellcheck source=scripts/slurm_common.sh
source scripts/slurm_common.sh

# --- a video of three chunks ------------------------------------------------------
cd "$work"
ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=320x192:r=25:d=10.4 \
  -f lavfi -i mandelbrot=s=320x192:r=25 -f lavfi -i smptebars=s=320x192:r=25:d=10 \
  -f lavfi -i sine=d=31 -filter_complex '[0:v]format=yuv420p[a];
   [1:v]trim=duration=10.2,format=yuv420p[b];[2:v]format=yuv420p[c];[a][b][c]concat=n=3[v]' \
  -map '[v]' -map 3:a -c:v libx264 -c:a aac -shortest in.mkv
"$furl" encode in.mkv -o whole.mkv --crf 44 -q

# The tool as the nodes have it: chunk 1 fails on its first try, chunk 0 is killed on its first.
cat > furl <<TOOL
#!/usr/bin/env bash
case "\$*" in
  *"--chunk 1-1"*) [[ -e $work/failed ]] || { touch $work/failed; exit 7; } ;;
  *"--chunk 0-0"*) [[ -e $work/killed ]] || { touch $work/killed
    timeout -s KILL 1 $furl "\$@"; exit \$?; } ;;
esac
exec $furl "\$@"
TOOL
chmod +x furl

# --- the same, on the cluster -------------------------------------------------------
FURL=$work/furl CHUNK_CPUS=1 CHUNK_MEMORY=900M \
  "$root/deploy/slurm/furl-encode.sh" in.mkv out.mkv --crf 44
for _ in $(seq 300); do
  [[ -e out.mkv ]] && break
  sleep 1
done
cat out.mkv.plan.*log* | sed 's/^/  /'
[[ -e failed && -e killed ]] || { echo "no try failed" >&2; exit 1; }
cmp whole.mkv out.mkv
echo "$("$furl" plan --status out.mkv.plan); the file is that of one encode"
