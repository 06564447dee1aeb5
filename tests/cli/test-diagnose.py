#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""diagnose: each of the usual failures provoked, what it goes by, and its ways out taken."""

import os
import subprocess
import sys

import support
from support import USER, Database, Project

HISTORY = [("20250101000000_users", "create table users (id serial primary key, mail text not null);\n"),
           ("20250102000000_posts", "-- posts\ncreate table posts (id serial primary key);\n")]


def diagnose(project, database, *args, code=None):
    answer = project.ctl("--json", "diagnose", *args, env={"DATABASE_URL": database.url})
    assert code is None or answer.code == code, answer
    found = {}
    for diagnosis in answer.json["diagnoses"]:
        assert diagnosis["title"] and diagnosis["explanation"] and diagnosis["ways"], diagnosis
        assert all(way["label"] and way["description"] and way["action"] for way in diagnosis["ways"]), diagnosis
        found.setdefault(diagnosis["id"], []).append(diagnosis)
    return found


def quick(project, database):
    return diagnose(project, database, "--quick")


def ways(diagnosis):
    return [way["action"] for way in diagnosis["ways"]]


def has(diagnosis, words):
    return any(words in line for line in diagnosis["evidence"])


def deployed(database, project, code=0):
    answer = project.ctl("deploy", env={"DATABASE_URL": database.url})
    assert answer.code == code, answer


def test_nothing():
    project = Project(HISTORY)
    with Database() as database:
        deployed(database, project)
        assert diagnose(project, database, "--quick", code=0) == {}
        assert "Nothing is wrong" in project.ctl("diagnose", "--quick", env={"DATABASE_URL": database.url}).out


def test_failed_and_blocked():
    project = Project(HISTORY + [("20250103000000_bad", "create table half (id int);\nselect 1 / 0;"),
                                 ("20250104000000_late's", "select 1;")])
    with Database() as database:
        deployed(database, project, 1)
        found = quick(project, database)
        assert set(found) == {"failed-migration", "pending-blocked"}, found
        failed = found["failed-migration"][0]
        assert "20250103000000_bad" in failed["title"] and has(failed, "division by zero") and has(failed, "its log says why"), failed
        assert ways(failed) == ["mark-rolled-back", "mark-applied", "write-down", "show-timeline"], failed
        assert has(found["pending-blocked"][0], "late's"), found
        # The first way out, as it is printed
        command = failed["ways"][0]["command"]
        assert command == "tidemarkctl resolve --rolled-back 20250103000000_bad", command
        project.add("20250103000000_bad", "create table half (id int);")
        assert project.ctl(*command.split()[1:], env={"DATABASE_URL": database.url}).code == 0
        found = quick(project, database)
        assert set(found) == {"out-of-sync"} and "2 migrations behind" in found["out-of-sync"][0]["title"], found
        assert found["out-of-sync"][0]["ways"][0]["command"] == "tidemarkctl deploy", found
        deployed(database, project)
        assert quick(project, database) == {}


def test_not_ended():
    """A deploy that runs, and one that was killed while its transaction goes on: nobody is told that it failed, nor can say so."""
    name = "20250103000000_slow"
    project = Project(HISTORY + [(name, "create table half (id int);\nselect pg_sleep(600);"), ("20250104000000_late", "select 1;")])
    with Database() as database:
        def resolve(how):
            return project.ctl("resolve", how, name, env={"DATABASE_URL": database.url})

        def asleep():
            return database.psql("select count(*) from pg_stat_activity where " + sleeper) == "1"

        sleeper = "datname = current_database() and query ~ 'pg_sleep.600' and state = 'active' and pid <> pg_backend_pid()"

        process = project.start("deploy", env={"DATABASE_URL": database.url})
        support.wait_until(asleep, 60)
        for killed in (False, True):
            if killed:
                process.kill()
                support.finish(process)
            failed = quick(project, database)["failed-migration"][0]
            assert failed["title"] == f"“{name}” has not ended yet" and ways(failed) == ["retry", "show-timeline"], failed
            blocked = quick(project, database)["pending-blocked"][0]
            assert "waits for one that has not ended" in blocked["title"] and "failed" not in blocked["explanation"], blocked
        for how in ("--applied", "--rolled-back"):
            answer = resolve(how)
            assert answer.code == 1 and "has not ended yet" in answer.err and "still open" in answer.err, answer
        database.psql("select pg_terminate_backend(pid) from pg_stat_activity where " + sleeper)
        support.wait_until(lambda: not asleep(), 60)
        failed = quick(project, database)["failed-migration"][0]
        assert has(failed, "nothing of the file is in the database") and ways(failed)[0] == "mark-rolled-back", failed
        assert resolve("--rolled-back").code == 0


def test_no_ledger():
    project = Project(HISTORY)
    with Database() as database:
        database.psql("create table users (id int)")
        found = quick(project, database)
        assert set(found) == {"no-ledger"} and has(found["no-ledger"][0], "users"), found
        database.psql("drop table users")
        assert set(quick(project, database)) == {"out-of-sync"}


def git(project, *args):
    subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false", *args],
                   cwd=project.root, check=True, capture_output=True, env={**os.environ, "HOME": support.HOME})


def commit(project):
    git(project, "add", "-A")
    git(project, "commit", "-qm", "more")


def test_edited():
    project = Project(HISTORY)
    with Database() as database:
        git(project, "init", "-q", "-b", "main")
        commit(project)
        deployed(database, project)
        name, text = HISTORY[1]
        for edit, words in ((text.replace("-- posts", "/* the\nposts */  ").replace("create  ", "create"), "Only comments"),
                            (text.replace("serial", "bigserial"), "SQL differs, from line 2")):
            project.add(name, edit)
            commit(project)
            edited = quick(project, database)["edited-migration"]
            assert len(edited) == 1 and name in edited[0]["title"] and has(edited[0], words), (words, edited)
            assert has(edited[0], "Commit ") and "restore-file" in ways(edited[0]), edited
            assert ("open-sql" in ways(edited[0])) == (words != "SQL differs, from line 2"), edited
        # Taking the new checksum
        project.add(name, text + "-- more\n")
        edited = quick(project, database)["edited-migration"][0]
        database.psql(next(way["argument"] for way in edited["ways"] if way["action"] == "open-sql"))
        assert quick(project, database) == {}
    mixed = Project([HISTORY[0], (name, text.replace("\n", "\r\n", 1))])
    with Database() as database:
        git(mixed, "init", "-q", "-b", "main")
        commit(mixed)
        deployed(database, mixed)
        mixed.add(name, text)
        edited = quick(mixed, database)["edited-migration"][0]
        assert has(edited, "Only line endings"), edited
    plain = Project(HISTORY)
    with Database() as database:
        deployed(database, plain)
        plain.add(name, text + "\n")
        assert has(quick(plain, database)["edited-migration"][0], "begin or end")
        plain.add(name, text + "select 1;\n")
        assert has(quick(plain, database)["edited-migration"][0], "not in git")


def test_missing():
    project = Project(HISTORY)
    with Database() as database:
        git(project, "init", "-q", "-b", "main")
        commit(project)
        git(project, "checkout", "-qb", "feature/x")
        project.add("20250103000000_branch", "create table b (id int);")
        commit(project)
        deployed(database, project)
        git(project, "checkout", "-q", "main")
        missing = quick(project, database)["missing-migrations"][0]
        assert has(missing, "20250103000000_branch") and has(missing, "Branch feature/x has"), missing


def test_duplicates():
    project = Project(HISTORY + [("20250103000000_posts", HISTORY[1][1]), ("20250104000000_one", "select 1;"), ("20250104000000_two", "select 2;"),
                                 ("20250105000000_empty", "-- nothing"), ("20250106000000_none", "-- nothing")])
    with Database() as database:
        found = quick(project, database)
        assert has(found["duplicate-content"][0], "20250102000000_posts = 20250103000000_posts"), found
        assert len(found["duplicate-content"][0]["evidence"]) == 1, found
        assert has(found["duplicate-timestamp"][0], "20250104000000_one = 20250104000000_two"), found
        assert has(found["duplicate-name"][0], "20250102000000_posts = 20250103000000_posts"), found


def test_each_group_of_duplicates_has_its_way():
    project = Project(HISTORY + [("20250103000000_a", "select 1;"), ("20250104000000_b", "select 1;"),
                                 ("20250105000000_c", "select 2;"), ("20250106000000_d", "select 2;"), ("20250107000000_e", "select 2;")])
    with Database() as database:
        ways = quick(project, database)["duplicate-content"][0]["ways"]
        assert {way["argument"] for way in ways} == {"20250104000000_b", "20250107000000_e"}, ways
        assert all(way["argument"] in way["description"] for way in ways), ways


def test_lock_and_newer_ledger():
    project = Project(HISTORY)
    with Database() as database:
        deployed(database, project)
        with support.held_lock(database):
            found = quick(project, database)
            lock = found["lock-held"][0]
            assert set(found) == {"lock-held"} and has(lock, "psql") and has(lock, "pg_advisory_lock") and has(lock, "Connected since"), found
            assert ways(lock) == ["retry", "end-session"] and lock["ways"][1]["destructive"] is True, lock
        database.psql("alter table _prisma_migrations add column contract text; create schema prisma_contract;"
                      "create table prisma_contract.marker (id int primary key)")
        newer = quick(project, database)["newer-ledger"][0]
        assert has(newer, "contract") and has(newer, "marker"), newer


def test_drift():
    project = Project(HISTORY)
    with Database() as database:
        deployed(database, project)
        database.psql("alter table users add phone text")
        found = diagnose(project, database, code=1)
        assert set(found) == {"drift"} and has(found["drift"][0], "only in the database: column users.phone"), found
        # Each way out has the command that takes it, in this database
        project.write("tidemark.json", '{"environments": {"it is": {"url": "%s"}}}' % database.url)
        answer = project.ctl("--env", "it is", "--json", "diagnose")
        commands = [way["command"] for way in answer.json["diagnoses"][0]["ways"]]
        assert commands == [None, "tidemarkctl --env 'it is' drift --script adopt", "tidemarkctl --env 'it is' drift --script revert"], commands
        # What comes with a table is no news of its own.
        database.psql("create table stray (a int primary key, b text, c text)")
        drift = diagnose(project, database, code=1)["drift"][0]
        assert "in 2 objects" in drift["title"] and len(drift["evidence"]) == 2 and has(drift, "only in the database: table stray"), drift


def test_closed_doors():
    project = Project(HISTORY)
    with Database() as database:
        gone = Database(database.name + "_gone")
        missing = quick(project, gone)["database-missing"][0]
        assert has(missing, database.name) and has(missing, "3D000") and ways(missing)[0] == "create-database", missing
        database.psql(f"drop role if exists diag_one; create role diag_one login connection limit 0")
        database.url = database.url.replace(f"//{USER}@", "//diag_one@")
        assert set(quick(project, database)) == {"too-many-connections"}
        Database._psql("postgres", f"alter role diag_one connection limit -1; revoke connect on database {database.name} from public")
        assert set(quick(project, database)) == {"connect-privilege"}
        Database._psql("postgres", f"grant connect on database {database.name} to diag_one; alter database {database.name} allow_connections false")
        found = quick(project, database)
        assert set(found) == {"closed"} and found["closed"][0]["ways"][0]["command"] == "tidemarkctl restore --reopen", found
        Database._psql("postgres", f"revoke connect on database {database.name} from diag_one; drop role diag_one")


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
