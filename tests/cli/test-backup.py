# SPDX-License-Identifier: GPL-3.0-or-later
"""backup, backups and verify, as scripts rely on them."""

import errno
import glob
import json
import os
import shlex
import subprocess
import sys

import support
from support import Database, Project, ctl


def filled(database):
    database.psql("create table users (id int primary key, name text);"
                  "insert into users select i, 'user ' || i from generate_series(1, 500) i")


def test_backup_and_verify():
    project = Project([("20250101000000_next", "create table later ();")])
    with Database() as database:
        filled(database)
        env = {"DATABASE_URL": database.url}
        made = ctl("--json", "backup", "--for", "the release", cwd=project.root, env=env)
        assert made.code == 0, made
        answer = made.json
        assert {"path", "manifest", "bytes", "seconds", "verified"} <= set(answer), answer
        assert answer["verified"] == 2 and answer["migration"] == "20250101000000_next", answer
        assert answer["path"].startswith(project.root + "/backups/migration_backup_"), answer
        assert os.path.getsize(answer["path"]) == answer["bytes"]
        assert json.load(open(answer["manifest"], encoding="utf-8"))["tables"][0]["rows"] == 500

        listed = ctl("--json", "backups", "list", cwd=project.root, env=env).json["backups"]
        assert len(listed) == 1 and listed[0]["for"] == "the release", listed
        assert {"path", "format", "bytes", "created_at", "database", "for", "verified"} <= set(listed[0]), listed

        verified = ctl("--json", "verify", answer["path"], "--level", "2")
        assert verified.code == 0 and verified.json["ok"] and verified.json["level"] == 2, verified
        with open(answer["path"], "r+b") as file:
            file.truncate(answer["bytes"] // 2)
        verified = ctl("--json", "verify", answer["path"])
        assert verified.code == 1 and not verified.json["ok"] and verified.json["problems"], verified
        human = ctl("verify", answer["path"])
        assert human.code == 1 and "level 0 of 2" in human.out, human


def test_output_and_formats():
    project = Project()
    with Database() as database:
        filled(database)
        for name, kind in (("a.sql", "plain"), ("b.sql.gz", "gzip"), ("c", "directory"), ("d.tar", "tar"), ("e f", "custom")):
            path = os.path.join(project.root, name)
            made = ctl("--url", database.url, "--json", "backup", "--format", kind, "--output", path)
            assert made.code == 0 and made.json["path"] == path and made.json["format"] == kind, made
        again = ctl("--url", database.url, "--json", "backup", "--output", path)
        assert again.code == 1 and again.error["code"] == "refused", again


def test_only():
    project = Project()
    with Database() as database:
        database.psql('create schema "a.b"; create table "a.b"."c,d" (); create table one (); insert into one default values;'
                      "create table two ()")

        def tables(*options):
            path = os.path.join(project.root, f"{len(os.listdir(project.root))}.dump")
            made = ctl("--url", database.url, "--json", "backup", "--output", path, *options)
            assert made.code == 0, made
            manifest = json.load(open(made.json["manifest"], encoding="utf-8"))
            return [(table["schema"], table["name"]) for table in manifest["tables"]]

        assert tables("--only", 'public.one,"a.b"."c,d"') == [("a.b", "c,d"), ("public", "one")]
        assert tables("--only", '"a.b"') == [("a.b", "c,d")]
        assert tables("--schema-only") == []
        assert len(tables("--data-only")) == 3
        for options in (("--only", 'public,"a.b"."c,d"'), ("--only", ""), ("--only", 'a,'), ("--only", '"a'), ("--only", '"a"b'),
                        ("--schema-only", "--data-only")):
            refused = ctl("--url", database.url, "--json", "backup", "--output", project.root, *options)
            assert refused.code == 64 and refused.error["code"] == "usage", (options, refused)


def test_compare():
    project = Project()
    with Database() as database, Database() as other:
        filled(database)
        env = {"DATABASE_URL": database.url}
        path = ctl("--json", "backup", cwd=project.root, env=env).json["path"]
        same = ctl("--json", "backups", "compare", path, "--exit-code", cwd=project.root, env=env)
        assert same.code == 0 and same.json["differences"] == 0, same
        table = {"schema": "public", "table": "users", "backup_rows": 500, "database_rows": 500}
        assert table.items() <= same.json["tables"][0].items(), same

        database.psql("delete from users where id > 490; create table added (id int)")
        differs = ctl("--json", "backups", "compare", path, cwd=project.root, env=env)
        assert differs.code == 0 and differs.json["differences"] == 2, differs
        assert [row["state"] for row in differs.json["tables"]] == ["only_database", "different"], differs
        assert differs.json["tables"][0]["backup_rows"] is None, differs
        human = ctl("backups", "compare", path, "--exit-code", cwd=project.root, env=env)
        assert human.code == 2 and "-10" in human.out and "no table" in human.out and "2 of 2 tables differ" in human.out, human

        elsewhere = ctl("--json", "--url", other.url, "backups", "compare", path, "--only-differences", "--exit-code")
        assert elsewhere.code == 2 and elsewhere.json["tables"][0]["state"] == "only_backup", elsewhere
        database.psql("drop table added; insert into users select i from generate_series(491, 500) i")
        quiet = ctl("--json", "--url", database.url, "backups", "compare", path, "--only-differences")
        assert quiet.json["tables"] == [], quiet
        os.remove(path + ".json")
        unknown = ctl("--json", "--url", database.url, "backups", "compare", path, "--exit-code")
        assert unknown.code == 1 and "no manifest" in unknown.json["note"], unknown


def test_estimates():
    project = Project()
    with Database() as database:
        database.psql("create table big as select i, repeat('x', 500) as t from generate_series(1, 4000) i; analyze")
        env = {"DATABASE_URL": database.url}
        made = ctl("--json", "backup", "--exact-below", "1", cwd=project.root, env=env)
        table = json.load(open(made.json["manifest"], encoding="utf-8"))["tables"][0]
        assert table["rows"] == 4000 and not table["exact"], table


def test_prune():
    project = Project()
    project.write("tidemark.json", '{"backups": {"folder": "safe", "keep": {"last": 2}}}')
    with Database() as database:
        env = {"DATABASE_URL": database.url}
        for _ in range(3):
            assert ctl("--quiet", "backup", cwd=project.root, env=env).code == 0
        project.write("safe/migration_backup_20250101_000000.dump.partial", "half")
        mark(project.root + "/safe/migration_backup_20250101_000000.dump.partial")
        project.write("safe/film.partial", "somebody's")
        tried = ctl("--json", "backups", "prune", "--dry-run", cwd=project.root, env=env)
        assert tried.code == 0 and tried.json["dry_run"] and len(tried.json["pruned"]) == 1, tried
        assert len(glob.glob(project.root + "/safe/*")) == 8
        done = ctl("--json", "backups", "prune", cwd=project.root, env=env)
        assert done.code == 0 and len(done.json["pruned"]) == 1 and done.json["orphans"], done
        assert len(glob.glob(project.root + "/safe/*")) == 5 and os.path.exists(project.root + "/safe/film.partial")
        project.write("tidemark.json", "{}")
        refused = ctl("--json", "backups", "prune", cwd=project.root, env=env)
        assert refused.code == 1 and refused.error["code"] == "refused", refused


def mark(path):
    """As what is not finished is marked; where no marks are kept, its name says it"""
    try:
        os.setxattr(path, "user.tidemark.unfinished", b"1")
    except OSError as error:
        assert error.errno == errno.ENOTSUP, error


def test_compressed():
    project = Project()
    env = {**os.environ, "PGHOST": support.HOST, "PGPORT": support.PORT, "PGUSER": support.USER}
    path = os.path.join(project.root, "x")
    with Database() as database:
        filled(database)
        for packer in ("gzip", "zstd -q", "lz4 -q"):
            for made, good in ((f"pg_dump -Fc {database.name}", False), (f"pg_dump {database.name}", True), ("pg_dumpall -g", True)):
                subprocess.run(f"{made} | {packer} > {shlex.quote(path)}", shell=True, check=True, env=env)
                answer = ctl("--json", "verify", path, "--level", "1")
                assert answer.code == (0 if good else 1), (made, packer, answer)
                assert good or "compressed archive; unpack it" in answer.error["message"], answer


def test_wrong_usage():
    project = Project()
    url = "postgresql://localhost:1/x"
    for words in (["backup", "--format", "zip"], ["backup", "--format", "custom", "--jobs", "4"], ["backup", "--verify", "9"],
                  ["backups", "--dry-run"], ["backups", "compare"], ["backups", "list", "x"], ["backups", "--exit-code"],
                  ["backups", "prune", "--only-differences"], ["backup", "--exact-below", "-1"],
                  ["verify", "x", "--level", "7"], ["verify"]):
        answer = ctl("--json", "--url", url, *words, cwd=project.root)
        assert answer.code == 64, (words, answer)
    assert ctl("--json", "--url", url, "backup", cwd="/").code == 64
    assert ctl("--json", "--url", url, "backup", cwd=project.root).code == 69
    assert ctl("--json", "verify", "/nowhere/x").error["code"] == "not_found"


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__], dumps=True))
