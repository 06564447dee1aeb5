# SPDX-License-Identifier: GPL-3.0-or-later
"""scratch and demo: the private PostgreSQL, and the sample project on it."""

import json
import os
import sys

import support
from support import ctl


def stop():
    assert ctl("scratch", "stop").code == 0


def test_scratch():
    answer = ctl("scratch", "--json")
    assert answer.code == 0, answer
    document = answer.json
    assert {"running", "bindir", "version", "port"} <= set(document), document
    assert document["running"] is False and os.path.exists(document["bindir"] + "/postgres"), document
    try:
        started = ctl("scratch", "start", "--json")
        assert started.code == 0 and started.json["running"] is True and started.json["lingering"] is True, started
        human = ctl("scratch", "status")
        assert human.code == 0 and "is running" in human.out and document["bindir"] in human.out, human
        socket = f"{started.json['socket_dir']}/.s.PGSQL.{started.json['port']}"
        assert os.path.exists(socket), socket
    finally:
        stop()
    assert ctl("scratch", "--json").json["running"] is False
    assert not os.path.exists(socket)
    stop()


def test_demo():
    try:
        answer = ctl("demo", "--json", timeout=120)
        assert answer.code == 0, answer
        root, url = answer.json["project"], answer.json["url"]
        assert os.path.isdir(root + "/prisma/migrations") and url.startswith("postgresql://"), answer

        def status(env):
            document = ctl("status", "--json", "--project", root, "--env", env).json
            return document["up_to_date"], document["pending"]

        with open(root + "/tidemark.json", encoding="utf-8") as file:
            environments = list(json.load(file)["environments"])
        assert len(environments) == 3, environments
        dev, staging, prod = environments
        assert status(dev) == (True, 0)
        assert 0 < status(staging)[1] < 7
        assert status(prod) == (False, 7)
        assert ctl("status", "--project", root, "--url", url).code == 0
        deploy = ctl("deploy", "--json", "--project", root, "--env", staging)
        assert deploy.code == 0 and status(staging) == (True, 0), deploy
        refused = ctl("reset", "--yes", "--json", "--project", root, "--env", prod)
        assert refused.code == 1 and refused.error["code"] == "refused", refused

        again = ctl("demo", timeout=120)
        assert again.code == 0 and root in again.out and "next:" in again.out, again
        assert status(staging) == (True, 0)
    finally:
        stopped = ctl("demo", "--stop", "--json")
        assert stopped.code == 0 and stopped.json == {"stopped": True}, stopped
    assert ctl("scratch", "--json").json["running"] is False
    assert ctl("status", "--json", "--project", root).code == 69


def test_no_server_programs():
    answer = ctl("demo", "--json", env={"TIDEMARK_PG_BINDIR": "/nowhere"})
    if answer.code == 0:
        ctl("demo", "--stop")
    assert answer.code == 1 and answer.error["code"] == "not_found" and answer.error["hint"], answer


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
