#!/usr/bin/env bash
# The man pages and completions of a program against its --help: every command has a page, and each
# of them, read as people and shells read them, has just the options that --help shows.
#
# usage: document_test.sh PROGRAM FOLDER
#   FOLDER  of the documents: man1/, completions/{bash,zsh,fish}/
# Exit code 77 (skipped) without mandoc. zsh and fish complete where they are installed.
set -euo pipefail
program=$1 folder=$(realpath "$2")
name=$(basename "$program")
command -v mandoc > /dev/null || { echo "skipped: no mandoc"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The option names in columns of --help or a page, where lines of options begin at column $1.
options_at() {
  grep -E "^ {$1}-" | sed -E "s/^ {$1}//; s/ (Excludes|Needs):.*//" |
    sed -E 's/^((-[A-Za-z0-9-]+, ?)*-[A-Za-z0-9-]+).*/\1/' | tr -d ' ' | tr ',' '\n' | sort -u
}

# Complains unless the names in file $3, found in $2, are those that --help has.
compare() {
  local command=$1 where=$2 found=$3
  if ! diff "$work/help" "$found" > "$work/diff"; then
    echo "$name $command: the options of $where (>) are not those of --help (<):"
    cat "$work/diff"
    failed=1
  fi
}

check_page() {
  local command=$1 page=$folder/man1/$name${1:+-$1}.1
  mandoc -T lint -W warning "$page" || { echo "$page: see above"; failed=1; }
  mandoc -T ascii -O width=200,indent=5 "$page" | col -bx |
    sed -n '/^OPTIONS/,/^[A-Z]/{/^OPTIONS/!{/^[A-Z]/!p}}' | options_at 5 > "$work/page"
  compare "$command" "its page" "$work/page"
}

# What bash offers for the words.
bash_offers() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  "_${name//-/_}"
  printf '%s\n' "${COMPREPLY[@]}"
}

# What zsh would offer: the names in the specifications that its _arguments gets.
zsh_options() {
  zsh -f -c '
    _arguments() {
      local spec
      if [[ -n $wanted && $argv[-1] == *"->argument" ]]; then
        state=argument
        return
      fi
      for spec in "$@"; do
        [[ $spec == *\[* ]] && print -r -- "${${${spec%%\[*}##*\)}#\*}"
      done
    }
    _describe() { }
    wanted=$1 words=("$1") script=$(<$2)
    run() { eval "$script"; true; }
    run' zsh "$1" "$folder/completions/zsh/_$name" | grep '^-' | sed 's/[+=]$//' | sort -u
}

fish_offers() { HOME=$work fish --no-config -c "source $folder/completions/fish/$name.fish
                                    complete -C '$1'" | cut -f 1; }

check_completions() {
  local command=$1
  bash_offers "$name" ${command:+"$command"} - | grep '^-' | sort -u > "$work/bash"
  compare "$command" "bash's completion" "$work/bash"
  if command -v zsh > /dev/null; then
    zsh_options "$command" > "$work/zsh"
    compare "$command" "zsh's completion" "$work/zsh"
  fi
  if command -v fish > /dev/null; then
    { fish_offers "$name $command -"; fish_offers "$name $command --"; } | grep '^-' | sort -u \
      > "$work/fish"
    compare "$command" "fish's completion" "$work/fish"
  fi
}

# A value with names, after a space and after "=", and files where there are no names.
check_values() {
  [[ $(bash_offers furl encode --preset f) == fast ]]
  [[ $(bash_offers furl encode --preset = s) == slow ]]
  [[ $(bash_offers furl enc) == encode ]]
  [[ -z $(bash_offers furl encode hol) ]]
  if command -v fish > /dev/null; then
    [[ $(fish_offers "furl encode --preset f") == fast ]]
    touch "$work/film.mkv"
    (cd "$work" && [[ $(fish_offers "furl encode --input fil") == film.mkv ]])
  fi
}

bash -n "$folder/completions/bash/$name"
# shellcheck disable=SC1090  # one of several
source "$folder/completions/bash/$name"
if command -v zsh > /dev/null; then zsh -n "$folder/completions/zsh/_$name"; fi

commands=$("$program" --help | sed -n '/^Subcommands:/,/^$/{/^  [a-z]/p}' | awk '{print $1}')
for command in "" $commands; do
  # shellcheck disable=SC2086  # no command, no word
  "$program" $command --help | options_at 2 > "$work/help"
  grep -qx -- --help "$work/help"
  check_page "$command"
  check_completions "$command"
done
if [[ $name == furl ]]; then check_values; fi

pages=$(find "$folder/man1" -name '*.1' | wc -l)
if [[ $pages -ne $(($(wc -w <<< "$commands") + 1)) ]]; then
  echo "$pages pages, but commands are: $commands"
  failed=1
fi
[[ $failed -eq 0 ]] && echo "$pages pages of $name and its completions have all options"
exit $failed
