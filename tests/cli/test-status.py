# SPDX-License-Identifier: GPL-3.0-or-later
"""status, deploy, resolve, new, reset: what they say and what they do."""

import glob
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import time

import support
from support import Database, Project, ctl, finish, held_lock, states, wait_until

THREE = [("20240101000000_init", 'create table "users" (id int primary key);'),
         ("20240102000000_orders", "create table orders (id int);\ncreate table lines (id int);"),
         ("20240103000000_index", "create index on orders (id);")]
NAMES = [name for name, _ in THREE]


def test_status_of_nothing():
    with Database() as database:
        project = Project(THREE)
        answer = project.ctl("status", "--json", "--url", database.url)
        assert answer.code == 1 and answer.err == "", answer
        document = answer.json
        assert document["database"] == database.name
        assert re.match(r"\d+\.\d+", document["server_version"])
        assert document["up_to_date"] is False and document["initialised"] is False
        assert document["pending"] == 3
        assert states(answer) == dict.fromkeys(NAMES, "pending")
        keys = {"name", "state", "checksum", "started_at", "finished_at", "duration_ms", "steps", "logs"}
        for (name, sql), migration in zip(THREE, document["migrations"]):
            assert keys <= set(migration), migration
            assert migration["checksum"] == hashlib.sha256(sql.encode()).hexdigest()
            assert migration["started_at"] is None and migration["duration_ms"] is None
            assert migration["steps"] == 0 and migration["logs"] is None
            assert migration["mode"] == "atomic"
        human = project.ctl("status", "--url", database.url)
        assert human.code == 1 and "3 pending" in human.out and "next: tidemarkctl deploy --url URL\n" in human.out, human
        assert database.psql("select count(*) from pg_tables where schemaname = 'public'") == "0"


def test_deploy_and_status_after_it():
    with Database() as database:
        project = Project(THREE)
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 0, answer
        assert answer.json["applied"] == NAMES and answer.json["failed"] is None, answer
        answer = project.ctl("status", "--json", "--url", database.url)
        assert answer.code == 0 and answer.json["up_to_date"] is True, answer
        assert states(answer) == dict.fromkeys(NAMES, "applied")
        for migration in answer.json["migrations"]:
            assert migration["steps"] == 1 and migration["logs"] is None and migration["duration_ms"] >= 0
            for moment in ("started_at", "finished_at"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", migration[moment]), migration
        human = project.ctl("status", "--url", database.url)
        assert human.code == 0 and "up to date" in human.out and "3 applied" in human.out, human
        again = project.ctl("deploy", "--url", database.url)
        assert again.code == 0 and "Nothing is pending" in again.out, again


def test_deploy_up_to_one():
    with Database() as database:
        project = Project(THREE)
        answer = project.ctl("deploy", "--to", NAMES[1], "--json", "--url", database.url)
        assert answer.code == 0 and answer.json["applied"] == NAMES[:2], answer
        wrong = project.ctl("deploy", "--to", "20240103000000_indx", "--json", "--url", database.url)
        assert wrong.code == 1 and wrong.error["code"] == "not_found", wrong
        assert states(project.ctl("status", "--json", "--url", database.url))[NAMES[2]] == "pending"


def test_deploy_says_how_before_it_starts():
    with Database() as database:
        project = Project(THREE[:2])
        project.add("20240104000000_concurrently", "create index concurrently i on orders (id);\nselect 1;")
        project.add("20240105000000_own", "begin;\ncreate table own (id int);\ncommit;")
        answer = project.ctl("status", "--json", "--url", database.url)
        assert [m["mode"] for m in answer.json["migrations"]] == ["atomic", "atomic", "stepwise", "own"], answer
        human = project.ctl("deploy", "--url", database.url)
        assert human.code == 0, human
        for phrase in ("To apply to", "in one transaction", "statement by statement: ", "in its own transactions: "):
            assert phrase in human.out, human
        assert human.out.index("To apply to") < human.out.index("4 applied.")


def test_a_failed_migration():
    with Database() as database:
        project = Project([THREE[0], ("20250101_bad", "create table kept_not (id int);\n\nselect nothing from nowhere;\n"),
                           ("20250102_after", "select 1;")])
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 1, answer
        assert answer.json["applied"] == ["20240101000000_init"], answer
        failed = answer.json["failed"]
        assert failed["name"] == "20250101_bad" and failed["sqlstate"] == "42P01" and failed["line"] == 3, failed
        assert "nowhere" in failed["message"] and failed["statement"].startswith("select nothing"), failed
        assert failed["prisma"] == "P3018", failed

        answer = project.ctl("status", "--json", "--url", database.url)
        assert answer.code == 1, answer
        assert states(answer) == {"20240101000000_init": "applied", "20250101_bad": "failed", "20250102_after": "pending"}
        bad = answer.json["migrations"][1]
        assert "nowhere" in bad["logs"] and bad["explanation"] and bad["finished_at"] is None, bad
        human = project.ctl("status", "--url", database.url)
        assert "nowhere" in human.out and "1 failed" in human.out and "resolve --rolled-back" in human.out, human

        blocked = project.ctl("deploy", "--json", "--url", database.url)
        assert blocked.code == 1 and blocked.error["prisma"] == "P3009", blocked
        assert "20250101_bad" in blocked.error["message"]

        resolved = project.ctl("resolve", "--rolled-back", "20250101_bad", "--json", "--url", database.url)
        assert resolved.code == 0 and resolved.json == {"resolved": "20250101_bad", "as": "rolled_back"}, resolved
        assert states(project.ctl("status", "--json", "--url", database.url))["20250101_bad"] == "rolled_back"
        project.add("20250101_bad", "create table good (id int);")
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 0 and answer.json["applied"] == ["20250101_bad", "20250102_after"], answer
        assert database.psql("select count(*) from pg_tables where tablename = 'kept_not'") == "0"


def test_human_failure_names_the_place():
    with Database() as database:
        project = Project([("1_bad", "select 1;\nselect 1/0;")])
        answer = project.ctl("deploy", "--url", database.url)
        assert answer.code == 1, answer
        for word in ("1_bad", "division by zero", "migration.sql", "22012"):
            assert word in answer.err, answer
        assert "next:" in answer.err + answer.out, answer


def test_edited_and_missing():
    with Database() as database:
        project = Project(THREE)
        assert project.ctl("deploy", "--url", database.url).code == 0
        project.add(NAMES[0], "-- other words")
        shutil.rmtree(os.path.join(project.root, "prisma/migrations", NAMES[1]))
        answer = project.ctl("status", "--json", "--url", database.url)
        assert answer.code == 1 and answer.json["up_to_date"] is False, answer
        assert states(answer) == dict(zip(NAMES, ("edited", "missing", "applied"))), answer
        edited = answer.json["migrations"][0]
        assert edited["checksum"] == hashlib.sha256(THREE[0][1].encode()).hexdigest()
        assert edited["file_checksum"] == hashlib.sha256(b"-- other words").hexdigest()
        human = project.ctl("status", "--url", database.url)
        assert "1 edited" in human.out and "1 missing" in human.out, human


def test_resolve_applied_is_a_baseline():
    with Database() as database:
        project = Project(THREE)
        database.psql("create table users (id int primary key)")
        refused = project.ctl("deploy", "--json", "--url", database.url)
        assert refused.code == 1 and refused.error["prisma"] == "P3005", refused
        assert database.psql("select to_regclass('_prisma_migrations') is null") == "t"
        answer = project.ctl("resolve", "--applied", NAMES[0], "--url", database.url)
        assert answer.code == 0 and NAMES[0] in answer.out, answer
        twice = project.ctl("resolve", "--applied", NAMES[0], "--json", "--url", database.url)
        assert twice.code == 1 and twice.error["prisma"] == "P3008", twice
        unknown = project.ctl("resolve", "--applied", "nope", "--json", "--url", database.url)
        assert unknown.code == 1 and unknown.error["prisma"] == "P3017", unknown
        never = project.ctl("resolve", "--rolled-back", NAMES[1], "--json", "--url", database.url)
        assert never.code == 1 and never.error["prisma"] == "P3011", never
        done = project.ctl("resolve", "--rolled-back", NAMES[0], "--json", "--url", database.url)
        assert done.code == 1 and done.error["prisma"] == "P3012", done
        assert project.ctl("deploy", "--json", "--url", database.url).json["applied"] == NAMES[1:]


def test_new():
    project = Project()
    answer = project.ctl("new", "Hello, Wörld", "--json")
    assert answer.code == 0, answer
    path = answer.json["path"]
    assert re.search(r"/prisma/migrations/\d{14}_hello_woerld/migration\.sql$", path), path
    with open(path) as file:
        assert file.read().startswith("-- This is an empty migration.")
    sql = project.write("my file.sql", "select 'ü';\n")
    answer = project.ctl("new", "with sql", "--sql", sql)
    assert answer.code == 0, answer
    with open(answer.out.rstrip("\n")) as file:
        assert file.read() == "select 'ü';\n"
    answer = project.ctl("new", "from_input", "--sql", "-", text="select 2;")
    assert answer.code == 0 and open(answer.out.rstrip("\n")).read() == "select 2;", answer

    folders = glob.glob(project.root + "/prisma/migrations/*/")
    gone = project.ctl("new", "x", "--sql", project.root + "/no such.sql", "--json")
    assert gone.code == 1 and gone.error["code"] == "not_found" and "no such.sql" in gone.error["message"], gone
    latin = project.write("latin.sql", b"select '\xe9';")
    wrong = project.ctl("new", "x", "--sql", latin, "--json")
    assert wrong.code == 1 and wrong.error["code"] == "invalid" and "UTF-8" in wrong.error["message"], wrong
    folder = project.ctl("new", "x", "--sql", project.root, "--json")
    assert folder.code == 1 and project.root in folder.error["message"], folder
    assert glob.glob(project.root + "/prisma/migrations/*/") == folders


def with_environments(database, kind):
    project = Project(THREE)
    project.write("tidemark.json", json.dumps({"environments": {
        "it": {"url": "env:IT_URL", "kind": kind}}}))
    project.write(".env", f'IT_URL="{database.url}"\n')
    return project


def test_reset():
    with Database() as database:
        project = with_environments(database, "development")
        assert project.ctl("deploy", "--env", "it").code == 0
        database.psql("insert into users values (1); create table extra (id int)")
        refused = project.ctl("reset", "--env", "it", "--json")
        assert refused.code == 1 and refused.error["code"] == "refused" and "--yes" in refused.error["hint"], refused
        assert database.psql("select count(*) from users") == "1"
        answer = project.ctl("reset", "--yes", "--env", "it", "--json")
        assert answer.code == 0 and answer.json["applied"] == NAMES, answer
        assert database.psql("select count(*) from users") == "0"
        assert database.psql("select to_regclass('extra') is null") == "t"
        assert project.ctl("status", "--env", "it").code == 0


def test_reset_that_fails():
    """What was applied before it is told, as deploy tells it."""
    with Database() as database:
        project = with_environments(database, "development")
        project.add("20990101000000_bad", "create table last (id int);\nselect nothing;")
        answer = project.ctl("reset", "--yes", "--env", "it", "--json")
        assert answer.code == 1 and answer.json["applied"] == NAMES, answer
        failed = answer.json["failed"]
        assert (failed["name"], failed["sqlstate"], failed["line"]) == ("20990101000000_bad", "42703", 2), answer
        human = project.ctl("reset", "--yes", "--env", "it")
        assert human.code == 1 and 'error: migration "20990101000000_bad": ' in human.err, human
        assert f"Emptied, and {len(NAMES)} applied." in human.out and "tidemarkctl status" in human.out, human
        os.unlink(os.path.join(project.root, "prisma/migrations/20990101000000_bad/migration.sql"))
        os.rmdir(os.path.join(project.root, "prisma/migrations/20990101000000_bad"))
        assert project.ctl("reset", "--yes", "--env", "it", "--json").json["failed"] is None


def test_reset_spares_the_rest():
    with Database() as database:
        for kind in ("staging", "production"):
            project = with_environments(database, kind)
            project.ctl("deploy", "--env", "it")
            database.psql("insert into users values (1) on conflict do nothing")
            answer = project.ctl("reset", "--yes", "--env", "it", "--json")
            assert answer.code == 1 and answer.error["code"] == "refused", answer
            assert kind in answer.error["message"] and "development" in answer.error["hint"], answer
        unknown = project.ctl("reset", "--yes", "--url", database.url, "--json")
        assert unknown.code == 1 and unknown.error["code"] == "refused", unknown
        assert database.psql("select count(*) from users") == "1"


def test_target_precedence():
    with Database() as one, Database() as two, Database() as three, Database() as four:
        project = Project(THREE)
        project.write("tidemark.json", json.dumps({"environments": {
            "it": {"url": two.url, "kind": "staging"}}}))
        project.write(".env", f'DATABASE_URL="{four.url}"\n')
        process = {"DATABASE_URL": three.url}

        def database(*args, **env):
            return project.ctl("status", "--json", *args, env=env).json["database"]

        assert database("--url", one.url, **process) == one.name
        assert database("--env", "it", **process) == two.name
        assert database(**process) == three.name
        assert database() == four.name
        inside = ctl("status", "--json", cwd=project.root + "/prisma/migrations")
        assert inside.json["database"] == four.name, inside


def test_names_of_all_kinds():
    names = ["1 it's", '2 "quoted"', "3 100% %s %n", "4 emoji 🌊", "5;drop table x", "6\\back", "$HOME `id`"]
    with Database("weird 100% 🌊 data'base; --") as database:
        project = Project([(name, f"create table t{i} ();") for i, name in enumerate(names)])
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 0 and sorted(answer.json["applied"]) == sorted(names), answer
        answer = project.ctl("status", "--json", "--url", database.url)
        assert answer.code == 0 and states(answer) == dict.fromkeys(names, "applied"), answer
        assert answer.json["database"] == database.name
        human = project.ctl("status", "--url", database.url)
        for name in names:
            assert f"  {name}\n" in human.out, human
        one = project.ctl("deploy", "--to", "4 emoji 🌊", "--url", database.url)
        assert one.code == 0, one


def check_interrupt(how, twice=False):
    with Database() as database:
        project = Project([THREE[0], ("20250101_slow", "create table half (id int); select pg_sleep(60);")])
        # The tests themselves may run under nohup
        process = project.start("deploy", "--json", "--url", database.url, preexec_fn=lambda: signal.signal(how, signal.SIG_DFL))
        wait_until(lambda: database.is_running("pg_sleep(60)"))
        process.send_signal(how)
        if twice:
            time.sleep(0.02)
            process.send_signal(how)
        answer = finish(process)
        assert answer.code == 130, answer
        assert answer.json, answer
        assert database.psql("select count(*) from pg_stat_activity where datname = current_database() "
                             "and pid <> pg_backend_pid()") == "0"
        answer = project.ctl("status", "--json", "--url", database.url)
        assert states(answer) == {"20240101000000_init": "applied", "20250101_slow": "failed"}, answer
        assert database.psql("select to_regclass('half') is null") == "t"


def test_interrupt():
    check_interrupt(signal.SIGINT)


def test_interrupt_sent_twice_at_once():
    """As timeout(1) does: to the program, and to its group"""
    check_interrupt(signal.SIGTERM, twice=True)


def test_terminal_closed():
    check_interrupt(signal.SIGHUP)


def test_terminal_closed_under_nohup():
    with Database() as database:
        project = Project([("20250101_slow", "create table whole (id int); select pg_sleep(1);")])
        process = project.start("deploy", "--json", "--url", database.url,
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        wait_until(lambda: database.is_running("pg_sleep(1)"))
        process.send_signal(signal.SIGHUP)
        assert finish(process).code == 0
        assert project.ctl("status", "--url", database.url).code == 0


def test_kill_9():
    with Database() as database:
        project = Project([THREE[0], ("20250101_slow", "create table half (id int); select pg_sleep(3);")])
        process = project.start("deploy", "--url", database.url)
        wait_until(lambda: database.is_running("pg_sleep(3)"))
        process.kill()
        finish(process)
        wait_until(lambda: database.psql("select count(*) from pg_stat_activity where datname = current_database() "
                                         "and pid <> pg_backend_pid()") == "0")
        answer = project.ctl("status", "--json", "--url", database.url)
        assert answer.code == 1 and states(answer)["20250101_slow"] == "failed", answer
        explanation = answer.json["migrations"][1]["explanation"]
        committed = database.psql("select to_regclass('half') is not null") == "t"
        assert ("was committed" if committed else "was rolled back") in explanation, (committed, explanation)
        assert project.ctl("deploy", "--json", "--url", database.url).error["prisma"] == "P3009"


def test_two_deploys_at_once():
    with Database() as database:
        project = Project([(f"{i:03}_m", f"create table t{i} (id int); select pg_sleep(0.02);") for i in range(20)])
        both = [project.start("deploy", "--json", "--url", database.url) for _ in range(2)]
        answers = [finish(process) for process in both]
        assert [answer.code for answer in answers] == [0, 0], answers
        applied = sorted(name for answer in answers for name in answer.json["applied"])
        assert applied == [f"{i:03}_m" for i in range(20)], applied
        assert database.psql("select count(*) from _prisma_migrations") == "20"


def test_a_deploy_that_is_under_way():
    """Its migration is in the ledger, not finished: no failure, as long as somebody has the lock."""
    with Database() as database:
        project = Project(THREE)
        assert project.ctl("deploy", "--url", database.url).code == 0
        project.add("90_more", "select 1")
        database.psql("insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'y', '90_more')")
        with held_lock(database):
            waiting = project.start("deploy", "--json", "--url", database.url)
            wait_until(lambda: database.count_waiting() == 1)
            database.psql("update _prisma_migrations set finished_at = now() where id = 'x'")
        answer = finish(waiting)
        assert answer.code == 0 and answer.json["applied"] == [] and answer.json["plan"] == [], answer
        database.psql("update _prisma_migrations set finished_at = null where id = 'x'")
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 1 and answer.error["prisma"] == "P3009", answer


def test_a_held_lock():
    with Database() as database:
        project = Project(THREE)
        with held_lock(database):
            answer = project.ctl("deploy", "--json", "--url", database.url)
            assert answer.code == 1 and answer.error["code"] == "busy" and answer.error["prisma"] == "P1002", answer
            assert project.ctl("status", "--url", database.url).code == 1
            answer = project.ctl("deploy", "--lock-timeout", "300", "--json", "--url", database.url)
            assert answer.code == 1 and "0.3 s" in answer.error["message"], answer
        assert project.ctl("deploy", "--url", database.url).code == 0


def test_lock_timeout_of_statements():
    with Database() as database:
        project = Project([THREE[0], ("20250101_lock", 'lock table "users";')])
        assert project.ctl("deploy", "--to", THREE[0][0], "--url", database.url).code == 0
        holder = support.subprocess.Popen(
            ["psql", "-XAtq", "-h", support.HOST, "-p", support.PORT, "-U", support.USER, "-d", database.name],
            stdin=support.subprocess.PIPE, stdout=support.subprocess.PIPE, text=True)
        holder.stdin.write("begin; lock table users; select 'held';\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "held\n"
        answer = project.ctl("deploy", "--lock-timeout", "200", "--json", "--url", database.url)
        holder.communicate("rollback;\n")
        assert answer.code == 1 and answer.json["failed"]["sqlstate"] == "55P03", answer


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
