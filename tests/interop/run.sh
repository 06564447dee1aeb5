#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh TIDEMARKCTL BUILD-FOLDER [PROJECT...]: takes turns with the real Prisma on a PostgreSQL of the run's own.
#   TIDE_PRISMA_MAJOR  7 (default) or 6
#   TIDE_PRISMA_ROOT   where it is, or is installed to from npm (default: BUILD-FOLDER/prisma-MAJOR)
# Without PROJECT: on projects made for it. A PROJECT is a folder with migrations in prisma/migrations or in itself.
# Skipped (in TAP's words) where there is no node or npm, or no Prisma to be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "1..0 # SKIP $1"; exit 0; }

command -v node >/dev/null && command -v npm >/dev/null || skip "the real Prisma needs node and npm: install nodejs and npm"
[ -n "${TIDE_TEST_PGHOST:-}" ] || skip "no test server: run under tests/support/with-postgres.sh"

major=${TIDE_PRISMA_MAJOR:-7}
export TIDEMARKCTL=$1 TIDE_PRISMA_ROOT=${TIDE_PRISMA_ROOT:-$2/prisma-$major}
shift 2
if [ ! -e "$TIDE_PRISMA_ROOT/installed" ]; then
  mkdir -p "$TIDE_PRISMA_ROOT"
  cp "$here/prisma-$major.json" "$TIDE_PRISMA_ROOT/package.json"
  (cd "$TIDE_PRISMA_ROOT" && npm install --ignore-scripts --fetch-retries=1 --no-audit --no-fund --loglevel=error >&2 && touch installed) \
    || skip "npm could not install Prisma (offline?)"
fi
# Prisma 6 does not start without a query engine either, and uses none here.
export PRISMA_QUERY_ENGINE_LIBRARY=$here/schema-engine.mjs
export PRISMA_SCHEMA_ENGINE_BINARY=$here/schema-engine.mjs CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1 NO_COLOR=1
exec node "$here/interop.mjs" "$@"
