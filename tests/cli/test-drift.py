#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""drift, as scripts rely on it: what counts, what does not, and the way there and back."""

import json
import sys

import support
from support import Database, Project

HISTORY = [("20250101000000_users", "create table users (id serial primary key, mail text not null);"),
           ("20250102000000_trigger", "create function touch() returns trigger language plpgsql as $$begin return new; end$$;\n"
                                      "create trigger touch before update on users for each row execute function touch();\n"
                                      "create view mails as select mail from users;")]


def changes(answer):
    return {(c["kind"], c["name"], c["change"]) for c in answer.json["changes"]}


def deployed(database, project):
    env = {"DATABASE_URL": database.url}
    assert project.ctl("deploy", env=env).code == 0
    return env


def test_none():
    project = Project(HISTORY)
    with Database() as database:
        env = deployed(database, project)
        answer = project.ctl("--json", "drift", "--exit-code", env=env)
        assert answer.code == 0 and answer.json["changes"] == [] and answer.json["script"] == "", answer
        assert "No differences" in project.ctl("drift", env=env).out
        # Pending migrations are no drift, rolled back ones neither
        project.add("20250103000000_later", "create table later (id int);")
        assert project.ctl("drift", "--exit-code", env=env).code == 0
        project.add("20250103000000_later", "create table later (id int); select 1 / 0;")
        assert project.ctl("deploy", env=env).code == 1
        assert "20250103000000_later" in project.ctl("drift", "--exit-code", env=env).err
        assert project.ctl("resolve", "--rolled-back", "20250103000000_later", env=env).code == 0
        answer = project.ctl("drift", "--exit-code", env=env)
        assert answer.code == 0 and "later" not in answer.err, answer


def test_a_public_that_was_made_again():
    """Prisma's reset makes one without privileges, a dump writes down its owner's: both are the same. A REVOKE is not."""
    project = Project(HISTORY)
    with Database() as database:
        project.write("tidemark.json", json.dumps({"environments": {"dev": {"url": database.url, "kind": "development"}}}))
        assert project.ctl("--env", "dev", "reset", "--yes").code == 0
        assert project.ctl("--env", "dev", "drift", "--exit-code").code == 0
        database.psql(f'grant usage, create on schema public to "{support.USER}"')
        assert database.psql("select nspacl is null from pg_namespace where nspname = 'public'") == "f"
        answer = project.ctl("--env", "dev", "drift", "--exit-code", "--script", "revert", "--prove")
        assert answer.code == 0 and answer.out.strip() == "", answer
    with Database() as database:
        env = deployed(database, project)
        database.psql("revoke usage on schema public from public")
        answer = project.ctl("--json", "drift", "--exit-code", env=env)
        assert answer.code == 2 and changes(answer) == {("schema", "public", "changed")}, answer


def test_adopt_and_revert():
    project = Project(HISTORY)
    with Database() as database:
        env = deployed(database, project)
        database.psql("alter table users add phone text; create index by_phone on users (phone) where phone is not null;"
                      "create or replace view mails as select mail, phone from users; alter table users disable trigger touch;"
                      "drop role if exists drift_reader; create role drift_reader; grant select on users to drift_reader;"
                      "comment on column users.mail is 'not checked'")
        answer = project.ctl("--json", "drift", "--exit-code", env=env)
        assert answer.code == 2, answer
        found = changes(answer)
        assert {("column", "users.phone", "added"), ("index", "by_phone", "added"), ("view", "mails", "changed"),
                ("trigger", "users.touch", "changed"), ("table", "users", "changed"), ("column", "users.mail", "changed")} == found, found
        table = next(c for c in answer.json["changes"] if c["kind"] == "table")
        assert [a["name"] for a in table["attributes"]] == ["privileges"], table
        assert project.ctl("drift", env=env).code == 0

        adopt = project.ctl("--json", "drift", "--script", "adopt", "--prove", env=env)
        assert adopt.code == 0 and adopt.json["proved"] is True, adopt
        revert = project.ctl("--json", "drift", "--script", "revert", "--prove", env=env)
        assert revert.code == 0 and revert.json["proved"] is True, revert
        assert changes(revert) == found
        assert any(h["hazard"] == "data_loss" for h in revert.json["hazards"]), revert
        plain = project.ctl("drift", "--script", "revert", env=env)
        assert plain.code == 0 and plain.out == revert.json["script"], plain

        database.psql(plain.out)
        assert project.ctl("drift", "--exit-code", env=env).code == 0
        database.psql(adopt.json["script"])
        project.add("20250103000000_adopted", adopt.json["script"])
        assert project.ctl("resolve", "--applied", "20250103000000_adopted", env=env).code == 0
        answer = project.ctl("drift", "--exit-code", env=env)
        assert answer.code == 0, answer
        database.psql("drop owned by drift_reader; drop role drift_reader")


def test_ignored():
    project = Project(HISTORY)
    with Database() as database:
        env = deployed(database, project)
        database.psql("create table audit_1 (id int); create table audit_2 (id int); create schema lab; create table lab.t (id int)")
        project.write("tidemark.json", '{"drift": {"ignore": [{"schema": "lab", "reason": "experiments"},'
                                       '{"kind": "schema", "name": "lab", "reason": "experiments"},'
                                       '{"kind": "table", "name": "audit_*", "reason": "of the auditors"}]}}')
        answer = project.ctl("--json", "drift", "--exit-code", env=env)
        assert answer.code == 0 and answer.json["changes"] == [] and answer.json["script"] == "", answer
        assert {c["name"] for c in answer.json["ignored"]} >= {"audit_1", "audit_2", "lab", "t"}, answer
        assert "ignored" in project.ctl("drift", env=env).out
        for wrong in ('{"drift": []}', '{"drift": {"ignore": {}}}', '{"drift": {"ignore": [{"kind": "table"}]}}',
                      '{"drift": {"ignore": [{"reason": "no"}]}}', '{"drift": {"ignore": [{"kind": 1, "reason": "x"}]}}'):
            project.write("tidemark.json", wrong)
            answer = project.ctl("--json", "drift", env=env)
            assert answer.code == 1 and answer.error["code"] == "invalid", (wrong, answer)


def test_two_histories_in_one_database():
    """A schema with a ledger of its own is another history's: nobody is told to drop what that one made."""
    shop, blog = Project(HISTORY), Project([("20250101000000_posts", "create table posts (id int primary key);")])
    with Database() as database:
        there = {"DATABASE_URL": database.url + "&schema=blog"}
        assert shop.ctl("deploy", env={"DATABASE_URL": database.url}).code == 0
        assert blog.ctl("deploy", env=there).code == 0
        for project, env, other in ((shop, {"DATABASE_URL": database.url}, "blog"), (blog, there, "public")):
            answer = project.ctl("--json", "drift", "--exit-code", env=env)
            assert answer.code == 0 and answer.json["changes"] == [] and answer.json["ignored"], answer
            assert f'schema "{other}" has a migration ledger of its own' in answer.err, answer
            revert = project.ctl("drift", "--script", "revert", "--prove", env=env)
            assert revert.code == 0 and revert.out.strip() == "", revert
        # What has no ledger is drift, wherever it is, and so is what the history itself has in that schema
        database.psql("create schema lab; create table lab.t (id int); create table blog.more (id int)")
        answer = shop.ctl("--json", "drift", env={"DATABASE_URL": database.url})
        assert changes(answer) == {("schema", "lab", "added"), ("table", "t", "added")}, answer
        answer = blog.ctl("--json", "drift", env=there)
        assert ("table", "more", "added") in changes(answer), answer


def test_ledger_and_folder_disagree():
    project = Project(HISTORY)
    with Database() as database:
        env = deployed(database, project)
        database.psql("insert into _prisma_migrations values ('x', 'y', now(), '20240101000000_gone', null, null, now(), 1)")
        project.add("20250101000000_users", "create table users (id serial primary key, mail text not null, more int);")
        answer = project.ctl("--json", "drift", env=env)
        assert changes(answer) == {("column", "users.more", "removed")}, answer
        assert "20240101000000_gone" in answer.err and "changed after it was applied" in answer.err, answer


def test_without_ledger():
    project = Project(HISTORY)
    with Database() as database:
        database.psql("create table users (id int)")
        answer = project.ctl("--json", "drift", "--exit-code", env={"DATABASE_URL": database.url})
        assert answer.code == 2 and changes(answer) == {("table", "users", "added")}, answer
        assert "no ledger" in answer.err, answer
    answer = project.ctl("--json", "drift", env={"DATABASE_URL": "postgresql://localhost:1/x"})
    assert answer.code == 69 and answer.error["message"], answer


def test_history_that_touches_the_ledger_and_roles():
    """As projects on hosted servers do it"""
    project = Project([("20250101000000_a", 'alter table "_prisma_migrations" enable row level security;\n'
                                            "create table a (id int);\ngrant select on a to drift_anon, \"Drift Service\";")])
    with Database() as database:
        database.psql('drop role if exists drift_anon, "Drift Service"; create role drift_anon; create role "Drift Service"')
        env = deployed(database, project)
        answer = project.ctl("--json", "drift", "--exit-code", env=env)
        assert answer.code == 0, answer
        database.psql('drop owned by drift_anon, "Drift Service"; drop role drift_anon, "Drift Service"')


def test_reset_leaves_no_drift():
    project = Project(HISTORY)
    project.write("tidemark.json", '{"environments": {"dev": {"url": "env:DATABASE_URL", "kind": "development"}}}')
    with Database() as database:
        env = deployed(database, project)
        assert project.ctl("--env", "dev", "reset", "--yes", env=env).code == 0
        answer = project.ctl("drift", "--exit-code", env=env)
        assert answer.code == 0, answer
        database.psql("create table extra (id int)")
        proved = project.ctl("--json", "drift", "--script", "adopt", "--prove", env=env)
        assert proved.json["proved"] is True, proved


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
