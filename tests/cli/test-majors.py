#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One schema on servers of several majors: no difference between them, and a script that makes it anew on each.

Each major that is here beside the run's own gets a server; TIDE_TEST_BINDIRS names the folders of their programs, else those of
/usr/lib/postgresql are taken."""

import glob
import os
import subprocess
import sys

import support
from support import Database, Server, There, ctl

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = 14  # before it functions with a syntax of their own are stored, and printed, as plain calls


def read_major(bindir):
    done = subprocess.run([bindir + "/postgres", "--version"], capture_output=True, text=True)
    return int(done.stdout.split()[2].split(".")[0]) if done.returncode == 0 else 0


def find_others():
    """{major: its folder}, but for that of the run's server"""
    folders = os.environ.get("TIDE_TEST_BINDIRS", "").split() or glob.glob("/usr/lib/postgresql/*/bin")
    own = int(Database._psql("postgres", "show server_version_num")) // 10000
    majors = {read_major(folder): folder for folder in folders if os.access(folder + "/initdb", os.X_OK)}
    return {major: folder for major, folder in sorted(majors.items()) if major >= OLDEST and major != own}


def assert_same(left, right, major):
    for one, other in ((left, right), (right, left)):
        answer = ctl("--json", "diff", "url:" + one.url, "url:" + other.url)
        assert answer.code == 0 and answer.json["changes"] == [], (major, answer)


def assert_versions_told(here, there, major):
    """Versions of an extension that differ are told, and no difference"""
    sql = "select extversion from pg_extension where extname = 'pg_stat_statements'"
    told = "pg_stat_statements" in ctl("diff", "url:" + here.url, "url:" + there.url).err
    assert told == (here.psql(sql) != there.psql(sql)), (major, here.psql(sql), there.psql(sql))


def check_major(major, bindir, here, sql):
    with Server(bindir) as server, There(server) as there, There(server) as anew:
        there.psql(sql)
        assert_same(here, there, major)
        assert_versions_told(here, there, major)
        # From the one server to the other: what the one prints, the other takes
        for source in (there, here):
            script = ctl("diff", "empty" if source is there else "url:" + anew.url, "url:" + source.url, "--script")
            assert script.code == 0, (major, script)
            anew.psql(script.out)
            assert_same(anew, there, major)
        # One change is still one
        there.psql("create or replace view swapped as select a as id, id as a from t as \"T x\" order by \"T x\".a")
        answer = ctl("--json", "diff", "url:" + here.url, "url:" + there.url)
        assert [change["name"] for change in answer.json["changes"]] == ["swapped"], (major, answer)


def test_no_false_difference():
    others = find_others()
    if not others:
        raise support.Skip("there is no other PostgreSQL from 14 on: name folders of programs in TIDE_TEST_BINDIRS")
    with open(os.path.join(HERE, "across-majors.sql"), encoding="utf-8") as file:
        sql = file.read()
    with Database() as here:
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", support.HOST, "-p", support.PORT, "-U", support.USER,
                        "-d", here.name], input=sql, text=True, check=True)
        for major, bindir in others.items():
            check_major(major, bindir, here, sql)


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
