#!/usr/bin/env bash
# Builds the container image of deploy/kubernetes/Dockerfile with buildah and codes a video in it.
# What scripts/package_deb.sh has made stands in for its first stage, which runs the same script.
# Where debian:12-slim can't be fetched it is made of this machine's apt sources.
#
# usage: scripts/test_image.sh          (as root)
# Needs: buildah, and mmdebstrap where there is no registry.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD/build/image
base=docker.io/library/debian:12-slim
buildah=(buildah --root "$home/store" --runroot "$home/run" --storage-driver vfs)
compgen -G "build/packages/*.deb" > /dev/null || { echo "test_image: no packages; package_deb.sh"; exit 1; }

rm -rf "$home/packages"
mkdir -p "$home/packages/furl/build/packages" "$home/videos"
cp build/packages/*.deb "$home/packages/furl/build/packages"

if ! "${buildah[@]}" pull --quiet "$base" 2> /dev/null; then
  sources=/etc/apt/sources.list.d/debian.sources
  [[ -s $sources ]] || sources=/etc/apt/sources.list
  [[ -e $home/base.tar ]] || mmdebstrap --mode=root --variant=minbase bookworm "$home/base.tar" "$sources"
  container=$("${buildah[@]}" from scratch)
  "${buildah[@]}" add --quiet "$container" "$home/base.tar" /
  "${buildah[@]}" commit --quiet "$container" "$base"
  "${buildah[@]}" rm "$container" > /dev/null
fi

# The last stage alone, on what the first would have left.
sed -n '/^FROM debian:12-slim$/,$p' deploy/kubernetes/Dockerfile > "$home/Dockerfile"
"${buildah[@]}" build --isolation chroot --network host --pull-never \
  --build-context "build=$home/packages" -f "$home/Dockerfile" -t furl:test "$home/videos"

container=$("${buildah[@]}" from --pull-never furl:test)
trap '"${buildah[@]}" rm "$container" > /dev/null' EXIT
cp assets/bunny.mkv "$home/videos/in.mkv"
chmod 777 "$home/videos"
# run WORDS...: as a Job does, with its user and entry point.
run() {
  "${buildah[@]}" run --isolation chroot --user 65534:65534 -v "$home/videos:/videos" \
    "$container" -- furl "$@"
}
rm -f "$home"/videos/out*
run encode /videos/in.mkv -o /videos/out.mkv --crf 45 --frames 30
run plan /videos/in.mkv -o /videos/out.plan --crf 45 --frames 30
run encode --plan /videos/out.plan --chunk 0
run join /videos/out.plan -o /videos/out_joined.mkv
cmp "$home/videos/out.mkv" "$home/videos/out_joined.mkv"
run verify /videos/out.mkv
run models | grep vq-m > /dev/null
echo "test_image: good"
