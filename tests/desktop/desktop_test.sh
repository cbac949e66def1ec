#!/usr/bin/env bash
# Desktops know bare furl files by name and by content, take nothing else for one, and find an icon
# and a program for them.
#
# usage: desktop_test.sh SOURCE_DIR TOOL
# Exit code 77 (skipped) without shared-mime-info, gio or desktop-file-validate.
set -euo pipefail
source_dir=$1 tool=$2
for program in update-mime-database gio desktop-file-validate; do
  command -v "$program" > /dev/null || { echo "skipped: no $program"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_DATA_HOME=$work/share XDG_CONFIG_HOME=$work/config

install -D -m 644 "$source_dir/desktop/furl.xml" "$work/share/mime/packages/furl.xml"
update-mime-database "$work/share/mime" 2> "$work/complaints"
if grep -v '^Directory' "$work/complaints"; then exit 1; fi  # the system's own folders

# Complains unless file $1 has the type $2.
expect_type() {
  local type
  type=$(gio info -a standard::content-type "$1" | sed -n 's/.*standard::content-type: //p')
  if [[ $type != "$2" ]]; then
    echo "$1 is $type, not $2"
    exit 1
  fi
}

"$tool" encode "$source_dir/assets/bunny.mkv" -o "$work/clip.furl" --frames 2 --scale 64x-1 -q
"$tool" encode "$source_dir/assets/bunny.mkv" -o "$work/clip.mkv" --frames 2 --scale 64x-1 -q
cp "$work/clip.furl" "$work/no-ending"
printf 'furl is a codec\n' > "$work/words"
expect_type "$work/clip.furl" video/x-furl
expect_type "$work/no-ending" video/x-furl
expect_type "$work/words" text/plain
expect_type "$work/clip.mkv" video/x-matroska

desktop-file-validate "$source_dir/desktop/furl.desktop"
install -D -m 644 "$source_dir/desktop/furl.desktop" "$work/share/applications/furl.desktop"
install -D -m 755 "$tool" "$work/bin/furl"  # TryExec
update-desktop-database "$work/share/applications"
PATH=$work/bin:$PATH gio mime video/x-furl > "$work/programs"
grep -q 'furl\.desktop' "$work/programs" || { cat "$work/programs"; exit 1; }

if command -v rsvg-convert > /dev/null; then
  for size in 16 256; do
    rsvg-convert -w "$size" "$source_dir/desktop/furl.svg" -o "$work/icon.png"
    file "$work/icon.png" | grep -q "$size x $size"
  done
fi
echo "desktops know furl files"
