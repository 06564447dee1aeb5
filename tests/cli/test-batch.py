#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch and phases, as scripts rely on them."""

import signal
import sys

import support
from support import Database, ctl, finish, start, wait_until


def table(database, rows=20000):
    database.psql(f"create table t (id int primary key, n int not null default 0); insert into t select i from generate_series(1, {rows}) i")


def test_dry_run_changes_nothing():
    with Database() as database:
        table(database, 10)
        answer = ctl("--url", database.url, "batch", "update t set n = 1", "--dry-run", "--size", "7")
        assert answer.code == 0 and "LIMIT 7" in answer.out and "update t set n = 1\nWHERE (t.id) <=" in answer.out, answer
        assert database.psql("select sum(n) from t") == "0"


def test_report():
    with Database() as database:
        table(database, 1000)
        answer = ctl("--url", database.url, "batch", "delete from t where id % 2 = 0", "--size", "300", "--json")
        assert answer.code == 0, answer
        document = answer.json
        assert (document["visited"], document["changed"], document["batches"]) == (1000, 500, 4), document
        assert set(document) == {"table", "visited", "changed", "batches", "lock_waits", "seconds", "resumed"}, document
        assert database.psql("select count(*) from t") == "500"


def test_interrupted_and_resumed():
    with Database() as database:
        table(database)
        sql = "update t set n = n + 1"
        process = start("--url", database.url, "batch", sql, "--size", "200", "--rest", "50")
        wait_until(lambda: int(database.psql("select sum(n) from t")) > 1000)
        process.send_signal(signal.SIGINT)
        answer = finish(process)
        assert answer.code == 130, answer
        again = ctl("--url", database.url, "batch", sql, "--size", "9000", "--json")
        assert again.code == 0 and again.json["resumed"] and again.json["changed"] == 20000, again
        assert database.psql("select min(n), max(n) from t") == "1|1"


def test_refused():
    with Database() as database:
        database.psql("create table t (a int)")
        answer = ctl("--url", database.url, "batch", "delete from t", "--json")
        assert answer.code == 1 and "no key to go along" in answer.error["message"], answer
        assert ctl("--url", database.url, "batch", "delete from t", "--size", "-1").code == 64


def test_statement_is_read_before_connecting():
    nowhere = "postgresql://ada@localhost:1/shop"
    for sql, words in (("rubbish", 'at line 1, character 1: syntax error at or near "rubbish"'),
                       ("update t\nset n = 'Zürich' whre id = 1", 'at line 2, character 18: syntax error at or near "whre"'),
                       ("select 1", "only UPDATE and DELETE can be run in batches"),
                       ("update t set n = 1; delete from t", "there are 2 statements"),
                       ("delete from t returning id", "a statement with RETURNING cannot be run in batches")):
        answer = ctl("--url", nowhere, "batch", sql, "--json")
        assert answer.code == 1 and words in answer.error["message"], answer
    assert ctl("--url", nowhere, "batch", "delete from t", "--json").error["code"] == "unreachable"


def test_phases():
    answer = ctl("phases", "add-column", "--table", "users", "--name", "locale", "--type", "text", "--value", "'en'", "--json")
    assert answer.code == 0, answer
    assert [p["kind"] for p in answer.json["phases"]] == ["migration", "batch", "migration", "migration", "migration"], answer
    assert ctl("phases", "add-column", "--table", "users").code == 64
    assert ctl("phases", "everything").code == 64


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
