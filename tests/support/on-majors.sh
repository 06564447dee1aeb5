#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# on-majors.sh BUILD-FOLDER [SUITE...]: runs SUITEs (wire, connect, history, cli) on one server of each major at hand.
#   TIDE_TEST_BINDIRS  the folders of their programs; unset: those of /usr/lib/postgresql
# Ends with "N passed, N failed, N skipped"; a folder without a server is skipped and named.
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: ${0##*/} BUILD-FOLDER [SUITE...]" >&2; exit 64; }
build=$1
shift
[ $# -ge 1 ] || set -- wire connect history cli
read -ra bindirs <<<"${TIDE_TEST_BINDIRS:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tr '\n' ' ')}"

passed=0 failed=0 skipped=0
for bindir in "${bindirs[@]}"; do
  if ! version=$("$bindir/postgres" --version 2>/dev/null); then
    echo "$bindir: skipped, no PostgreSQL server there"
    skipped=$((skipped + 1))
    continue
  fi
  log=on-${version//[^0-9.]/}
  if TIDE_TEST_BINDIR=$bindir "$here/with-postgres.sh" meson test -C "$build" --no-rebuild --logbase "$log" \
       "${@/#/--suite=}" >/dev/null; then
    echo "$version: passed"
    passed=$((passed + 1))
  else
    echo "$version: failed; $build/meson-logs/$log.txt tells"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
