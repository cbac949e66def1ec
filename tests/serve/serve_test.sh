#!/usr/bin/env bash
# The server of the furl tool and clients that are not furl's: curl, bare sockets, ffmpeg, and 200
# at once.
#
# usage: serve_test.sh path/to/furl path/to/furl_serve_load
load=$(realpath "$2")
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/../cli/helpers.sh"
command -v curl > /dev/null || { echo "there is no curl"; exit 77; }

server=0
# start OPTION...: serves the folder root; its address is in $url, its port in $port.
start() {
  rm -f out.txt  # the last one's
  "$furl" serve root --listen 127.0.0.1:0 "$@" > out.txt 2> err.txt &
  server=$!
  for ((i = 0; i < 100; ++i)); do
    url=$(sed -nE 's/^serving .* at (http.*)$/\1/p' out.txt 2> /dev/null)
    [[ $url ]] && break
    sleep 0.1
  done
  [[ $url ]] || { fail "no server: $(cat err.txt)"; finish; }
  port=${url%/}
  port=${port##*:}
}
# stop SIGNAL
stop() {
  kill -s "$1" $server
  wait $server
  same "exit code after $1" 0 $?
}
trap 'kill $server 2> /dev/null; rm -rf "$work"' EXIT

code() { curl -s -o body.txt -w '%{http_code}' --path-as-is "$@"; }
header() { curl -s -o body.txt -D - "${@:2}" | tr -d '\r' | sed -nE "s/^$1: (.*)$/\1/Ip"; }
metric() { curl -s "${url}metrics" | awk -v name="furl_serve_$1" '$1 == name { print $2 }'; }
# raw TEXT: the first line that the server says to these bytes (printf's escapes are understood).
raw() {
  exec 3<> "/dev/tcp/127.0.0.1/$port" || return
  # shellcheck disable=SC2059
  printf "$1" >&3
  timeout 5 head -1 <&3 | tr -d '\0\r'
  exec 3>&-
}

mkdir -p root/sub root/.git
head -c 3000000 /dev/urandom > root/film.mkv
echo secret > secret
echo hidden > root/.git/config
echo part > root/film.mkv.furl-part
ln -s ../secret root/out
ln -s film.mkv root/link.mkv
: > root/empty.vtt

# --- usage -------------------------------------------------------------------
expect 2 "$furl" serve
expect 2 "$furl" serve nowhere
expect 2 "$furl" serve root --listen example.com:80
grep -q 'no address and port' stderr.txt || fail "--listen: $(cat stderr.txt)"
expect 2 "$furl" serve root --connections 0

start --log --cors https://a.example --cors https://b.example
expect 8 "$furl" serve root --listen "127.0.0.1:$port"
grep -q "cannot listen at $url" stderr.txt || fail "a port in use: $(cat stderr.txt)"

# --- files -------------------------------------------------------------------
curl -s "${url}film.mkv" | cmp -s - root/film.mkv || fail "a whole file"
curl -s "${url}link.mkv" | cmp -s - root/film.mkv || fail "a link within the folder"
for range in 0-0 5-1000004 2999999- -7; do
  curl -s -r "$range" "${url}film.mkv" > part
  case $range in
    0-0) head -c 1 root/film.mkv ;;
    5-*) dd if=root/film.mkv bs=5 skip=1 count=200000 status=none ;;
    2999999-) tail -c 1 root/film.mkv ;;
    -7) tail -c 7 root/film.mkv ;;
  esac | cmp -s - part || fail "range $range"
done
head -c 1234567 root/film.mkv > resumed
curl -s -C - -o resumed "${url}film.mkv"
cmp -s resumed root/film.mkv || fail "a download that goes on"
same "behind the end" 416 "$(code -r 3000000- "${url}film.mkv")"
same "several ranges" 200 "$(code -r 0-1,5-6 "${url}film.mkv")"
same "an empty file" 200 "$(code "${url}empty.vtt")"
same "a range of it" 416 "$(code -r 0- "${url}empty.vtt")"
same "HEAD" 3000000 "$(header Content-Length -I "${url}film.mkv")"
etag=$(header ETag "${url}film.mkv")
same "a version that the client has" 304 "$(code -H "If-None-Match: $etag" "${url}film.mkv")"
same "a range of another version" 200 "$(code -r 0-9 -H 'If-Range: "x"' "${url}film.mkv")"
same "its type" video/x-matroska "$(header Content-Type "${url}film.mkv")"
same "an origin that may" https://b.example \
  "$(header Access-Control-Allow-Origin -H 'Origin: https://b.example' "${url}film.mkv")"
same "an origin that may not" "" \
  "$(header Access-Control-Allow-Origin -H 'Origin: https://c.example' "${url}film.mkv")"
same "the page" 200 "$(code "$url")"
grep -q 'href="/.furl/play/film.mkv"' body.txt || fail "the page doesn't offer the film"
same "isolation of pages" require-corp "$(header Cross-Origin-Embedder-Policy "$url")"
same "a folder without its slash" /sub/ "$(header Location "${url}sub")"

# --- what is refused ---------------------------------------------------------
for path in ../secret %2e%2e/secret sub/../../secret .%2e/%2e./secret sub/%2e%2e/film.mkv; do
  same "$path" 400 "$(code "$url$path")"
done
for path in out .git/config .%67it/config film.mkv.furl-part none ..%2fsecret %00 '%' film.mkv%00; do
  [[ $(code "$url$path") == 4?? ]] || fail "$path: $(code "$url$path")"
  grep -q 'secret\|hidden\|part' body.txt && fail "$path was sent"
done
for request in 'GET http://x/../secret HTTP/1.1\r\nHost: x\r\n\r\n' \
  'GET //../secret HTTP/1.0\r\n\r\n' 'GET ../secret HTTP/1.0\r\n\r\n' \
  'GET \\..\\secret HTTP/1.0\r\n\r\n' \
  'GET /\033[31m HTTP/1.0\r\n\r\n' 'nonsense\r\n\r\n' '\026\003\001\r\n\r\n'; do
  answer=$(raw "${request/HTTP\/1.1/HTTP\/1.0}")
  [[ $answer =~ ^HTTP/1\.[01]\ 4 || -z $answer ]] || fail "$request: $answer"
done
for method in POST PUT DELETE; do
  same "$method" 405 "$(code -X $method -d x "${url}film.mkv")"
done
same "a body" 400 "$(code -X GET -d x "${url}film.mkv")"
same "a head of 20 kB" 431 "$(code -H "X: $(head -c 20000 /dev/zero | tr '\0' a)" "$url")"
[[ $(code "$url$(head -c 9000 /dev/zero | tr '\0' a)") == 4?? ]] || fail "a long address"
same "traversal was counted" true "$( (($(metric 'refused_total{cause="traversal"}') >= 6)) && echo true)"
same "nothing stays open" 0 "$(metric open_files)"
grep -q '^127.0.0.1 GET /\\x1b\[31m 4' out.txt || fail "the log: $(grep 31m out.txt | cat -v)"
LC_ALL=C grep -q $'\033' out.txt err.txt && fail "escape sequences in the log"

# --- live playlists ----------------------------------------------------------
echo '#EXTM3U one' > root/live.m3u8
same "caches of playlists" no-cache "$(header Cache-Control "${url}live.m3u8")"
etag=$(header ETag "${url}live.m3u8")
echo '#EXTM3U two' > root/live.m3u8.tmp
same "a playlist that is being written" 404 "$(code "${url}live.m3u8.tmp")"
mv root/live.m3u8.tmp root/live.m3u8
same "the next version" 200 "$(code -H "If-None-Match: $etag" "${url}live.m3u8")"
same "its text" '#EXTM3U two' "$(cat body.txt)"
: > root/s1.m4s
same "caches of segments" 'public, max-age=60, immutable' \
  "$(header Cache-Control "${url}s1.m4s")"

# --- 200 clients at once -----------------------------------------------------
"$load" "$port" /film.mkv root/film.mkv 200 4 > load.json || fail "200 clients: $(cat load.json)"
grep -q '"failures": 0,' load.json || fail "200 clients: $(cat load.json)"
cat load.json
stop INT

# --- ffmpeg as a client ------------------------------------------------------
start
make -f lavfi -i testsrc2=s=96x64:r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 -preset ultrafast \
  -g 25 -c:a aac -f hls -hls_time 1 -hls_playlist_type vod -hls_segment_type fmp4 \
  -master_pl_name master.m3u8 root/sub/list.m3u8
same "frames that ffmpeg sees" 50 "$(ffprobe -v error -count_frames -select_streams v:0 \
  -show_entries stream=nb_read_frames -of csv=p=0 "${url}sub/master.m3u8" | head -1 | tr -d ,)"
curl -s "$url" | grep -q 'href="/.furl/play/sub/master.m3u8"' || fail "the package isn't offered"
stop TERM

# --- slow clients and crowds -------------------------------------------------
start --request-timeout 1 --idle-timeout 2 --connections-per-address 6
truncate -s 200M root/large.mkv
exec 4<> "/dev/tcp/127.0.0.1/$port"
before=$SECONDS
(for ((i = 0; i < 20; ++i)); do printf G || exit; sleep 0.25; done) >&4 2> /dev/null &
drip=$!
timeout 10 cat <&4 > /dev/null || fail "a byte at a time was let go on"
((SECONDS - before <= 4)) || fail "a slow head was closed after $((SECONDS - before)) seconds"
kill $drip 2> /dev/null
exec 4>&-
exec 5<> "/dev/tcp/127.0.0.1/$port"
printf 'GET /large.mkv HTTP/1.1\r\nHost: x\r\n\r\n' >&5
sleep 0.5
same "a file on its way" 1 "$(metric open_files)"
sleep 3
same "a client that takes nothing" 0 "$(metric open_files)"
exec 5>&-
same "slow heads" 1 "$(metric 'refused_total{cause="slow_request"}')"
same "slow readers" 1 "$(metric 'refused_total{cause="slow_reader"}')"
for fd in 10 11 12 13 14 15; do eval "exec $fd<> /dev/tcp/127.0.0.1/$port"; done
sleep 0.3
curl -s -m 5 -o body.txt "$url" && fail "a seventh connection was taken"
for fd in 10 11 12 13 14 15; do eval "exec $fd>&-"; done
sleep 0.5
same "connections of one address" true \
  "$( (($(metric 'refused_total{cause="address_connections"}') >= 1)) && echo true)"
stop INT

# --- JSON, and nothing else --------------------------------------------------
rm -f out.txt
"$furl" serve root --listen 127.0.0.1:0 --json --log --no-metrics > out.txt 2> err.txt &
server=$!
for ((i = 0; i < 50; ++i)); do grep -qs serving out.txt && break; sleep 0.1; done
url=$(sed -nE 's/.*"type":"serving".*"url":"([^"]*)".*/\1/p' out.txt)
same "no metrics" 404 "$(code "${url}metrics")"
stop TERM
grep -q '"type":"request",.*"target":"/metrics","status":404' out.txt || fail "$(cat out.txt)"
tail -1 out.txt | grep -q '"type":"result","success":true' || fail "the last line: $(tail -1 out.txt)"
server=$$  # there is none to end
trap 'rm -rf "$work"' EXIT
finish
