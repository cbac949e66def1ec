#!/usr/bin/env bash
# The tests of the Python binding against the built library and tool, then the wheel: that it is
# built without a network, and that what it installs is the whole package.
#
# usage: python_test.sh SOURCE_DIR LIBRARY TOOL
# Exit code 77 (skipped) without a python3 that has numpy.
set -euo pipefail
source_dir=$1
python=
for candidate in /usr/bin/python3 python3; do
  if "$candidate" -c 'import numpy' 2> /dev/null; then
    python=$candidate
    break
  fi
done
[[ $python ]] || { echo "skipped: no numpy (Debian package python3-numpy)"; exit 77; }
export FURL_LIBRARY=$2 FURL_TOOL=$3 FURL_CLIP=$source_dir/assets/bunny.mkv
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

PYTHONPATH=$source_dir/python "$python" -W error -m unittest discover -s "$source_dir/python/tests"

if ! "$python" -c 'import setuptools, wheel, pip' 2> /dev/null; then
  echo "no wheel: pip, setuptools or wheel is missing"
  exit 0
fi
cp -r "$source_dir/python" "$work/source"  # it is built in place
"$python" -m pip wheel --quiet --no-index --no-deps --no-build-isolation --no-cache-dir \
  -w "$work" "$work/source"
"$python" -m zipfile -e "$work"/furl_codec-*-py3-none-any.whl "$work/installed"
diff <(cd "$source_dir/python/furl" && find . -type f -not -path '*/__pycache__/*' | sort) \
     <(cd "$work/installed/furl" && find . -type f | sort)
cd "$work"
PYTHONPATH=$work/installed "$python" -c 'import furl; print("wheel:", furl.library_version())'
