#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""health and maintain, with everything that a check looks for provoked on a real server."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import support
from support import HOST, PORT, USER, Database, Project

HISTORY = [("20250101000000_users", "create table users (id serial primary key, mail text not null);")]


def health(database, *args, project=None, code=None):
    call = project.ctl if project else support.ctl
    env = {"DATABASE_URL": database.url}
    answer = call("--json", *(() if project else ("--url", database.url)), "health", *args, env=env)
    assert code is None or answer.code == code, answer
    return {check["name"]: check for check in answer.json["checks"]}, answer


@contextlib.contextmanager
def session(database, sql):
    """A session that has run @sql and stays where it is; or that is at it."""
    held = subprocess.Popen(["psql", "-XAtq", "-h", HOST, "-p", PORT, "-U", USER, "-d", database.name],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    held.stdin.write(sql + ";\n\\echo done\n")
    held.stdin.flush()
    try:
        yield held
    finally:
        held.kill()
        held.wait()
        held.stdin.close()
        held.stdout.close()


def ready(held):
    assert held.stdout.readline() == "done\n"


def test_in_order():
    with Database() as database:
        checks, answer = health(database, code=0)
        assert set(answer.json) >= {"checks", "tables"} and answer.json["tables"] == []
        assert checks["connectivity"]["ok"] is True and "migrations" not in checks
        assert all(set(check) >= {"name", "ok", "value", "advice"} and check["value"] for check in checks.values())
        assert checks["client-programs"]["state"] == "ok" and checks["client-programs"]["value"].startswith("pg_dump"), checks
        order = ["migrations", "server", "sessions", "tables", "indexes", "schema"]
        ranks = [order.index(check["group"]) for check in answer.json["checks"]]
        assert ranks == sorted(ranks), answer
        text = support.ctl("--url", database.url, "health")
        assert text.code == 0 and "Nothing is wrong" in text.out, text
    answer = support.ctl("--json", "--url", "postgresql://localhost:1/x", "health")
    assert answer.code == 69 and answer.error["message"], answer


def test_tables():
    with Database() as database:
        database.psql('create table "Größe ""x""" (id int primary key, t text);'
                      'insert into "Größe ""x""" select g, repeat(\'x\', 100) from generate_series(1, 30000) g;'
                      'delete from "Größe ""x""" where id > 12000; create table small (id int primary key)')
        checks, answer = health(database, code=1)
        table = answer.json["tables"][0]
        assert table["table"] == 'Größe "x"' and table["schema"] == "public" and table["bytes"] > 3000000, table
        assert table["live_rows"] == 12000 and table["dead_rows"] == 18000, table
        exact = int(database.psql("select pg_total_relation_size('\"Größe \"\"x\"\"\"')"))
        assert table["bytes"] == exact and table["estimated"] is False, (table, exact)
        assert [t["table"] for t in answer.json["tables"]] == ['Größe "x"', "small"]
        assert checks["dead-rows"]["ok"] is False and checks["dead-rows"]["rows"][0]["action"] == "vacuum", checks["dead-rows"]
        assert checks["statistics"]["rows"][0]["action"] == "analyze", checks["statistics"]

        name = checks["dead-rows"]["rows"][0]["argument"]
        done = support.ctl("--json", "--url", database.url, "maintain", "--vacuum", "--analyze", name)
        assert done.code == 0 and done.json["done"] == ['public."Größe ""x"""'], done
        checks, answer = health(database, code=0)
        assert answer.json["tables"][0]["dead_rows"] == 0 and answer.json["tables"][0]["vacuumed_at"], answer
        assert checks["dead-rows"]["ok"] and not checks["statistics"]["rows"], checks
        # A table that somebody holds is told all the same, and nobody waits for it
        with session(database, "begin; lock table small") as held:
            ready(held)
            start = time.monotonic()
            checks, answer = health(database)
            assert {t["table"]: t["estimated"] for t in answer.json["tables"]}["small"] is True, answer
            assert "Not known" not in checks["tables"]["value"], checks["tables"]


def test_indexes_and_constraints():
    with Database() as database:
        database.psql("create table a (id int primary key, b int, c int);"
                      "insert into a select g, g, 1 from generate_series(1, 60000) g;"
                      "create index a_b on a (b); create index a_b2 on a (b);"
                      "create table f (id int primary key, a_id int);"
                      "insert into f select g, g from generate_series(1, 2000) g;"
                      "alter table f add constraint f_a foreign key (a_id) references a (id) not valid;"
                      "create table bare (id int); create table member (id int); alter extension plpgsql add table member; analyze")
        failed = subprocess.run(["psql", "-Xq", "-h", HOST, "-p", PORT, "-U", USER, "-d", database.name, "-c",
                                 "create unique index concurrently a_c on a (c)"], capture_output=True)
        assert failed.returncode != 0
        checks, _ = health(database, code=1)
        invalid = checks["invalid-indexes"]
        assert invalid["ok"] is False and invalid["rows"][0]["title"] == "public.a_c", invalid
        assert invalid["rows"][0]["action"] == "reindex" and invalid["rows"][0]["argument"] == "public.a_c", invalid
        assert {row["title"] for row in checks["unused-indexes"]["rows"]} == {"public.a_b", "public.a_b2"}, checks["unused-indexes"]
        assert [row["title"] for row in checks["duplicate-indexes"]["rows"]] == ["public.a_b2"], checks["duplicate-indexes"]
        assert checks["foreign-keys-without-index"]["rows"][0]["argument"] == "CREATE INDEX CONCURRENTLY ON public.f (a_id);"
        assert checks["not-valid-constraints"]["rows"][0]["argument"] == "ALTER TABLE public.f VALIDATE CONSTRAINT f_a;"
        assert [row["title"] for row in checks["no-primary-key"]["rows"]] == ["public.bare"], checks["no-primary-key"]
        # Each way out is one: afterwards there is nothing to tell
        database.psql("update a set c = id")
        done = support.ctl("--json", "--url", database.url, "maintain", "--reindex", "a_c")
        assert done.code == 0 and done.json["done"] == ["public.a_c"], done
        for sql in (checks["foreign-keys-without-index"]["rows"][0]["argument"], "drop index concurrently a_b2",
                    checks["not-valid-constraints"]["rows"][0]["argument"], "alter table bare add primary key (id)"):
            database.psql(sql)
        checks, _ = health(database)
        for name in ("invalid-indexes", "duplicate-indexes", "foreign-keys-without-index", "not-valid-constraints", "no-primary-key"):
            assert checks[name]["state"] == "ok" and not checks[name]["rows"], checks[name]
        quick, answer = health(database, "--quick")
        assert "invalid-indexes" in quick and "unused-indexes" not in quick and answer.json["tables"] == [], answer


def test_sequences():
    with Database() as database:
        database.psql("create table s (id serial, n smallserial, big bigserial, old int default 0);"
                      "select setval('s_id_seq', 1900000000); select setval('s_n_seq', 32000); select setval('s_big_seq', 1900000000);"
                      "create sequence wide; alter sequence wide owned by s.old; select setval('wide', 2000000000);"
                      "create sequence down increment -1; create sequence round maxvalue 100 cycle; select setval('round', 99);"
                      "create sequence short maxvalue 1000; select setval('short', 800)")
        checks, _ = health(database, code=1)
        rows = {row["title"]: row["state"] for row in checks["sequences"]["rows"]}
        assert rows == {"public.s_id_seq": "warning", "public.s_n_seq": "critical", "public.wide": "critical",
                        "public.short": "warning"}, checks["sequences"]
        assert checks["sequences"]["rows"][0]["title"] == "public.s_n_seq" and checks["sequences"]["state"] == "critical"


def test_sessions():
    with Database() as database:
        database.psql("create table t (id int primary key, n int); insert into t values (1, 1), (2, 2)")
        with session(database, "begin; update t set n = 3 where id = 1") as first:
            ready(first)
            with session(database, "begin; update t set n = 4 where id = 2; update t set n = 4 where id = 1"):
                support.wait_until(lambda: database.count_waiting() == 1)
                with session(database, "update t set n = 5 where id = 2"):
                    support.wait_until(lambda: database.count_waiting() == 2)
                    time.sleep(2.1)
                    checks, _ = health(database, "--quick")
                chain = checks["blocking"]
                assert chain["value"] == "2 sessions wait" and [row["depth"] for row in chain["rows"]] == [0, 1, 2], chain
                assert "set n = 3" in chain["rows"][0]["text"] and "set n = 4" in chain["rows"][1]["text"], chain
                assert "waits for" in chain["rows"][2]["text"] and "set n = 5" in chain["rows"][2]["text"], chain
                assert chain["rows"][0]["action"] == "end-session" and "@" in chain["rows"][0]["argument"], chain
                idle = checks["idle-in-transaction"]
                assert len(idle["rows"]) == 1 and "set n = 3" in idle["rows"][0]["text"] and idle["ok"] is True, idle
        with support.held_lock(database):
            checks, _ = health(database, "--quick", code=0)
            assert checks["migration-lock"]["rows"][0]["action"] == "end-session", checks["migration-lock"]


def test_client_programs():
    """What a program says of its version is kept while its file is the same; a script is asked each time"""
    with Database() as database, tempfile.TemporaryDirectory() as folder:
        def told():
            answer = support.ctl("--json", "--url", database.url, "health", env={"TIDEMARK_PG_BINDIR": folder, "XDG_CACHE_HOME": f"{folder}/cache"})
            return {check["name"]: check["value"] for check in answer.json["checks"]}["client-programs"]

        program, kept = f"{folder}/pg_dump", f"{folder}/cache/tidemark/programs"
        shutil.copy(os.path.join(os.environ["TIDE_TEST_PGBINDIR"], "pg_dump"), program)
        assert told().startswith("pg_dump (PostgreSQL) "), told()
        (name,) = os.listdir(kept)
        with open(f"{kept}/{name}", "w", encoding="utf-8") as file:
            file.write("pg_dump (PostgreSQL) 97.1\n")
        assert told() == "pg_dump (PostgreSQL) 97.1", told()
        os.utime(program, (1, 1))
        assert "97.1" not in told(), told()
        os.remove(program)
        for version in ("98.1", "98.2"):
            with open(program, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
            os.chmod(program, 0o755)
            os.utime(program, (1, 1))
            assert told() == f"pg_dump (PostgreSQL) {version}", told()


def test_few_rights():
    with Database() as database:
        database.psql("create table t (id serial primary key); drop role if exists health_few; create role health_few login;"
                      "revoke all on t from public")
        with contextlib.ExitStack() as stack:
            ready(stack.enter_context(session(database, "begin; lock table t")))
            stack.enter_context(session(database, "select * from t"))
            support.wait_until(lambda: database.count_waiting() == 1)
            url = database.url.replace(f"//{USER}@", "//health_few@")
            answer = support.ctl("--json", "--url", url, "health")
            checks = {check["name"]: check for check in answer.json["checks"]}
            assert answer.code == 0, answer
            assert "pg_monitor" in checks["connectivity"]["advice"], checks["connectivity"]
            assert checks["blocking"]["value"] == "1 session waits" and checks["blocking"]["rows"][0]["action"] is None, checks["blocking"]
            assert "not shown" in checks["blocking"]["rows"][1]["text"], checks["blocking"]
            assert not any("Not known" in check["value"] for check in checks.values()), answer
        database.psql("drop role health_few")


def test_one_connection():
    """Where a user may have one connection only, the tables come by the first"""
    with Database() as database:
        database.psql("create table t (id int primary key, n int); drop role if exists health_one; create role health_one login connection limit 1")
        answer = support.ctl("--json", "--url", database.url.replace(f"//{USER}@", "//health_one@"), "health")
        assert answer.code == 0 and [table["table"] for table in answer.json["tables"]] == ["t"], answer
        assert not any("Not known" in check["value"] for check in answer.json["checks"]), answer
        database.psql("drop role health_one")


def test_migrations():
    project = Project(HISTORY + [("20250102000000_bad", "select 1 / 0;"), ("20250103000000_next", "select 1;")])
    with Database() as database:
        env = {"DATABASE_URL": database.url}
        assert project.ctl("deploy", env=env).code == 1
        checks, _ = health(database, project=project, code=1)
        assert checks["migrations"]["state"] == "critical" and checks["migrations"]["rows"][0]["title"] == "20250102000000_bad", checks
        assert checks["migrations"]["value"].startswith("1 applied, 1 pending, 1 failed"), checks["migrations"]
        assert checks["drift"]["ok"] is None and checks["drift"]["value"] == "Not looked at", checks["drift"]


def test_drift():
    project = Project(HISTORY)
    with Database() as database:
        env = {"DATABASE_URL": database.url}
        assert project.ctl("deploy", env=env).code == 0
        checks = {check["name"]: check for check in project.ctl("--json", "health", "--drift", env=env).json["checks"]}
        assert checks["drift"]["state"] == "ok" and checks["drift"]["rows"] == [], checks["drift"]
        database.psql("alter table users add nick text; drop index if exists nothing; create table strays (id int primary key);"
                      "do $$ begin execute format('alter database %I set work_mem = 8192', current_database()); end $$")
        answer = project.ctl("--json", "health", "--drift", env=env)
        checks = {check["name"]: check for check in answer.json["checks"]}
        assert answer.code == 1 and checks["drift"]["state"] == "warning", answer
        assert checks["drift"]["value"].startswith("3 objects differ from the migrations"), checks["drift"]
        assert {(row["title"], row["text"]) for row in checks["drift"]["rows"]} == {("database database", "different: + work_mem"),
            ("table public.users", "different: + column nick"), ("table public.strays", "only in the database")}, checks["drift"]


def test_maintain():
    with Database() as database:
        database.psql("create table a (id int primary key); create table b (id int); insert into a select generate_series(1, 1000);"
                      "create materialized view m as select * from a")
        answer = support.ctl("--json", "--url", database.url, "maintain")
        assert answer.code == 0 and set(answer.json["done"]) == {"public.a", "public.b", "public.m"}, answer
        assert database.psql("select count(*) from pg_stat_user_tables where last_vacuum is not null and last_analyze is not null") == "3"
        with session(database, "begin; lock table b") as held:
            ready(held)
            answer = support.ctl("--json", "--url", database.url, "maintain", "--analyze")
            assert answer.code == 0 and any('"b"' in line for line in answer.json["skipped"]), answer
        for args, code in ((("--reindex", "nothing"), "not_found"), (("--vacuum", "a_pkey"), "usage"), (("--reindex", "a", "--vacuum"), "usage")):
            answer = support.ctl("--json", "--url", database.url, "maintain", *args)
            assert answer.code in (1, 64) and answer.error["code"].replace("-", "_") == code, (args, answer)
        assert support.ctl("--json", "--url", database.url, "maintain", "--reindex", "a").json["done"] == ["public.a"]


def test_killed_vacuum():
    """Nobody is there any more whom it is for: it ends with the program, though nobody told the server"""
    with Database() as database:
        database.psql("create table a (id int); insert into a select generate_series(1, 100000);"
                      f"alter database {database.name} set vacuum_cost_delay = '100ms'; alter database {database.name} set vacuum_cost_limit = 1")
        process = support.start("--url", database.url, "maintain", "--vacuum", "a")
        support.wait_until(lambda: database.is_running("VACUUM"))
        process.kill()
        support.finish(process)
        support.wait_until(lambda: not database.is_running("VACUUM"))
        assert database.psql("select last_vacuum is null from pg_stat_user_tables") == "t"


def test_stopped_reindex():
    with Database() as database:
        database.psql("create table a (id int primary key, t text); insert into a select g, g from generate_series(1, 1000) g;"
                      "create index a_t on a (t)")
        # Somebody's old leftover is not ours to drop
        with session(database, "begin; update a set t = 'x' where id = 1") as held:
            ready(held)
            process = support.start("--url", database.url, "maintain", "--reindex", "a_t")
            leftover = "select count(*) from pg_index join pg_class on oid = indexrelid where relname like '%_ccnew%'"
            support.wait_until(lambda: database.psql(leftover) == "1")
            support.wait_until(lambda: database.count_waiting() == 1)
            process.send_signal(signal.SIGINT)
            support.wait_until(lambda: not database.is_running("REINDEX"))
            held.stdin.write("rollback;\n")
            held.stdin.flush()
            answer = support.finish(process)
        assert answer.code == 130, answer
        assert database.psql(leftover) == "0" and "dropped the unfinished index" in answer.err, answer
        assert health(database)[0]["invalid-indexes"]["state"] == "ok"


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
