#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many rows changed in small transactions, as a person sees to it.

test_batch.py TIDEMARK TIDEMARKCTL [PICTURES], under with-display.sh.
"""
import os
import shutil
import subprocess
import sys

import atspi
import test_timeline
from atspi import click, find, set_text, wait, wait_for
from test_timeline import Database, Project, button, select

PICTURES = sys.argv[3] if len(sys.argv) > 3 else None
SQL = 'create table t (id int primary key, n int not null default 0);\ninsert into t (id) select g from generate_series(1, 20000) g;\n'
UPDATE = 'UPDATE t SET n = n + 1 WHERE n = 0'


def picture(name):
    if PICTURES is not None:
        subprocess.run(['xdotool', 'mousemove', '0', '0'], check=True)
        atspi.screenshot(os.path.join(PICTURES, name + '.png'))


def changed(database):
    return int(database.psql('select count(*) from t where n = 1'))


def waiting(database):
    """Sessions that wait for a lock in the database, also those that are not let in yet"""
    return int(database.psql("select count(*) from pg_locks l join pg_database d on d.oid = l.database "
                             "where d.datname = '%s' and not l.granted" % database.name, 'postgres'))


def shop(database, kind, *more, others=()):
    environments = {'dev': (database, kind), **dict(others)}
    project = Project(environments, [('20250101000000_init', SQL), *more])
    for name, (of, _) in environments.items():
        subprocess.run([test_timeline.TIDEMARKCTL, '--project', project.folder, '--env', name, 'deploy', '--to', '20250101000000_init'],
                       capture_output=True, check=True)
        of.psql('analyze')
    return project


def open_batches(app, window):
    click(wait_for(window, None, 'Main Menu'))
    click(wait_for(window, 'menu item', 'Safe Batches…'))
    return app.window('Safe Batches')


def start(app, batches, database=None, begun=False):
    click(button(batches, 'Start…'))
    dialog = app.dialog()
    if begun:
        wait_for(dialog, 'check box', '_Begin Anew')
    if database is not None:
        set_text(wait_for(dialog, 'text'), database)
    click(button(dialog, 'Start'))


def outcome(batches, words):
    return wait_for(batches, 'label', lambda name: name is not None and words in name)


def a_job_is_paused_stopped_and_taken_up_again():
    with Database() as database:
        project = shop(database, 'development')
        with project.open() as app:
            batches = open_batches(app, app.window())
            set_text(wait_for(batches, 'text', 'Statement'), 'select 1')
            click(button(batches, 'Start…'))
            outcome(batches, 'only UPDATE and DELETE')
            picture('batch-1-error')
            set_text(find(batches, 'text', 'Statement'), UPDATE)
            # Slow enough to be stopped: small batches with long rests
            for spin, value in zip(atspi.find_all(batches, 'spin button'), (1000, 50)):
                spin.set_value(value)
            start(app, batches)
            wait(lambda: changed(database) > 0, 'the first batch')
            click(wait_for(batches, 'push button', 'Pause'))
            outcome(batches, 'Paused')
            picture('batch-2-paused')
            done = changed(database)
            assert 0 < done < 20000 and done % 50 == 0, done
            click(wait_for(batches, 'push button', 'Resume'))
            wait(lambda: changed(database) > done, 'it to go on')
            click(button(batches, 'Stop'))
            said = outcome(batches, 'What is done stays done').get_name()
            done = changed(database)
            assert 0 < done < 20000, done
            assert said.startswith('Stopped: %d rows looked at, %d changed.' % (done, done)), said
            picture('batch-3-stopped')
            for spin in atspi.find_all(batches, 'spin button'):
                spin.set_value(0)
            start(app, batches, begun=True)
            outcome(batches, '20000 of 20000 rows changed')
            picture('batch-4-done')
            assert changed(database) == 20000 and database.psql('select max(n) from t') == '1'


def escape_while_it_looks():
    """Whatever it waits for at the server is let go of, and nothing starts"""
    with Database() as database:
        project = shop(database, 'development')
        with project.open() as app:
            window = app.window()
            batches = open_batches(app, window)
            set_text(wait_for(batches, 'text', 'Statement'), UPDATE)
            with subprocess.Popen(['psql', '-XAtq', database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
                # The keys of tables are read there, and by every new connection
                holder.stdin.write("begin; lock table pg_index;\nselect 'held';\n")
                holder.stdin.flush()
                assert holder.stdout.readline() == 'held\n'
                click(button(batches, 'Start…'))
                wait_for(batches, 'label', 'Looking at the statement and its table…')
                wait(lambda: waiting(database) > 0, 'it to wait')
                atspi.focus_window('^Safe Batches$')
                atspi.keys('Escape')
                wait(lambda: find(app.node(), None, 'Safe Batches', lists=False) is None, 'the window to close')
                holder.stdin.write('rollback;\n')
            batches = open_batches(app, window)
            set_text(wait_for(batches, 'text', 'Statement'), UPDATE)
            assert changed(database) == 0
            start(app, batches)
            outcome(batches, '20000 of 20000 rows changed')


def a_warning_leads_there():
    with Database() as database:
        project = shop(database, 'production', ('20250102000000_count', 'UPDATE t SET n = 1;\n'))
        with project.open() as app:
            window = app.window()
            details = select(window, 'count')
            atspi.mouse(wait_for(details, 'page tab', lambda name: name is not None and name.startswith('Warnings (')), 'harbour')
            click(button(wait_for(details, 'list', 'Warnings on the migration'), 'In Batches…'))
            batches = app.window('Safe Batches')
            assert atspi.text(wait_for(batches, 'text', 'Statement')).startswith('UPDATE t SET n = 1')
            start(app, batches, database.name)
            outcome(batches, 'rows changed')
            assert changed(database) == 20000


if __name__ == '__main__':
    try:
        atspi.run(a_job_is_paused_stopped_and_taken_up_again, escape_while_it_looks, a_warning_leads_there)
    finally:
        shutil.rmtree(test_timeline.FOLDER, ignore_errors=True)
