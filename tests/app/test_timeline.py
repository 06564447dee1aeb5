#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline as a person uses it: states, search, details, the matrix, and every step with its question.

test_timeline.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: real projects, real databases.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import atspi
from atspi import Program, click, find, find_all, keys, mouse, set_text, wait, wait_for
from server import HOST, PORT, USER, psql

TIDEMARK, TIDEMARKCTL = sys.argv[1:3]
FOLDER = tempfile.mkdtemp(prefix='tide-timeline-')
os.chmod(FOLDER, 0o755)


class Database:
    """An empty database of a test's own"""
    counter = 0

    def __init__(self):
        Database.counter += 1
        self.name = 'timeline_%d_%d' % (os.getpid(), Database.counter)
        self.url = 'postgresql://%s@localhost:%s/%s?host=%s' % (
            USER, PORT, self.name, HOST.replace('/', '%2F'))

    def __enter__(self):
        self.psql('create database %s' % self.name, 'postgres')
        return self

    def __exit__(self, *_):
        self.psql('drop database if exists %s with (force)' % self.name, 'postgres')

    def psql(self, sql, database=None):
        return psql(database or self.name, sql)


class Project:
    """A project folder with environments {name: (database, kind)}"""

    def __init__(self, environments, migrations=()):
        self.folder = tempfile.mkdtemp(dir=FOLDER)
        self.write('package.json', '{ "name": "harbour" }')
        self.write('prisma/schema.prisma', 'datasource db { provider = "postgresql" }\n')
        self.write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
        self.write('tidemark.json', json.dumps({'environments': {
            name: {'url': database if isinstance(database, str) else database.url, 'kind': kind}
            for name, (database, kind) in environments.items()}}))
        for name, sql in migrations:
            self.add(name, sql)

    def write(self, path, text):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)

    def add(self, name, sql):
        self.write('prisma/migrations/%s/migration.sql' % name, sql)

    def ctl(self, environment, *arguments, code=0):
        done = subprocess.run([TIDEMARKCTL, '--project', self.folder, '--env', environment, *arguments],
                              capture_output=True, text=True)
        assert done.returncode == code, done
        return done.stdout

    def open(self):
        return Program([TIDEMARK, self.folder])


def environment(window, start):
    """Chooses the environment whose row in the sidebar starts so, and waits until its timeline is shown."""
    atspi.choose_row(window, start, 'harbour')
    wait(lambda: find(window, 'label', start.split(',')[0]) and rows(window), 'the timeline of %s' % start)


LISTS = {}


def items(window):
    """The rows of the timeline, newest first. Looking for their list is slow, so it is done once for a window."""
    if window not in LISTS:
        LISTS[window] = wait_for(window, 'list', 'Migrations')
    return [item for item in atspi.children(LISTS[window]) if item.get_role_name() == 'list item']


def rows(window):
    """The timeline: (title, set of all that its row says)"""
    found = [atspi.labels(item) for item in items(window)]
    return [(words[1], set(words)) for words in found if len(words) > 1]


def states(window):
    known = {'Applied', 'Pending', 'Running', 'Failed', 'Rolled Back', 'Edited', 'Missing'}
    return [(title, *(said & known)) for title, said in rows(window)]


def wait_states(window, *wanted):
    try:
        wait(lambda: states(window) == list(wanted), 'those states')
    except atspi.NotFound as failure:
        raise atspi.NotFound('%s: %s is not %s' % (failure, states(window), wanted)) from None


def select(window, title):
    def item():
        return next((item for item in items(window) if title in atspi.labels(item)), None)

    details = wait_for(window, 'filler', 'TideMigrationDetails')
    def is_chosen():
        # A click that comes while a question closes is lost; a person clicks again.
        mouse(item, 'harbour')
        try:
            return wait(lambda: title in atspi.labels(details), 'its details', 1)
        except atspi.NotFound:
            return False

    wait(is_chosen, 'the details of %s' % title)
    return details


def choose_more(window, details, name):
    """An entry of the details' menu; a closed menu has none."""
    click(wait_for(details, 'push button', 'More Actions'))
    click(wait_for(window, 'menu item', name))


def button(dialog, name):
    return wait_for(dialog, 'push button', name)


def is_sensitive(node):
    return atspi.has_state(node, 'sensitive')


def confirm(app, verb, *words):
    """Reads the question and says yes."""
    dialog = app.dialog()
    said = wait(lambda: ' '.join(atspi.labels(dialog)), 'a question')
    for word in words:
        assert word in said, (word, said)
    question = dialog.get_name()
    click(button(dialog, verb))
    wait(lambda: find(app.node(), None, question, lists=False) is None, 'the end of the question')


def make_every_state(project, kind='dev'):
    """All six states and one out of order, each as it comes about"""
    for name, sql in (('20250101000000_first', 'create table a ();'), ('20250102000000_edited', 'create table b ();'),
                      ('20250103000000_missing', 'select 1;')):
        project.add(name, sql)
    project.ctl(kind, 'deploy')
    project.add('20250102000000_edited', 'create table other ();')
    missing = os.path.join(project.folder, 'prisma/migrations/20250103000000_missing')
    os.unlink(missing + '/migration.sql')
    os.rmdir(missing)
    project.add('20250105000000_rolled', 'select 1/0;')
    project.ctl(kind, 'deploy', code=1)
    project.ctl(kind, 'resolve', '--rolled-back', '20250105000000_rolled')
    project.add('20250104000000_failed', 'create table f ();\nselect nothing;')
    project.ctl(kind, 'deploy', code=1)
    project.add('20250101120000_late', 'select 2;')
    project.add('20250106000000_pending', 'create table p ();')


def every_state_has_its_row():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')})
        make_every_state(project)
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development')
            wait_states(window, ('pending', 'Pending'), ('rolled', 'Rolled Back'), ('failed', 'Failed'),
                        ('20250103000000_missing', 'Missing'), ('edited', 'Edited'), ('late', 'Pending'),
                        ('first', 'Applied'))
            said = dict(rows(window))
            assert 'out of order' in said['late'] and 'out of order' not in said['pending'], said
            names = [item.get_name() for item in items(window)]
            assert names[0] == 'pending, Pending' and 'late, Pending, out of order' in names, names
            assert '2025-01-04' in said['failed'] and 'applied just now' in said['first'], said
            wait_for(window, 'label', '1 failed, 2 pending, 1 rolled back, 1 edited, 1 missing, 1 applied')
            # Nothing is applied while a failed one stands in the ledger.
            wait(lambda: not is_sensitive(wait_for(window, 'push button', 'Apply All…')), 'nothing to apply')


def search_and_filter_narrow_the_list():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')})
        make_every_state(project)
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development')
            click(wait_for(window, 'push button', 'Search'))
            entry = wait_for(window, 'entry', 'Search migrations')
            for text, found in (('EDIT', ['edited']), ('2025010', None), ('no such thing', []), ('', None)):
                set_text(entry, text)
                wait(lambda: len(rows(window)) == 7 if found is None else [r[0] for r in rows(window)] == found,
                     'the rows for %r' % text)
            shown = wait_for(window, 'push button', 'Show')
            for name, found in (('Pending', ['pending', 'rolled', 'late']), ('Applied', ['edited', 'first']),
                                ('Needs Attention', ['rolled', 'failed', '20250103000000_missing', 'edited', 'late'])):
                click(shown)
                click(wait_for(window, 'menu item', name))
                wait(lambda: [r[0] for r in rows(window)] == found, 'the filter that leaves %s' % found)


def details_show_sql_ledger_and_log():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')})
        make_every_state(project)
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development')
            details = select(window, 'failed')
            sql = wait_for(details, 'text', 'SQL of the migration')
            wait(lambda: atspi.text(sql) == 'create table f ();\nselect nothing;', 'the SQL of the failed one')
            ledger = wait_for(details, 'panel', 'Ledger')
            wait(lambda: any('42703' in text and 'line 2' in text for text in atspi.labels(ledger)), 'its log')
            details = select(window, 'first')
            wait(lambda: atspi.text(sql) == 'create table a ();', 'the SQL of the first')
            checksum = dev.psql("select checksum from _prisma_migrations where migration_name like '%first'")
            wait(lambda: any(checksum in text for text in atspi.labels(ledger)), 'its row of the ledger')
            details = select(window, 'rolled')
            wait(lambda: is_sensitive(wait_for(details, 'push button', 'More Actions')), 'the menu')


def matrix_shows_three_environments():
    with Database() as dev, Database() as staging, Database() as production:
        project = Project({'dev': (dev, 'development'), 'staging': (staging, 'staging'),
                           'prod': (production, 'production')},
                          [('20250101000000_one', 'select 1;'), ('20250102000000_two', 'select 2;'),
                           ('20250103000000_bad', 'select 1/0;')])
        project.ctl('dev', 'deploy', code=1)
        project.ctl('staging', 'deploy', '--to', '20250101000000_one')
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development')
            click(wait_for(window, 'push button', 'All Environments'))
            table = wait_for(window, 'tree table', 'Migrations by environment')
            wait(lambda: atspi.labels(table)[:4] == ['Migration', 'dev', 'staging', 'prod'], 'the matrix’s columns')
            wanted = [['20250103000000_bad', 'Failed', 'Pending', 'Pending'],
                      ['20250102000000_two', 'Applied', 'Pending', 'Pending'],
                      ['20250101000000_one', 'Applied', 'Applied', 'Pending']]

            def cells():
                body = wait_for(table, 'list')
                return [[atspi.labels(cell)[0] for cell in find_all(row, 'table cell')]
                        for row in find_all(body, 'table row')]
            wait(lambda: cells() == wanted, 'the matrix')


def apply_up_to_here_asks_for_the_name_of_production():
    with Database() as production:
        project = Project({'prod': (production, 'production')},
                          [('20250101000000_one', 'create table one ();'), ('20250102000000_two', 'create table two ();'),
                           ('20250103000000_three', 'create table three ();')])
        with project.open() as app:
            window = app.window()
            environment(window, 'prod, production, 3 pending')
            details = select(window, 'two')
            click(button(details, 'Apply Up to Here…'))
            dialog = app.dialog()
            verb = button(dialog, 'Apply')
            entry = wait_for(dialog, 'entry') if find(dialog, 'entry') else wait_for(dialog, 'text')
            said = ' '.join(atspi.labels(dialog))
            for word in (production.name, 'production', '20250101000000_one', '20250102000000_two', 'one transaction'):
                assert word in said, (word, said)
            assert '20250103000000_three' not in said, said
            for text, allowed in (('', False), (production.name[:-1], False), (production.name + ' ', False),
                                  (production.name.upper(), False), (production.name, True)):
                set_text(entry, text)
                wait(lambda: is_sensitive(verb) == allowed, 'a button that is %s' % allowed)
            assert production.psql("select to_regclass('_prisma_migrations') is null") == 't'
            click(verb)
            wait_states(window, ('three', 'Pending'), ('two', 'Applied'), ('one', 'Applied'))
            assert production.psql("select to_regclass('two') is not null, to_regclass('three') is null") == 't|t'


def failed_apply_is_told_and_mended():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')},
                          [('20250101000000_good', 'create table good ();'),
                           ('20250102000000_bad', 'create table bad ();\nselect 1/0;'),
                           ('20250103000000_after', 'create table after ();')])
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 3 pending')
            click(button(window, 'Apply All…'))
            confirm(app, 'Apply', dev.name, 'development', '20250103000000_after')
            dialog = wait(lambda: find(app.node(), 'dialog', 'Could Not Apply', lists=False) or
                          find(app.node(), 'alert', 'Could Not Apply', lists=False), 'the error')
            said = ' '.join(atspi.labels(dialog))
            for word in ('division by zero', '20250102000000_bad/migration.sql', 'line 2', 'SQLSTATE: 22012', 'next: '):
                assert word in said, (word, said)
            click(button(dialog, 'Close'))
            wait_states(window, ('after', 'Pending'), ('bad', 'Failed'), ('good', 'Applied'))
            assert dev.psql("select to_regclass('bad') is null and to_regclass('good') is not null") == 't'

            choose_more(window, select(window, 'bad'), 'Mark Rolled Back…')
            confirm(app, 'Mark Rolled Back', dev.name, '20250102000000_bad')
            wait_states(window, ('after', 'Pending'), ('bad', 'Rolled Back'), ('good', 'Applied'))
            assert dev.psql('select count(*) from _prisma_migrations where rolled_back_at is not null') == '1'

            choose_more(window, select(window, 'bad'), 'Mark Applied…')
            confirm(app, 'Mark Applied', dev.name, 'not run')
            wait_states(window, ('after', 'Pending'), ('bad', 'Applied'), ('good', 'Applied'))
            click(button(window, 'Apply All…'))
            confirm(app, 'Apply', '20250103000000_after')
            wait_states(window, ('after', 'Applied'), ('bad', 'Applied'), ('good', 'Applied'))
            project.ctl('dev', 'status')


def no_leaves_everything_as_it_was():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'create table one ();')])
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            click(button(window, 'Apply All…'))
            confirm(app, 'Cancel')
            click(button(window, 'Apply All…'))
            app.dialog()
            keys('Escape')
            wait(lambda: find(app.node(), 'dialog', lists=False) is None, 'no question')
            assert states(window) == [('one', 'Pending')]
            assert dev.psql("select to_regclass('_prisma_migrations') is null") == 't'


def new_migration_appears_on_disk_and_in_the_list():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'select 1;')])
        folder = os.path.join(project.folder, 'prisma/migrations')
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            click(wait_for(window, 'push button', 'New Migration'))
            dialog = app.dialog()
            set_text(wait_for(dialog, 'text', 'What It Does'), 'Add Höfe "yards"')
            click(button(dialog, 'Make'))
            made = wait(lambda: [name for name in os.listdir(folder) if name.endswith('_add_hoefe_yards')], 'a folder')
            assert os.path.exists(os.path.join(folder, made[0], 'migration.sql'))
            wait_states(window, ('add hoefe yards', 'Pending'), ('one', 'Pending'))


def what_others_do_shows_by_itself():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'select 1;')])
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            project.ctl('dev', 'deploy')
            wait_states(window, ('one', 'Applied'))
            project.add('20250102000000_two', 'select 2;')
            wait_states(window, ('two', 'Pending'), ('one', 'Applied'))
            project.add('20250101000000_one', 'select 3;')
            wait_states(window, ('two', 'Pending'), ('one', 'Edited'))


def job_is_cancelled_from_its_row():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')},
                          [('20250101000000_slow', 'create table slow (); select pg_sleep(120);')])
        running = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%pg_sleep(120)%' " \
                  'and pid <> pg_backend_pid()'
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            click(button(window, 'Apply All…'))
            confirm(app, 'Apply')
            wait(lambda: dev.psql(running) == '1', 'the migration to run')
            jobs = wait_for(window, None, lambda name: name.startswith('Jobs') or atspi.tells_of_running_jobs(name))
            click(jobs)
            job = wait(lambda: next((item for item in find_all(window, 'list item')
                                     if 'Apply migrations to dev' in atspi.labels(item)), None), 'the job')
            click(button(job, 'Cancel'))
            wait(lambda: dev.psql(running) == '0', 'the end of the migration')
            keys('Escape')
            wait_states(window, ('slow', 'Failed'))
            assert dev.psql("select to_regclass('slow') is null") == 't'
            # A row without an end looks failed before why is written into it
            wait(lambda: 'cancelled' in dev.psql('select logs from _prisma_migrations'), 'the reason in the ledger')


def unreachable_server_is_told_in_place():
    with Database() as dev:
        there = os.path.join(tempfile.mkdtemp(dir=FOLDER), 'socket')
        project = Project({'dev': (dev.url.replace(HOST.replace('/', '%2F'), there.replace('/', '%2F')), 'development')},
                          [('20250101000000_one', 'select 1;')])
        with project.open() as app:
            window = app.window()
            atspi.choose_row(window, 'dev, development, cannot connect', 'harbour')
            page = wait_for(window, 'panel', 'The Database Cannot Be Read')
            wait(lambda: any(there in text and 'next: ' in text for text in atspi.labels(page)), 'what went wrong')
            os.symlink(HOST, there)
            click(button(page, 'Try Again'))
            wait_states(window, ('one', 'Pending'))


def warnings_are_told_fixed_and_accepted():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')},
                          [('20250101000000_one', 'create table t (a int, b int);\ninsert into t values (1, 2);'),
                           ('20250102000000_index', 'create index t_a on t (a);\n'),
                           ('20250103000000_drop', '-- Not wanted\nalter table t drop column b;\n')])
        apply = subprocess.run([TIDEMARKCTL, '--project', project.folder, '--env', 'dev', 'deploy', '--to', '20250101000000_one'],
                               capture_output=True, text=True)
        assert apply.returncode == 0, apply
        with project.open() as app:
            window = app.window()
            wait(lambda: any('1 warning' in word for _, said in rows(window) for word in said), 'the count in the row')
            details = select(window, 'drop')
            mouse(wait_for(details, 'page tab', 'Warnings (1)'), 'harbour')
            pane = wait_for(details, 'list', 'Warnings on the migration')
            wait(lambda: any('drops "b" of "t"' in text for text in atspi.labels(pane)), 'what it does')
            if os.environ.get('TIDE_TEST_SHOT'):
                atspi.screenshot(os.environ['TIDE_TEST_SHOT'])
            click(button(pane, 'Line 2'))
            wait(lambda: 'drop column' in atspi.text(wait_for(details, 'text', 'SQL of the migration')), 'the SQL')
            mouse(wait_for(details, 'page tab', 'Warnings (1)'), 'harbour')
            click(button(pane, 'Accept…'))
            dialog = app.dialog()
            set_text(wait_for(dialog, 'text', 'Reason'), 'nobody reads it')
            click(button(dialog, 'Accept'))
            file = os.path.join(project.folder, 'prisma/migrations/20250103000000_drop/migration.sql')
            wait(lambda: 'accept drop-column because nobody reads it\nalter table' in open(file, encoding='utf-8').read(), 'the comment')
            details = select(window, 'index')
            mouse(wait_for(details, 'page tab', 'Notes (1)'), 'harbour')
            click(button(wait_for(details, 'list', 'Warnings on the migration'), 'Fix…'))
            click(button(app.dialog(), 'Change'))
            index = os.path.join(project.folder, 'prisma/migrations/20250102000000_index/migration.sql')
            wait(lambda: open(index, encoding='utf-8').read() == 'create index CONCURRENTLY t_a on t (a);\n', 'the fix')


if __name__ == '__main__':
    tests = [every_state_has_its_row, search_and_filter_narrow_the_list, details_show_sql_ledger_and_log,
             matrix_shows_three_environments, apply_up_to_here_asks_for_the_name_of_production,
             failed_apply_is_told_and_mended, no_leaves_everything_as_it_was,
             new_migration_appears_on_disk_and_in_the_list, what_others_do_shows_by_itself,
             job_is_cancelled_from_its_row, warnings_are_told_fixed_and_accepted, unreachable_server_is_told_in_place]
    try:
        atspi.run(*[test for test in tests if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
