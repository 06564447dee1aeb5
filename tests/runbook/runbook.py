# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the pipeline share: a project with environments, its runs and their records."""

import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

import support  # noqa: E402
from support import Database, Project  # noqa: E402

STEPS = ["checklist", "connectivity", "backup", "pending", "confirmation", "apply", "validation", "health", "rollback"]


class Shop(Database):
    """A database with rows, its project, and two migrations that wait."""

    def __init__(self, hooks=None, kind="production", **environment):
        super().__init__()
        self.hooks, self.kind, self.more = hooks, kind, {"verify": 2, **environment}

    def __enter__(self):
        super().__enter__()
        self.project = Project([("20250101000000_init", "CREATE TABLE t (i int PRIMARY KEY);\n"
                                                        "CREATE TABLE u (i int PRIMARY KEY);")])
        document = {"environments": {"prod": {"url": self.url, "kind": self.kind, **self.more}}}
        if self.hooks:
            document["hooks"] = self.hooks
        self.project.write("tidemark.json", json.dumps(document))
        assert self.project.ctl("--env", "prod", "deploy").code == 0
        self.psql("insert into t select generate_series(1, 10)")
        self.project.add("20250201000000_add_name", "ALTER TABLE t ADD COLUMN name text;\nCREATE TABLE v (i int);")
        self.project.add("20250301000000_add_index", "CREATE INDEX t_name ON t (name);")
        return self

    def __exit__(self, *what):
        for name in self._psql("postgres", f"select datname from pg_database where starts_with(datname, '{self.name}_')").split():
            self.drop(name)
        super().__exit__(*what)

    def run(self, *args, **more):
        return self.project.ctl("run", "prod", *args, timeout=240, **more)

    def start(self, *args, **more):
        return self.project.start("run", "prod", "--yes", "--json", *args, **more)

    def logs(self, suffix):
        return sorted(glob.glob(os.path.join(self.project.root, "logs", "migration_*" + suffix)))

    def record(self):
        """Of the last run, as it is at this moment."""
        files = [f for f in self.logs(".json")]
        with open(files[-1], encoding="utf-8") as file:
            return json.load(file)

    def is_in(self, step):
        try:
            states = {s["name"]: s["state"] for s in self.record()["steps"]}
        except (IndexError, ValueError, OSError):
            return False
        return states[step] != "waiting"

    def last_run(self):
        answer = self.project.ctl("--env", "prod", "status", "--json")
        return answer.json["last_run"]

    def states(self):
        return support.states(self.project.ctl("--env", "prod", "status", "--json"))


def steps(document):
    return {s["name"]: s for s in document["steps"]}
