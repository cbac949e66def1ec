#!/usr/bin/env bash
# Presets of furl encode, and furl info --command: what a file says of how it was made makes the
# same file again.
#
# usage: presets_test.sh path/to/furl path/to/write_test_model
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh"
export XDG_CONFIG_HOME=$work/config
mkdir -p config/furl/presets

make -f lavfi -i testsrc2=s=96x64:r=25:d=0.6 -f lavfi -i sine=d=0.6 -c:v mpeg2video -c:a flac in.mkv

# remake FILE: makes FILE again as it says, from in.mkv, in again.mkv.
remake() {
  local line
  expect 0 "$furl" info --command "$1"
  line=$(sed -e 's/ INPUT / in.mkv /' -e 's/ OUTPUT / again.mkv -y /' stdout.txt)
  [[ $line == 'furl encode in.mkv -o again.mkv -y --'* ]] || fail "the command of $1: $line"
  expect 0 bash -c "\"\$0\" ${line#furl }" "$furl"
  cmp "$1" again.mkv || fail "$1 is made otherwise by: $line"
}

# --- how a file was made -----------------------------------------------------
# shellcheck disable=SC2016
expect 0 "$furl" encode in.mkv -o made.mkv --crf 41.5 --preset FAST --low-delay --gop 0.2 \
  --filter "drawbox=x='4':color=red@0.5, eq=gamma=1.2" --audio opus:64k --threads 1 --scale 64x-1
remake made.mkv
grep -q -- '--threads\|in.mkv\|made.mkv' stdout.txt && fail "too much is told: $(cat stdout.txt)"
expect 0 "$furl" encode in.mkv -o threads.mkv --crf 41.5 --preset fast --low-delay --gop 0.2 \
  --filter "drawbox=x='4':color=red@0.5, eq=gamma=1.2" --audio opus:64k --threads 3 --scale 64x-1
cmp made.mkv threads.mkv || fail "the number of threads is told"

# The crf that was found, not how.
expect 0 "$furl" encode in.mkv -o sized.mkv --size 20k --preset fast --audio none --best-effort
expect 0 "$furl" info --command sized.mkv
grep -q -- '--crf [0-9.]* --preset fast' stdout.txt || fail "no crf: $(cat stdout.txt)"
grep -q -- '--size\|--best-effort' stdout.txt && fail "the search is told: $(cat stdout.txt)"
remake sized.mkv
expect 0 "$furl" encode in.mkv -o rate.mkv --bitrate 200k --vbv 300k --preset fast
remake rate.mkv
grep -q -- '--bitrate 200k --vbv 300k' <("$furl" info --command rate.mkv) || fail "no rate"

expect 0 "$furl" info --command --json made.mkv
grep -q '"type":"encode_command","words":\["--crf","41.5"' stdout.txt || fail "json: $(cat stdout.txt)"
"$furl" info --command made.mkv 2>&1 > /dev/null | grep -q 'made by furl .* model ' ||
  fail "nothing of furl and model"
expect 2 "$furl" info --command --gops made.mkv

# A model that isn't the default goes by its id.
if "$2" test.furlmodel; then
  expect 0 "$furl" encode in.mkv -o other.mkv --model ./test.furlmodel --preset fast
  expect 0 "$furl" info --command other.mkv
  grep -q 'is not here' stderr.txt || fail "a model that is missing: $(cat stderr.txt)"
  export FURL_MODEL_PATH=$work
  remake other.mkv
  unset FURL_MODEL_PATH
else
  fail "no test model"
fi

# Nothing of it is the next file's, and others don't tell.
expect 0 "$furl" encode in.mkv -o hybrid.mkv --base x264 --enhance filter --preset fast --crf 30
expect 0 "$furl" info --command hybrid.mkv
grep -q -- '--crf 30 --preset fast --base x264 --enhance filter' stdout.txt ||
  fail "hybrid: $(cat stdout.txt)"
expect 0 "$furl" encode hybrid.mkv -o second.mkv --crf 50 --preset fast --audio none
same "commands in the second file" 1 "$(grep -ac FURL_COMMAND second.mkv)"
expect 0 "$furl" info --command second.mkv
same "command of the second" "furl encode INPUT -o OUTPUT --crf 50 --preset fast --audio none" \
  "$(cat stdout.txt)"
expect 0 "$furl" decode made.mkv -o decoded.mkv
grep -aq FURL_COMMAND decoded.mkv && fail "decoded video says how it was made"
expect 0 "$furl" encode in.mkv -o bare.furl --preset fast
expect 4 "$furl" info --command bare.furl
grep -q 'does not tell how it was made' stderr.txt || fail "bare: $(cat stderr.txt)"

# A tag by somebody else is no command for a shell.
sed 's/--preset/--prfset/' made.mkv > foreign.mkv
expect 3 "$furl" info --command foreign.mkv
[[ -s stdout.txt ]] && fail "a foreign command is shown: $(cat stdout.txt)"

# --- presets -----------------------------------------------------------------
expect 0 "$furl" encode --list-presets
for name in archive mobile preview surveillance web; do
  grep -q "^$name (built in)" stdout.txt || fail "no preset $name"
  expect 0 "$furl" encode in.mkv -o "$name.mkv" --preset-file "$name" -y
  remake "$name.mkv"
  expect 0 "$furl" encode --list-presets
done
expect 2 "$furl" encode --list-presets in.mkv
grep -q 'goes not with --list-presets' stderr.txt || fail "--list-presets: $(cat stderr.txt)"

cat > config/furl/presets/mine.json << 'JSON'
{"name": "mine", "description": "My own", "options":
  {"size": "20k", "best-effort": true, "preset": "fast", "low-delay": true, "audio": "none"}}
JSON
expect 0 "$furl" encode in.mkv -o mine.mkv --preset-file mine --crf 44 --low-delay=false
expect 0 "$furl" info --command mine.mkv
same "command of mine" "furl encode INPUT -o OUTPUT --crf 44 --preset fast --audio none" \
  "$(cat stdout.txt)"
expect 0 "$furl" encode --list-presets --json
grep -q '"type":"preset","name":"mine","description":"My own","path":".*mine.json","options":{.*"size":"20k"' \
  stdout.txt || fail "mine is not listed: $(cat stdout.txt)"
expect 2 "$furl" encode in.mkv -o no.mkv --preset-file mime
grep -q 'no preset mime; did you mean mine?' stderr.txt || fail "mime: $(cat stderr.txt)"
echo '{"name": "mine", "options": {"crff": 40}}' > broken.json
expect 3 "$furl" encode in.mkv -o no.mkv --preset-file broken.json
grep -q 'broken.json: options.crff: .*did you mean crf?' stderr.txt || fail "crff: $(cat stderr.txt)"
expect 2 "$furl" encode in.mkv -o no.mkv --preset-file mine --crf 40 --samples 3
grep -q 'with the preset mine: --samples needs' stderr.txt || fail "samples: $(cat stderr.txt)"
[[ -e no.mkv ]] && fail "a file was made"

finish
