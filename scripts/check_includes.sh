#!/usr/bin/env bash
# Compares every #include under src/ with the module table of src/CMakeLists.txt:
# a module may include its own headers, those of its DEPS and of their DEPS, and
# <foreign/...> headers only where a library of that name stands in its LIBS (or
# in those of its DEPS). What a header "*-inl.h" includes of foreign libraries is
# asked of the files that are compiled with it, which name the library themselves.
# In src/train a folder may include only itself and the folders that stand before it
# in train_folders of src/train/CMakeLists.txt; the files beside them are on top.
#
# usage: scripts/check_includes.sh [source root]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

declare -A dir_of deps_of libs_of  # by module
declare -A module_at               # by folder under src/

# Reads one "furl_module(...)" call, given as its words.
read_module() {
  local name=$1 part=DIRS word folder only_subdirs=""
  local subdirs=()
  shift
  dir_of[$name]=$name deps_of[$name]="" libs_of[$name]=""
  for word in "$@"; do
    case $word in
      DIR | DEPS | LIBS | SUBDIRS) part=$word ;;
      ONLY_SUBDIRS) only_subdirs=1 ;;
      *) case $part in
           DIR) dir_of[$name]=$word ;;
           DEPS) deps_of[$name]+=" $word" ;;
           LIBS) libs_of[$name]+=" $word" ;;
           SUBDIRS) subdirs+=("$word") ;;
         esac ;;
    esac
  done
  [[ $only_subdirs ]] || module_at[${dir_of[$name]}]=$name
  for word in "${subdirs[@]}"; do
    # shellcheck disable=SC2231  # may hold wildcards
    for folder in src/${dir_of[$name]}/$word; do module_at[${folder#src/}]=$name; done
  done
}

while read -r call; do
  set -f  # SUBDIRS may hold wildcards
  # shellcheck disable=SC2086  # words on purpose
  set -- $call
  set +f
  read_module "$@"
done < <(sed 's/#.*//' src/CMakeLists.txt | tr '\n' ' ' |
         grep -oE 'furl_module\([^)]*\)' | sed -E 's/furl_module\(//; s/\)//')

# The module of a path under src/: the longest folder that is one.
module_of() {
  local folder=$1
  while [[ $folder == */* ]]; do
    folder=${folder%/*}
    if [[ -n ${module_at[$folder]:-} ]]; then
      found=${module_at[$folder]}
      return
    fi
  done
  found=""
}

# Modules that $1 may include, itself first, into allowed[].
declare -A closure
collect() {
  local dep
  [[ ${closure[$1]:-} ]] && return
  closure[$1]=1
  for dep in ${deps_of[$1]:-}; do
    if [[ -z ${dir_of[$dep]:-} ]]; then
      echo "src/CMakeLists.txt: module $1 depends on $dep, which stands below it or nowhere"
      failed=1
    else
      collect "$dep"
    fi
  done
}

# Foreign header prefix -> what must stand in LIBS.
foreign_library() {
  case $1 in
    hwy/*) library=furl_hwy ;;
    nlohmann/*) library=nlohmann_json ;;
    libav* | libsw*) library=LIBAV ;;
    fmt/*) library=fmt ;;
    spdlog/*) library=spdlog ;;
    CLI/*) library=CLI11 ;;
    torch/* | ATen/* | c10/*) library=torch ;;
    *) library="" ;;
  esac
}

# Complains about header $1 of $library at $file:$line unless $module links it.
check_foreign() {
  local m libs=""
  [[ $file == *-inl.h ]] && return
  for m in "${!closure[@]}"; do libs+=" ${libs_of[$m]}"; done
  if [[ $libs != *"$library"* ]]; then
    echo "$file:$line: module $module does not link $library, needed by $1"
    failed=1
  fi
}

failed=0
checked=0
previous=""

# Position of each folder of src/train, from 1, lowest first.
declare -A train_order=()
if [[ -f src/train/CMakeLists.txt ]]; then
  # shellcheck disable=SC2013  # words on purpose
  for folder in $(sed -nE 's/^set\(train_folders (.*)\)$/\1/p' src/train/CMakeLists.txt); do
    train_order[$folder]=$((${#train_order[@]} + 1))
  done
  if [[ ${#train_order[@]} -eq 0 ]]; then
    echo "src/train/CMakeLists.txt: no line set(train_folders ...)"
    failed=1
  fi
fi

# The position of a path under src/train/ into rank; the files beside the folders are
# above them all, and so is a folder that the list lacks.
rank_of() {
  local folder=${1%%/*}
  rank=$((${#train_order[@]} + 1))
  [[ $1 != */* ]] || rank=${train_order[$folder]:-$rank}
}

# Complains about an include of $text at src/$path:$line, in src/train, that points upward.
check_train() {
  local target mine
  checked=$((checked + 1))
  [[ $text =~ ^[[:space:]]*#[[:space:]]*include[[:space:]]+\"train/([^\"]+)\" ]] || return 0
  target=${BASH_REMATCH[1]}
  rank_of "${path#train/}"
  mine=$rank
  rank_of "$target"
  if [[ $rank -gt $mine ]]; then
    echo "$file:$line: train/$target stands above this folder of src/train"
    failed=1
  fi
}

while IFS=: read -r file line text; do
  path=${file#src/}
  if [[ $path == train/* ]]; then
    check_train
    continue
  fi
  module_of "$path"
  module=$found
  [[ -z $module ]] && continue  # a program on top of everything
  if [[ $module != "$previous" ]]; then
    closure=()
    collect "$module"
    previous=$module
  fi
  checked=$((checked + 1))
  if [[ $text =~ ^[[:space:]]*#[[:space:]]*include[[:space:]]+\"([^\"]+)\" ]]; then
    target=${BASH_REMATCH[1]}
    foreign_library "$target"
    if [[ -n $library ]]; then
      check_foreign "$target"
      continue
    fi
    case $target in furl/*) continue ;; esac  # the public headers
    if [[ ! -f src/$target ]]; then
      echo "$file:$line: \"$target\" is not a path under src/"
      failed=1
      continue
    fi
    module_of "$target"
    if [[ -z $found || -z ${closure[$found]:-} ]]; then
      echo "$file:$line: module $module must not include $target (of ${found:-a program})"
      failed=1
    fi
  elif [[ $text =~ ^[[:space:]]*#[[:space:]]*include[[:space:]]+\<([^\>]+)\> ]]; then
    foreign_library "${BASH_REMATCH[1]}"
    [[ -z $library ]] || check_foreign "${BASH_REMATCH[1]}"
  fi
done < <(grep -rnE --include='*.h' --include='*.cc' '^[[:space:]]*#[[:space:]]*include' src | sort)

if [[ $checked -eq 0 || ${#dir_of[@]} -eq 0 ]]; then
  echo "check_includes: found nothing to check" >&2
  exit 1
fi
echo "check_includes: $checked includes in ${#dir_of[@]} modules checked"
exit $failed
