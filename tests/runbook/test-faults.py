# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong in the middle of a run: after each of them the next start says truthfully what is there."""

import json
import os
import pty
import signal
import subprocess
import sys
import time

from runbook import Shop, steps
import support
from support import wait_until

TITLES = {"pending": "Pending migrations", "health": "Health checks", "rollback": "The way back"}
NAMES = ["20250201000000_add_name", "20250301000000_add_index"]


class Holder:
    """A session with an open transaction that holds what @sql takes."""

    def __init__(self, shop, sql):
        self.process = subprocess.Popen(["psql", "-XAtq", "-h", support.HOST, "-p", support.PORT, "-U", support.USER, "-d", shop.name],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"begin; {sql};\nselect 'held';\n")
        self.process.stdin.flush()
        while self.process.stdout.readline() != "held\n":
            assert self.process.poll() is None

    def release(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    __enter__ = lambda self: self

    def __exit__(self, *_):
        if not self.process.stdin.closed:
            self.release()


def kill_in(shop, step, *args, short=False):
    """Whether it could be killed there: a @short step may be over before anybody has looked"""
    process = shop.start(*args)
    deadline = time.monotonic() + 60
    while not shop.is_in(step):
        ended = process.poll() is not None
        assert time.monotonic() < deadline and (short or not ended), step
        if ended:
            break
        if not short:
            time.sleep(0.01)
    caught = process.poll() is None
    process.kill()
    support.finish(process)
    return caught


def check_truth(shop, step, exact=True):
    """What the next start says of a run that was killed is what the server says."""
    told = shop.last_run()
    assert told["state"] == "killed" or not exact, told
    if told["state"] != "killed":
        return
    assert told["step"] == step or not exact, told
    assert '"%s"' % TITLES.get(told["step"], told["step"].capitalize()) in told["database_state"], told
    states = shop.states()
    # A run's own list comes with the step in which it died: before that it had nothing to apply
    for name in NAMES if shop.record()["to_apply"] else []:
        is_told = "Applied" in told["database_state"] and name in told["database_state"].split("Applied")[1].split("Not applied")[0]
        assert is_told == (states[name] == "applied"), (told, states)
    if told["step"] in ("checklist", "connectivity", "backup", "pending", "confirmation"):
        assert "changed nothing" in told["database_state"] and all(states[n] == "pending" for n in NAMES), told
    human = shop.project.ctl("--env", "prod", "status")
    assert "was killed" in human.out and told["journal"] in human.out, human


def recover(shop):
    """And the way on is to run again, after what failed was marked."""
    for name, state in shop.states().items():
        if state == "failed":
            assert shop.project.ctl("--env", "prod", "resolve", "--rolled-back", name).code == 0
    answer = shop.run("--yes", "--json")
    assert answer.code == 0 and set(shop.states().values()) == {"applied"}, answer
    assert shop.last_run()["state"] == "done"


def test_killed_in_the_checklist():
    with Shop() as shop:
        with Holder(shop, "lock table _prisma_migrations in access exclusive mode"):
            kill_in(shop, "checklist")
        check_truth(shop, "checklist")
        recover(shop)


def test_killed_in_a_backup():
    with Shop() as shop:
        with Holder(shop, "lock table u in access exclusive mode"):
            kill_in(shop, "backup")
            wait_until(lambda: shop.psql("select count(*) from pg_stat_activity where application_name like '%pg_dump%'"
                                         " and datname = current_database()") == "0")
        check_truth(shop, "backup")
        recover(shop)


def test_killed_while_applying():
    with Shop() as shop:
        with Holder(shop, "select * from t"):
            kill_in(shop, "apply")
            check = shop.last_run()
            assert check["backup"] is not None and "begun and not ended" in check["database_state"] or "Not applied" in check["database_state"]
        check_truth(shop, "apply")
        recover(shop)


def test_killed_in_a_health_check():
    with Shop(hooks={"health": [["sleep", "30"]]}) as shop:
        process = shop.start("--approve-hooks")
        wait_until(lambda: shop.is_in("health"), 60)
        process.kill()
        support.finish(process)
        check_truth(shop, "health")
        shop.project.write("tidemark.json", json.dumps({"environments": {"prod": {"url": shop.url, "kind": "production"}}}))
        recover(shop)


def test_killed_in_the_short_steps():
    for step in ("connectivity", "pending", "confirmation", "validation", "rollback"):
        caught = False
        deadline = time.monotonic() + support.PATIENCE
        while not caught:
            assert time.monotonic() < deadline, f"never seen in {step}"
            with Shop(verify=1) as shop:
                caught = kill_in(shop, step, short=True)
                check_truth(shop, step, exact=False)
                if caught and step == "connectivity":
                    recover(shop)


def test_waits_for_a_lock_and_is_cancelled():
    with Shop() as shop:
        with Holder(shop, "lock table t in share mode"):
            process = shop.start()
            journal = lambda: open(shop.logs(".log")[-1], encoding="utf-8").read() if shop.logs(".log") else ""
            wait_until(lambda: "it waits: process" in journal(), 60)
            line = next(l for l in journal().splitlines() if "it waits" in l)
            assert 'application "psql"' in line and '"t"' in line and "idle in transaction" in line, line
            process.send_signal(signal.SIGINT)
            answer = support.finish(process)
        assert answer.code == 130 and answer.json["state"] == "cancelled" and answer.json["applied"] == [], answer
        assert "nothing of the file was kept" in answer.json["database_state"], answer
        assert shop.psql("select to_regclass('v') is null") == "t" and shop.last_run()["state"] == "cancelled"
        recover(shop)


def test_lock_timeout():
    with Shop() as shop:
        with Holder(shop, "select * from t"):
            answer = shop.run("--yes", "--lock-timeout", "300", "--json")
        assert answer.code == 1 and answer.json["error"]["sqlstate"] == "55P03", answer
        assert 'application "psql"' in steps(answer.json)["connectivity"]["detail"], answer
        recover(shop)


def test_two_at_once():
    with Shop() as shop:
        with Holder(shop, "select * from t"):
            first = shop.start()
            wait_until(lambda: shop.psql("select count(*) from pg_locks where locktype = 'advisory' and granted"
                                         " and objid = 72707369 and database = (select oid from pg_database"
                                         " where datname = current_database())") == "1", 60)
            second = shop.run("--yes", "--json")
            assert second.code == 1 and second.json["error"]["code"] == "busy", second
            assert "process" in second.json["error"]["message"] and support.USER in second.json["error"]["message"], second
            assert second.json["step"] == "checklist" and "changed nothing" in second.json["database_state"], second
        answer = support.finish(first)
        assert answer.code == 0, answer


def on_terminal(shop, prompt, then):
    """A run that somebody answers with y, and with the database's name when @then was done at @prompt: (output, exit code)"""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([support.CTL, "--project", shop.project.root, "run", "prod"], cwd="/", env=support.environment(TERM="dumb"),
                               stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = ""
    while True:
        try:
            text += os.read(ours, 65536).decode(errors="replace")
        except OSError:
            break
        if text.rstrip().endswith("[y/N]"):
            os.write(ours, b"y\n")
            text += "\n"
        elif text.rstrip().endswith(prompt):
            then()
            os.write(ours, shop.name.encode() + b"\n")
            text += "\n"
    os.close(ours)
    return text, process.wait()


def test_the_other_was_quicker():
    """Both have looked before either begins: what the second says it has done is what it has done."""
    with Shop() as shop:
        def deploy():
            assert shop.project.ctl("--env", "prod", "deploy", "--to", NAMES[0]).code == 0

        text, code = on_terminal(shop, f'Type "{shop.name}" to confirm:', deploy)
        assert code == 0, text
        assert "1 applied by this run, 1 by somebody else meanwhile, 0 pending" in text, text
        assert f'Applied: "{NAMES[1]}". Somebody else has meanwhile applied: "{NAMES[0]}".' in text, text
    with Shop() as shop:
        text, code = on_terminal(shop, f'Type "{shop.name}" to confirm:', lambda: shop.project.ctl("--env", "prod", "deploy"))
        assert code == 0, text
        assert "0 applied by this run, 2 by somebody else meanwhile, 0 pending" in text, text
        assert f'This run has changed nothing. Somebody else has meanwhile applied: "{NAMES[0]}", "{NAMES[1]}".' in text, text
        assert "Nothing was pending" not in text, text


def test_backup_disk_full():
    with Shop() as shop:
        shop.psql("create table big as select i, md5(i::text) || md5((i + 1)::text) x from generate_series(1, 100000) i")
        folder = os.path.join(shop.project.root, "backups")
        os.makedirs(folder, exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True).returncode != 0:
            raise support.Skip("a small file system cannot be mounted here")
        try:
            answer = shop.run("--yes", "--json")
            assert answer.code == 1 and answer.json["step"] == "backup", answer
            assert "changed nothing" in answer.json["database_state"] and answer.json["error"]["message"], answer
            assert os.listdir(folder) == [] and set(shop.states()[n] for n in NAMES) == {"pending"}
        finally:
            subprocess.run(["umount", folder], check=True)


def test_hook_that_hangs():
    with Shop(hooks={"health": [["sh", "-c", "echo waiting; sleep 300 & wait"]]}) as shop:
        begun = time.monotonic()
        answer = shop.run("--yes", "--approve-hooks", "--hook-timeout", "1", "--json")
        assert answer.code == 1 and answer.json["error"]["code"] == "timed_out" and time.monotonic() - begun < 60, answer
        assert "waiting" in steps(answer.json)["health"]["log"], answer


def test_hook_that_takes_longer_than_the_project_allows():
    with Shop(hooks={"health": [["sh", "-c", "echo waiting; exec sleep 60"]], "timeout_seconds": 1}) as shop:
        begun = time.monotonic()
        answer = shop.run("--yes", "--approve-hooks", "--json")
        error = answer.json["error"]
        assert answer.code == 1 and error["code"] == "timed_out" and time.monotonic() - begun < 50, answer
        assert "did not end within 1 s" in error["message"] and "timeout_seconds" in error["hint"], answer
        # What is said on the command line goes before it
        answer = shop.run("--yes", "--hook-timeout", "2", "--json")
        assert "did not end within 2 s" in answer.json["error"]["message"], answer


def test_hook_that_floods():
    with Shop(hooks={"health": [["sh", "-c", "yes a-long-line-of-a-program-that-never-stops | head -c 60000000"]]}) as shop:
        answer = shop.run("--yes", "--approve-hooks", "--json")
        assert answer.code == 0, answer.err
        assert "more lines, which are not kept" in steps(answer.json)["health"]["log"]
        assert os.path.getsize(shop.logs(".log")[0]) < 2_000_000 and os.path.getsize(shop.logs(".json")[0]) < 2_000_000


def test_sessions_ended_while_applying():
    """What a server that is started again does to a run: its connections go."""
    with Shop() as shop:
        with Holder(shop, "select * from t"):
            process = shop.start()
            wait_until(lambda: shop.is_in("apply"), 60)
            wait_until(lambda: shop.psql("select count(*) from pg_stat_activity where datname = current_database()"
                                         " and wait_event_type = 'Lock'") != "0")
            shop.psql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                      " and pid <> pg_backend_pid() and application_name not in ('psql')")
            answer = support.finish(process)
        assert answer.code in (1, 69) and answer.json["step"] == "apply" and answer.json["failed"] == NAMES[0], answer
        assert shop.psql("select to_regclass('v') is null") == "t", answer
        assert NAMES[1] in answer.json["database_state"], answer
        recover(shop)


def test_clock_that_jumps():
    """A run whose name lies in the future is not the last one for ever, and how long a step takes is no matter of the clock."""
    with Shop(verify=1) as shop:
        assert shop.run("--yes", "--to", NAMES[0], "--json").code == 0
        record = shop.record()
        record["run"] = "migration_29990101_000000"
        with open(os.path.join(shop.project.root, "logs", record["run"] + ".json"), "w", encoding="utf-8") as file:
            json.dump(record, file)
        refused = shop.run("--json")
        assert refused.code == 1 and all(0 <= s["seconds"] < 60 for s in refused.json["steps"]), refused
        told = shop.last_run()
        assert told["run"] == refused.json["run"] and told["state"] == "failed", told


def test_no_journal_no_run():
    with Shop() as shop:
        shop.project.write("logs", "a file")
        answer = shop.run("--yes", "--json")
        assert answer.code == 1 and answer.error["hint"] and all(shop.states()[n] == "pending" for n in NAMES), answer


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__], dumps=True))
