# How a fuzz target is run, for scripts/fuzz.sh and scripts/fuzz_long.sh, which source this.

export ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1

# fuzz_targets [TARGET...]: those, or all there are, one a line.
fuzz_targets() {
  if (($# > 0)); then
    printf '%s\n' "$@"
    return
  fi
  local source
  for source in fuzz/*_fuzz.cc; do basename "$source" _fuzz.cc; done
}

# The longest input of a target. Those that unfold in its hands are short.
fuzz_max_len() {
  case $1 in
    api) echo 1024 ;;
    model_edit) echo 128 ;;
    model_json) echo 512 ;;
    sequence_header) echo 256 ;;
    y4m_header) echo 300 ;;
    subtitles | round_trip) echo 4096 ;;
    model) echo 65536 ;;
    *) echo 16384 ;;
  esac
}

# fuzz_run BIN HOME TARGET SECONDS TIMEOUT: runs BIN/TARGET_fuzz for so many seconds, 0: over what is
# kept and no further. Begins at fuzz/corpus/TARGET, HOME/seeds/TARGET and HOME/corpus/TARGET, which
# it extends. An input that takes TIMEOUT seconds is a finding; what is found becomes HOME/TARGET-*.
# Says all in HOME/TARGET.log.
fuzz_run() {
  local bin=$1 home=$2 target=$3 seconds=$4 timeout=$5
  mkdir -p "$home/corpus/$target" "$home/seeds/$target" "fuzz/corpus/$target"
  # Comparisons of a header's fields are worth steering by. Where coding takes the time, the
  # statistics over them take more.
  local options=(-use_value_profile=1)
  case $target in
    stream | model_edit | round_trip | api) options=(-use_value_profile=0 -entropic=0) ;;
  esac
  if ((seconds > 0)); then
    options+=("-max_total_time=$seconds")
  else
    options+=(-runs=0)
  fi
  nice -n 15 "$bin/${target}_fuzz" "${options[@]}" -timeout="$timeout" \
    -report_slow_units="$timeout" -rss_limit_mb=1024 -max_len="$(fuzz_max_len "$target")" \
    -print_final_stats=1 -artifact_prefix="$home/$target-" \
    "$home/corpus/$target" "$home/seeds/$target" "fuzz/corpus/$target" > "$home/$target.log" 2>&1
}

# fuzz_stat LOG NAME: one of the numbers that libFuzzer ends with; "" if it didn't get that far.
fuzz_stat() { sed -n "s/^stat::$2: *//p" "$1"; }

# fuzz_covered LOG: how many edges were covered at last.
fuzz_covered() { grep -o 'cov: [0-9]*' "$1" | tail -n 1 | cut -d ' ' -f 2; }
