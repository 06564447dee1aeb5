# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line itself: help, wrong usage, streams, terminals, manual page, completion."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys

import support
from support import CTL, Database, Project, ctl, environment

COMMANDS = ["status", "deploy", "resolve", "new", "reset", "execute", "backup", "backups", "verify", "restore",
            "demo", "scratch", "help"]
MAN_PAGE = os.environ["TIDE_TEST_MAN_PAGE"]
COMPLETION = os.environ["TIDE_TEST_COMPLETION"]


def test_help_of_everything():
    top = ctl("--help")
    assert top.code == 0 and top.err == "", top
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", top.out, re.M), command
        for line in (["--help", command], [command, "--help"], [command, "-h", "--json"], ["help", command]):
            answer = ctl(*line)
            assert answer.code == 0 and answer.err == "", answer
            assert answer.out.startswith(f"Usage: tidemarkctl {command}"), answer
            assert "Examples\n  tidemarkctl " in answer.out and "Options\n\n" not in answer.out, answer
    assert max(len(line) for line in top.out.splitlines()) <= 100


def test_version():
    answer = ctl("--version")
    assert answer.code == 0 and re.fullmatch(r"tidemarkctl \d+\.\d+\.\d+\n", answer.out), answer


def test_wrong_usage_is_64():
    lines = {
        (): "no command given",
        ("stauts",): 'unknown command "stauts"',
        ("status", "--jsno"): 'unknown option "--jsno"',
        ("--nope", "status"): 'unknown option "--nope"',
        ("status", "extra"): '"status" has no use for "extra"',
        ("new",): '"new" needs NAME',
        ("new", "a", "b"): '"new" has no use for "b"',
        ("scratch", "strat"): '"scratch" does not know "strat"',
        ("resolve",): "resolve needs either --applied or --rolled-back",
        ("resolve", "--applied", "a", "--rolled-back", "a"): "resolve needs either",
        ("deploy", "--lock-timeout", "soon"): "soon",
        ("deploy", "--lock-timeout", "-1"): "-1",
        ("verify", "x", "--level", "0"): "--level must be from 1 to 4, and 0 is not",
        ("backup", "--verify", "0"): "--verify must be from 1 to 4",
        ("backup", "--jobs", "0"): "--jobs must be at least 1",
        ("run", "dev", "--verify", "5"): "--verify must be from 1 to 4",
        ("restore", "x", "--jobs", "-1"): "--jobs must be at least 1",
        ("restore", "x", "--swap", "--wait", "86401"): "--wait must be from 0 to 86400",
        ("deploy", "--to"): "missing argument for --to",
        ("reset", "--yes=no"): "--yes takes no value",
        ("status", "--env", "a", "--url", "b"): "--env and --url",
        ("help", "stauts"): 'unknown command "stauts"',
        ("restore", "x", "--only", ""): "--only is empty",
        ("restore", "x", "--only="): "--only is empty",
        ("status", "--url", ""): "--url is empty",
        ("deploy", "-e", ""): "--env is empty",
        ("deploy", "--to", ""): "--to is empty",
        ("execute", "file.sql"): '"execute" has no use for "file.sql"',
    }
    for line, message in lines.items():
        human = ctl(*line)
        assert human.code == 64 and human.out == "", (line, human)
        assert human.err.startswith("error: ") and message in human.err, (line, human)
        machine = ctl("--json", *line)
        assert machine.code == 64 and machine.err == "", (line, machine)
        assert machine.error["code"] == "usage" and message in machine.error["message"], (line, machine)


def test_nearest_match():
    assert 'did you mean "status"?' in ctl("stauts").err
    assert "did you mean --lock-timeout?" in ctl("deploy", "--lock-timout", "3").err
    assert "did you mean stop?" in ctl("scratch", "stpo").err
    assert "did you mean" not in ctl("frobnicate").err


def test_output_to_a_full_disk():
    with open("/dev/full", "w") as full:
        done = subprocess.run([CTL, "--help"], env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "standard output" in done.stderr, done


def test_a_reader_that_leaves():
    with Database() as database:
        project = Project([(f"{i:04}_m", f"create table t{i} ();") for i in range(30)])
        process = project.start("deploy", "--url", database.url)
        process.stdout.close()
        process.stderr.close()
        assert process.wait(support.PATIENCE) == 0
        assert database.psql("select count(*) from _prisma_migrations where finished_at is not null") == "30"


def test_closed_streams():
    """No socket and no file of the program gets their numbers: a read from one that is closed ends at once."""
    with Database() as database:
        def closed(streams, *args):
            done = subprocess.run(["bash", "-c", f'"$0" "$@" {streams}', CTL, *args, "--url", database.url], env=environment(),
                                  capture_output=True, text=True, timeout=support.PATIENCE)
            return done.returncode, done.stderr

        assert closed("<&-", "execute", "--file", "-") == (0, "")
        assert closed("<&- 2>&-", "query", "select 1") == (0, "")
        code, error = closed(">&-", "query", "select 1")
        assert code == 1 and error == "error: cannot write to the standard output: Bad file descriptor\n", error


def on_terminal(*args, **env):
    """(stdout and stderr as a terminal got them, exit code)"""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([CTL, *args], cwd="/", env=environment(**{"TERM": "xterm", **env}), stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    return text.decode(), process.wait()


def test_colours_only_on_a_terminal():
    assert "\033" not in ctl("--help").out
    assert "\033[1m" in on_terminal("--help")[0]
    assert "\033" not in on_terminal("--help", NO_COLOR="1")[0]
    assert "\033" not in on_terminal("--help", TERM="dumb")[0]


def test_progress_only_on_a_terminal():
    with Database() as database:
        project = Project([("1_slow", "select pg_sleep(1);")])
        deploy = ["--project", project.root, "deploy", "--url", database.url]
        quiet = on_terminal(*deploy, "--quiet", "--json", NO_COLOR="1")
        assert quiet[1] == 0 and json.loads(quiet[0])["applied"] == ["1_slow"], quiet
        database.psql("drop table _prisma_migrations")
        text, code = on_terminal(*deploy, NO_COLOR="1")
        assert code == 0 and "\r\033[K" in text, text
        database.psql("drop table _prisma_migrations")
        plain = ctl(*deploy)
        assert plain.code == 0 and "\r" not in plain.err and "\033" not in plain.err, plain


def test_names_cannot_command_the_terminal():
    with Database() as database:
        project = Project([("1_\033[31mred\rgone", "select 1;")])
        text, code = on_terminal("--project", project.root, "status", "--url", database.url, NO_COLOR="1")
        assert code == 1 and "\033[31m" not in text and "\\x1b[31mred\\x0dgone" in text, text


def test_manual_page():
    with open(MAN_PAGE) as file:
        page = file.read()
    for command in COMMANDS:
        assert f"\n.SS {command}" in page, command
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES",
                    "EXAMPLES", "SEE ALSO"):
        assert f"\n.SH {heading}\n" in page, heading
    for line in page.splitlines():
        assert not line.startswith("'") and len(line) < 1000, line
        assert re.match(r"\.(TH|SH|SS|PP|TP|B|BR)\b", line) or not line.startswith("."), line
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z", MAN_PAGE], capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", done.stderr


def complete(line, cwd="/"):
    words = line.split(" ")
    script = f"""
      PATH={os.path.dirname(CTL)}:$PATH
      source {COMPLETION}
      COMP_WORDS=({' '.join(f"'{word}'" for word in words)})
      COMP_CWORD={len(words) - 1}
      _tidemarkctl
      printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=cwd, env=environment())
    assert done.returncode == 0 and done.stderr == "", done
    return done.stdout.split("\n")[:-1]


def test_completion():
    project = Project([("1_a", ""), ("2_b c", "")])
    project.write("tidemark.json", json.dumps({"environments": {"dev": {"url": "env:X", "kind": "development"}}}))
    assert set(COMMANDS) <= set(complete("tidemarkctl "))
    assert complete("tidemarkctl sta") == ["status"]
    assert complete("tidemarkctl deploy --lo") == ["--lock-timeout"]
    assert complete("tidemarkctl scratch st") == ["status", "start", "stop"]
    assert complete("tidemarkctl --env ", cwd=project.root) == ["dev"]
    assert complete("tidemarkctl deploy --to ", cwd=project.root) == ["1_a", "2_b\\ c"]
    assert complete(f"tidemarkctl deploy --to 2", cwd=project.root) == ["2_b\\ c"]
    assert complete("tidemarkctl deploy --man") == [""]


if __name__ == "__main__":
    sys.exit(support.main(sys.modules[__name__]))
