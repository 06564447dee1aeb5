#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check-translations.sh SOURCE-ROOT: po/POTFILES names every file with text for people, each translation is sound.
set -u
cd "$1" || exit 1

failed=0
number=0
point() {
  number=$((number + 1))
  if [ -z "$2" ]; then echo "ok $number - $1"; else
    printf '%s\n' "$2" | sed 's/^/# /'
    echo "not ok $number - $1"
    failed=1
  fi
}

point "po/POTFILES lists the files with text for people, sorted" "$(diff <(scripts/update-po --list) po/POTFILES 2>&1)"

for language in $(grep -v '^#' po/LINGUAS); do
  point "po/$language.po is sound" "$(msgfmt --check -o /dev/null "po/$language.po" 2>&1)"
done
point "po/LINGUAS lists every translation" "$(diff <(grep -v '^#' po/LINGUAS) <(cd po && ls ./*.po | sed 's,^\./,,; s/\.po$//'))"

echo "1..$number"
exit $failed
