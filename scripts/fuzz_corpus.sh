#!/usr/bin/env bash
# Makes fuzz/corpus small again: of all that a target knows (kept, seeds, build/fuzz/corpus) the
# fewest and smallest inputs that cover what all of them cover, those of generated seeds left out.
# Where that is more than the limit, the smallest up to it.
#
# usage: scripts/fuzz_corpus.sh [kilobytes per target, default 24] [target...]
# After scripts/fuzz.sh, which builds.
set -euo pipefail
cd "$(dirname "$0")/.."
limit=$((1024 * ${1:-24}))
shift || true
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  for source in fuzz/*_fuzz.cc; do targets+=("$(basename "$source" _fuzz.cc)"); done
fi
export ASAN_OPTIONS=allocator_may_return_null=1

for target in "${targets[@]}"; do
  merged=build/fuzz/merged/$target kept=fuzz/corpus/$target
  rm -rf "$merged"
  mkdir -p "$merged" "$kept" "build/fuzz/corpus/$target" "build/fuzz/seeds/$target"
  cp "build/fuzz/seeds/$target"/* "$merged" 2> /dev/null || true
  seeds=$(find "$merged" -type f | wc -l)
  # Edges alone, not how often: that is what a regression run needs.
  nice -n 15 "build/fuzz/fuzz/${target}_fuzz" -merge=1 -use_counters=0 -timeout=20 -max_len=65536 \
    "$merged" "$kept" "build/fuzz/corpus/$target" > "build/fuzz/$target-merge.log" 2>&1
  rm -rf "$kept"
  mkdir -p "$kept"
  size=0
  while read -r bytes file; do
    [[ -e build/fuzz/seeds/$target/$(basename "$file") ]] && continue
    size=$((size + bytes))
    if ((size > limit)); then break; fi
    cp "$file" "$kept"
  done < <(find "$merged" -type f -printf '%s %p\n' | sort -n)
  echo "fuzz_corpus: $target: $(find "$kept" -type f | wc -l) files beside $seeds seeds," \
    "$((size / 1024)) kB"
done
