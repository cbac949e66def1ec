#!/usr/bin/env bash
# Counts what a family adds to the sources outside of its tests and pages: one folder in
# src/codec/families, one in src/train/families, and in each of three lists an include and a row.
# Fails when anything else had to know of it: when building, includes or other files name families
# one by one.
#
# usage: count_additions.sh SOURCE_ROOT [TRAIN]    (TRAIN: ON where libtorch is installed)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
train=${2:-OFF}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree" "$work/build"
cd "$root"
cp -r CMakeLists.txt cmake include src "$work/tree"
mkdir "$work/tree"/{gstreamer,desktop,tests,bench,fuzz}
touch "$work/tree"/{gstreamer,desktop,tests,bench,fuzz}/CMakeLists.txt
cd "$work/tree"
failed=0
complain() { echo "count_additions: $*" >&2; failed=1; }

lists=(src/codec/enc/encoders.cc src/codec/families/decoders.cc src/train/families/families.cc)
"$here/add_toy.sh" .

# What differs, as "diff" tells it.
expected=$(printf 'Files %s/%s and %s differ\n' \
    "$root" "${lists[0]}" "${lists[0]}" "$root" "${lists[1]}" "${lists[1]}" \
    "$root" "${lists[2]}" "${lists[2]}"
  printf 'Only in src/codec/families: toy\nOnly in src/train/families: toy\n')
found=$(diff -rq "$root/src" src | sort || true)
[[ $found == "$(sort <<< "$expected")" ]] || complain "the family changed other files: $found"
for list in "${lists[@]}"; do
  lines=$(diff "$root/$list" "$list" | grep -c '^[<>]' || true)
  added=$(diff "$root/$list" "$list" | grep -c '^> .*toy' || true)
  [[ $lines == 2 && $added == 2 ]] || complain "$list: $lines lines changed instead of 2 added"
done

# Nothing but its own folders and the lists may name a family. Their tests may.
for folder in src/codec/families/*/; do
  family=$(basename "$folder")
  named=$(grep -rnE "families/$family/|\"$family\"|(^|[^a-z_:])$family::" src \
      --include='*.cc' --include='*.h' --include=CMakeLists.txt --exclude='*_test.cc' |
    grep -vE "^src/(codec|train)/families/$family/" |
    grep -vE "^($(IFS='|'; echo "${lists[*]}")):" || true)
  [[ -z $named ]] || complain "these name the family $family:"$'\n'"$named"
done

"$root/scripts/check_includes.sh" . || complain "the family's includes break the module table"

# The build finds the folders by itself: the sources of each in their module.
objects=(furl_codec_families.dir/codec/families/toy/toy_family.cc.o
         furl_codec_families_enc.dir/codec/families/toy/encode/toy_encoder.cc.o)
[[ $train != ON ]] || objects+=(furl_train_lib.dir/families/toy/toy_family.cc.o)
cmake -S . -B "$work/build" -G Ninja -DFURL_BUILD_TOOLS=OFF -DFURL_BUILD_TESTS=OFF \
      -DFURL_BUILD_TRAIN="$train" > "$work/log" 2>&1 ||
  { cat "$work/log" >&2; complain "cmake failed"; }
for object in "${objects[@]}"; do
  grep -q "$object" "$work/build/build.ninja" || complain "the build lacks $object"
done
[[ $failed == 0 ]] && echo "count_additions: two folders and three rows make a family"
exit $failed
