#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""diff, as scripts rely on it: sources, changes, the script, exit codes, and what is wrong with them."""

import os
import socket
import subprocess
import sys
import threading

import support
from support import Database, Project, ctl

BEFORE = """
create table users (id int primary key, mail varchar(10), plan text default 'free');
create view names as select id, mail from users;
create function one() returns int language sql as 'select 1';
create schema old;
create index users_plan on users (plan) where plan <> 'free';
"""
AFTER = """
create table users (id int primary key, mail varchar(20) not null, plan text default 'paid', extra jsonb);
create view names as select id, mail, extra from users;
create function one() returns int language sql as 'select 2';
create index users_plan on users (plan);
create table orders (id bigint generated always as identity primary key, user_id int references users (id));
comment on table orders is 'it''s new';
"""


def changes(answer):
    return {(c["kind"], c["name"], c["change"]) for c in answer.json["changes"]}


def compare(left, right, *more):
    return ctl("diff", "url:" + left.url, "url:" + right.url, *more)


def test_changes_and_script():
    with Database() as left, Database() as right:
        left.psql(BEFORE)
        right.psql(AFTER)
        answer = compare(left, right, "--json", "--exit-code")
        assert answer.code == 2, answer
        found = changes(answer)
        assert {("column", "users.mail", "changed"), ("column", "users.extra", "added"), ("view", "names", "changed"),
                ("function", "one()", "changed"), ("schema", "old", "removed"), ("index", "users_plan", "changed"),
                ("table", "orders", "added")} <= found, found
        assert not any(name.startswith("orders.") and kind == "column" for kind, name, _ in found), found
        document = answer.json
        mail = next(c for c in document["changes"] if c["name"] == "users.mail")
        assert mail["schema"] == "public" and mail["parent"] == "users", mail
        assert {"name": "type", "from": "character varying(10)", "to": "character varying(20)"} in mail["attributes"], mail
        orders = next(c for c in document["changes"] if c["name"] == "orders")
        assert orders["from"] is None and "CREATE TABLE" in orders["to"], orders
        assert document["proved"] is None and document["ignored"] == [], document
        assert any(h["hazard"] == "long_lock" or h["hazard"] == "lock" for h in document["hazards"]), document["hazards"]
        assert all(set(h) == {"statement", "hazard", "text"} for h in document["hazards"])

        script = compare(left, right, "--script")
        assert script.code == 0 and script.out == document["script"], script
        assert "hazard" in script.err and "hazard" not in script.out, script
        left.psql(script.out)
        after = compare(left, right, "--exit-code")
        assert after.code == 0 and after.out.startswith("No differences"), after
        assert compare(left, right, "--script").out == ""


def test_human():
    with Database() as left, Database() as right:
        left.psql(BEFORE)
        right.psql(AFTER)
        answer = compare(left, right)
        assert answer.code == 0, answer
        for line in ("public", "    + orders", "    ~ users.mail", "        type: character varying(10) -> character varying(20)",
                     "    - old"):
            assert line + "\n" in answer.out, (line, answer)
        assert "\033" not in answer.out


def test_proof():
    with Database() as left, Database() as right:
        left.psql(BEFORE)
        right.psql(AFTER)
        answer = compare(left, right, "--json", "--prove")
        assert answer.code == 0 and answer.json["proved"] is True, answer
        assert answer.json["remaining"] == [], answer
        human = compare(left, right, "--script", "--prove")
        assert human.code == 0 and "proved" in human.err and "CREATE" in human.out, human


def test_round_trip_of_empty():
    with Database() as left, Database() as right:
        right.psql(AFTER)
        script = ctl("diff", "empty", "url:" + right.url, "--script")
        assert script.code == 0, script
        left.psql(script.out)
        assert compare(left, right, "--exit-code").code == 0
        back = ctl("diff", "url:" + left.url, "empty", "--script")
        left.psql(back.out)
        assert ctl("diff", "empty", "url:" + left.url, "--exit-code").code == 0


def test_renames():
    with Database() as left, Database() as right:
        left.psql("create table people (id int, mail text, phone text)")
        right.psql("create table people (id int, email text, phone text)")
        found = changes(compare(left, right, "--json"))
        assert found == {("column", "people.email", "added"), ("column", "people.mail", "removed")}, found
        for how in (["--rename", "column:public.people.mail=email"], ["--rename", "column:public.people.mail=people.email"],
                    ["--renames"]):
            answer = compare(left, right, "--json", *how)
            assert changes(answer) == {("column", "people.email", "changed")}, (how, answer)
            assert answer.json["changes"][0]["renamed_from"] == "people.mail", answer
            assert "RENAME" in answer.json["script"] and "DROP" not in answer.json["script"], answer
        left.psql(answer.json["script"])
        assert compare(left, right, "--exit-code").code == 0


def test_only_schema_and_column_order():
    with Database() as left, Database() as right:
        left.psql("create schema a; create schema b; create table a.t (x int, y int); create table b.t (x int)")
        right.psql("create schema a; create schema b; create table a.t (y int, x int); create table b.t (x int, y int)")
        assert changes(compare(left, right, "--json")) == {("column", "t.y", "added")}
        assert changes(compare(left, right, "--json", "--only-schema", "a")) == set()
        assert changes(compare(left, right, "--json", "--only-schema", "a,b")) == {("column", "t.y", "added")}
        assert len(changes(compare(left, right, "--json", "--column-order"))) > 1


def test_history_and_files():
    project = Project([("20250101000000_a", "create table a (id int);"), ("20250102000000_b", "create table b (id int);")])
    answer = project.ctl("--json", "diff", "migrations@20250101000000_a", "migrations")
    assert changes(answer) == {("table", "b", "added")}, answer
    answer = project.ctl("--json", "diff", "migrations@20250102", "migrations@20250101", "--exit-code")
    assert answer.code == 2 and changes(answer) == {("table", "b", "removed")}, answer
    path = project.write("both.sql", "create table a (id int);\n\n-- ;\ncreate table b (id int)")
    assert project.ctl("diff", "migrations", "sql:" + path, "--exit-code").code == 0
    with Database() as database:
        database.psql("create table a (id int); create table b (id int); insert into a select generate_series(1, 100)")
        for kind in ("custom", "plain", "gzip", "directory", "tar"):
            backup = os.path.join(project.root, "backup " + kind)
            assert ctl("--url", database.url, "backup", "--format", kind, "--output", backup).code == 0
            answer = project.ctl("diff", "migrations", "backup:" + backup, "--exit-code")
            assert answer.code == 0, (kind, answer)
        # The environment that is meant, by name and by default
        project.write("tidemark.json", '{"environments": {"dev": {"url": "env:DATABASE_URL", "kind": "development"}}}')
        env = {"DATABASE_URL": database.url}
        assert project.ctl("diff", "migrations", "env:dev", "--exit-code", env=env).code == 0
        assert project.ctl("--env", "dev", "diff", "migrations", "database", "--exit-code", env=env).code == 0
        assert ctl("--url", database.url, "diff", "database", "backup:" + backup, "--exit-code").code == 0


def test_schema_of_the_url():
    """?schema= decides where a history goes, as with Prisma"""
    project = Project([("20250101000000_a", "create table a (id int);")])
    with Database() as database:
        url = database.url + "&schema=shop"
        assert project.ctl("--url", url, "deploy").code == 0
        assert project.ctl("--url", url, "diff", "migrations", "database", "--exit-code").code == 0
        assert project.ctl("--url", url, "drift", "--exit-code").code == 0
        assert project.ctl("--url", database.url, "diff", "migrations", "database", "--exit-code").code == 2


def test_history_that_does_not_replay():
    project = Project([("20250101000000_a", "create table a (id int);"),
                       ("20250102000000_b", "create table b (id int);\n\nselect nothing from nowhere;"),
                       ("20250103000000_c", "create table c (id int);")])
    with Database() as database:
        database.psql("create table a (id int, more int)")
        answer = ctl("--project", project.root, "--url", database.url, "--json", "diff", "migrations", "database", "--exit-code")
        assert answer.code == 1, answer
        error = answer.json["error"]
        assert error["sqlstate"] == "42P01" and error["line"] == 3 and "20250102000000_b" in error["message"], error
        assert error["statement"] == "select nothing from nowhere" and error["file"].endswith("b/migration.sql"), error
        assert changes(answer) == {("column", "a.more", "added")}, answer
        assert answer.json["script"] is None, answer
        human = ctl("--project", project.root, "--url", database.url, "diff", "migrations", "database", "--script")
        assert human.code == 1 and human.out == "" and "20250102000000_b" in human.err and "line 3" in human.err, human
        assert project.ctl("diff", "migrations@20250101000000_a", "empty", "--exit-code").code == 2


def test_wrong_words():
    project = Project()
    for words, code, says in (
            (["diff"], 64, "diff"), (["diff", "empty"], 64, "diff"), (["diff", "empty", "empty", "empty"], 64, "empty"),
            (["diff", "empty", "nonsense"], 64, "nonsense"), (["diff", "schema", "empty"], 1, "yet"),
            (["diff", "empty", "sql:/not/there"], 1, "/not/there"), (["diff", "empty", "backup:/not/there"], 1, "/not/there"),
            (["diff", "empty", "env:none"], 1, "none"), (["diff", "empty", "migrations@none"], 1, "none"),
            (["diff", "empty", "url:postgresql://localhost:1/x"], 69, "localhost"),
            (["diff", "empty", "empty", "--rename", "nonsense"], 64, "nonsense"),
            (["diff", "empty", "empty", "--rename", "tables:public.a=b"], 64, "tables:public.a=b"),
            (["drift", "--script", "sideways"], 64, "sideways"), (["drift", "more"], 64, "more")):
        answer = project.ctl("--json", *words)
        assert answer.code == code, (words, answer)
        assert says in answer.error["message"], (words, answer)
    nothing = Project()
    support.shutil.rmtree(os.path.join(nothing.root, "prisma/migrations"))
    answer = nothing.ctl("--json", "diff", "empty", "migrations")
    assert answer.code == 1 and answer.error["code"] == "not_found" and "migrations" in answer.error["message"], answer
    answer = ctl("--json", "diff", "empty", "migrations", cwd="/")
    assert answer.code == 1 and "error" in answer.json, answer


def test_odd_names():
    with Database() as left, Database() as right:
        name = 'Tür "' + "x" * 50 + "é"
        quoted = name.replace('"', '""')
        right.psql(f'create schema "{quoted}"; create table "{quoted}"."{quoted}" ("{quoted}" int default 1, constraint "c é" '
                   f'check ("{quoted}" > 0)); create view "v;""" as select "{quoted}" from "{quoted}"."{quoted}"')
        answer = compare(left, right, "--json", "--prove")
        assert answer.code == 0 and answer.json["proved"], answer
        assert ("table", name, "added") in changes(answer), answer
        left.psql(answer.json["script"])
        assert compare(left, right, "--exit-code").code == 0


def test_role_without_rights():
    """The catalog is open to all but for a few columns: what can be read is the same, and nothing is guessed"""
    with Database() as left, Database() as right:
        right.psql("create schema hidden; create table hidden.t (id int primary key); revoke all on schema hidden from public;"
                   "drop role if exists cli_nobody; create role cli_nobody login")
        url = right.url.replace(f"//{support.USER}@", "//cli_nobody@")
        answer = ctl("--json", "diff", "url:" + left.url, "url:" + url)
        assert answer.code == 0 and ("table", "t", "added") in changes(answer), answer
        right.psql("drop role cli_nobody")


def test_server_that_goes():
    """A server that accepts and says nothing, then goes: an error, in time"""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(1)

    def serve():
        connection, _ = server.accept()
        connection.recv(100)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    answer = ctl("--json", "diff", "empty", f"url:postgresql://x@127.0.0.1:{server.getsockname()[1]}/x?sslmode=disable")
    assert answer.code == 69 and answer.error["message"], answer
    server.close()
    thread.join()


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
