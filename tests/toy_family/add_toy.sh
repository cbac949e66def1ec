#!/usr/bin/env bash
# Adds the toy family to a tree of sources as HACKING.md says: a folder of src/codec/families, a
# folder of src/train/families, and in each of three lists an include and a row. Fails where a list
# has no place for them.
#
# usage: add_toy.sh TREE    (the folder that holds src)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"

# Puts an include behind the last one of $2 in file $1, and a row at the end of the table whose
# first line is $4.
add_row() {  # file, folder of includes, header of the toy in it, start of the table, row
  awk -v folder="#include \"$2/" -v include="#include \"$2/toy/$3\"" -v table="$4" -v row="$5" '
    NR == FNR { if (index($0, folder) == 1) last = FNR; next }
    { if ($0 == "};" && inside) { print row; rows++; inside = 0 } }
    { print }
    FNR == last { print include; includes++ }
    index($0, table) == 1 { inside = 1 }
    END { exit !(includes == 1 && rows == 1) }' "$1" "$1" > "$1.new" || {
    echo "$1: no place for an include of $2/ or for a row of $4" >&2
    exit 1
  }
  mv "$1.new" "$1"
}

mkdir -p src/codec/families src/train/families
cp -r "$here/codec" src/codec/families/toy
cp -r "$here/train" src/train/families/toy
add_row src/codec/families/decoders.cc codec/families toy_family.h \
        'constexpr FamilyDecoderRow kDecoders[] = {' '    {250, "toy", toy::kAdvice, toy::CreateFamily},'
add_row src/codec/enc/encoders.cc codec/families encode/toy_encoder.h \
        'constexpr FamilyEncoderRow kEncoders[] = {' '    {"toy", toy::CreateEncoder},'
add_row src/train/families/families.cc train/families toy_family.h \
        'const TrainFamily* const kFamilies[] = {' '    &toy::kToyFamily,'
