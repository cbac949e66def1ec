#!/usr/bin/env bash
# Installs the libraries to a fresh prefix, builds projects outside the tree
# against it (CMake package, pkg-config, shared, static, decoder only) and runs
# them; the example is the one in the comment of furl.h.
#
# usage: install_test.sh SOURCE_DIR BUILD_DIR WRITE_MODEL_PROGRAM
set -euo pipefail
source_dir=$1 build_dir=$2 write_model=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

cmake --install "$build_dir" --prefix "$prefix" --component library > "$work/install.log"
# A moved installation must still work: CMake packages are relocatable.
mv "$prefix" "$work/moved"
prefix=$work/moved
libdir=$(dirname "$(find "$prefix" -name libfurl.so | head -1)")

header=$prefix/include/furl/furl.h
sed -n '/^ \* @example/,/^ \* @endexample/p' "$header" | sed '1d;$d; s/^ \*   //; s/^ \*$//' \
  > "$work/example.c"
grep -q 'int main' "$work/example.c"
"$write_model" "$work/model"

echo "== CMake package"
cmake -S "$source_dir/tests/install/example" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" \
  -DEXAMPLE_C="$work/example.c" -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" > "$work/configure.log" ||
  { cat "$work/configure.log"; exit 1; }
cmake --build "$work/build" > "$work/build.log" || { cat "$work/build.log"; exit 1; }
for program in example_shared example_static; do
  "$work/build/$program" "$work/model" > "$work/$program.txt"
  cat "$work/$program.txt"
done
cmp "$work/example_shared.txt" "$work/example_static.txt"
"$work/build/versions_cpp"

echo "== pkg-config"
export PKG_CONFIG_PATH=$libdir/pkgconfig
flags=$(pkg-config --define-variable=prefix="$prefix" --cflags --libs furl)
# shellcheck disable=SC2086  # flags are words
cc -std=c99 "$work/example.c" -o "$work/example_pc" $flags
LD_LIBRARY_PATH=$libdir "$work/example_pc" "$work/model" > "$work/example_pc.txt"
cmp "$work/example_pc.txt" "$work/example_shared.txt"

echo "== library for devices"
sed -n '/^ \* @example/,/^ \* @endexample/p' "$prefix/include/furl/furl_sense.h" |
  sed '1d;$d; s/^ \*   //; s/^ \*$//' > "$work/sense.c"
cc -std=c99 -Wall -Wextra -Werror "$work/sense.c" -o "$work/sense" -I"$prefix/include" \
  -L"$libdir" -lfurlsense
LD_LIBRARY_PATH=$libdir "$work/sense" > "$work/sense.txt"
grep -c 'bytes' "$work/sense.txt" | grep -qx 3
grep -c 'a key frame' "$work/sense.txt" | grep -qx 1

echo "== visible symbols"
# Only the interface and the name of its version leave the shared libraries; the decoder has no
# encoder.
for library in furl furldec furlsense; do
  if nm -D --defined-only "$libdir/lib$library.so" | awk '{print $3}' |
     grep -vE '^furl_|^FURL_[0-9]+$|^_(init|fini)$'; then
    echo "lib$library.so shows the symbols above"
    exit 1
  fi
done
if nm -D --defined-only "$libdir/libfurldec.so" | grep furl_encoder; then
  echo "libfurldec.so holds the encoder"
  exit 1
fi
echo "installed libraries work"
