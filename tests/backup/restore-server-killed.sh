#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# restore-server-killed.sh CHILD: under a server of its own, which is killed while a restore is at work. Prints what the restore said.
set -eu
export PGHOST=$TIDE_TEST_PGHOST PGPORT=$TIDE_TEST_PGPORT PGUSER=$TIDE_TEST_PGUSER
dump=$(mktemp -d)
trap 'rm -rf "$dump"' EXIT
createdb -h "$PGHOST" old
printf -- '--\n-- PostgreSQL database dump\n--\nSELECT pg_sleep(60);\n--\n-- PostgreSQL database dump complete\n--\n' >"$dump/b"
"$1" "$dump/b" "$PGHOST" "$PGPORT" "$PGUSER" old 0 2>"$dump/said" &
child=$!
for _ in $(seq 500); do
  n=$(psql -XAtc "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND datname LIKE 'tidemark\\_restoring\\_%'" postgres)
  [ "$n" = 1 ] && break
  sleep 0.02
done
kill -QUIT "$(head -n 1 "$PGHOST/data/postmaster.pid")"
rc=0
wait $child || rc=$?
cat "$dump/said"
exit $rc
