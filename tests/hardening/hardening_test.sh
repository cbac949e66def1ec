#!/usr/bin/env bash
# Reads the built tool and library: are the protections in them that the build has
# found (cmake/FurlHardening.cmake)?
#
# usage: hardening_test.sh FURL LIBFURL.SO PROTECTION...
set -euo pipefail
tool=$1 library=$2
shift 2
failed=0

# has FILE WHAT PATTERN COMMAND...: whether COMMAND FILE prints a line with PATTERN.
has() {
  local file=$1 what=$2 pattern=$3
  shift 3
  # No grep -q: it would close the pipe, and pipefail make that a failure.
  if "$@" "$file" | grep -E "$pattern" > /dev/null; then
    echo "$(basename "$file"): $what"
  else
    echo "$(basename "$file"): no $what" >&2
    failed=1
  fi
}

# Functions of the interface are called through pointers (dlsym, the PLT), so each must begin
# with the mark of a place that may be jumped to, or sign its return address.
starts_marked() {
  objdump -d --no-show-raw-insn "$1" |
    awk '/^[0-9a-f]+ <furl_/ {getline; print $2, $3}'
}

check() {
  case $1 in
    stack-protector) has "$2" "stack protector" ' __stack_chk_fail' readelf -Ws --dyn-syms ;;
    fortify) has "$2" "checked functions" ' __[a-z]+_chk(@| |$)' readelf -Ws --dyn-syms ;;
    relro) has "$2" "read-only relocations" 'GNU_RELRO' readelf -Wl ;;
    now) has "$2" "binding at the start" 'BIND_NOW|FLAGS.*NOW' readelf -Wd ;;
    noexecstack) has "$2" "stack without code" 'GNU_STACK.* RW ' readelf -Wl ;;
    stack-clash) ;;  # leaves no mark
    control-flow)
      if [[ $2 == "$library" ]]; then
        has "$2" "marked functions" '^(endbr|paciasp|bti c)' starts_marked
      fi
      ;;
    *)
      echo "hardening_test: unknown protection $1" >&2
      failed=1
      ;;
  esac
}

for protection in "$@"; do
  check "$protection" "$tool"
  check "$protection" "$library"
done
has "$tool" "random addresses" 'Type: +DYN' readelf -h
if readelf -Wl "$tool" "$library" | grep -E 'LOAD.* RWE '; then
  echo "segments above are writable and executable" >&2
  failed=1
fi

# The mark of the whole file, where the linker sets it: it needs that of every object, those of the
# C library's start included (not in Debian 12).
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'int main() { return 0; }' > "$work/a.c"
if [[ " $* " == *" control-flow "* ]] &&
   cc -fcf-protection "$work/a.c" -o "$work/a" 2> /dev/null &&
   readelf -n "$work/a" | grep 'IBT' > /dev/null; then
  has "$tool" "control-flow protection as a whole" 'IBT, SHSTK' readelf -n
fi
exit $failed
