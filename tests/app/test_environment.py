#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only a person can tell of an environment: its password, and what its database is for.

test_environment.py TIDEMARK TIDEMARKCTL, under with-display.sh, on the server of with-postgres.sh.
"""
import json
import os
import subprocess
import sys
import tempfile
from urllib.parse import quote

import atspi
from atspi import Program, click, find, focus_window, keys, mouse, wait, wait_for, wait_gone
from server import HOST, PORT, USER, psql

TIDEMARK = sys.argv[1]


def make_project(user):
    """A project without tidemark.json, whose one environment is DATABASE_URL"""
    folder = tempfile.mkdtemp(prefix='tide-environment-')
    database = 'environment_%d' % os.getpid()
    psql('postgres', 'DROP DATABASE IF EXISTS %s' % database)
    psql('postgres', 'CREATE DATABASE %s OWNER %s' % (database, user))
    files = {
        'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
        'prisma/migrations/20250101000000_first/migration.sql': 'SELECT 1;\n',
        '.env': 'DATABASE_URL="postgresql://%s@localhost:%s/%s?host=%s"\n' % (user, PORT, database, quote(HOST, safe='')),
    }
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
    return folder


def trust_no_more(user):
    """The server asks @user for a password from now on."""
    path = psql('postgres', 'SHOW hba_file')
    with open(path, encoding='utf-8') as file:
        rules = file.read()
    line = 'local all %s scram-sha-256\n' % user
    if line not in rules:
        with open(path, 'w', encoding='utf-8') as file:
            file.write(line + rules)
    psql('postgres', 'SELECT pg_reload_conf()')


def read_settings(folder):
    with open(os.path.join(folder, 'tidemark.json'), encoding='utf-8') as file:
        return json.load(file)


def the_kind_is_asked_once_and_noted():
    folder = make_project(USER)
    with Program([TIDEMARK, folder]) as app:
        window = app.window()
        wait_for(window, 'label', 'unknown kind')
        click(wait_for(window, 'push button', 'Staging'))
        wait(lambda: os.path.exists(os.path.join(folder, 'tidemark.json')), 'tidemark.json')
        assert read_settings(folder) == {'environments': {'default': {'url': 'env:DATABASE_URL', 'kind': 'staging'}}}
        atspi.row(window, 'default, staging')


def answer(app, password):
    """Types it into the question that is asked"""
    app.dialog()
    focus_window('.')
    subprocess.run(['xdotool', 'type', password], check=True)
    keys('Return')
    wait_gone(app.node(), 'alert', None)


def a_missing_password_is_asked_for():
    psql('postgres', "DO $$ BEGIN CREATE ROLE app_asks LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    psql('postgres', "SET password_encryption = 'scram-sha-256'; ALTER ROLE app_asks PASSWORD 'geheim'")
    trust_no_more('app_asks')
    folder = make_project('app_asks')
    with Program([TIDEMARK, folder]) as app:
        window = app.window()
        click(wait_for(window, 'push button', lambda name: 'Enter' in name))
        answer(app, 'falsch')
        # Of a wrong one the diagnosis tells, and asks for it, too
        wait_for(window, 'label', lambda name: name is not None and 'password authentication failed' in name)
        atspi.activate(window, 'win.diagnose')
        wrong = app.window('What Is Wrong?')
        wait_for(wrong, 'label', lambda name: name is not None and 'password authentication failed' in name)
        mouse(lambda: find(wrong, 'label', 'Enter Password…'), title='What Is Wrong')
        answer(app, 'geheim')
        wait_for(window, 'label', 'first')
        wait_for(window, 'label', lambda name: name.startswith('1 pending'))
    assert not os.path.exists(os.path.join(folder, 'tidemark.json'))


atspi.run(the_kind_is_asked_once_and_noted, a_missing_password_is_asked_for)
