#!/usr/bin/env bash
# scripts/check_includes.sh must accept a good tree and name each kind of
# violation. usage: check_includes_test.sh SOURCE_ROOT
set -euo pipefail
check=$1/scripts/check_includes.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/src/{low,high,codec/enc,codec/dec,tool,cli,kinds/one/encode,train/network,train/loop}
cat > "$tree/src/CMakeLists.txt" << 'END'
# furl_module(comment DEPS nothing)
furl_module(low)
furl_module(high DEPS low
            LIBS furl_hwy)
furl_module(enc DIR codec/enc DEPS high)
furl_module(dec DIR codec/dec DEPS high)
furl_module(cli DEPS low dec)
furl_module(kinds DIR kinds SUBDIRS * DEPS low)
furl_module(kinds_enc DIR kinds SUBDIRS */encode ONLY_SUBDIRS DEPS kinds)
END
echo 'set(train_folders network loop)' > "$tree/src/train/CMakeLists.txt"
reset_tree() {
  echo '#include <vector>' > "$tree/src/low/low.h"
  echo '#include "hwy/highway.h"' > "$tree/src/low/kernel-inl.h"
  printf '#include <hwy/highway.h>\n#include "low/low.h"\n' > "$tree/src/high/high.h"
  printf '#include "codec/enc/enc.h"\n#include "low/low.h"\n' > "$tree/src/codec/enc/enc.cc"
  echo '#include "high/high.h"' > "$tree/src/codec/enc/enc.h"
  echo '#include "high/high.h"' > "$tree/src/codec/dec/dec.h"
  echo '#include "codec/dec/dec.h"' > "$tree/src/tool/main.cc"
  echo '#include "low/low.h"' > "$tree/src/kinds/one/one.h"
  echo '#include "kinds/one/one.h"' > "$tree/src/kinds/one/encode/one_encode.h"
  printf '#include "codec/dec/dec.h"\n#include "low/low.h"\n' > "$tree/src/cli/app.h"
  echo '#include "low/low.h"' > "$tree/src/train/network/net.h"
  echo '#include "train/network/net.h"' > "$tree/src/train/loop/loop.h"
  printf '#include "train/loop/loop.h"\n#include "train/top.h"\n' > "$tree/src/train/top.h"
}
expect_failure() {  # file, include line, text the report must hold
  reset_tree
  echo "$2" >> "$tree/src/$1"
  if report=$("$check" "$tree" 2>&1); then
    echo "accepted: $2 in $1"
    exit 1
  fi
  if [[ $report != *"$3"* ]]; then
    echo "report lacks \"$3\": $report"
    exit 1
  fi
}

reset_tree
"$check" "$tree"
expect_failure low/low.h '#include "high/high.h"' "module low must not include high/high.h"
expect_failure codec/enc/enc.h '#include "codec/dec/dec.h"' "module enc must not include"
expect_failure codec/dec/dec.h '#  include "codec/enc/enc.h"' "module dec must not include"
expect_failure high/high.h '#include "tool/main.cc"' "of a program"
expect_failure high/high.h '#include "cli/app.h"' "module high must not include cli/app.h"
expect_failure cli/app.h '#include "codec/enc/enc.h"' "module cli must not include codec/enc/enc.h"
expect_failure cli/app.h '#include "tool/main.cc"' "of a program"
expect_failure train/network/net.h '#include "train/loop/loop.h"' "train/loop/loop.h stands above"
expect_failure train/loop/loop.h '#include "train/top.h"' "train/top.h stands above"
expect_failure kinds/one/one.h '#include "kinds/one/encode/one_encode.h"' "module kinds must not include"
expect_failure low/low.h '#include <hwy/highway.h>' "does not link furl_hwy"
expect_failure low/low.h '#include "hwy/highway.h"' "does not link furl_hwy"
expect_failure low/kernel-inl.h '#include "high/high.h"' "module low must not include high/high.h"
expect_failure low/low.h '#include "missing.h"' "is not a path under src/"
echo "all violations were found"
