# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is stopped at once and started again in the middle of a migration: on one of its own, for others are at work on the
run's."""

import os
import subprocess
import sys

from runbook import Shop
import support
from support import wait_until

NAMES = ["20250201000000_add_name", "20250301000000_add_index"]
OWN = "TIDE_TEST_OWN_SERVER"


def pg_ctl(*args):
    command = [os.path.join(os.environ["TIDE_TEST_PGBINDIR"], "pg_ctl"), "-D", os.path.join(support.HOST, "data"), "-w", "-m", "immediate"]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
    subprocess.run([*command, *args], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def test_restart_while_applying():
    with Shop() as shop:
        # What is committed must be there afterwards: the servers of tests are hasty by default
        shop.psql("alter system set synchronous_commit = on")
        shop.psql("select pg_reload_conf()")
        shop.project.add(NAMES[1], "SELECT pg_sleep(300);\nCREATE INDEX t_name ON t (name);")
        process = shop.start()
        sleeping = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query ~ 'pg_sleep.300'" \
                   " and pid <> pg_backend_pid()"
        wait_until(lambda: shop.psql(sleeping) == "1", 120)
        # The ledger's rows reach the log's file a moment after their commit, with the next one that waits for it at the latest
        shop.psql("select pg_logical_emit_message(true, 'test', '')")
        pg_ctl("restart")
        answer = support.finish(process)
        assert answer.code in (1, 69) and answer.json["step"] == "apply" and answer.json["failed"] == NAMES[1], answer
        assert NAMES[0] in answer.json["database_state"] and NAMES[1] in answer.json["database_state"], answer
        assert shop.psql("select to_regclass('v') is not null") == "t" and shop.psql("select count(*) from t") == "10"
        states = shop.states()
        assert states[NAMES[0]] == "applied" and states[NAMES[1]] in ("failed", "pending"), states
        assert shop.last_run()["state"] == "failed", shop.last_run()
        # The way on: what had begun is marked, and the run goes through
        shop.project.add(NAMES[1], "CREATE INDEX t_name ON t (name);")
        if states[NAMES[1]] == "failed":
            assert shop.project.ctl("--env", "prod", "resolve", "--rolled-back", NAMES[1]).code == 0
        answer = shop.run("--yes", "--json")
        assert answer.code == 0 and set(shop.states().values()) == {"applied"}, answer


if __name__ == "__main__":
    if OWN not in os.environ:
        for name in [name for name in os.environ if name.startswith("TIDE_TEST_PG")]:
            del os.environ[name]
        os.environ[OWN] = "1"
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "with-postgres.sh")
        os.execv(script, [script, sys.executable, os.path.abspath(__file__), *sys.argv[1:]])
    code = support.main(sys.modules[__name__], dumps=True)
    pg_ctl("stop")
    sys.exit(code)
