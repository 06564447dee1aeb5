# SPDX-License-Identifier: GPL-3.0-or-later
"""query: rows in every format, as they come; how it fails, and how it ends when nobody reads on."""

import csv
import io
import json
import os
import select
import signal
import sys

import support
from support import Database, Project, ctl, start, wait_until

SQL = "select 1 as id, 'a,\"b' as t, null as n, '' as e, 1.50 as num, 'NaN'::float8 as f, true as b, '{\"x\": 1}'::jsonb as j"


def test_formats():
    with Database() as database:
        def query(*args):
            answer = ctl("query", "--url", database.url, *args)
            assert answer.code == 0, answer
            return answer.out

        assert query(SQL) == 'id,t,n,e,num,f,b,j\n1,"a,""b",,"",1.50,NaN,t,"{""x"": 1}"\n'
        assert query(SQL, "--format", "csv") == query(SQL)
        row = {"id": 1, "t": 'a,"b', "n": None, "e": "", "num": 1.5, "f": "NaN", "b": True, "j": {"x": 1}}
        assert json.loads(query(SQL, "--format", "json")) == [row]
        assert json.loads(query(SQL, "--json")) == [row]
        assert '"num":1.50' in query(SQL, "--json")
        lines = query(
            "select n from generate_series(1, 3) n", "--format", "ndjson").splitlines()
        assert [json.loads(line) for line in lines] == [{"n": 1}, {"n": 2}, {"n": 3}], lines
        assert query("select 1 as a, 'x|y' as b", "--format", "markdown") == "| a | b |\n| ---: | --- |\n| 1 | x\\|y |\n"
        assert query("select 1 as a where false") == "a\n"
        assert json.loads(query("select 1 as a where false", "--json")) == []
        copied = "copy (values (1, 'a'), (2, 'b')) to stdout"
        assert query(copied) == "1\ta\n2\tb\n"
        assert [list(row.values()) for row in json.loads(query(copied, "--json"))] == [["1\ta"], ["2\tb"]]
        assert json.loads(query("copy (select where false) to stdout", "--json")) == []
        assert query("show standard_conforming_strings") == "standard_conforming_strings\non\n"
        assert query("--", "-- why\nselect 1 as one; -- and done") == "one\n1\n"
        big = list(csv.reader(io.StringIO(query("select n, E'a\\nb' || n from generate_series(1, 100000) n"))))
        assert len(big) == 100001 and big[-1] == ["100000", "a\nb100000"], big[-1]


def test_standard_input():
    with Database() as database:
        answer = ctl("query", "-", "--url", database.url, text="select 'ü' as a")
        assert answer.code == 0 and answer.out == "a\nü\n", answer


def test_errors():
    with Database() as database:
        answer = ctl("query", "select\n nope", "--json", "--url", database.url)
        assert answer.code == 1 and answer.error["sqlstate"] == "42703" and answer.error["line"] == 2, answer
        assert answer.error["statement"] == "select\n nope", answer
        # What can answer no rows is not done first and then told as an error, to be done again.
        database.psql("create table u (a int)")
        for sql in ("create table t (a int)", "insert into u values (1)", "select 1 as a into v", "delete from u"):
            answer = ctl("query", sql, "--json", "--url", database.url)
            assert answer.code == 1 and "was not run" in answer.error["message"], answer
        answer = ctl("query", "with x as (select 2 as a) insert into u select a from x", "--json", "--url", database.url)
        assert answer.code == 0 and answer.json == [], answer
        assert database.psql("select count(*), sum(a), to_regclass('t') is null and to_regclass('v') is null from u") == "1|2|t"
        answer = ctl("query", "copy (select 1) to stdout (format binary)", "--json", "--url", database.url)
        assert answer.code == 1 and answer.error["code"] == "unsupported", answer
        for sql in ("select 1; select 2", "", "\\d"):
            answer = ctl("query", sql, "--json", "--url", database.url)
            assert answer.code in (1, 64) and answer.error["hint"], answer
        for args in (("--format", "xml"), ("--json", "--format", "csv")):
            assert ctl("query", "select 1", *args, "--url", database.url).code == 64
        late = ctl("query", "select 1 / (n - 90000) from generate_series(1, 100000) n", "--json", "--url", database.url)
        assert late.code == 1 and late.out.startswith("[") and "error" not in late.out and "division by zero" in late.err, late.err


def test_notices_go_to_stderr():
    """Before, between and after the rows, and before an error; what goes to stdout stays one document."""
    with Database() as database:
        database.psql("create function said(n int) returns int language plpgsql as "
                      "$$ begin raise notice 'nö %', n; if n > 9 then raise warning 'wärn'; end if; return 10 / (n - 3); end $$")
        for option in ("csv", "ndjson", "json"):
            answer = ctl("query", "select said(4) as a union all select said(13)", "--format", option, "--url", database.url)
            assert answer.code == 0 and answer.err == "notice: nö 4\nnotice: nö 13\nwarning: wärn\n", answer
            assert answer.out.startswith({"csv": "a\n10\n1\n", "ndjson": '{"a":10}\n', "json": "[\n"}[option]), answer
        failed = ctl("query", "select said(3)", "--url", database.url)
        assert failed.code == 1 and failed.err.startswith("notice: nö 3\n") and "division by zero" in failed.err, failed


def test_an_interruption_leaves_one_document():
    with Database() as database:
        process = start("query", "select generate_series(1, 200000000) as n", "--json", "--url", database.url)
        assert process.stdout.readline() == b"[\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=support.PATIENCE)
        assert process.returncode == 130 and b"error" not in out and b"cancelled" in err, (process.returncode, out[-200:], err)
        wait_until(lambda: not database.is_running("200000000"))


def test_bytes_without_an_encoding():
    """SQL_ASCII: CSV has them as they are, JSON says where they are no text."""
    with Database("cli_%d_ascii" % os.getpid()) as database:
        Database.drop(database.name)
        database._psql("postgres", f"create database {database.name} encoding 'SQL_ASCII' locale 'C' template template0")
        process = start("query", "select E'caf\\xe9' as a", "--url", database.url)
        out, err = process.communicate(timeout=support.PATIENCE)
        assert (process.returncode, out) == (0, b"a\ncaf\xe9\n"), (out, err)
        answer = ctl("query", "select E'caf\\xe9' as a", "--json", "--url", database.url)
        assert answer.json == [{"a": "caf\ufffd"}], answer


def test_production_only_reads():
    """Refused by the parser, and by the server where only that can know; execute writes, and so does query elsewhere."""
    with Database() as database:
        database.psql("create table t (a int); insert into t values (1); create sequence s; create function f() returns int "
                      "language sql as 'insert into t values (2) returning a'")
        project = Project()
        project.write("tidemark.json", json.dumps({"environments": {
            "live": {"url": database.url, "kind": "production"}, "dev": {"url": database.url, "kind": "development"}}}))
        for sql in ("delete from t returning *", "with x as (delete from t returning *) select * from x", "begin read write",
                    "copy t to program 'true'", "select set_config('default_transaction_read_only', 'off', false)",
                    "delete from t; select 1", "explain analyze delete from t", "select * into u from t", "table t; drop table t"):
            answer = project.ctl("query", sql, "--env", "live", "--json")
            assert answer.code == 1 and answer.error["code"] == "refused", (sql, answer)
            assert '"live" is production' in answer.error["message"] and '"execute"' in answer.error["hint"], answer
        human = project.ctl("query", "delete from t", "--env", "live")
        assert human.code == 1 and human.out == "" and '"execute"' in human.err, human
        for sql in ("select f()", "select nextval('s')", "select f() from generate_series(1, 3)"):
            for form in ("csv", "json"):
                answer = project.ctl("query", sql, "--env", "live", "--format", form)
                assert answer.code == 1 and "read-only transaction" in answer.err and '"execute"' in answer.err, answer
        assert project.ctl("query", "select 1 as a, 'delete' as b", "--env", "live").out == "a,b\n1,delete\n"
        assert project.ctl("query", "\\d", "--json", "--env", "live").error["code"] == "unsupported"
        assert database.psql("select count(*) from t") == "1"
        assert project.ctl("execute", "--env", "live", text="insert into t values (3)").out == "INSERT 0 1\n"
        assert project.ctl("query", "delete from t where a = 3 returning a", "--env", "dev", "--format", "ndjson").out == '{"a":3}\n'


def test_a_reader_that_goes_away():
    with Database() as database:
        for form in ("csv", "ndjson"):
            process = start("query", "select generate_series(1, 200000000) as n", "--format", form, "--url", database.url)
            assert len(process.stdout.readline()) > 1
            process.stdout.close()
            assert process.wait(support.PATIENCE) == 0, process.stderr.read()
            assert process.stderr.read() == b""
            process.stderr.close()
        wait_until(lambda: not database.is_running("200000000"))


def test_a_slow_server():
    """Its first rows are there before the next ones are found, and who goes away meanwhile leaves nothing running."""
    with Database() as database:
        for form in ("csv", "ndjson"):
            for sql in ("select repeat('x', 9000) as a, pg_sleep(case when n > 4 then 600 end) from generate_series(1, 9) n",
                        "select pg_sleep(600)"):
                process = start("query", sql, "--format", form, "--url", database.url)
                if "repeat" in sql:
                    assert select.select([process.stdout], [], [], support.PATIENCE)[0], "no row"
                    assert len(process.stdout.readline()) > 1
                wait_until(lambda: database.is_running("pg_sleep"))
                process.stdout.close()
                assert process.wait(support.PATIENCE) == 0, process.stderr.read()
                assert process.stderr.read() == b""
                process.stderr.close()
                wait_until(lambda: not database.is_running("pg_sleep"))


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
