# SPDX-License-Identifier: GPL-3.0-or-later
"""tidemarkctl rollback, and the whole story on the sample: deploy, a failure, and back to the same rows."""

import glob
import json
import os
import subprocess
import sys

from runbook import Shop, steps
import support
from support import Database, ctl


def test_automatic():
    hooks = {"stop": ["touch", "stopped"], "start": ["touch", "started"]}
    with Shop(hooks=hooks) as shop:
        assert shop.run("--yes").code == 0
        shop.psql("insert into t values (100), (101); insert into v values (1)")
        refused = shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--json")
        assert refused.code == 1 and refused.json["step"] == "confirmation", refused
        assert shop.psql("select count(*) from t") == "12"
        answer = shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--yes", "--approve-hooks", "--json", timeout=120)
        assert answer.code == 0, answer
        assert "3 rows" in steps(answer.json)["plan"]["status"], answer
        assert all(os.path.exists(os.path.join(shop.project.root, f)) for f in ("stopped", "started"))
        assert shop.psql("select count(*) from t") == "10" and shop.psql("select to_regclass('v') is null") == "t"
        assert set(shop.states().values()) == {"applied", "pending"}
        assert Database._psql(answer.json["kept"], "select count(*) from t") == "12"
        back = answer.json["ways"][0]["argv"]
        assert back[-3:] == ["restore", "--back", answer.json["kept"]], back
        assert ctl(*back[1:]).code == 0 and shop.psql("select count(*) from t") == "12"


def test_emergency_takes_the_last_proved_one():
    with Shop() as shop:
        none = shop.project.ctl("--env", "prod", "rollback", "--emergency", "--yes", "--json")
        assert none.code == 1 and none.json["error"]["code"] == "not_found" and none.json["error"]["hint"], none
        assert shop.project.ctl("--env", "prod", "backup", "--verify", "2").code == 0
        shop.psql("drop table u; delete from t where i > 5")
        # Newer, but of another server's database of the same name, and of a part only: neither is taken
        for other in {"host": "db.example.com:5432"}, {"command": ["pg_dump", "--schema-only"]}:
            assert shop.project.ctl("--env", "prod", "backup", "--verify", "2").code == 0
            newest = max(glob.glob(os.path.join(shop.project.root, "backups", "*.json")), key=os.path.getmtime)
            with open(newest, encoding="utf-8") as file:
                manifest = json.load(file)
            with open(newest, "w", encoding="utf-8") as file:
                json.dump({**manifest, **other}, file)
        answer = shop.project.ctl("--env", "prod", "rollback", "--emergency", "--yes", "--json", timeout=120)
        assert answer.code == 0 and shop.psql("select count(*) from t") == "10", answer
        assert steps(answer.json)["stop"]["state"] == "skipped", answer


def test_somebody_is_connected():
    with Shop() as shop:
        assert shop.run("--yes").code == 0
        with support.held_lock(shop):
            answer = shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--yes", "--json")
            assert answer.code == 1 and answer.json["step"] == "restore" and "psql" in answer.json["error"]["text"], answer
            assert "changed nothing" in answer.json["database_state"] and shop.psql("select to_regclass('v') is null") == "f"
            forced = shop.project.ctl("--env", "prod", "rollback", "--automatic", "last", "--yes", "--end-sessions", "--json", timeout=120)
            assert forced.code == 0 and shop.psql("select to_regclass('v') is null") == "t", forced


def test_one_migration():
    with Shop() as shop:
        shop.project.add("20250401000000_bad", "CREATE TABLE w (i int);\nCREATE INDEX CONCURRENTLY w_i ON w (i);\nSELECT 1/0;")
        failed = shop.run("--yes", "--json")
        assert failed.code == 1 and failed.json["failed"] == "20250401000000_bad", failed
        assert "division by zero" in failed.json["error"]["message"] and failed.json["error"]["line"] == 3, failed
        assert [w["id"] for w in failed.json["ways"]] == ["rollback-automatic", "rollback-migration", "resolve", "retry"], failed
        shop.psql("create table by_hand (i int)")
        answer = shop.project.ctl("--env", "prod", "rollback", "--migration", "20250401000000_bad", "--yes", "--json", timeout=120)
        assert answer.code == 0 and shop.states()["20250401000000_bad"] == "rolled_back", answer
        # It cannot be replayed, so nothing tells its table from what was made by hand: no SQL that drops both
        assert answer.json["file"] is None or "by_hand" not in open(answer.json["file"], encoding="utf-8").read(), answer
        applied = shop.project.ctl("--env", "prod", "rollback", "--migration", "20250201000000_add_name", "--yes", "--json", timeout=120)
        assert applied.code == 0 and applied.json["file"].endswith("_revert_add_name/migration.sql"), applied
        with open(applied.json["file"], encoding="utf-8") as file:
            assert 'DROP TABLE' in file.read()
        assert shop.states()["20250201000000_add_name"] == "applied"
        none = shop.project.ctl("--env", "prod", "rollback", "--migration", "nothing", "--yes", "--json")
        assert none.code == 1 and none.json["error"]["code"] == "not_found", none


def test_usage():
    assert ctl("rollback").code == 64 and ctl("rollback", "--emergency", "--automatic", "last").code == 64


ROWS = ("select string_agg(t || '=' || (xpath('/row/c/text()', query_to_xml('select count(*) as c from ' || t, true, true, '')))[1]::text, ' '"
        " order by t) from (select quote_ident(table_schema) || '.' || quote_ident(table_name) t from information_schema.tables"
        " where table_schema = 'public' and table_type = 'BASE TABLE') s")


def test_the_story_on_the_sample():
    demo = ctl("demo", "--json", timeout=240)
    if demo.code != 0:
        raise support.Skip(demo.err)
    try:
        root = demo.json["project"]
        health = json.load(open(os.path.join(root, "tidemark.json"), encoding="utf-8"))
        health["hooks"]["health"] = [["sh", "-c", "echo the shop does not answer; exit 1"]]
        with open(os.path.join(root, "tidemark.json"), "w", encoding="utf-8") as file:
            json.dump(health, file)
        url = health["environments"]["prod"]["url"]
        rows = lambda: subprocess.run(["psql", "-XAtq", "-d", url, "-c", ROWS], check=True, capture_output=True, text=True).stdout
        before = rows()
        assert "public.orders=3000 " in before, before
        run = ctl("--project", root, "run", "prod", "--yes", "--approve-hooks", "--json", timeout=240)
        assert run.code == 1 and run.json["step"] == "health" and len(run.json["applied"]) == 7, run
        assert run.json["proof"]["level"] == 4 and rows() != before, run
        back = ctl(*run.json["ways"][0]["argv"][1:], "--json", timeout=240)
        assert back.code == 0 and rows() == before, back
        states = support.states(ctl("--project", root, "--env", "prod", "status", "--json"))
        assert list(states.values()).count("pending") == 7, states
    finally:
        ctl("demo", "--stop")


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__], dumps=True))
