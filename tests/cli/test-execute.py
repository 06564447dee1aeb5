# SPDX-License-Identifier: GPL-3.0-or-later
"""execute: where SQL comes from, what it answers, and how it fails."""

import fcntl
import os
import signal
import subprocess
import sys
import termios

import support
from support import Database, Project, ctl, finish, start, wait_until


def test_results():
    with Database() as database:
        sql = "create table t (id int); insert into t select generate_series(1, 5);\n-- nothing\nselect * from t;"
        answer = ctl("execute", "--json", "--url", database.url, text=sql)
        assert answer.code == 0, answer
        assert answer.json == {"results": [{"command": "CREATE TABLE", "rows": 0},
                                           {"command": "INSERT 0 5", "rows": 5},
                                           {"command": "SELECT 5", "rows": 5}]}, answer
        human = ctl("execute", "--url", database.url, text="delete from t;")
        assert human.code == 0 and human.out == "DELETE 5\n", human
        assert ctl("execute", "--json", "--url", database.url, text="").json == {"results": []}


def test_sources():
    with Database() as database:
        project = Project()
        path = project.write("a file's.sql", "select 1;")
        for line in (["--file", path], ["-f", path], ["--file", "-"], ["-"]):
            answer = ctl("execute", *line, "--url", database.url, text="select 1;")
            assert answer.code == 0 and answer.out == "SELECT 1\n", answer
        inside = ctl("execute", "--file", path, cwd=project.root, env={"DATABASE_URL": database.url})
        assert inside.code == 0, inside
        outside = ctl("execute", "--file", path, cwd="/", env={"DATABASE_URL": database.url})
        assert outside.code == 0, outside


def test_an_error_names_statement_and_line():
    with Database() as database:
        project = Project()
        path = project.write("bad.sql", "create table t (id int);\n\n-- why\ninsert into t values (1/0);\nselect 1;")
        answer = ctl("execute", "--file", path, "--json", "--url", database.url)
        assert answer.code == 1, answer
        error = answer.error
        assert error["code"] == "server" and error["sqlstate"] == "22012", error
        assert error["line"] == 4 and error["statement"] == "insert into t values (1/0)", error
        assert error["file"] == path, error
        assert database.psql("select to_regclass('t') is null") == "t"
        human = ctl("execute", "--file", path, "--url", database.url)
        assert human.code == 1 and human.out == "", human
        assert "division by zero" in human.err and f"{path}, line 4" in human.err, human
        assert "statement: insert into t values (1/0)" in human.err, human


def test_an_error_with_a_position():
    with Database() as database:
        for sql, line, statement in (("select 1;\n select  'ü', nope;", 2, "select  'ü', nope"),
                                     ("select 'üüü';\n\nselec 1;\nselect 2;", 3, "selec 1"),
                                     ("\n\nselect 1 +;", 3, "select 1 +")):
            error = ctl("execute", "--json", "--url", database.url, text=sql).error
            assert (error["line"], error["statement"]) == (line, statement), error


def test_unreadable_input():
    with Database() as database:
        project = Project()
        cases = {project.write("latin.sql", b"select '\xe9'"): "invalid",
                 project.write("nul.sql", b"select 1;\0select 2;"): "invalid",
                 project.root + "/none.sql": "not_found"}
        for path, code in cases.items():
            answer = ctl("execute", "--file", path, "--json", "--url", database.url)
            assert answer.code == 1 and answer.error["code"] == code and path in answer.error["message"], answer


def test_notices_go_to_stderr():
    """As they come, on both sides of rows and before an error; a document stays one."""
    said = "do $$ begin raise notice 'nö %', 1 using hint = 'look'; raise warning 'wärn'; end $$;"
    with Database() as database:
        for option in ([], ["--json"], ["--quiet"]):
            answer = ctl("execute", *option, "--url", database.url, text=said + " select 1; drop table if exists none;")
            assert answer.code == 0, answer
            assert answer.err == ("notice: nö 1\nnext: look\nwarning: wärn\n"
                                  'notice: table "none" does not exist, skipping\n'), answer
            assert len(answer.json["results"]) == 3 if option == ["--json"] else answer.out == "DO\nSELECT 1\nDROP TABLE\n", answer
        failed = ctl("execute", "--json", "--url", database.url, text=said + " select 1/0;")
        assert failed.code == 1 and failed.error["sqlstate"] == "22012", failed
        assert failed.err.startswith("notice: nö 1\n"), failed


def test_a_transaction_that_never_ends():
    """What is not committed is not called done."""
    with Database() as database:
        for sql, kept, line in (("begin; create table t ();", "f", 1),
                                ("create table t ();\nbegin;\n\ninsert into t default values;\n-- end", "f", 4),
                                ("begin; create table t (); commit;\nstart transaction; drop table t", "t", 2),
                                ("begin; create table t (); savepoint s;\nselec;\nrollback to s", "f", 2)):
            answer = ctl("execute", "--json", "--url", database.url, text=sql)
            assert answer.code == 1 and answer.error["line"] == line, (sql, answer)
            if "selec;" not in sql:
                assert "open transaction" in answer.error["message"] and "COMMIT" in answer.error["hint"], answer
            assert database.psql("select to_regclass('t') is not null") == kept, sql
            database.psql("drop table if exists t")
        human = ctl("execute", "--url", database.url, text="begin; create table t ();")
        assert human.code == 1 and human.out == "" and "rolled back" in human.err, human
        ended = ctl("execute", "--url", database.url, text="begin; create table t (); commit; begin; rollback;")
        assert ended.code == 0 and database.psql("select to_regclass('t') is not null") == "t", ended


def test_copy_from_stdin_is_refused():
    with Database() as database:
        answer = ctl("execute", "--json", "--url", database.url, text="create table t (a int); copy t from stdin;")
        assert answer.code == 1 and answer.error["message"], answer
        assert database.psql("select to_regclass('t') is null") == "t"


def test_many_rows_stay_on_the_server():
    with Database() as database:
        process = start("execute", "--json", "--url", database.url, stdin=subprocess.PIPE)
        process.stdin.write(b"select i, repeat('x', 500) from generate_series(1, 400000) i;")
        process.stdin.close()
        process.stdin = None
        out, _ = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0 and b'"rows" : 400000' in out, out
        with open(support.CTL, "rb") as program:
            limit = 100_000 if b"__asan_init" not in program.read() else 1_000_000
        assert usage.ru_maxrss < limit, f"{usage.ru_maxrss} KiB for 200 MB of rows"


def test_interrupt():
    with Database() as database:
        process = start("execute", "--json", "--url", database.url, stdin=subprocess.PIPE)
        process.stdin.write(b"create table t (); select pg_sleep(50);")
        process.stdin.close()
        process.stdin = None
        wait_until(lambda: database.is_running("pg_sleep(50)"))
        process.send_signal(signal.SIGINT)
        answer = finish(process)
        assert answer.code == 130 and answer.error["code"] == "cancelled", answer
        assert database.psql("select to_regclass('t') is null") == "t"


def test_interrupt_while_reading():
    with Database() as database:
        process = start("execute", "--url", database.url, stdin=subprocess.PIPE)
        process.stdin.write(b"create table t ();")
        process.stdin.flush()
        wait_until(lambda: fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4)) == bytes(4))  # It has read it
        process.send_signal(signal.SIGINT)
        assert process.wait(support.PATIENCE) == 130
        process.communicate()
        assert database.psql("select to_regclass('t') is null") == "t"


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
