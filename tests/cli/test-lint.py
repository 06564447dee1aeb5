#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lint, as scripts rely on it: findings, exit codes, the database's say, and --fix, which touches nothing that has run."""

import json
import os
import sys

import support
from support import Database, Project

INIT = "CREATE TABLE users (id int PRIMARY KEY, mail text);\nINSERT INTO users SELECT i FROM generate_series(1, 50) i;\n"
INDEX = "CREATE INDEX users_mail ON users (mail);\n"
LOSS = "-- Not wanted any more\nALTER TABLE users DROP COLUMN mail;\n"
KEYS = {"migration", "rule", "severity", "line", "start", "length", "table", "rows", "bytes", "message", "reason", "advice",
        "fix", "follow_up", "url", "accepted", "accepted_because"}


def project():
    return Project([("20250101000000_init", INIT), ("20250102000000_add_index", INDEX), ("20250103000000_drop_mail", LOSS)])


def rules(answer):
    return [(f["migration"][15:], f["rule"], f["severity"], f["line"]) for f in answer.json["findings"]]


def test_findings():
    answer = project().ctl("lint", "--json")
    assert answer.code == 1, answer
    assert rules(answer) == [("add_index", "index-blocks-writes", "warning", 1), ("drop_mail", "drop-column", "error", 2)], answer
    assert all(set(f) == KEYS for f in answer.json["findings"]), answer
    assert answer.json["findings"][0]["fix"] == " CONCURRENTLY", answer
    text = project().ctl("lint")
    assert "errors: 1, warnings: 1, notes: 0, accepted: 0" in text.out and "line 2: error" in text.out, text


def test_names_and_severity():
    p = project()
    answer = p.ctl("lint", "20250103000000_drop_mail", "--json")
    assert [r[1] for r in rules(answer)] == ["drop-column"], answer
    assert [r[1] for r in rules(p.ctl("lint", "--severity", "error", "--json"))] == ["drop-column"]
    since = p.ctl("lint", "--since", "20250102000000_add_index", "--json")
    assert since.code == 1 and [r[1] for r in rules(since)] == ["drop-column"], since
    none = p.ctl("lint", "--since", "20250103000000_drop_mail", "--json")
    assert none.code == 0 and rules(none) == [], none
    assert p.ctl("lint", "--since", "2099_x").code == 1
    assert p.ctl("lint", "--severity", "loud").code == 64
    missing = p.ctl("lint", "20990101000000_x", "--json")
    assert missing.code == 1 and missing.error["message"].startswith('there is no migration "20990101000000_x"'), missing


def test_error_and_acceptance():
    p = project()
    p.add("20250104000000_limit", "UPDATE users SET mail = '' LIMIT 5;\n")
    assert p.ctl("lint", "20250104000000_limit").code == 1
    p.add("20250104000000_limit", "-- tidemark: accept update-limit because it is a joke\nUPDATE users SET mail = '' LIMIT 5;\n")
    answer = p.ctl("lint", "20250104000000_limit", "--json")
    assert answer.code == 0 and answer.json["findings"][0]["accepted_because"] == "it is a joke", answer


def test_the_database_decides():
    with Database() as database:
        p = project()
        env = {"DATABASE_URL": database.url}
        assert p.ctl("deploy", "--to", "20250102000000_add_index", env=env).code == 0
        database.psql("analyze")
        answer = p.ctl("lint", "--pending", "--json", env=env)
        assert answer.code == 1 and rules(answer) == [("drop_mail", "drop-column", "error", 2)], answer
        assert answer.json["findings"][0]["rows"] == 50, answer
        # All 50 rows are quickly read: the index is only a note
        assert ("add_index", "index-blocks-writes", "info", 1) in rules(p.ctl("lint", "--url", database.url, "--json")), answer
        gone = p.ctl("lint", "--url", database.url.replace(database.name, "not_there"), "--json")
        assert gone.code == 69, gone


def test_fix():
    with Database() as database:
        p = project()
        env = {"DATABASE_URL": database.url}
        p.add("20250104000000_check", "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0);\n")
        assert p.ctl("deploy", "--to", "20250101000000_init", env=env).code == 0
        answer = p.ctl("lint", "--fix", env=env)  # the dropped column is an error that no program mends
        assert answer.code == 1 and "VALIDATE CONSTRAINT" in answer.out, answer
        assert "index-blocks-writes" not in answer.out, answer  # what is told is what is left
        files = os.path.join(p.root, "prisma/migrations")
        with open(f"{files}/20250102000000_add_index/migration.sql", encoding="utf-8") as file:
            assert file.read() == "CREATE INDEX CONCURRENTLY users_mail ON users (mail);\n"
        with open(f"{files}/20250104000000_check/migration.sql", encoding="utf-8") as file:
            assert file.read() == "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NOT VALID;\n"
        assert p.ctl("deploy", env=env).code == 0


def test_fix_refuses_what_has_run():
    with Database() as database:
        p = project()
        env = {"DATABASE_URL": database.url}
        assert p.ctl("deploy", env=env).code == 0
        answer = p.ctl("lint", "--fix", "--json", env=env)
        assert answer.code == 1 and "has run on" in answer.error["message"], answer
        with open(f"{p.root}/prisma/migrations/20250102000000_add_index/migration.sql", encoding="utf-8") as file:
            assert file.read() == INDEX
        # Where it is no environment of the project, the database that counts is asked all the same, and one that is given
        p.write("tidemark.json", json.dumps({"environments": {"away": {"url": database.url + "&schema=elsewhere", "kind": "staging"}}}))
        assert "has run on" in p.ctl("lint", "--fix", "--json", env=env).error["message"]
        assert "has run on" in p.ctl("lint", "--fix", "--json", "--url", database.url).error["message"]
        # A name and --pending: both must hold
        both = p.ctl("lint", "20250102000000_add_index", "--pending", "--json", env=env)
        assert both.code == 0 and both.json["findings"] == [], both
        # Nor is anything written when nobody can tell
        lost = p.ctl("lint", "--fix", "--json", env={"DATABASE_URL": "postgresql://nobody@localhost:1/x"})
        assert lost.code in (1, 69) and "is not known" in lost.error["message"], lost


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
