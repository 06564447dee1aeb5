# SPDX-License-Identifier: GPL-3.0-or-later
"""tidemarkctl run: the steps, what asks and what does not, the journal, the report, the hooks."""

import glob
import json
import os
import re
import stat
import subprocess
import sys

from runbook import STEPS, Shop, steps
import support
from support import Project


def test_whole_run():
    with Shop() as shop:
        answer = shop.run("--yes", "--json")
        document = answer.json
        assert answer.code == 0, answer
        assert [s["name"] for s in document["steps"]] == STEPS and all(s["ok"] for s in document["steps"]), document
        assert all(isinstance(s["seconds"], float) and isinstance(s["detail"], str) for s in document["steps"]), document
        assert document["applied"] == ["20250201000000_add_name", "20250301000000_add_index"], document
        assert document["backup"].endswith(".dump") and os.path.exists(document["backup"]), document
        assert document["proof"]["level"] == 2, document
        assert document["rollback"][0] == "tidemarkctl" and document["rollback"][-3:] == ["restore", document["backup"], "--swap"]
        assert any(line.startswith("pg_restore ") for line in document["rollback_by_hand"]), document
        assert document["drift_before"] == [] and document["drift_after"] == [], document
        assert shop.psql("select count(*) from pg_indexes where indexname = 't_name'") == "1"

        again = shop.run("--yes", "--json")
        assert again.code == 0 and again.json["backup"] is None and again.json["rollback"] == [], again
        assert steps(again.json)["backup"]["state"] == "skipped" and steps(again.json)["apply"]["state"] == "skipped"
        assert shop.last_run()["state"] == "done"


def test_in_a_container():
    """Nothing but PATH, no terminal, no home that can be written to, and, where we may, a user whom the system does not know"""
    wrappers = [["setpriv", "--reuid=61234", "--regid=61234", "--clear-groups"], []] if os.geteuid() == 0 else [[]]
    for wrapper in wrappers:
        with Shop() as shop:
            env = {"PATH": os.environ["PATH"]} if wrapper else {"PATH": os.environ["PATH"], "HOME": "/proc"}
            if wrapper:
                subprocess.run(["chown", "-R", "61234:61234", shop.project.root], check=True)
            done = subprocess.run([*wrapper, support.CTL, "run", "prod", "--yes"], env=env, cwd=shop.project.root, text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=support.PATIENCE)
            assert done.returncode == 0 and 'Applied: "20250201000000_add_name", "20250301000000_add_index".' in done.stdout, done
            assert "\x1b" not in done.stdout + done.stderr and "\r" not in done.stdout + done.stderr, done
            assert len(shop.logs(".log")) == len(shop.logs(".html")) == 1 and os.path.exists(shop.record()["backup"]), done
            assert all(state["ok"] for state in shop.record()["steps"]) and set(shop.states().values()) == {"applied"}, done


def test_journal_and_report():
    with Shop() as shop:
        shop.project.add("20250401000000_odd", "COMMENT ON TABLE t IS '<script>alert(1)</script> \x1b[31m';")
        assert shop.run("--yes").code == 0
        journal, report = shop.logs(".log")[0], shop.logs(".html")[0]
        for path in (journal, report, shop.logs(".json")[0]):
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, path
        assert re.fullmatch(r"migration_\d{8}_\d{6}\.log", os.path.basename(journal))
        with open(journal, encoding="utf-8") as file:
            lines = file.read().splitlines()
        assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d \[[a-z]+\] ", line) for line in lines), lines
        text = "\n".join(lines)
        assert "CREATE INDEX t_name" in text and "passed after" in text and "\x1b" not in text
        with open(report, encoding="utf-8") as file:
            html = file.read()
        assert "<script>" not in html and "&lt;script&gt;" in html and "CREATE INDEX t_name" in html
        assert "http" not in html.replace("http-equiv", "") or "src=" not in html


def test_no_secret():
    with Shop() as shop:
        url = shop.url.replace("tide@", "tide:s3cr3t-word@")
        shop.project.write("tidemark.json", json.dumps({
            "environments": {"prod": {"url": url, "kind": "production", "verify": 1}},
            "hooks": {"health": [["echo", "the password is s3cr3t-word"]]}}))
        answer = shop.run("--yes", "--approve-hooks", "--json")
        assert answer.code == 0, answer
        for suffix in (".log", ".json", ".html"):
            with open(shop.logs(suffix)[0], encoding="utf-8") as file:
                text = file.read()
            assert "s3cr3t-word" not in text and "the password is" in text, suffix
        assert "s3cr3t-word" not in answer.out


def test_checklist_undone():
    with Shop() as shop:
        answer = shop.run("--json")
        assert answer.code == 1 and answer.json["error"]["code"] == "refused" and answer.json["error"]["hint"], answer
        assert answer.json["error"]["line"] is None and answer.json["rollback"] == [], answer
        assert answer.json["step"] == "checklist" and answer.json["backup"] is None, answer
        assert [w["id"] for w in answer.json["ways"]] == ["retry"], answer
        assert set(shop.states().values()) == {"applied", "pending"}
        assert not shop.logs(".dump") and shop.last_run()["state"] == "failed"


def test_skipping_the_backup():
    with Shop() as shop:
        empty = shop.run("--yes", "--skip-backup-because", " . ", "--to", "20250201000000_add_name", "--json")
        assert empty.code == 0 and empty.json["backup"] is not None, empty
        said = shop.run("--yes", "--skip-backup-because", "rows are rebuilt nightly", "--json")
        assert said.code == 0 and said.json["backup"] is None and said.json["rollback"] == [], said
        assert "rows are rebuilt nightly" in steps(said.json)["backup"]["detail"], said


def test_development_asks_nothing():
    with Shop(kind="development", hooks={"seed": ["touch", "seeded"]}) as shop:
        answer = shop.project.ctl("run", "dev", "--create", "add invoices", "--sql", "-", "--seed", "--approve-hooks", "--json",
                                  text="CREATE TABLE invoices (i int);")
        assert answer.code == 0 and len(answer.json["applied"]) == 3, answer
        assert shop.psql("select to_regclass('invoices') is not null") == "t"
        assert os.path.exists(os.path.join(shop.project.root, "seeded"))
    with Shop() as shop:
        refused = shop.run("--yes", "--create", "x", "--json")
        assert refused.code == 1 and refused.json["error"]["code"] == "refused", refused


def test_names_of_environments():
    with Shop() as shop:
        unknown = shop.project.ctl("run", "staging", "--json")
        assert unknown.code == 1 and unknown.error["code"] == "not_found", unknown
        shop.project.write("tidemark.json", json.dumps({"environments": {
            "live": {"url": shop.url, "kind": "production", "verify": 1}}}))
        assert shop.run("--yes").code == 0
        assert support.ctl("run").code == 64 and shop.run("--verify", "9").code == 64
        other = shop.run("--env", "staging", "--yes", "--json")
        assert other.code == 64 and "live" in other.error["message"], other
        # Two of a kind: each by its own name, or the kind's word with --env
        shop.project.write("tidemark.json", json.dumps({"environments": {
            "eu": {"url": shop.url, "kind": "production", "verify": 1}, "us": {"url": shop.url, "kind": "production", "verify": 1}}}))
        both = shop.run("--yes", "--json")
        assert both.code == 64 and '"us"' in both.error["message"], both
        assert shop.project.ctl("run", "eu", "--yes", timeout=120).code == 0
        assert shop.run("--env", "us", "--yes").code == 0
        assert shop.project.ctl("run", "asia", "--yes").code == 64


def test_passwords_are_in_no_report():
    with Shop() as shop:
        shop.project.add("20250101000000_role", "ALTER ROLE nobody_at_all PASSWORD 'opensesame';")
        failed = shop.run("--yes", "--json")
        assert failed.code == 1, failed
        for path in glob.glob(os.path.join(shop.project.root, "logs", "*")):
            with open(path, encoding="utf-8") as file:
                assert "opensesame" not in file.read(), path
        assert "opensesame" not in shop.psql("select string_agg(logs, '') from _prisma_migrations")


def test_without_tidemark_json():
    with Shop() as shop:
        os.unlink(os.path.join(shop.project.root, "tidemark.json"))
        answer = shop.project.ctl("run", "dev", "--json", env={"DATABASE_URL": shop.url}, timeout=120)
        assert answer.code == 0 and answer.json["kind"] == "development" and len(answer.json["applied"]) == 2, answer
        by_url = shop.project.ctl("run", "prod", "--url", shop.url, "--json", timeout=120)
        assert by_url.code == 0 and by_url.json["kind"] == "production", by_url


def test_hooks_of_a_clone_do_not_run():
    with Shop(hooks={"health": [["touch", "it-ran"]]}) as shop:
        ran = os.path.join(shop.project.root, "it-ran")
        answer = shop.run("--yes", "--json")
        assert answer.code == 0 and not os.path.exists(ran), answer
        assert steps(answer.json)["health"]["state"] == "warned" and "approved" in steps(answer.json)["health"]["detail"]
        assert shop.run("--yes", "--approve-hooks").code == 0 and os.path.exists(ran)
        os.unlink(ran)
        assert shop.run("--yes").code == 0 and os.path.exists(ran)
        os.unlink(ran)
        # Other words are another hook, and another folder is another clone
        document = json.load(open(os.path.join(shop.project.root, "tidemark.json"), encoding="utf-8"))
        document["hooks"]["health"] = [["touch", "it-ran", "too"]]
        shop.project.write("tidemark.json", json.dumps(document))
        assert shop.run("--yes").code == 0 and not os.path.exists(ran)


def test_odd_hooks_are_told():
    project = Project()
    project.write("tidemark.json", '{\n  "hooks": {\n    "stop": "pm2 stop all; rm -rf /",\n    "healthy": [],\n'
                                   '    "health": [["true"], "false"]\n  }\n}\n')
    answer = project.ctl("run", "prod")
    for line, word in ((3, "stop"), (4, "healthy"), (5, "health")):
        assert re.search(rf'{word}"[^\n]*', answer.err), answer
        assert f"line {line}" in answer.err or f":{line}" in answer.err, (line, answer)


def test_planted_failure_on_validation():
    hooks = {"health": [["sh", "-c", "echo the shop is down; exit 3"]]}
    with Shop(hooks=hooks) as shop:
        answer = shop.run("--yes", "--approve-hooks", "--json")
        assert answer.code == 1 and answer.json["step"] == "health", answer
        assert "the shop is down" in steps(answer.json)["health"]["log"], answer
        assert steps(answer.json)["rollback"]["state"] == "waiting"
        assert answer.json["ways"][0]["id"] == "rollback-automatic" and "Applied" in answer.json["database_state"], answer


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__], dumps=True))
