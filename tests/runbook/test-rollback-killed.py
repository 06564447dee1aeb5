# SPDX-License-Identifier: GPL-3.0-or-later
"""A roll-back that is killed in each of its steps: the next start says truthfully what is there, and the way on works."""

import json
import os
import sys

from runbook import Shop
import support
from support import Database, ctl, wait_until

HOOKS = {"stop": ["touch", "stopped"], "start": ["touch", "started"]}


def settings(shop, hooks, url=None):
    shop.project.write("tidemark.json", json.dumps({"environments": {"prod": {"url": url or shop.url, "kind": "production", "verify": 2}},
                                                    "hooks": hooks}))


def deployed(hooks=None, slow=None):
    """A shop whose run has gone through, with two rows more since. As long as there is a file @slow its index takes so long to be made
    that a restore is found at it."""
    shop = Shop(hooks=hooks).__enter__()
    if slow:
        shop.psql("create function slow(i int) returns int language plpgsql immutable as $$begin if "
                  f"(pg_stat_file('{slow}', true)).size is not null then perform pg_sleep(300); end if; return i; end$$;"
                  f"create index \"slow_{shop.name}\" on u (slow(i)); insert into u values (1)")
    answer = shop.run("--yes", "--approve-hooks", "--json")
    assert answer.code == 0, answer
    shop.psql("insert into t values (100), (101)")
    return shop


def is_at(shop, step):
    try:
        return {s["name"]: s["state"] for s in shop.record()["steps"]}.get(step) == "running"
    except (ValueError, OSError):
        return False


def kill_at(shop, step, ready=lambda: True, how=("--automatic", "last"), args=("--approve-hooks",)):
    """Whether it was found there, and killed before it had gone on"""
    process = shop.project.start("--env", "prod", "rollback", *how, "--yes", *args)
    try:
        wait_until(lambda: process.poll() is not None or (is_at(shop, step) and ready()))
    finally:
        process.kill()
        answer = support.finish(process)
    return is_at(shop, step) or print(f"# not found at {step}: {answer}")


def told(shop, step, *words):
    """What the next start tells of it; each of @words is in it."""
    run = shop.last_run()
    assert run["state"] == "killed" and run["step"] == step and run["purpose"] == "rollback-automatic", run
    for word in words:
        assert word in run["database_state"], run
    human = shop.project.ctl("--env", "prod", "status")
    assert "The last roll-back" in human.out and "was killed" in human.out, human
    return run


def rows(shop):
    return shop.psql("select count(*) from t")


def again(shop):
    """And the way on: the same roll-back once more goes through."""
    answer = shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--yes", "--approve-hooks", "--json", timeout=240)
    assert answer.code == 0 and rows(shop) == "10", answer
    assert shop.last_run()["state"] == "done"
    left = Database._psql("postgres", f"select count(*) from pg_database where starts_with(datname, '{shop.name}_')")
    assert left == "1", left


def killed_at(step, make=lambda: deployed(HOOKS), **how):
    """A shop whose roll-back was killed in a step that begins with a connection. Each takes a second, so that it is found there; longer
    where nobody came to look in that time."""
    for seconds in 1, 3, 7:
        shop = make()
        settings(shop, HOOKS, shop.url + f"&options=-c%20post_auth_delay%3D{seconds}")
        if kill_at(shop, step, **how):
            settings(shop, HOOKS)
            return shop
        shop.__exit__()
    raise AssertionError(f"never found at {step}")


def test_in_the_plan():
    shop = killed_at("plan")
    try:
        told(shop, "plan", "as it was before")
        assert rows(shop) == "12" and not os.path.exists(os.path.join(shop.project.root, "stopped"))
        again(shop)
    finally:
        shop.__exit__()


def test_in_the_stop_command():
    hooks = {"stop": ["sleep", "300"], "start": ["touch", "started"]}
    shop = deployed(hooks)
    try:
        assert kill_at(shop, "stop", lambda: shop.record()["application"] == "stopping")
        told(shop, "stop", "as it was before", "stop command had not ended", "touch started")
        settings(shop, HOOKS)
        again(shop)
        assert os.path.exists(os.path.join(shop.project.root, "started"))
    finally:
        shop.__exit__()


def test_in_the_restore():
    slow = os.path.join(support.HOME, "slow")
    shop = deployed(HOOKS, slow)
    try:
        with open(slow, "w", encoding="utf-8"):
            sleeping = lambda: Database._psql("postgres", "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and "
                                              f"strpos(query, 'slow_{shop.name}') > 0 and pid <> pg_backend_pid()") != "0"
        assert kill_at(shop, "restore", sleeping)
        assert rows(shop) == "12"
        run = told(shop, "restore", "as it was before", "The application is stopped", "touch started")
        assert "it is kept as" not in run["database_state"], run
        # The server's side of what was killed sees only later that it is alone
        Database._psql("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and "
                       f"strpos(query, 'slow_{shop.name}') > 0 and pid <> pg_backend_pid()")
        wait_until(lambda: not sleeping())
        os.unlink(slow)
        again(shop)
    finally:
        shop.__exit__()


def test_in_the_swap():
    """Nobody is let in any more, and who is there is waited for."""
    shop = deployed(HOOKS)
    try:
        with support.held_lock(shop):
            closed = lambda: Database._psql("postgres", f"select datallowconn from pg_database where datname = '{shop.name}'") == "f"
            assert kill_at(shop, "restore", closed, args=("--approve-hooks", "--wait", "300"))
            wait_until(lambda: Database._psql("postgres", "select count(*) from pg_stat_activity where application_name = 'tidemark'"
                                              f" and query like '%{shop.name}%' and pid <> pg_backend_pid()") == "0")
        run = shop.project.ctl("--env", "prod", "status", "--json")
        assert run.code == 69 or run.code == 1, run
        assert "restore --reopen" in run.err + run.out, run
        assert shop.project.ctl("--env", "prod", "restore", "--reopen").code == 0
        assert rows(shop) == "12"
        told(shop, "restore", "as it was before", "The application is stopped")
        again(shop)
    finally:
        shop.__exit__()


def test_after_the_swap():
    """In the steps whose begin is a connection that takes a second; the rows are those of the backup, and the way back is told."""
    for step in "verify", "status":
        shop = killed_at(step)
        try:
            kept = Database._psql("postgres", f"select datname from pg_database where starts_with(datname, '{shop.name}_')")
            run = told(shop, step, "that of the backup", f'"{kept}"', "The application is stopped", "touch started")
            assert ("not compared" in run["database_state"]) == (step == "verify"), run
            assert rows(shop) == "10" and Database._psql(kept, "select count(*) from t") == "12"
            back = shop.project.ctl("--env", "prod", "restore", "--back", kept)
            assert back.code == 0 and rows(shop) == "12", back
        finally:
            shop.__exit__()


def test_in_the_start_command():
    shop = deployed({"stop": ["touch", "stopped"], "start": ["sleep", "300"]})
    try:
        assert kill_at(shop, "start", lambda: shop.record()["application"] == "starting")
        told(shop, "start", "that of the backup", "start command had not ended", "sleep 300")
        assert rows(shop) == "10"
    finally:
        shop.__exit__()


def test_what_a_roll_back_leaves_is_told():
    """A run that failed is the last word until something was rolled back; what a roll-back did goes before."""
    shop = Shop(hooks={"health": [["false"]]}).__enter__()
    try:
        assert shop.run("--yes", "--approve-hooks", "--json").code == 1
        assert shop.last_run()["purpose"] == "deploy" and "Applied" in shop.last_run()["database_state"]
        refused = shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--json")
        assert refused.code == 1 and shop.last_run()["purpose"] == "deploy", refused
        assert shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--yes", timeout=240).code == 0
        assert shop.last_run()["state"] == "done" and "The last" not in shop.project.ctl("--env", "prod", "status").out
    finally:
        shop.__exit__()


def failed():
    shop = Shop().__enter__()
    shop.project.add("20250401000000_bad", "CREATE TABLE w (i int);\nSELECT 1/0;")
    assert shop.run("--yes", "--json").code == 1
    return shop


def test_one_migration():
    shop = killed_at("resolve", failed, how=("--migration", "20250401000000_bad"))
    try:
        run = shop.last_run()
        assert run["state"] == "killed" and run["purpose"] == "rollback-migration", run
        state = shop.states()["20250401000000_bad"]
        assert ("marked as rolled back" in run["database_state"]) == (state == "rolled_back"), (run, state)
        assert ("still recorded as failed" in run["database_state"]) == (state == "failed"), (run, state)
    finally:
        shop.__exit__()


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__], dumps=True))
