#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The health page and the diagnosis, as a person meets them.

test_health.py TIDEMARK TIDEMARKCTL, under with-display.sh. Databases are on the server of with-postgres.sh.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import atspi
from atspi import Program, again, click, find, find_all, keys, wait, wait_for, wait_gone
from server import HOST, PORT, USER, psql

TIDEMARK, CTL = sys.argv[1:3]
PICTURES = os.environ.get('TIDE_TEST_PICTURES')  # where somebody wants to look at them
FOLDER = tempfile.mkdtemp(prefix='tide-health-')
os.chmod(FOLDER, 0o755)
SERVER = {'PGHOST': HOST, 'PGPORT': PORT, 'PGUSER': USER}
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
        url = 'postgresql://%s@localhost:%s/%s?host=%s' % (USER, PORT, name, HOST.replace('/', '%2F'))
    write(os.path.join(folder, 'package.json'), json.dumps({'name': name}))
    write(os.path.join(folder, 'prisma', 'schema.prisma'), 'datasource db { provider = "postgresql" }\n')
    for migration, sql in migrations:
        write(os.path.join(folder, 'prisma', 'migrations', migration, 'migration.sql'), sql)
    write(os.path.join(folder, 'tidemark.json'), json.dumps({'environments': {'dev': {'url': url, 'kind': kind}}}))
    if 'host=' in url:
        subprocess.run([CTL, '--project', folder, '--env', 'dev', 'deploy'], capture_output=True, check=False)
    return folder


def program(folder, home=None):
    home = home or tempfile.mkdtemp(dir=FOLDER)
    os.chmod(home, 0o755)
    return Program([TIDEMARK, folder], {
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
        return button is not None and min(button.get_extents()[2:]) > 0

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


def git(folder, *args):
    subprocess.run(['git', '-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', *args], check=True, capture_output=True)


def take(app, window, diagnosis, way):
    """Opens the diagnosis, and takes a way out of what it found, as soon as it has."""
    def find_way():
        wrong = find(app.node(), 'frame', 'What Is Wrong?', lists=False)
        return wrong and find(wrong, None, lambda name: name is not None and diagnosis in name) and find(wrong, 'label', way)

    atspi.activate(window, 'win.diagnose')
    wait(find_way, 'the way %r out of %r' % (way, diagnosis))
    again(lambda: atspi.mouse(find_way, title='What Is Wrong'), lambda: find(app.node(), 'frame', 'What Is Wrong?', lists=False) is None,
          'the way %r to be taken' % way)


def close(app, title):
    """Waits for the window of that title, and closes it"""
    def is_there():
        return any(title in (window.get_name() or '') for window in atspi.children(app.node()))

    def press():
        atspi.focus_window(title)
        keys('Escape')

    wait(is_there, 'the window %r' % title)
    again(press, lambda: not is_there(), 'the window %r to close' % title)


def each_way_out_leads_on():
    bad = '20250103000000_bad'
    folder = make_project('health_ways', [('20250101000000_init', 'create table t (id int);'),
                                          ('20250102000000_posts', '-- posts\ncreate table posts (id int);')])
    path = os.path.join(folder, 'prisma', 'migrations', '20250102000000_posts', 'migration.sql')
    for args in (('init', '-q'), ('add', '-A'), ('commit', '-qm', 'one')):
        git(folder, *args)
    holder = subprocess.Popen(['psql', '-Xq', '-d', 'health_ways', '-c', 'select pg_advisory_lock(72707369)', '-c', 'select pg_sleep(600)'],
                              env={**os.environ, **SERVER}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait(lambda: psql('health_ways', "select count(*) from pg_locks where locktype = 'advisory' and objid = 72707369 and granted "
                                         "and database = (select oid from pg_database where datname = current_database())") == '1', 'the lock')
        with program(folder) as app:
            window = app.window(lambda title: 'health_ways' in title)
            # Somebody holds the lock: to wait, and the last resort
            atspi.activate(window, 'win.diagnose')
            wait(lambda: find_wrong(app) and find(find_wrong(app), 'label', 'Look Again'), 'the way to wait')
            press(find_wrong(app), 'Look Again')
            has_text(find_wrong(app), 'Somebody holds the migration lock')
            leave_by(app, 'End Session…')
            click(wait_for(app.dialog(), 'push button', 'End Session'))
            wait(lambda: holder.poll() is not None, 'the session to end')

            # The file is another than what was applied
            write(path, '-- mail\ncreate table posts (id int);')
            atspi.row(window, 'dev, development, 1 edited')
            take(app, window, 'was changed after it was applied', 'Take the New Checksum…')
            wait(lambda: any('_prisma_migrations' in (atspi.text(node) or '') for node in find_all(window, 'text')), 'the SQL')
            take(app, window, 'was changed after it was applied', 'Compare with the Database')
            wait_for(window, 'label', 'No Differences')
            take(app, window, 'was changed after it was applied', 'Put the File Back')
            click(wait_for(app.dialog(), 'push button', 'Put Back'))
            wait(lambda: open(path, encoding='utf-8').read().startswith('-- posts'), 'the file')
            assert open(path + '.edited', encoding='utf-8').read().startswith('-- mail')

            # Out of sync
            write(os.path.join(folder, 'prisma', 'migrations', bad, 'migration.sql'), 'create table half (id int);\nselect 1 / 0;')
            atspi.row(window, 'dev, development, 1 pending')
            take(app, window, 'The database is 1 migration behind', 'Show the Timeline')
            wait_for(window, 'label', 'bad')
            take(app, window, 'The database is 1 migration behind', 'Deploy…')
            close(app, 'Deploy')

            # A migration that failed
            subprocess.run([CTL, '--project', folder, '--env', 'dev', 'deploy'], capture_output=True, check=False)
            atspi.activate(window, 'win.refresh')
            atspi.row(window, 'dev, development, 1 failed')
            take(app, window, '“%s” failed' % bad, 'Write the Way Back…')
            close(app, 'Down SQL of')
            take(app, window, '“%s” failed' % bad, 'Mark as Applied…')
            click(wait_for(app.dialog(), 'push button', lambda name: name is not None and 'Applied' in name))
            wait(lambda: psql('health_ways', "select bool_or(finished_at is not null) from _prisma_migrations where migration_name = '%s'" % bad) == 't', 'the ledger')
    finally:
        holder.kill()
        holder.wait()


def maintenance_tells_how_far_it_is():
    folder = make_project('health_slowly', [('20250101000000_init', 'create table items (id int primary key, note text); insert into items '
                                                                    "select g, repeat('x', 200) from generate_series(1, 20000) g; delete from items where id % 2 = 0")])
    # So that it goes on for as long as it is looked at
    psql('postgres', 'alter database health_slowly set vacuum_cost_delay = 100')
    psql('postgres', 'alter database health_slowly set vacuum_cost_limit = 1')
    with program(folder) as app:
        window = open_page(app, 'health_slowly')
        has_text(window, 'to be looked at')
        dialog = again(lambda: click(lambda: find(window, 'push button', 'Vacuum…')), lambda: find(app.node(), 'dialog', lists=False), 'the question')
        click(wait_for(dialog, 'push button', 'Vacuum'))
        click(wait_for(window, None, atspi.tells_of_running_jobs))
        # "items: scanning heap", "pg_proc: acquiring sample rows": as the server tells it
        told = re.compile(r'\w+: (scanning|vacuuming|cleaning|truncating|acquiring|performing|computing|finalizing)')
        row = wait(lambda: next((item for item in find_all(window, 'list item') if any(told.match(text) for text in atspi.labels(item))), None), 'what the server does')
        bar = wait_for(row, 'progress bar')
        wait(lambda: 0 < bar.get_value() < 1, 'the bar to be somewhere between its ends')
        picture('8-progress')
        click(find(row, 'push button', 'Cancel'))
        wait(lambda: 'Cancelled' in atspi.labels(row), 'the job to say that it is over')
        wait(lambda: psql('health_slowly', "select count(*) from pg_stat_activity where datname = current_database() and query like 'VACUUM%'") == '0', 'the server to have stopped')


def a_reminder_is_a_gentle_banner():
    folder = make_project('health_reminder', [])
    home = tempfile.mkdtemp(dir=FOLDER)
    path = os.path.join(home, 'state', 'tidemark', 'reminders.ini')
    month, today = 31 * 24 * 3600, int(time.time())

    def due(**moments):
        write(path, '[%s]\n%s' % (folder, ''.join('%s=%d\n' % (key.replace('_', '-'), moment) for key, moment in moments.items())))

    def get_moment(key):
        with open(path, encoding='utf-8') as file:
            return next(int(line.split('=')[1]) for line in file if line.startswith(key + '='))

    for button in ('Show', 'Not Now'):
        due(status=today, vacuum=today - month, clean_up=today)
        with program(folder, home) as app:
            window = app.window(lambda title: 'health_reminder' in title)
            has_text(window, 'A month has passed')
            picture('9-reminder')
            click(wait_for(window, 'push button', button))
            wait(lambda: get_moment('vacuum') >= today, 'its clock to start anew')
            wait_gone(window, 'label', lambda name: name is not None and 'A month has passed' in name)
            if button == 'Show':
                wait_for(window, 'push button', 'Vacuum…')
    due(status=today, vacuum=today, clean_up=today)
    with program(folder, home) as app:
        window = app.window(lambda title: 'health_reminder' in title)
        atspi.row(window, 'dev, ')
        assert find(window, 'label', lambda name: name is not None and 'has passed' in name) is None


def local(database, user=USER):
    return 'postgresql://%s@localhost:%s/%s?host=%s' % (user, PORT, database, HOST.replace('/', '%2F'))


def make_environments(name, urls, migrations=()):
    """A project with an environment for each of @urls"""
    folder = make_project(name, migrations, url='')
    write(os.path.join(folder, 'tidemark.json'),
          json.dumps({'environments': {env: {'url': url, 'kind': 'development'} for env, url in urls.items()}}))
    return folder


def hba(rules):
    """Puts @rules before those of the server"""
    path = psql('postgres', 'show hba_file')
    old = psql('postgres', 'select pg_read_file($$%s$$)' % path)
    psql('postgres', "copy (select * from regexp_split_to_table($r$%s%s$r$, E'\\n')) to '%s'" % (rules, old, path))
    psql('postgres', 'select pg_reload_conf()')
    return old


def find_wrong(app):
    return find(app.node(), 'frame', 'What Is Wrong?', lists=False)


def look(app, window, env, words):
    """Chooses an environment and opens its diagnosis, which tells of @words; the window"""
    atspi.choose_row(window, env + ', ', HARBOUR)
    # It is lost where a question that was just answered still holds the window
    again(lambda: atspi.activate(window, 'win.diagnose'), lambda: find_wrong(app), 'the diagnosis to open')
    wait_for(find_wrong(app), None, lambda name: name is not None and words in name)
    return find_wrong(app)


def press(wrong, way):
    atspi.mouse(lambda: find(wrong, 'label', way), title='What Is Wrong')


def leave_by(app, way):
    """Takes a way out that leads elsewhere."""
    again(lambda: atspi.mouse(lambda: find(find_wrong(app), 'label', way), title='What Is Wrong'), lambda: find_wrong(app) is None,
          'the way %r to be taken' % way)


def leave(app):
    atspi.focus_window('What Is Wrong')
    keys('Escape')
    wait(lambda: find_wrong(app) is None, 'the diagnosis to close')


HARBOUR = '^(doors|states)'


def closed_doors_are_told_and_opened():
    psql('postgres', "create role doors_password login password 'hunter2'; create role doors_kept_out login")
    psql('postgres', 'create database doors_shut')
    psql('postgres', 'alter database doors_shut allow_connections false')
    old = hba('local postgres doors_password scram-sha-256\nlocal postgres doors_kept_out reject\n')
    folder = make_environments('doors', {
        'refused': 'postgresql://ada@127.0.0.1:1/shop', 'password': local('postgres', 'doors_password'), 'kept': local('postgres', 'doors_kept_out'), 'lost': local('doors_lost'),
        'shut': local('doors_shut')}, [('20250101000000_init', 'create table t (id int)')])
    with program(folder) as app:
        window = app.window(lambda title: 'doors' in title)
        atspi.choose_row(window, 'refused, ', HARBOUR)
        click(wait_for(window, 'page tab', 'Health'))
        has_text(window, 'The Database Cannot Be Looked At')
        wrong = look(app, window, 'refused', 'Nothing listens there')
        picture('6-unreachable')
        assert not atspi.has_state(find(wrong, 'push button', 'Look for Drift'), 'sensitive')
        press(wrong, 'Try Again')
        has_text(wrong, 'Nothing listens there')
        leave(app)

        wrong = look(app, window, 'password', 'The server asks for a password')
        press(wrong, 'Enter Password…')
        dialog = app.dialog()
        atspi.set_text(wait_for(dialog, 'password text'), 'hunter2')
        click(wait_for(dialog, 'push button', 'Connect'))
        has_text(wrong, 'The database is 1 migration behind')
        assert atspi.has_state(find(wrong, 'push button', 'Look for Drift'), 'sensitive')
        leave(app)

        wrong = look(app, window, 'kept', 'pg_hba.conf does not let')
        psql('postgres', "copy (select * from regexp_split_to_table($r$%s$r$, E'\\n')) to '%s'" % (old, psql('postgres', 'show hba_file')))
        psql('postgres', 'select pg_reload_conf()')
        again(lambda: press(wrong, 'Try Again'), lambda: find(wrong, None, 'The database is 1 migration behind'), 'the door to be open', 3)
        leave(app)

        for env, words, way, verb in (('lost', 'The server has no such database', 'Create the Database…', 'Create'),
                                      ('shut', 'The database is closed to connections', 'Allow Connections…', 'Allow')):
            look(app, window, env, words)
            leave_by(app, way)
            click(wait_for(app.dialog(), 'push button', verb))
            atspi.row(window, env + ', development, 1 pending')


def every_state_has_a_way_out_that_does_what_it_says():
    slow, twin = '20250103000000_slow', '20250104000000_posts'
    posts = 'create table posts (id int);'
    databases = {name: 'states_' + name for name in ('drifted', 'unnoted', 'stranger', 'unended')}
    for database in databases.values():
        psql('postgres', 'create database ' + database)
    folder = make_environments('states', {name: local(database) for name, database in databases.items()},
                               [('20250101000000_init', 'create table t (id int);'), ('20250102000000_posts', posts)])

    def ctl(env, *args):
        return subprocess.Popen([CTL, '--project', folder, '--env', env, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def migration(name, sql):
        write(os.path.join(folder, 'prisma', 'migrations', name, 'migration.sql'), sql)

    for env in ('drifted', 'stranger'):
        assert ctl(env, 'deploy').wait() == 0
    psql('states_drifted', 'alter table t add phone text')
    psql('states_unnoted', 'create table t (id int)')
    psql('states_stranger', "alter table _prisma_migrations add contract text; insert into _prisma_migrations (id, checksum, finished_at, "
                            "migration_name, started_at, applied_steps_count) values ('x', 'x', now(), '20250102500000_gone', now(), 1)")
    migration(slow, 'select pg_sleep(600);')
    process = ctl('unended', 'deploy')
    sleeping = "from pg_stat_activity where datname = 'states_unended' and query like '%pg_sleep(600)%' and pid <> pg_backend_pid()"
    wait(lambda: psql('postgres', 'select count(*) ' + sleeping) == '1', 'the migration to begin')
    process.kill()
    process.wait()
    migration(twin, posts)
    with program(folder) as app:
        window = app.window(lambda title: 'states' in title)

        # It has not failed, and is not said to have, before it has ended
        wrong = look(app, window, 'unended', 'has not ended yet')
        has_text(wrong, '1 pending migration waits for one that has not ended')
        has_text(wrong, 'Migrations with the same content')
        psql('postgres', 'select pg_terminate_backend(pid) ' + sleeping)
        again(lambda: press(wrong, 'Look Again'), lambda: find(wrong, None, '“%s” failed' % slow), 'the end of it')
        leave_by(app, 'Mark as Rolled Back…')
        click(wait_for(app.dialog(), 'push button', lambda name: name is not None and 'Rolled Back' in name))
        wait(lambda: psql('states_unended', 'select count(*) from _prisma_migrations where rolled_back_at is not null') == '1', 'the ledger')
        take(app, window, 'Migrations with the same content', 'Show in the Timeline')
        wait_for(wait_for(window, 'filler', 'TideMigrationDetails'), 'label', 'posts')
        shutil.rmtree(os.path.join(folder, 'prisma', 'migrations', twin))
        shutil.rmtree(os.path.join(folder, 'prisma', 'migrations', slow))

        look(app, window, 'unnoted', 'tables, and no ledger')
        leave_by(app, 'Mark the First as Applied…')
        click(wait_for(app.dialog(), 'push button', lambda name: name is not None and 'Applied' in name))
        wait(lambda: psql('states_unnoted', "select to_regclass('_prisma_migrations') is not null") == 't'
             and psql('states_unnoted', 'select count(*) from _prisma_migrations where finished_at is not null') == '1', 'the ledger')

        wrong = look(app, window, 'stranger', 'A newer Prisma was at work here')
        has_text(wrong, '1 applied migration is not in the project')
        leave_by(app, 'Compare with the Database')
        has_text(window, '20250102500000_gone')

        click(wait_for(look(app, window, 'drifted', 'Nothing Is Wrong'), 'push button', 'Look for Drift'))
        has_text(find_wrong(app), 'The database differs from its migrations in 1 object')
        leave_by(app, 'Adopt…')
        wait_for(app.dialog(), 'push button', 'Make')
        has_text(app.dialog(), 'What It Does')
        click(wait_for(app.dialog(), 'push button', 'Cancel'))
        wait(lambda: find(app.node(), 'dialog', lists=False) is None, 'the question to close')
        click(wait_for(look(app, window, 'drifted', 'Nothing Is Wrong'), 'push button', 'Look for Drift'))
        has_text(find_wrong(app), 'The database differs from its migrations in 1 object')
        leave_by(app, 'Take Back…')
        click(wait_for(app.dialog(), 'push button', 'Revert'))
        wait(lambda: psql('states_drifted', "select count(*) from information_schema.columns where column_name = 'phone'") == '0', 'the column to go')
        # That there is none is said, where all is well and beside what else is wrong
        click(wait_for(look(app, window, 'drifted', 'Nothing Is Wrong'), 'push button', 'Look for Drift'))
        has_text(find_wrong(app), 'and the database is what its migrations say')
        leave(app)
        psql('states_drifted', "update _prisma_migrations set checksum = 'x'")
        click(wait_for(look(app, window, 'drifted', 'was changed after it was applied'), 'push button', 'Look for Drift'))
        has_text(find_wrong(app), 'No Drift')
        leave(app)


tests = [checks_tell_and_maintenance_helps, who_holds_others_up_is_ended, drift_is_looked_for_and_shared,
         looking_for_drift_is_stopped, a_failed_migration_has_its_ways_out, each_way_out_leads_on,
         every_state_has_a_way_out_that_does_what_it_says,
         maintenance_tells_how_far_it_is, a_reminder_is_a_gentle_banner, closed_doors_are_told_and_opened]
try:
    atspi.run(*[test for test in tests if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
