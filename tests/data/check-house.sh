#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check-house.sh SOURCE-ROOT: what the house asks of every file, as TAP. A point that fails lists the offenders.
set -u
cd "$1" || exit 1

number=0
# point NAME OFFENDERS: passes when there are none
point() {
  number=$((number + 1))
  if [ -z "$2" ]; then echo "ok $number - $1"; else
    printf '%s\n' "$2" | sed 's/^/# /'
    echo "not ok $number - $1"
    failed=1
  fi
}
failed=0

# What a clone of the tree holds: tracked files, and new ones that are not ignored
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  files=$(git ls-files --cached --others --exclude-standard | while read -r f; do [ -e "$f" ] && echo "$f"; done)
else
  files=$(find . -type f -not -path './build*' -not -path './.git/*' | sed 's,^\./,,')
fi
list() { grep -E "$1" <<<"$files"; }
# offenders PATTERN FILES: the lines of FILES that match
offenders() { local pattern=$1; shift; [ $# -gt 0 ] && grep -nHE -- "$pattern" "$@" 2>/dev/null; }

mapfile -t core < <(list '^src/core/.*\.(c|h|build)$')
mapfile -t cli < <(list '^src/cli/.*\.(c|h|build)$')
mapfile -t code < <(list '^src/.*\.(c|h)$')
mapfile -t outside_wire < <(list '^(src|tests)/.*\.(c|h)$' | grep -vE '^(src/core/wire|tests/support)/')
mapfile -t programs < <(list '\.(c|h|sh|py|mjs|js)$|^scripts/[^.]*$|^\.ci/run$' | grep -v '^data/sample/project/')
mapfile -t texts < <(grep -vE '\.(png|svg|po|pot)$' <<<"$files")

point "the core and the command line know nothing of GTK" \
  "$(offenders '#include *<(gtk|adwaita|gdk|gtksourceview)|(gtk|adw)_dep' "${core[@]}" "${cli[@]}")"
point "libpq is included in src/core/wire and tests/support only" "$(offenders '#include *[<"](libpq-fe|libpq/)' "${outside_wire[@]}")"
point "the command line and the window do not include each other" \
  "$(offenders '#include "(app|cli)/' "${code[@]}")"

# Rooms stand in DESIGN.md from the bottom up; a room includes itself and what is above it in that list.
room_order() {
  mapfile -t rooms < <(sed -n 's/^| *`core\/\([a-z]*\)`.*/\1/p' src/DESIGN.md)
  local i j room
  for i in "${!rooms[@]}"; do
    room=${rooms[$i]}
    for j in "${!rooms[@]}"; do
      [ "$j" -gt "$i" ] && grep -rnE "#include \"${rooms[$j]}/" "src/core/$room" --include='*.[ch]'
    done
  done
  for room in src/core/*/; do
    room=$(basename "$room")
    [[ " ${rooms[*]} " == *" $room "* ]] || echo "src/core/$room: this room is not in src/DESIGN.md"
  done
}
point "rooms include only what stands below them in src/DESIGN.md" "$(room_order)"

point "no file is longer than 600 lines" \
  "$(wc -l "${programs[@]}" $(list '\.ui$') | awk '$1 > 600 && $2 != "total" { print $2 ": " $1 " lines" }')"
point "every program file says its licence" \
  "$(awk 'FNR == 1 { told[FILENAME] += 0 } FNR <= 3 && /SPDX-License-Identifier: GPL-3.0-or-later/ { told[FILENAME] = 1 }
          END { for (f in told) if (!told[f]) print f }' "${programs[@]}"; find "${programs[@]}" -empty)"
# Patterns are put together so that this file does not match itself
unfinished='\b(TO''DO|FIX''ME|X''XX|HA''CK)\b'
point "no unfinished business in the sources" "$(offenders "$unfinished" "${code[@]}")"

machine='(^|[^[:alnum:]_.-])/(wor''k|tmp/w''t|root|home/[a-z]+)/[[:alnum:].]'
point "no path of somebody's machine" "$(offenders "$machine" "${texts[@]}")"
junk() {
  list '(\.o|\.so|\.a|\.pyc|\.orig|\.rej|\.swp|\.log|~|\.DS_Store)$|(^|/)(node_modules|__pycache__|core)$'
  stat -c '%s %n' $(list .) | awk '$1 > 400000 { print $2 ": " $1 " bytes" }'
}
point "no junk among the files" "$(junk)"
malformed() {
  command -v xmllint >/dev/null || { echo "xmllint is not installed (libxml2-utils)"; return; }
  xmllint --noout $(list '\.(ui|svg|xml|xml\.in)$') 2>&1
}
point "every interface, drawing and schema is well-formed XML" "$(malformed)"
point "scripts can be run" \
  "$(for f in $(list '^(scripts/[a-z]+|\.ci/run|tests/.*\.sh)$'); do [ -x "$f" ] || echo "$f: not executable"; bash -n "$f" 2>&1; done)"
builds=$(cat $(list '^src/.*meson\.build$'))
point "C sources are in a meson.build" \
  "$(for f in $(list '^src/.*\.c$'); do [[ $builds == *"${f##*/}"* ]] || echo "$f"; done)"

echo "1..$number"
exit $failed
