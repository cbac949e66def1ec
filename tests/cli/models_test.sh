#!/usr/bin/env bash
# Where the furl tool looks for models: in the folder of its sources only if it runs from its build
# folder. Elsewhere whoever can make a folder of that name could put models there.
#
# usage: models_test.sh path/to/furl path/to/write_test_model SOURCE_DIR
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
write_model=$2 source=$3

make -f lavfi -i testsrc2=s=64x48:r=25:d=0.08 -c:v mpeg2video in.ts
"$write_model" tiny.furlmodel || fail "no model"
expect 0 "$furl" encode in.ts -o a.furl --model tiny.furlmodel
expect 4 "$furl" decode a.furl -o null
grep -q "not in.*$source/models" stderr.txt || fail "in the build folder: $(cat stderr.txt)"
cp "$furl" furl
expect 4 ./furl decode a.furl -o null
grep -q "not in.*(built in)" stderr.txt || fail "what was searched: $(cat stderr.txt)"
grep -q "$source/models" stderr.txt && fail "searched from elsewhere, too: $(cat stderr.txt)"
mkdir models
cp tiny.furlmodel models
FURL_MODEL_PATH=$work/models expect 0 ./furl decode a.furl -o null

finish
