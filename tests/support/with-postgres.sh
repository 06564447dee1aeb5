#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-postgres.sh COMMAND [ARGUMENT...]: runs COMMAND with a private, throw-away PostgreSQL.
#   TIDE_TEST_PGHOST  its socket folder     TIDE_TEST_PGPORT  its port     TIDE_TEST_PGUSER  a superuser
# Nested calls share the outer server. TIDE_TEST_BINDIR chooses another major, TIDE_TEST_CONF a file of further settings.
# The server is a child of ours and dies with us, whatever kills us.
set -eu

if [ -n "${TIDE_TEST_PGHOST:-}" ]; then exec "$@"; fi

bindir=${TIDE_TEST_BINDIR:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
[ -x "$bindir/initdb" ] || { echo "with-postgres: no PostgreSQL server binaries; install postgresql-15" >&2; exit 77; }

# In memory where there is enough of it, with all that the tests write: a database is made and dropped there in a
# tenth of the time
base=/tmp
[ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && base=/dev/shm
dir=$(mktemp -d $base/tide-pg.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
chmod 755 "$dir"
server=
stop() {
  [ -n "$server" ] && { kill -QUIT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

"${as[@]}" env LC_ALL=C "$bindir/initdb" -D "$dir/data" -U tide -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 \
  || { cat "$dir/initdb.log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 100
shared_buffers = 64MB
autovacuum = off
jit = off
password_encryption = 'scram-sha-256'
$(cat "${TIDE_TEST_CONF:-/dev/null}")
CONF
"${as[@]}" setpriv --pdeathsig=QUIT "$bindir/postgres" -D "$dir/data" >"$dir/log" 2>&1 &
server=$!
for _ in $(seq 200); do
  [ -S "$dir/.s.PGSQL.5432" ] && pg_isready -q -h "$dir" && break # not every package of a server has one
  kill -0 "$server" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
  sleep 0.05
done
mkdir -m 1777 "$dir/tmp"
mkdir -m 755 "$dir/cache"
export TMPDIR=$dir/tmp XDG_CACHE_HOME=$dir/cache
export TIDE_TEST_PGHOST=$dir TIDE_TEST_PGPORT=5432 TIDE_TEST_PGUSER=tide TIDE_TEST_PGBINDIR=$bindir
# Debian's psql and pg_dump are scripts that look for these programs first, which takes longer than most calls
[ -x "$bindir/psql" ] && PATH=$bindir:$PATH
# Copied as files a new database costs a fourth of what it does by way of the log, where the server knows how
[ "$("$bindir/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -ge 15 ] && export TIDE_TEST_CREATEDB='STRATEGY file_copy'
rc=0
"$@" || rc=$?
exit $rc
