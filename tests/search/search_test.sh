#!/usr/bin/env bash
# furl index and furl search: copies of all kinds are found, an index is brought up to date, and
# what is none is refused.
# Usage: search_test.sh FURL SOURCE_FOLDER
source=$(realpath "$2")
# shellcheck source-path=SCRIPTDIR/../cli
. "$(dirname "$0")/../cli/helpers.sh"
command -v ffmpeg > /dev/null || exit 77

first() { "$furl" search --db videos.db "$@" --json -q | grep -m 1 '"type":"match"' |
  sed 's/.*"path":"\([^"]*\)".*/\1/'; }
value() { tail -n 1 stdout.txt | sed "s/.*\"$1\":\([0-9]*\).*/\1/"; }

mkdir videos videos/.hidden copies
make -i "$source/assets/bunny.mkv" -an -sn -c:v ffv1 bunny.mkv
make -f lavfi -i mandelbrot=s=320x180:r=25 -t 2 -c:v ffv1 videos/mandelbrot.mkv
make -f lavfi -i testsrc2=s=320x240:r=25 -t 2 -c:v ffv1 "videos/test card.mkv"
make -f lavfi -i cellauto=s=320x240:rule=110:r=25 -t 2 -c:v ffv1 videos/.hidden/cells.mkv
expect 0 "$furl" encode bunny.mkv -o videos/bunny.mkv --preset fast --scale 416x-1
echo 'no video' > videos/notes.txt

"$furl" search --db missing.db bunny.mkv 2> stderr.txt
grep -q 'SQLite was not there' stderr.txt && exit 77
expect 8 "$furl" search --db missing.db bunny.mkv

# Into an index, and once more with nothing to do.
expect 0 "$furl" index videos --db videos.db --json
same 'files looked at' 3 "$(value indexed)"
same 'encoded on the fly' 2 "$(grep -c '"encoded":true' stdout.txt)"
expect 0 "$furl" index videos --db videos.db --json
same 'files unchanged' 3 "$(value unchanged)"
same 'files looked at again' 0 "$(value indexed)"

# Copies are known again, whatever was done to them.
make -i bunny.mkv -vf scale=240:-2 -c:v mpeg4 -q:v 8 copies/small.mp4
make -i bunny.mkv -vf hflip -c:v mpeg4 -q:v 4 copies/mirrored.mp4
make -i bunny.mkv -vf 'crop=iw*0.9:ih*0.9' -c:v mpeg4 -q:v 4 copies/cropped.mp4
make -i bunny.mkv -vf 'eq=brightness=0.1:contrast=0.8:saturation=0.5' -c:v mpeg4 -q:v 4 \
  copies/pale.mp4
make -ss 0.4 -i bunny.mkv -c:v mpeg4 -q:v 4 copies/late.mp4
make -i bunny.mkv -vf scale=300:-2 -frames:v 1 copies/picture.png
for copy in small.mp4 mirrored.mp4 cropped.mp4 pale.mp4 late.mp4 picture.png; do
  same "the first for $copy" "$work/videos/bunny.mkv" "$(first copies/$copy)"
done
same 'the first for a part' "$work/videos/bunny.mkv" "$(first copies/small.mp4 --start 1)"
# A member of the index is not its own answer.
[[ $(first videos/bunny.mkv) != "$work/videos/bunny.mkv" ]] || fail 'the query found itself'
expect 0 "$furl" search --db videos.db videos/bunny.mkv --at 0.5
expect 2 "$furl" search --db videos.db videos/bunny.mkv --at 0.5 --start 1
expect 2 "$furl" search --db videos.db videos/bunny.mkv --start 1000

# A page that holds all it shows.
expect 0 "$furl" search --db videos.db copies/small.mp4 --html page.html
grep -q '<!doctype html>' page.html || fail 'no page'
[[ $(grep -o 'data:image/jpeg;base64,' page.html | wc -l) -ge 4 ]] || fail 'too few pictures'
expect 2 "$furl" search --db videos.db copies/small.mp4 --html page.html

# What is there twice, and no longer.
cp copies/small.mp4 videos/again.mp4
expect 0 "$furl" index videos --db videos.db --json
same 'the copy alone is looked at' 1 "$(value indexed)"
expect 0 "$furl" search --db videos.db --duplicates --json
same 'pairs' 1 "$(value pairs)"
rm videos/again.mp4
expect 0 "$furl" index videos --db videos.db --prune --json
same 'files removed' 1 "$(value removed)"
expect 0 "$furl" search --db videos.db --duplicates --json
same 'pairs afterwards' 0 "$(value pairs)"

# What can't be read leaves the rest.
head -c 3000 "$source/assets/bunny.mkv" > videos/broken.mkv
expect 3 "$furl" index videos --db videos.db --json
same 'files that failed' 1 "$(value failed)"
grep -q '"success":false' stdout.txt || fail 'the broken file is not named'
same 'the rest answers' "$work/videos/bunny.mkv" "$(first copies/small.mp4)"

# Damage in a furl file is passed over.
size=$(stat -c %s videos/bunny.mkv)
cp videos/bunny.mkv hurt.mkv
printf 'damage damage' | dd of=hurt.mkv bs=1 seek=$((size * 3 / 4)) conv=notrunc status=none
"$furl" index hurt.mkv --db hurt.db --json > stdout.txt 2> stderr.txt
grep -q '"damaged":[1-9]' stdout.txt || fail "no damage: $(cat stdout.txt)"

# What is no index is none, and is left as it is.
echo 'no index' > text.db
expect 3 "$furl" search --db text.db bunny.mkv
expect 3 "$furl" index videos --db text.db
same 'the text' 'no index' "$(cat text.db)"
expect 2 "$furl" search --db videos.db
expect 8 "$furl" index nowhere --db videos.db
finish
