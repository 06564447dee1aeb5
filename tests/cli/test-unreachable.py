#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""diagnose: why a server cannot be reached, each reason told apart. Under with-tls.sh."""

import os
import socket
import struct
import subprocess
import sys
import threading

import support
from support import HOST, PORT, USER

ADDRESS = os.environ.get("TIDE_TEST_TLS_ADDRESS")
FOLDER = os.environ.get("TIDE_TEST_TLS")


def diagnose(url, **env):
    answer = support.ctl("--json", "--url", url, "diagnose", "--quick", env=env)
    assert answer.code == 1 and len(answer.json["diagnoses"]) == 1, answer
    diagnosis = answer.json["diagnoses"][0]
    assert "hunter2" not in answer.out + answer.err, answer
    assert diagnosis["evidence"] and "retry" in [way["action"] for way in diagnosis["ways"]], diagnosis
    return diagnosis


def reason(url, **env):
    return diagnose(url, **env)["id"]


def server(user, **more):
    return f"host={ADDRESS} port={PORT} dbname=postgres user={user} " + " ".join(f"{k}={v}" for k, v in more.items())


class Listener:
    """Something that listens on a port of its own and says @words; nothing with None."""

    def __init__(self, words):
        self.words, self.socket = words, socket.create_server(("127.0.0.1", 0))
        self.url = f"host=127.0.0.1 port={self.socket.getsockname()[1]} dbname=shop user=ada connect_timeout=2 sslmode="
        threading.Thread(target=self.serve, daemon=True).start()
        self.open = []

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            self.open.append(connection)
            if self.words is not None:
                connection.recv(1000)
                connection.sendall(self.words)
                connection.close()


def refusal(sqlstate, message):
    """As the protocol writes an ErrorResponse"""
    fields = b"SFATAL\0VFATAL\0C" + sqlstate.encode() + b"\0M" + message.encode() + b"\0\0"
    return b"E" + struct.pack("!i", len(fields) + 4) + fields


def test_network():
    assert reason("host=nowhere.invalid dbname=shop user=ada") == "dns"
    assert reason("host=127.0.0.1 port=1 dbname=shop user=ada") == "refused"
    assert reason("host=/nowhere dbname=shop user=ada") == "socket-missing"
    assert reason(Listener(None).url + "disable") == "time-out"
    for mode in ("prefer", "disable"):
        assert reason(Listener(b"HTTP/1.1 400 Bad Request\r\n\r\n").url + mode) == "not-postgresql", mode


def test_pooler():
    for state, message in (("08P01", "no such database: shop"), ("08P01", "unsupported startup parameter: extra_float_digits"),
                           ("08P01", "server login has been failing, try again later (server_login_retry)"),
                           ("XX000", "Tenant or user not found"), ("08P01", "query_wait_timeout")):
        assert reason(Listener(refusal(state, message)).url + "disable") == "proxy", message


def test_authentication():
    for role in ("scram login password 'hunter2'", "tls login", "ada login"):
        subprocess.run(["psql", "-Xqh", HOST, "-p", PORT, "-U", USER, "-d", "postgres", "-c", f"create role {role}"], check=True)
    assert reason(server("nobody", sslmode="disable")) == "pg-hba"
    assert reason(server("tls", sslmode="disable")) == "pg-hba"
    assert reason(server("either", sslmode="disable")) == "role-missing"
    assert reason(server("scram", sslmode="disable")) == "password-missing"
    assert reason(server("scram", sslmode="disable"), PGPASSWORD="hunter2x") == "password"
    assert reason(server("ada", sslmode="require")) == "authentication"
    # Whoever has been refused with and without TLS is not sent to try it with TLS
    hints = [support.Project().ctl("status", "--json", "--url", server("nobody", sslmode=mode)).error["hint"]
             for mode in ("disable", "prefer", "allow")]
    assert "sslmode=require" in hints[0] and hints[1] == hints[2] and "pg_hba.conf" in hints[1], hints
    answer = support.ctl("--json", "--url", server("scram"), "diagnose", env={"PGPASSWORD": "hunter2"})
    assert answer.code == 0, answer


def test_tls():
    for url, words in ((server("tls", sslmode="verify-full", sslrootcert=f"{FOLDER}/ca.crt"), "for another name"),  # an address
                       (server("tls", sslmode="verify-ca", sslrootcert=f"{FOLDER}/other.crt"), "not trusted"),
                       (Listener(b"N").url + "require", "offers no encryption")):
        diagnosis = diagnose(url)
        assert diagnosis["id"] == "tls" and words in diagnosis["title"], diagnosis


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
