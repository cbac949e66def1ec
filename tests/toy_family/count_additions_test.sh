#!/usr/bin/env bash
# count_additions.sh must notice each way in which a family could take more than its folders and
# rows. usage: count_additions_test.sh SOURCE_ROOT
set -euo pipefail
root=$(cd "$1" && pwd)
count=$(cd "$(dirname "$0")" && pwd)/count_additions.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp -r "$root"/{CMakeLists.txt,cmake,include,src,scripts} "$tree"

expect_failure() {  # file, sed script, text the report must hold
  sed -i "$2" "$tree/$1"
  if cmp -s "$tree/$1" "$root/$1"; then
    echo "$2 changes nothing in $1"
    exit 1
  fi
  if report=$("$count" "$tree" 2>&1); then
    echo "accepted: $2 in $1"
    exit 1
  fi
  if [[ $report != *"$3"* ]]; then
    echo "report lacks \"$3\": $report"
    exit 1
  fi
  cp "$root/$1" "$tree/$1"
}

decoder=src/codec/dec/decoder.cc
expect_failure $decoder '1i #include "codec/families/transform/transform_family.h"' \
               "$decoder:1:#include"
expect_failure $decoder '$a bool IsToy(const std::string& name) { return name == "toy"; }' \
               'name the family toy'
expect_failure src/train/loop/trainer.cc '$a using transform::kTransformFamily;' \
               'name the family transform'
expect_failure src/codec/families/decoders.cc 's/kDecoders\[\]/kDecoders[1]/' 'no place'
expect_failure src/CMakeLists.txt 's|SUBDIRS \*/encode|SUBDIRS transform/encode|' 'toy_encoder.cc.o'
echo "all violations were found"
