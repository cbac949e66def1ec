#!/usr/bin/env bash
# Makes the npm package of the player: build/web/furl-player-VERSION.tgz, and the same unpacked in
# build/web/package, which any web server can serve as it is.
#
# usage: scripts/package_web.sh [path/to/furl]     (default build/release/furl)
# Needs: the builds web and web-threads (docs/web.md), npm, and the native furl, whose models it
# strips.
set -euo pipefail
cd "$(dirname "$0")/.."
furl=$(realpath "${1:-build/release/furl}")
package=build/web/package

rm -rf $package
mkdir -p $package/models
cp web/package.json LICENSE docs/web.md web/player/*.js web/player/*.d.ts web/player/example.html \
  build/web/web/furl-decoder.{js,wasm} \
  build/web-threads/web/furl-decoder-threads.{js,wasm,worker.js} $package
mv $package/web.md $package/README.md
"$furl" models --strip $package/models > /dev/null
(cd $package && npm pack --silent --pack-destination ..)
code=$(cat $package/*.js $package/furl-decoder.wasm | gzip -9 | wc -c)
echo "package_web: $(ls build/web/*.tgz), code $code bytes gzipped without threads and models"
