#!/usr/bin/env bash
# Where the furl tool looks for models: beside itself where it is installed, in the folder of its
# sources only if it runs from its build folder. Elsewhere whoever can make a folder of that name
# could put models there. And what it says of models and families.
#
# usage: models_test.sh path/to/furl path/to/write_test_model SOURCE_DIR BUILD_DIR
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
write_model=$2 source=$3 build=$4

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

# --- families: installed models, unknown names, families without a model -----------
"$write_model" models/squeeze.furlmodel squeeze
rm models/tiny.furlmodel
export FURL_MODEL_PATH=$work/models
expect 0 ./furl encode in.ts -o s.furl --family squeeze
expect 0 ./furl info s.furl
grep -q '^model .*models/squeeze.furlmodel)$' stdout.txt || fail "the model of --family: $(cat stdout.txt)"
expect 0 ./furl encode in.ts -o t.furl --family transform
expect 0 ./furl info t.furl
grep -q '^video .*(transform)' stdout.txt || fail "the built-in model of --family: $(cat stdout.txt)"
expect 2 ./furl encode in.ts -o n.furl --family nobody
grep -q "no family 'nobody'; there are .*transform, .*squeeze" stderr.txt ||
  fail "unknown family: $(cat stderr.txt)"
expect 4 ./furl encode in.ts -o n.furl --family sense
grep -q "no model of the family 'sense' is installed" stderr.txt ||
  fail "family without a model: $(cat stderr.txt)"
[[ ! -e n.furl ]] || fail "an output of a family that there is not"

# --- models for players: each called by its id, of which the stripped file decodes -------
mkdir web
expect 0 ./furl models --strip web
id=$(./furl info s.furl --json | grep -oE '"id": ?"[0-9a-f]{32}"' | grep -oE '[0-9a-f]{32}' | head -n 1)
[[ -s web/$id.furlmodel ]] || fail "no model $id in $(ls web)"
FURL_MODEL_PATH=$work/web expect 0 ./furl verify s.furl
expect 2 ./furl models --strip nowhere

# --- furl models: 80 columns, every family with its advice --------------------------
expect 0 ./furl models
longest=$(grep -v "$work" stdout.txt | awk '{ print length }' | sort -n | tail -1)
((longest <= 80)) || fail "$longest columns: $(cat stdout.txt)"
grep -q '^\* transform-s  *transform ' stdout.txt || fail "the default: $(cat stdout.txt)"
grep -q '^  squeeze  *Take it ' stdout.txt || fail "no advice: $(cat stdout.txt)"
grep -q '(No model is' stdout.txt || fail "no word of families without a model: $(cat stdout.txt)"
expect 0 ./furl models --json
grep -q '"type":"family","name":"squeeze","take":"Take .*","leave":"Not .*","models":\["squeeze-test"\]' \
  stdout.txt || fail "advice in JSON: $(cat stdout.txt)"

# --- an installed tool finds the models that are installed beside it -----------------
unset FURL_MODEL_PATH
cmake --install "$build" --prefix "$work/prefix" --component tool > install.log || fail "install"
mv "$work/prefix" "$work/moved"
expect 0 "$work/moved/bin/furl" encode in.ts -o s.furl -y --family squeeze
expect 0 "$work/moved/bin/furl" decode s.furl -o null

finish
