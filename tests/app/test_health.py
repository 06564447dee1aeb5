#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The health page and the diagnosis, as a person meets them.

test_health.py TIDEMARK TIDEMARKCTL [PICTURES], under with-display.sh. Databases are on the server of with-postgres.sh.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import atspi
from atspi import Program, again, click, find, find_all, has_state, keys, wait, wait_for

TIDEMARK, CTL = sys.argv[1:3]
PICTURES = sys.argv[3] if len(sys.argv) > 3 else None
FOLDER = tempfile.mkdtemp(prefix='tide-health-')
os.chmod(FOLDER, 0o755)
SERVER = {'PGHOST': os.environ['TIDE_TEST_PGHOST'], 'PGPORT': os.environ['TIDE_TEST_PGPORT'],
          'PGUSER': os.environ['TIDE_TEST_PGUSER']}
SQL = ('create table "Orders" (id int primary key, n int, note text); insert into "Orders" select g, g, repeat(\'x\', 80) from '
       'generate_series(1, 30000) g; create index "Orders_n" on "Orders" (n); create index "Orders_n2" on "Orders" (n);'
       'create table items (id serial primary key, order_id int references "Orders"); insert into items (order_id) select g from '
       'generate_series(1, 5000) g; create table notes (t text); select setval(\'items_id_seq\', 2000000000);'
       'delete from "Orders" where id > 14000')


def picture(name):
    if PICTURES is not None:
        subprocess.run(['xdotool', 'mousemove', '0', '0'], check=True)
        subprocess.run(['sleep', '1'], check=True)
        atspi.screenshot(os.path.join(PICTURES, name + '.png'))


def psql(database, sql):
    return subprocess.run(['psql', '-XAtq', '-d', database, '-c', sql], env={**os.environ, **SERVER}, check=True,
                          capture_output=True, text=True).stdout.strip()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def make_project(name, migrations, kind='development', url=None):
    """A project, and its environment in a new database where the migrations are deployed"""
    folder = os.path.join(FOLDER, name)
    if url is None:
        psql('postgres', 'drop database if exists %s' % name)
        psql('postgres', 'create database %s' % name)
        url = 'postgresql://%s@localhost:%s/%s?host=%s' % (SERVER['PGUSER'], SERVER['PGPORT'], name, SERVER['PGHOST'].replace('/', '%2F'))
    write(os.path.join(folder, 'package.json'), json.dumps({'name': name}))
    write(os.path.join(folder, 'prisma', 'schema.prisma'), 'datasource db { provider = "postgresql" }\n')
    for migration, sql in migrations:
        write(os.path.join(folder, 'prisma', 'migrations', migration, 'migration.sql'), sql)
    write(os.path.join(folder, 'tidemark.json'), json.dumps({'environments': {'dev': {'url': url, 'kind': kind}}}))
    if 'host=' in url:
        subprocess.run([CTL, '--project', folder, '--env', 'dev', 'deploy'], capture_output=True, check=False)
    return folder


def program(folder):
    home = tempfile.mkdtemp(dir=FOLDER)
    os.chmod(home, 0o755)
    return Program([TIDEMARK, folder], 'tidemark', {
        'XDG_CONFIG_HOME': os.path.join(home, 'config'), 'XDG_DATA_HOME': os.path.join(home, 'share'),
        'XDG_STATE_HOME': os.path.join(home, 'state')})


def open_page(app, name):
    window = app.window(lambda title: name in title)
    atspi.row(window, 'dev, ')
    click(wait_for(window, 'page tab', 'Health'))
    return window


def has_text(window, words):
    return wait_for(window, None, lambda name: name is not None and words in name)


def find_button_of(window, label, subject):
    return next((b for b in find_all(window, 'push button', label) if subject in (b.get_description() or '')), None)


def unfold(window, words, label, subject):
    """Unfolds the row with @words until the button in it is drawn."""
    def is_drawn():
        button = find_button_of(window, label, subject)
        return button is not None and min(atspi.extents(button)[2:]) > 0

    if not atspi.now(is_drawn):
        again(lambda: atspi.mouse(has_text(window, words)), is_drawn, 'the row %r to unfold' % words)


def ask(app, window, label, subject):
    """Presses the button with @label that is about @subject (many have the same word) and returns its question."""
    return again(lambda: click(lambda: find_button_of(window, label, subject)), lambda: find(app.node(), 'dialog', lists=False),
                 'the question of %r' % label)


def checks_tell_and_maintenance_helps():
    folder = make_project('health_window', [('20250101000000_init', SQL)])
    with program(folder) as app:
        window = open_page(app, 'health_window')
        has_text(window, 'to be looked at')
        has_text(window, 'public.Orders')
        picture('1-checks')
        assert int(psql('health_window', "select n_dead_tup from pg_stat_user_tables where relname = 'Orders'")) == 16000
        dialog = ask(app, window, 'Vacuum', 'public.Orders')
        picture('2-question')
        click(wait_for(dialog, 'push button', 'Vacuum'))
        wait(lambda: psql('health_window', "select last_vacuum is not null from pg_stat_user_tables where relname = 'Orders'") == 't', 'the vacuum')
        # The page reads again when the job has ended, and has nothing more to say of it
        has_text(window, ', nowhere too many')
        click(wait_for(window, 'push button', 'Tables'))
        wait_for(window, 'label', 'Orders')
        picture('3-tables')


def who_holds_others_up_is_ended():
    folder = make_project('health_sessions', [('20250101000000_init', 'create table t (id int primary key); insert into t values (1);')])
    sessions = [subprocess.Popen(['psql', '-Xq', '-d', 'health_sessions', '-c', 'begin; update t set id = 2', '-c', 'select pg_sleep(300)'],
                                 env={**os.environ, **SERVER}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
    try:
        wait(lambda: psql('health_sessions', "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'") == '1', 'somebody to hold the row')
        waiting = subprocess.Popen(['psql', '-Xq', '-d', 'health_sessions', '-c', 'update t set id = 3'],
                                   env={**os.environ, **SERVER}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sessions.append(waiting)
        wait(lambda: psql('health_sessions', "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == '1', 'somebody to wait')
        with program(folder) as app:
            window = open_page(app, 'health_sessions')
            blocker = psql('health_sessions', "select (pg_blocking_pids(pid))[1] from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
            unfold(window, '1 session waits', 'End Session…', 'Process %s ' % blocker)
            picture('4-blocking')
            dialog = ask(app, window, 'End Session…', 'Process %s ' % blocker)
            has_text(dialog, blocker)
            click(wait_for(dialog, 'push button', 'End Session'))
            wait(lambda: waiting.poll() is not None, 'the other to go on')
            has_text(window, 'Nobody waits for a lock')
    finally:
        for session in sessions:
            session.kill()
            session.wait()


def drift_is_looked_for_and_shared():
    folder = make_project('health_drift', [('20250101000000_init', 'create table t (id int primary key);')])
    with program(folder) as app:
        window = open_page(app, 'health_drift')
        has_text(window, 'The database is what its migrations say')
        # The Drift page takes what is known: nobody compares a second time
        click(wait_for(window, 'page tab', 'Drift'))
        wait_for(window, 'label', 'No Differences')
        click(wait_for(window, 'page tab', 'Health'))
        psql('health_drift', 'alter table t add nick text; create index t_nick on t (nick)')
        click(wait_for(window, 'push button', 'Look Again'))
        has_text(window, '1 object differs from the migrations')
        unfold(window, '1 object differs', 'Go to Drift', 'Drift')
        has_text(window, 'different: + column nick, + index t_nick')
        picture('7-drift')
        click(lambda: find_button_of(window, 'Go to Drift', 'Drift'))
        wait_for(window, 'label', lambda name: name is not None and name.startswith('0 added, 0 removed, 1 changed'))


def looking_for_drift_is_stopped():
    folder = make_project('health_slow', [])
    write(os.path.join(folder, 'prisma', 'migrations', '20250101000000_slow', 'migration.sql'), 'select pg_sleep(600);')
    subprocess.run([CTL, '--project', folder, '--env', 'dev', 'resolve', '--applied', '20250101000000_slow'], check=True, capture_output=True)
    with program(folder) as app:
        window = open_page(app, 'health_slow')
        has_text(window, 'Being compared with the migrations')
        click(lambda: find_button_of(window, 'Stop', 'Drift'))
        wait(lambda: find_button_of(window, 'Compare', 'Drift'), 'the comparison to end')
        wait_for(window, None, 'Jobs that have ended')
        has_text(window, 'Not looked at')


def a_failed_migration_has_its_ways_out():
    folder = make_project('health_wrong', [('20250101000000_init', 'create table t (id int);'), ('20250102000000_bad', 'select 1 / 0;')])
    with program(folder) as app:
        window = app.window(lambda title: 'health_wrong' in title)
        wait_for(window, 'label', lambda name: name is not None and name.startswith('1 failed'))
        click(find_all(window, 'push button', 'What Is Wrong?')[-1])  # the first one is in a bar that is not shown
        wrong = app.window('What Is Wrong?')
        has_text(wrong, '“20250102000000_bad” failed')
        has_text(wrong, 'division by zero')
        picture('5-wrong')
        atspi.mouse(lambda: find(wrong, 'label', 'Mark as Rolled Back…'), title='What Is Wrong')
        dialog = app.dialog()
        click(wait_for(dialog, 'push button', lambda name: name is not None and 'Rolled Back' in name))
        wait(lambda: psql('health_wrong', 'select count(*) from _prisma_migrations where rolled_back_at is not null') == '1', 'the ledger')
        wait_for(window, 'label', lambda name: name is not None and name.startswith('1 rolled back'))


def an_unreachable_server_is_told():
    folder = make_project('health_gone', [], url='postgresql://ada@localhost:1/shop')
    with program(folder) as app:
        window = app.window(lambda title: 'health_gone' in title)
        click(wait_for(window, 'page tab', 'Health'))
        has_text(window, 'The Database Cannot Be Looked At')
        atspi.activate(window, 'win.diagnose')
        wrong = app.window('What Is Wrong?')
        has_text(wrong, 'Nothing listens there')
        picture('6-unreachable')
        keys('Escape')


try:
    atspi.run(checks_tell_and_maintenance_helps, who_holds_others_up_is_ended, drift_is_looked_for_and_shared,
              looking_for_drift_is_stopped, a_failed_migration_has_its_ways_out, an_unreachable_server_is_told)
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
