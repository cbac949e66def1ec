# What scripts that start `furl serve --json` share; sourced by them.
# shellcheck shell=bash

# wait_for_server LOG: the address that the server's first line tells, within ten seconds; else
# nothing.
wait_for_server() {
  local url='' i
  for ((i = 0; i < 100; ++i)); do
    url=$(sed -nE 's/.*"type":"serving".*"url":"([^"]*)".*/\1/p' "$1")
    [[ $url ]] && break
    sleep 0.1
  done
  echo "$url"
}
