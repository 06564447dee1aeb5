# SPDX-License-Identifier: GPL-3.0-or-later
"""What the black box tests of tidemarkctl share: databases, projects, calls, and TAP for meson."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import pq  # noqa: E402

CTL = os.environ["TIDE_TEST_CTL"]
HOST = os.environ.get("TIDE_TEST_PGHOST")
PORT = os.environ.get("TIDE_TEST_PGPORT", "5432")
USER = os.environ.get("TIDE_TEST_PGUSER", "tide")
STRATEGY = os.environ.get("TIDE_TEST_CREATEDB", "")

WITH_POSTGRES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support/with-postgres.sh")

# How long to wait for what must come, in seconds. Nobody waits so long for a sound program, however busy the machine.
PATIENCE = 90


class Answer:
    """What a call of the program said, and how it ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        """The error of a call with --json, its shape checked."""
        document = self.json
        assert list(document) == ["error"], document
        keys = {"code", "sqlstate", "message", "detail", "hint", "statement", "line", "file", "prisma"}
        assert set(document["error"]) == keys, document
        assert document["error"]["message"], document
        return document["error"]

    def __repr__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def environment(**more):
    """A clean one: nothing of the caller's databases, folders of this run's own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PG") and k != "DATABASE_URL"}
    env.update({"XDG_CONFIG_HOME": HOME + "/config", "XDG_CACHE_HOME": HOME + "/cache",
                "XDG_DATA_HOME": HOME + "/data", "XDG_STATE_HOME": HOME + "/state",
                "DBUS_SESSION_BUS_ADDRESS": "disabled:"})
    env.update(more)
    return env


def start(*args, cwd="/", env=None, **more):
    return subprocess.Popen([CTL, *args], cwd=cwd, env=environment(**(env or {})), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, stdin=more.pop("stdin", subprocess.DEVNULL), **more)


def finish(process, timeout=PATIENCE):
    out, err = process.communicate(timeout=timeout)
    return Answer(process.returncode, out.decode(), err.decode())


def ctl(*args, cwd="/", env=None, text=None, timeout=PATIENCE):
    done = subprocess.run([CTL, *args], cwd=cwd, env=environment(**(env or {})), capture_output=True,
                          timeout=timeout, **({"input": text.encode()} if text is not None
                                              else {"stdin": subprocess.DEVNULL}))
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


class Database:
    """An empty database of a test's own on the run's server."""

    counter = 0

    def __init__(self, name=None):
        Database.counter += 1
        self.name = name or f"cli_{os.getpid()}_{Database.counter}"
        self.url = f"postgresql://{USER}@localhost:{PORT}/{quote(self.name)}?host={quote(HOST, safe='')}"

    def __enter__(self):
        self._psql("postgres", f'create database "{self.name}" {STRATEGY}')
        return self

    def __exit__(self, *_):
        self.drop(self.name)

    @classmethod
    def drop(cls, name):
        """As "with (force)" does, which PostgreSQL has since 13."""
        literal = name.replace("'", "''")
        cls._psql("postgres", f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{literal}'")
        cls._psql("postgres", f'drop database if exists "{name}"')

    @staticmethod
    def _psql(database, sql):
        return pq.query(sql, host=HOST, port=PORT, user=USER, dbname=database)

    def psql(self, sql):
        return self._psql(self.name, sql)

    def is_running(self, words):
        """Somebody's statement with @words, in this database: tests run beside others on one server."""
        return self.psql("select count(*) from pg_stat_activity where datname = current_database() and state = 'active' "
                         f"and pid <> pg_backend_pid() and strpos(query, '{words}') > 0") != "0"

    def count_waiting(self):
        """Those who wait for a lock, in this database"""
        return int(self.psql("select count(*) from pg_locks join pg_stat_activity using (pid) "
                             "where not granted and datname = current_database()"))


class Server:
    """One more server, of the programs in @bindir or the run's own, until the end of the with"""

    def __init__(self, bindir=None):
        env = {key: value for key, value in os.environ.items() if not key.startswith("TIDE_TEST_PG")}
        if bindir:
            env["TIDE_TEST_BINDIR"] = bindir
        self.process = subprocess.Popen([WITH_POSTGRES, "sh", "-c", 'echo "$TIDE_TEST_PGHOST"; cat'], env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        self.host = self.process.stdout.readline().strip()
        assert self.host, "the server did not start"
        return self

    def kill(self):
        """All of it at once, as when the machine goes down"""
        with open(self.host + "/data/postmaster.pid", encoding="utf-8") as file:
            postmaster = int(file.readline())
        with open(f"/proc/{postmaster}/task/{postmaster}/children", encoding="utf-8") as file:
            children = file.read().split()
        for pid in [postmaster, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class There(Database):
    """A database on another server"""

    def __init__(self, server):
        super().__init__()
        self.host = server.host
        self.url = f"postgresql://{USER}@/{self.name}?host={server.host}"

    def __enter__(self):
        self.run("postgres", f'create database "{self.name}"')
        return self

    def __exit__(self, *_):
        pass  # goes with its server

    def run(self, database, sql):
        return pq.query(sql, host=self.host, user=USER, dbname=database)

    def psql(self, sql):
        return self.run(self.name, sql)


class Project:
    """A folder that Prisma would know, with the migrations of a test."""

    def __init__(self, migrations=(), folder=None):
        self.root = folder or tempfile.mkdtemp(dir=HOME, prefix="project ")
        self.write("prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n'
                                           '  url      = env("DATABASE_URL")\n}\n')
        self.write("prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n')
        for name, sql in migrations:
            self.add(name, sql)

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return full

    def add(self, name, sql):
        return self.write(f"prisma/migrations/{name}/migration.sql", sql)

    def ctl(self, *args, **more):
        return ctl("--project", self.root, *args, **more)

    def start(self, *args, **more):
        return start("--project", self.root, *args, **more)


def states(answer):
    return {m["name"]: m["state"] for m in answer.json["migrations"]}


@contextlib.contextmanager
def held_lock(database):
    """Prisma's lock, in somebody else's hands."""
    holder = subprocess.Popen(["psql", "-XAtq", "-h", HOST, "-p", PORT, "-U", USER, "-d", database.name],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write("select 'held' from pg_advisory_lock(72707369);\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


def wait_until(condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


class Skip(Exception):
    """What a test needs is not there."""


def newer_server_than_tools():
    """pg_dump refuses a server that is newer than itself: in words why, or None."""
    tool = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    server = int(Database._psql("postgres", "show server_version_num")) // 10000
    return f"{tool} reads no server of major {server}" if int(tool.split()[2].split(".")[0]) < server else None


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    return 0


def main(module, dumps=False):
    """Runs every test_* of a module and tells meson in TAP. @dumps: they need a pg_dump for the server."""
    global HOME
    if HOST is None:
        return skip_all("no test server: run under tests/support/with-postgres.sh")
    if dumps and newer_server_than_tools():
        return skip_all(newer_server_than_tools())
    HOME = tempfile.mkdtemp(prefix="tide-cli-")
    os.chmod(HOME, 0o755)  # as root the private server is another user, who must pass through
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tests = [(name, test) for name, test in vars(module).items() if name.startswith("test_")]
    wanted = sys.argv[1:]
    failed = 0
    print(f"1..{len(tests)}")
    try:
        for number, (name, test) in enumerate(tests, 1):
            if wanted and name not in wanted:
                print(f"ok {number} {name} # SKIP not asked for")
                continue
            try:
                test()
                print(f"ok {number} {name}", flush=True)
            except Skip as skip:
                print(f"ok {number} {name} # SKIP {skip}", flush=True)
            except Exception:
                failed += 1
                print(f"not ok {number} {name}", flush=True)
                print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    return 1 if failed else 0
