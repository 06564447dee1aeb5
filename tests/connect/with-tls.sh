#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-tls.sh COMMAND [ARGUMENT...]: runs COMMAND with a PostgreSQL of its own that speaks TLS, beside any other.
#   TIDE_TEST_TLS          a folder: NAME.crt and NAME.key of the authorities "ca" (the server's) and "other", of the
#                          server ("server", "expired", "self") and of the users "ada" (by ca) and "eve" (by other)
#   TIDE_TEST_TLS_ADDRESS  where it listens; its certificates are for db.tidemark.test
# Its users: ada (by certificate), tls (over TLS only), plain (without only), either, scram (by password).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "1..0 # SKIP $1"; exit 0; }
command -v openssl >/dev/null || skip "certificates are made by openssl: install it"
compgen -G "${TIDE_TEST_BINDIR:-/usr/lib/postgresql/*/bin}/initdb" >/dev/null || skip "no PostgreSQL server binaries"

dir=$(mktemp -d /tmp/tide-tls.XXXXXX)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
sign_self() { # NAME SUBJECT
  openssl req -x509 "${new_key[@]}" -keyout "$1.key" -out "$1.crt" -days 3 -subj "/CN=$2" 2>/dev/null
}
sign() { # NAME SUBJECT AUTHORITY DAYS
  openssl req "${new_key[@]}" -keyout "$1.key" -out "$1.csr" -subj "/CN=$2" -addext "subjectAltName=DNS:$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA "$3.crt" -CAkey "$3.key" -days "$4" -copy_extensions copy -out "$1.crt" 2>/dev/null
}
make_certificates() {
  sign_self ca "Tidemark test authority"
  sign_self other "Another authority"
  sign_self self db.tidemark.test
  sign server db.tidemark.test ca 3
  sign expired db.tidemark.test ca -1
  sign ada ada ca 3
  sign eve ada other 3
  chmod 600 ./*.key
  [ "$(id -u)" != 0 ] || chown postgres server.key expired.key self.key
}
(cd "$dir" && make_certificates)

cat >"$dir/pg_hba.conf" <<HBA
local all all trust
hostssl all ada all cert
hostssl all tls all trust
hostnossl all plain all trust
host all either all trust
host all scram all scram-sha-256
HBA
address=127.$((RANDOM % 254 + 1)).$((RANDOM % 256)).$((RANDOM % 254 + 1))
cat >"$dir/postgresql.conf" <<CONF
listen_addresses = '$address'
hba_file = '$dir/pg_hba.conf'
ssl = on
ssl_cert_file = '$dir/server.crt'
ssl_key_file = '$dir/server.key'
ssl_ca_file = '$dir/ca.crt'
CONF
# What libpq finds at home would be tried as well.
export TIDE_TEST_TLS=$dir TIDE_TEST_TLS_ADDRESS=$address TIDE_TEST_CONF=$dir/postgresql.conf HOME=$dir
unset TIDE_TEST_PGHOST
"$here/../support/with-postgres.sh" "$@"
