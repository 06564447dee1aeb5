# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong outside the program: servers, passwords, files. One clear error each, and nothing done."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import support
from support import HOST, PORT, USER, Database, Project, ctl, finish, states, wait_until

ONE = [("10_init", "create table t (id int);")]


def check(project, url, exit_code, code, *words, command="status", env=None, planned=False):
    """One clear error, for a program and for a person; @planned: who has been told what is going to happen."""
    args = [command] + (["--url", url] if url else [])
    machine = project.ctl(*args, "--json", env=env)
    assert machine.code == exit_code, machine
    error = machine.error
    assert error["code"] == code, error
    human = project.ctl(*args, env=env)
    assert human.code == exit_code and (human.out == "" or planned and human.out.startswith("To apply")), human
    assert human.err.count("error: ") == 1, human
    for word in words:
        assert word in human.err, (word, human)
        assert word in json.dumps(error, ensure_ascii=False) or word == "next:", (word, error)
    return error


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def fake_server(handle):
    """A TCP port where @handle(connection) plays the server."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_server_refused():
    project = Project(ONE)
    port = free_port()
    for command in ("status", "deploy", "execute"):
        error = check(project, f"postgresql://u@127.0.0.1:{port}/shop?sslmode=disable", 69, "unreachable", str(port),
                      "127.0.0.1", "refused", command=command)
        assert error["hint"] and error["prisma"] == "P1001", error
    check(project, "postgresql://u@localhost/shop?host=/no/such/folder", 69, "unreachable", "/no/such/folder")


def test_unknown_host():
    check(Project(ONE), "postgresql://u@no-such-host.invalid/shop?connect_timeout=5", 69, "unreachable", "no-such-host.invalid")


def test_a_server_that_never_answers():
    with fake_server(lambda connection: connection.recv(1) and threading.Event().wait(30)) as port:
        machine = Project(ONE).ctl("status", "--json", "--url",
                                   f"postgresql://u@127.0.0.1:{port}/shop?connect_timeout=2&sslmode=disable")
        assert machine.code == 69 and machine.error["code"] in ("unreachable", "timed_out"), machine


def test_tls_refused():
    def no_tls(connection):
        with connection:
            connection.recv(8)
            connection.sendall(b"N")
            connection.recv(1)

    with fake_server(no_tls) as port:
        error = check(Project(ONE), f"postgresql://u@127.0.0.1:{port}/shop?sslmode=require", 69, "unreachable", "SSL")
        assert error["prisma"] == "P1011", error


def test_not_a_postgresql_server():
    def speaks_http(connection):
        with connection:
            connection.recv(8)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with fake_server(speaks_http) as port:
        for sslmode in ("disable", "prefer", "require"):
            error = check(Project(ONE), f"postgresql://u@127.0.0.1:{port}/shop?sslmode={sslmode}", 69, "unreachable")
            assert error["prisma"] == "P1001" and "other than PostgreSQL" in error["hint"], error


def test_wrong_password():
    with Database() as database:
        database.psql("drop role if exists cli_ada")
        database.psql("create role cli_ada login password 'the secret'")
        path = database.psql("select current_setting('data_directory')") + "/pg_hba.conf"
        rules = f"local {database.name} cli_ada scram-sha-256\n" + database.psql("select pg_read_file('pg_hba.conf')")
        database.psql("copy (select * from regexp_split_to_table($rules$" + rules + f"$rules$, E'\\n')) to '{path}'")
        database.psql("select pg_reload_conf()")
        project = Project(ONE)
        bare = database.url.replace(f"//{USER}@", "//cli_ada@")
        wrong = database.url.replace(f"//{USER}@", "//cli_ada:not%20it@")
        right = database.url.replace(f"//{USER}@", "//cli_ada:the%20secret@")

        wait_until(lambda: project.ctl("status", "--url", bare).code == 69)
        error = check(project, wrong, 69, "unreachable", "cli_ada")
        assert error["sqlstate"] == "28P01" and error["prisma"] == "P1000", error
        check(project, bare, 69, "unreachable", "cli_ada")

        answer = project.ctl("status", "--url", right)
        assert answer.code == 1 and "pending" in answer.out, answer
        assert answer.err.count("warning: ") == 1 and "password on the command line" in answer.err, answer
        for answer in (answer, project.ctl("status", "--json", "--url", wrong)):
            for secret in ("the secret", "the%20secret", "not it", "not%20it"):
                assert secret not in answer.out + answer.err, answer
        by_variable = project.ctl("status", "--url", bare, env={"PGPASSWORD": "the secret"})
        assert by_variable.code == 1 and by_variable.err == "", by_variable
        passfile = project.write("pgpass", "*:*:*:cli_ada:the secret\n")
        os.chmod(passfile, 0o600)
        by_file = project.ctl("status", "--url", bare, env={"PGPASSFILE": passfile})
        assert by_file.code == 1 and by_file.err == "", by_file


def test_database_missing():
    missing = Database("cli no such database")
    error = check(Project(ONE), missing.url, 69, "unreachable", "cli no such database", command="deploy")
    assert error["sqlstate"] == "3D000" and error["prisma"] == "P1003", error


def test_dropped_mid_statement():
    with Database() as database:
        answer = ctl("execute", "--json", "--url", database.url,
                     text="create table t ();\nselect pg_terminate_backend(pg_backend_pid());")
        assert answer.code == 69 and answer.error["code"] == "lost", answer
        assert database.psql("select to_regclass('t') is null") == "t"

        project = Project([*ONE, ("20_suicide", "create table u ();\nselect pg_terminate_backend(pg_backend_pid());")])
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 1, answer
        assert answer.json["applied"] == ["10_init"] and answer.json["failed"]["name"] == "20_suicide", answer
        after = project.ctl("status", "--json", "--url", database.url)
        assert states(after) == {"10_init": "applied", "20_suicide": "failed"}, after
        assert database.psql("select to_regclass('u') is null") == "t"


def test_the_network_goes_away():
    """A wire that is cut while a statement runs."""
    wires = []

    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass

    def relay(connection):
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{HOST}/.s.PGSQL.{PORT}")
        wires.extend((connection, server))
        threading.Thread(target=pump, args=(server, connection), daemon=True).start()
        pump(connection, server)

    with Database() as database, fake_server(relay) as port:
        url = f"postgresql://{USER}@127.0.0.1:{port}/{database.name}?sslmode=disable"
        process = support.start("execute", "--json", "--url", url, stdin=support.subprocess.PIPE)
        process.stdin.write(b"select pg_sleep(40)")
        process.stdin.close()
        process.stdin = None
        wait_until(lambda: database.is_running("pg_sleep(40)"))
        for wire in wires:
            wire.shutdown(socket.SHUT_RDWR)
        answer = finish(process)
        assert answer.code == 69 and answer.error["code"] == "lost", answer


def test_urls():
    project = Project(ONE)
    for url in ("mysql://u@h/d", "postgresql://u@h:port/d", "postgresql://u@h/d?connect_timeout=soon", "nonsense",
                "postgresql://u:se%cret@h/d"):
        answer = project.ctl("status", "--json", "--url", url)
        assert answer.code in (1, 64) and answer.error["code"] in ("invalid", "usage", "unsupported"), answer
        assert "se%cret" not in answer.out + answer.err, answer
    with Database() as database:
        odd = project.ctl("status", "--url", database.url + "&frobnicate=1")
        assert odd.code == 1 and "frobnicate" in odd.err and odd.err.startswith("warning: "), odd
        assert project.ctl("status", "--json", "--url", database.url + "&frobnicate=1").json["pending"] == 1


def test_a_service_that_is_not_defined():
    project = Project(ONE)
    error = check(project, "postgresql:///shop", 69, "unreachable", "nowhere", "pg_service.conf",
                  env={"PGSERVICE": "nowhere", "PGSERVICEFILE": project.write("pg_service.conf", "")})
    assert error["detail"] is None, error


def test_dotenv_with_a_zero_byte():
    project = Project(ONE)
    project.write(".env", b"DATABASE_URL=postgres://\0somewhere/else\n")
    answer = project.ctl("status", "--json")
    assert answer.code == 1 and answer.error["code"] == "not_found", answer
    assert ".env" in answer.err and "zero byte" in answer.err, answer


def test_no_target():
    answer = Project(ONE).ctl("status", "--json")
    assert answer.code in (1, 64) and "DATABASE_URL" in json.dumps(answer.error), answer
    assert ctl("execute", "--json", text="select 1").error["hint"]
    # An environment that nobody has written down is no advice, and what is set to nothing is not unset
    assert "environment (" not in answer.error["hint"], answer
    empty = Project(ONE).ctl("status", "--json", env={"DATABASE_URL": ""})
    assert "is empty" in empty.error["message"], empty


def test_the_variable_of_the_schema():
    with Database() as database:
        project = Project(ONE)
        project.write("prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n  url = env("SHOP_URL")\n}\n')
        unset = project.ctl("status", "--json")
        assert "SHOP_URL" in unset.error["message"] and "SHOP_URL" in unset.error["hint"], unset
        other = project.ctl("status", "--json", env={"DATABASE_URL": database.url})
        assert other.json["database"] == database.name and "SHOP_URL" in other.err, other
        named = project.ctl("status", "--json", env={"SHOP_URL": database.url})
        assert named.json["database"] == database.name and named.err == "", named


def test_a_configuration_that_must_be_run():
    """It is not run: what it says is not known, and what is taken instead is said."""
    project = Project([("20250101000000_init", "select 1;")])
    for line, text in ((1, 'module.exports = require("./base")'), (2, "import base from './b'\nexport default base"), (1, "export default makeConfig()"),
                       (2, "const c = build()\nexport default c"), (1, "export default defineConfig(base)"), (2, "export default {\n...base, migrations: {} }"),
                       (1, "export default async () => ({ schema: 'prisma/schema.prisma' })"), (1, "export default { schema: 'prisma/schema.prisma' "),
                       (1, "console.log('nothing')")):
        project.write("prisma.config.ts", text)
        answer = project.ctl("lint")
        assert answer.code == 0 and answer.err.count("warning:") == 1, (text, answer)
        assert "is a program that is not run here" in answer.err and project.root + "/prisma/schema.prisma" in answer.err, (text, answer)
        assert f"prisma.config.ts, line {line}\n" in answer.err, (text, answer)
    for text in ("const c: PrismaConfig = { schema: 'prisma/schema.prisma' };\nexport default c;", "const c = defineConfig({})\nmodule.exports = c",
                 "export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { ...m } }) satisfies X",
                 "exports.default = { schema: 'prisma/schema.prisma' }", "const c = {}; export { c as default }"):
        project.write("prisma.config.ts", text)
        assert project.ctl("lint").err == "", text


def test_no_project():
    for line in (["status"], ["deploy"], ["new", "x"], ["resolve", "--applied", "x"], ["reset", "--yes"]):
        answer = ctl(*line, "--json", "--url", "postgresql://u@h/d", cwd="/")
        assert answer.code == 1 and answer.error["code"] == "not_found" and answer.error["hint"], answer
        answer = ctl("--project", "/no such folder", *line, "--json")
        assert answer.code == 1 and "/no such folder" in answer.error["message"], answer


def test_unknown_environment():
    project = Project(ONE)
    project.write("tidemark.json", json.dumps({"environments": {"dev": {"url": "env:A", "kind": "development"},
                                                                "prod": {"url": "env:B", "kind": "production"}}}))
    answer = project.ctl("status", "--env", "prd", "--json")
    # 1 would say that the migrations are not in order.
    assert answer.code == 64 and answer.error["code"] == "usage", answer
    assert all(word in answer.error["message"] for word in ('"prd"', "dev", "prod")), answer
    assert Project(ONE).ctl("deploy", "--env", "prod").code == 64
    unset = project.ctl("status", "--env", "prod", "--json")
    assert unset.code in (1, 64) and '"B"' in unset.error["message"], unset


def test_broken_files():
    with Database() as database:
        for path, text, line in ((".env", 'A=1\nDATABASE_URL="never closed\n', None),
                                 ("tidemark.json", '{\n  "environments": {\n', None),
                                 ("tidemark.json", "[1, 2]", None),
                                 ("tidemark.json", '{"environments": {"a": {"url": 7}}}', None),
                                 ("tidemark.json", '{"environments": {"a": {"url": "x", "kind": "prod"}}}', None),
                                 ("tidemark.json", b"\xff\xfe\x00", None),
                                 ("tidemark.json", '{"environments": ' + '{"a": ' * 200000, None),
                                 ("tidemark.json", "[[" * 200000, None)):
            project = Project(ONE)
            project.write(path, text)
            answer = project.ctl("status", "--json", "--url", database.url)
            if path == ".env" and answer.code == 1 and "error" not in answer.json:
                continue  # dotenv takes such a line as it stands
            assert answer.code == 1 and answer.error["code"] == "invalid", (path, text, answer)
            told = answer.error["message"] + (answer.error["file"] or "")
            assert path in told, (path, text, answer)
            deploy = project.ctl("deploy", "--json", "--url", database.url)
            assert deploy.code == 1, deploy
        assert database.psql("select count(*) from pg_tables where schemaname = 'public'") == "0"


def test_broken_lock_file():
    with Database() as database:
        project = Project(ONE)
        project.write("prisma/migrations/migration_lock.toml", 'provider = "mysql"\n')
        error = check(project, database.url, 1, "unsupported", "mysql", command="deploy")
        assert error["prisma"] == "P3019", error
        assert database.psql("select to_regclass('_prisma_migrations') is null") == "t"
        # Prisma refuses this one, too
        refused = project.ctl("resolve", "--applied", "10_init", "--json", "--url", database.url)
        assert refused.code == 1 and refused.error["prisma"] == "P3019", refused
        assert database.psql("select to_regclass('_prisma_migrations') is null") == "t"
        # Whoever looks is told before deploying; the states are shown all the same
        project.write("prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n')
        assert project.ctl("deploy", "--url", database.url).code == 0
        assert project.ctl("status", "--json", "--url", database.url).json["problem"] is None
        project.write("prisma/migrations/migration_lock.toml", 'provider = "mysql"\n')
        told = project.ctl("status", "--json", "--url", database.url)
        assert told.code == 1 and not told.json["up_to_date"] and "mysql" in told.json["problem"], told
        assert states(told) == {"10_init": "applied"}, told
        shown = project.ctl("status", "--url", database.url)
        assert shown.code == 1 and "P3019" in shown.err and "up to date" not in shown.out, shown


def test_status_tells_what_can_never_run():
    with Database() as database:
        project = Project([("10_mark", b"\xef\xbb\xbfselect 1;"), ("20_latin", b"select 'caf\xe9';"),
                           ("30_psql", "\\d\n"), ("40_copy", "copy t from stdin;\n"), ("50_fine", "select 1;")])
        answer = project.ctl("status", "--json", "--url", database.url)
        problems = [migration["problem"] for migration in answer.json["migrations"]]
        for problem, word in zip(problems, ("byte order mark", "UTF-8", "psql", "COPY FROM STDIN")):
            assert word in (problem or ""), problems
        assert problems[4] is None and answer.code == 1, answer
        shown = project.ctl("status", "--url", database.url)
        assert "is a command of psql" in shown.out and shown.err == "", shown


def test_a_folder_without_its_file():
    with Database() as database:
        project = Project(ONE)
        os.makedirs(project.root + "/prisma/migrations/20_empty")
        project.add("30_after", "select 1;")
        answer = project.ctl("status", "--json", "--url", database.url)
        assert states(answer) == {"10_init": "pending", "20_empty": "pending", "30_after": "pending"}, answer
        assert answer.json["migrations"][1]["problem"], answer
        deploy = project.ctl("deploy", "--json", "--url", database.url)
        assert deploy.code == 1 and "20_empty" in deploy.out and "P3015" in deploy.out, deploy
        assert database.psql("select count(*) from _prisma_migrations where migration_name <> '10_init'"
                             if database.psql("select to_regclass('_prisma_migrations') is null") == "f"
                             else "select 0") == "0"


def test_a_ledger_that_is_none():
    with Database() as database:
        database.psql("create table _prisma_migrations (id int)")
        check(Project(ONE), database.url, 1, "invalid", "_prisma_migrations")
        check(Project(ONE), database.url, 1, "invalid", "_prisma_migrations", command="deploy")
    with Database() as database:
        assert Project(ONE).ctl("deploy", "--url", database.url).code == 0
        database.psql("create schema app; alter table _prisma_migrations set schema app")
        check(Project(ONE), database.url, 1, "invalid", "app", "?schema=", command="deploy")


def test_encodings():
    with Database() as database:
        project = Project([("10_crlf", b"create table a (id int);\r\ncreate table b (id int);\r\n"),
                           ("20_empty", b"")])
        answer = project.ctl("deploy", "--json", "--url", database.url)
        assert answer.code == 0 and len(answer.json["applied"]) == 2, answer
        assert project.ctl("status", "--url", database.url).code == 0


def test_bytes_that_no_server_takes():
    """Nothing is begun that could only fail, or leave other text in the database than the file holds."""
    for sql, word in ((b"\xef\xbb\xbfcreate table a ();", "byte order mark"), (b"select '\xe9';", "UTF-8"),
                      ("create table a ();".encode("utf-16"), "zero byte"), (b"select 1;\0\nselect 2;", "zero byte")):
        with Database() as database:
            project = Project([*ONE, ("20_odd", sql)])
            assert project.ctl("status", "--json", "--url", database.url).json["pending"] == 2
            error = check(project, database.url, 1, "invalid", "20_odd", word, "next:", command="deploy")
            assert error["file"].endswith("20_odd/migration.sql") and error["hint"], error
            assert database.psql("select count(*) from pg_tables where schemaname = 'public'") == "0"


def test_too_little_rights():
    with Database() as database:
        database.psql("drop role if exists cli_weak")
        database.psql("create role cli_weak login")
        database.psql("revoke create on schema public from public")  # as it is since PostgreSQL 15
        project = Project(ONE)
        url = database.url.replace(f"//{USER}@", "//cli_weak@")
        for words, allow in ((("cannot make the ledger", "CREATE on the schema"), "grant create on schema public to cli_weak"),
                             (None, "alter table _prisma_migrations owner to " + USER),
                             (("cannot read the ledger", "SELECT"), "grant select on _prisma_migrations to cli_weak")):
            if words is None:
                assert project.ctl("deploy", "--url", url).code == 0
                project.add("20_more", "create table u ();")
            else:
                error = check(project, url, 1, "server", database.name, "permission denied", *words, command="deploy",
                              planned=True)
                assert error["sqlstate"] == "42501" and error["statement"] is None, error
            database.psql(allow)
        answer = project.ctl("deploy", "--json", "--url", url)
        assert answer.code == 1 and answer.json["applied"] == [], answer
        failed = answer.json["failed"]
        assert failed["name"] == "20_more" and "cannot write the ledger" in failed["message"], failed
        assert "INSERT and UPDATE" in failed["hint"], failed
        assert database.psql("select to_regclass('u') is null") == "t"
        database.psql("drop owned by cli_weak; drop role cli_weak")


def test_a_replica():
    with Database() as database, tempfile.TemporaryDirectory(dir="/tmp") as folder:
        programs = os.environ["TIDE_TEST_PGBINDIR"]
        if not os.path.exists(f"{programs}/pg_basebackup"):
            raise support.Skip("this server came without pg_basebackup")
        project = Project(ONE)
        assert project.ctl("deploy", "--url", database.url).code == 0
        as_server = []
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        subprocess.run([*as_server, f"{programs}/pg_basebackup", "-h", HOST, "-p", PORT, "-U", USER, "-D", f"{folder}/data",
                        "-R", "-c", "fast", "--no-sync"], check=True, capture_output=True)
        replica = subprocess.Popen([*as_server, f"{programs}/postgres", "-D", f"{folder}/data", "-k", folder],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            url = database.url.split("?")[0] + f"?host={folder}"
            wait_until(lambda: project.ctl("status", "--url", url).code == 0)
            project.add("20_more", "create table u ();")
            assert project.ctl("status", "--json", "--url", url).json["pending"] == 1
            check(project, url, 1, "refused", "replica", database.name, "next:", command="deploy", planned=True)
            answer = project.ctl("resolve", "--applied", "20_more", "--json", "--url", url)
            assert answer.code == 1 and answer.error["code"] == "refused", answer
            # Its health is told all the same, each reading of it
            answer = project.ctl("health", "--json", "--url", url)
            checks = {row["name"]: row for row in answer.json["checks"]}
            assert "a replica, which takes no changes, 0 s behind" in checks["connectivity"]["value"], checks["connectivity"]
            assert not any("Not known" in row["value"] for row in checks.values()), answer
            assert [table["table"] for table in answer.json["tables"]], answer
            above = {row["name"]: row for row in project.ctl("health", "--json", "--quick", "--url", database.url).json["checks"]}
            assert above["replication"]["value"].startswith("Replicas: 1;") and above["replication"]["state"] == "ok", above["replication"]
        finally:
            replica.send_signal(signal.SIGQUIT)
            replica.wait()


def test_a_read_only_database():
    with Database() as database:
        database.psql(f'alter database "{database.name}" set default_transaction_read_only = on')
        assert Project(ONE).ctl("status", "--json", "--url", database.url).json["pending"] == 1
        error = check(Project(ONE), database.url, 1, "server", "read-only", "replica", command="deploy",
                      planned=True)
        assert error["sqlstate"] == "25006", error


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
