# SPDX-License-Identifier: GPL-3.0-or-later
"""tidemarkctl restore: beside, with a swap and back, in place; what it refuses."""

import os
import subprocess
import sys
import tempfile

import support
from support import Database, Project, ctl


class Filled(Database):
    """With two rows, and a dump of them; what restores make of it goes with it."""

    def __enter__(self):
        super().__enter__()
        self.psql("create table t (i int primary key); insert into t values (1), (2)")
        self.dump = os.path.join(tempfile.mkdtemp(), "t.dump")
        subprocess.run(["pg_dump", "-Fc", "-h", support.HOST, "-p", support.PORT, "-U", support.USER, "-f", self.dump,
                                self.name], check=True)
        return self

    def __exit__(self, *what):
        for name in self._psql("postgres", f"select datname from pg_database where starts_with(datname, '{self.name}_')").split():
            self.drop(name)
        super().__exit__(*what)


def test_beside():
    with Filled() as database:
        answer = ctl("restore", database.dump, "--json", "--url", database.url)
        assert answer.code == 0, answer
        assert answer.json["database"].startswith(f"{database.name}_restored_") and answer.json["problems"] == [], answer
        assert isinstance(answer.json["seconds"], int) and answer.json["old_database"] is None, answer
        assert Database._psql(answer.json["database"], "select count(*) from t") == "2"
        named = f"{database.name}_named"
        human = ctl("restore", database.dump, "--into", named, "--only", "public.t", "--url", database.url)
        assert human.code == 0 and f'Restored into "{named}"' in human.out, human
        again = ctl("restore", database.dump, "--into", named, "--json", "--url", database.url)
        assert again.code == 1 and again.error["code"] == "refused" and again.error["hint"], again


def test_swap_and_back():
    with Filled() as database:
        database.psql("delete from t")
        answer = ctl("restore", database.dump, "--swap", "--json", "--url", database.url)
        assert answer.code == 0 and answer.json["database"] == database.name, answer
        assert database.psql("select count(*) from t") == "2"
        old = answer.json["old_database"]
        assert old.startswith(f"{database.name}_before_restore_"), answer
        # Found again by whoever comes later; nothing else on the server is gone back to or dropped
        kept = ctl("restore", "--kept", "--json", "--url", database.url)
        assert kept.code == 0 and [one["database"] for one in kept.json["kept"]] == [old] and not kept.json["closed"], kept
        for words in (("--back", "postgres"), ("--drop-kept", "postgres", "--yes"), ("--drop-kept", old)):
            refused = ctl("restore", *words, "--json", "--url", database.url)
            assert refused.code == 1 and refused.error["code"] == "refused", refused
        back = ctl("restore", "--back", old, "--url", database.url)
        assert back.code == 0 and f"--url '{database.url}' --back" in back.out, back
        assert database.psql("select count(*) from t") == "0"
        again = ctl("restore", database.dump, "--swap", "--json", "--url", database.url).json["old_database"]
        listed = ctl("restore", "--kept", "--url", database.url)
        # A swap within the same second has the same name again
        assert listed.code == 0 and again in listed.out and (old == again or old not in listed.out), listed
        assert ctl("restore", "--drop-kept", again, "--yes", "--url", database.url).code == 0
        assert ctl("restore", "--kept", "--json", "--url", database.url).json["kept"] == []


def test_in_place():
    with Filled() as database:
        project = Project()
        settings = ('{"environments": {"dev": {"url": "%s", "kind": "development"}, "prod": {"url": "%s", "kind": "production"}}}'
                    % (database.url, database.url))
        project.write("tidemark.json", settings)
        database.psql("update t set i = i + 10")
        for line, hint in (((), "--yes"), (("--yes",), "tidemarkctl backup")):
            refused = project.ctl("restore", database.dump, "--in-place", *line, "--env", "prod", "--json")
            assert refused.code == 1 and refused.error["code"] == "refused" and hint in refused.error["hint"], refused
        assert database.psql("select sum(i) from t") == "23"
        done = project.ctl("restore", database.dump, "--in-place", "--yes", "--env", "dev", "--json")
        assert done.code == 0 and done.json["database"] == database.name, done
        assert database.psql("select sum(i) from t") == "3"
        # What was there is kept, and proved: in the project, or without one beside the file
        assert done.json["backup"].startswith(project.root + "/backups/"), done
        back = project.ctl("restore", done.json["backup"], "--in-place", "--yes", "--env", "dev", "--json")
        assert back.code == 0 and database.psql("select sum(i) from t") == "23", back
        os.chmod(os.path.dirname(database.dump), 0o755)
        beside = ctl("restore", database.dump, "--in-place", "--yes", "--url", database.url, "--json", cwd="/")
        assert beside.code == 0 and os.path.dirname(beside.json["backup"]) == os.path.dirname(database.dump), beside
        assert database.psql("select sum(i) from t") == "3"
        # SQL text makes what it holds and drops nothing: it is told what to do instead
        text = project.ctl("backup", "--env", "dev", "--format", "plain", "--json")
        refused = project.ctl("restore", text.json["path"], "--in-place", "--yes", "--env", "dev", "--json")
        assert refused.code == 1 and "already exists" in refused.error["message"] and "--swap" in refused.error["hint"], refused
        assert database.psql("select sum(i) from t") == "3"
        # No backup, no restore
        project.write("file", "")
        project.write("tidemark.json", settings[:-1] + ', "backups": {"folder": "file/no"}}')
        refused = project.ctl("restore", database.dump, "--in-place", "--yes", "--env", "dev", "--json")
        assert refused.code == 1 and "no fresh backup" in refused.error["message"], refused
        project.write("tidemark.json", settings[:-1] + ', "backups": {"folder": "kept"}}')
        # With what it asks for, production is restored, too
        made = project.ctl("backup", "--env", "prod", "--json")
        assert made.code == 0, made
        # What is restored is itself no way back
        refused = project.ctl("restore", made.json["path"], "--in-place", "--yes", "--env", "prod", "--json")
        assert refused.code == 1 and refused.error["code"] == "refused", refused
        done = project.ctl("restore", database.dump, "--in-place", "--yes", "--env", "prod")
        assert done.code == 0, done


def test_reopen():
    with Filled() as database:
        support.Database._psql("postgres", f'alter database "{database.name}" allow_connections false')
        closed = ctl("execute", "--url", database.url, "--json", text="select 1")
        assert closed.code == 69 and "restore --reopen" in closed.error["hint"], closed
        done = ctl("restore", "--reopen", "--url", database.url, "--json")
        assert done.code == 0 and done.json["database"] == database.name, done
        assert database.psql("select 1") == "1"


def test_wrong_usage():
    with Filled() as database:
        for line in ((), (database.dump, "--back", "x"), (database.dump, "--swap", "--into", "x"), (database.dump, "--swap", "--in-place"),
                     (database.dump, "--end-sessions"), (database.dump, "--swap", "--wait", "-1"), (database.dump, "--jobs", "-1"),
                     (database.dump, "--into", ""), (database.dump, "--only", ""), (database.dump, "--reopen"), ("--back", "x", "--reopen")):
            answer = ctl("restore", *line, "--json", "--url", database.url)
            assert answer.code == 64 and answer.error["code"] == "usage", (line, answer)
        missing = ctl("restore", "/nowhere/at/all", "--json", "--url", database.url)
        assert missing.code == 1 and missing.error["code"] == "not_found", missing
        unknown = ctl("restore", database.dump, "--only", "nothing", "--json", "--url", database.url)
        assert unknown.code == 1 and unknown.error["code"] == "not_found", unknown


def test_in_use():
    with Filled() as database:
        user = subprocess.Popen(["psql", "-X", "-h", support.HOST, "-p", support.PORT, "-U", support.USER, "-d", database.name,
                                         "-c", "select pg_sleep(60)"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        support.wait_until(lambda: database.is_running("pg_sleep(60)"))
        busy = ctl("restore", database.dump, "--swap", "--json", "--url", database.url)
        assert busy.code == 1 and busy.error["code"] == "busy" and "application psql" in busy.error["detail"], busy
        done = ctl("restore", database.dump, "--swap", "--end-sessions", "--json", "--url", database.url)
        assert done.code == 0 and user.wait() != 0, done


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__], dumps=True))
