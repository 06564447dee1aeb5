#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backups page, as a person meets it: back up, look, restore beside, swap and swap back, clean away.

test_backups.py TIDEMARK TIDEMARKCTL, under with-display.sh. Databases are on the server of with-postgres.sh.
"""
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

import atspi
from atspi import Program, again, click, find, has_state, keys, mouse, set_text, wait, wait_for
from server import HOST, PORT, USER, psql

TIDEMARK = sys.argv[1]
FOLDER = tempfile.mkdtemp(prefix='tide-backups-')
os.chmod(FOLDER, 0o755)
SERVER = {'PGHOST': HOST, 'PGPORT': PORT, 'PGUSER': USER}


def make_project(database):
    """A project over a new database with three tables in two schemas"""
    psql('postgres', 'CREATE DATABASE "%s"' % database)
    psql(database, 'CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users SELECT generate_series(1, 100);'
                   'CREATE TABLE orders (id int); CREATE SCHEMA audit; CREATE TABLE audit.log (id int)')
    folder = os.path.join(FOLDER, database)
    os.makedirs(os.path.join(folder, 'prisma', 'migrations'))
    url = 'postgresql://%s@localhost:%s/%s?host=%s' % (USER, PORT, quote(database),
                                                       quote(HOST, safe=''))
    write(os.path.join(folder, 'package.json'), json.dumps({'name': database}))
    write(os.path.join(folder, 'prisma', 'schema.prisma'), 'datasource db { provider = "postgresql" }\n')
    write(os.path.join(folder, 'tidemark.json'),
          json.dumps({'environments': {'dev': {'url': url, 'kind': 'development'}}}))
    return folder


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def leave(path):
    """A file as a run leaves it that was killed; the folder it lies in is watched, so its mark comes first"""
    with tempfile.NamedTemporaryFile(dir=FOLDER, delete=False) as file:
        file.write(b'PGDMP')
    try:
        os.setxattr(file.name, 'user.tidemark.unfinished', b'1')
    except OSError as error:
        assert error.errno == errno.ENOTSUP, error
    os.rename(file.name, path)


def program(folder):
    home = tempfile.mkdtemp(dir=FOLDER)
    os.chmod(home, 0o755)
    return Program([TIDEMARK, folder], {
        'XDG_CONFIG_HOME': os.path.join(home, 'config'), 'XDG_DATA_HOME': os.path.join(home, 'share'),
        'XDG_CACHE_HOME': os.path.join(home, 'cache')})


def open_page(app, name):
    window = app.window(lambda title: name in title)
    atspi.row(window, 'dev, ')
    click(wait_for(window, 'page tab', 'Backups'))
    return window


def press(root, name):
    """Presses a button as soon as it works."""
    button = wait_for(root, 'push button', name)
    wait(lambda: has_state(button, 'sensitive'), '%r to work' % name)
    click(button)


def go_on(wizard, *steps):
    """Goes on to each of the steps, which are named as the header bar names them; a button acts a moment after it was pressed."""
    for step in steps:
        press(wizard, 'Next')
        wait_for(wizard, 'label', step)


def back_up(app, window):
    press(window, 'Back Up…')
    wizard = wait_for(app.node(), 'dialog', lambda title: title.startswith('Back Up '))
    go_on(wizard, '2 of 3: How', '3 of 3: Plan')
    return wizard


def ask(app, window, name):
    """Presses a button until its question stands there: what is not drawn yet takes no press."""
    return again(lambda: press(window, name), lambda: find(app.node(), 'dialog'), 'the question of %r' % name)


def press_named(dialog, verb, name):
    """Presses a button that works once the whole name is typed, and not before"""
    button = wait_for(dialog, 'push button', verb)
    for text, allowed in ((name[:-1], False), (name, True)):
        set_text(wait_for(dialog, 'text'), text)
        wait(lambda: has_state(button, 'sensitive') == allowed, 'a button that is %s' % allowed)
    click(button)


def choose_environment(dialog, downs):
    """Chooses the row of the drop-down that many below the first"""
    chooser = wait_for(dialog, 'combo box', 'Environment')
    mouse(wait_for(chooser, 'push button'), '^Compare With the Database$')
    wait(lambda: (atspi.focused(chooser) or chooser).get_role_name() == 'list item', 'its list')
    keys('Home', *['Down'] * downs, 'Return')


def list_backups(folder):
    backups = os.path.join(folder, 'backups')
    names = os.listdir(backups) if os.path.isdir(backups) else []
    return [name for name in names if not name.endswith('.json')]


def backup_is_made_and_proved():
    folder = make_project('backed_up')
    with program(folder) as app:
        window = open_page(app, 'backed_up')
        wait_for(window, 'label', 'No Backups Yet')
        wizard = back_up(app, window)
        # The command that will run is shown, ready to be copied.
        wait_for(wizard, 'label', lambda text: text.startswith('pg_dump --format=custom '))
        press(wizard, 'Back Up')
        wait_for(window, 'label', 'Intact')
        wait_for(window, 'label', 'public.users')
        assert len(list_backups(folder)) == 1, list_backups(folder)
        manifest = os.path.join(folder, 'backups', list_backups(folder)[0] + '.json')
        for pinned in (True, False):
            press(window, 'Pin')
            wait(lambda: json.load(open(manifest, encoding='utf-8')).get('pinned', False) == pinned, 'a pin that is %s' % pinned)


def unreachable_database_is_told_in_the_wizard():
    folder = make_project('goes_away')
    with program(folder) as app:
        window = open_page(app, 'goes_away')
        press(window, 'Back Up…')
        wizard = wait_for(app.node(), 'dialog', 'Back Up dev')
        psql('postgres', 'ALTER DATABASE goes_away ALLOW_CONNECTIONS false')
        go_on(wizard, '2 of 3: How', '3 of 3: Plan')
        wait_for(wizard, 'label', lambda text: 'goes_away' in text and 'not currently accepting' in text)
        wait(lambda: not has_state(wait_for(wizard, 'push button', 'Back Up'), 'sensitive'), 'no way to go on')
        psql('postgres', 'ALTER DATABASE goes_away ALLOW_CONNECTIONS true')
        press(wizard, 'Try Again')
        wait_for(wizard, 'label', lambda text: text.startswith('pg_dump '))
        keys('Escape')


def dump(folder, database):
    os.makedirs(os.path.join(folder, 'backups'), exist_ok=True)
    path = os.path.join(folder, 'backups', 'elsewhere.dump')
    subprocess.run(['pg_dump', '-Fc', '-d', database, '-f', path], env={**os.environ, **SERVER}, check=True)
    return path


def open_restore(app, window):
    wait_for(window, 'label', lambda text: text.startswith('elsewhere.dump'))
    wizard = ask(app, window, 'Restore…')
    go_on(wizard, '2 of 3: Contents', '3 of 3: Where')
    return wizard


def restore_goes_beside_and_the_swap_comes_back():
    folder = make_project('swapped')
    dump(folder, 'swapped')
    psql('swapped', 'DELETE FROM users')
    with program(folder) as app:
        window = open_page(app, 'swapped')
        wizard = open_restore(app, window)
        set_text(wait_for(wizard, 'text', lambda name: name.startswith('Name of the New Database')), 'beside')
        press(wizard, 'Restore')
        wait_for(window, 'label', lambda text: text.startswith('Restored into the new database “beside”'))
        assert psql('beside', 'SELECT count(*) FROM users') == '100'
        assert psql('swapped', 'SELECT count(*) FROM users') == '0'

        wizard = open_restore(app, window)
        mouse(wait_for(wizard, 'label', 'Into a New Database, Then Swap'), '^Restore$')
        wait_for(wizard, 'label', 'Nobody else is connected to the database.')
        press(wizard, 'Restore')
        wait_for(window, 'label', lambda text: text.startswith('“swapped” is restored.'))
        assert psql('swapped', 'SELECT count(*) FROM users') == '100'
        press(ask(app, window, 'Swap Back'), 'Swap Back')
        wait_for(window, 'label', lambda text: text.startswith('“swapped” is what it was before'))
        assert psql('swapped', 'SELECT count(*) FROM users') == '0'


def what_a_swap_kept_is_there_at_the_next_start():
    folder = make_project('kept')
    path = dump(folder, 'kept')
    ctl = [sys.argv[2], '--project', folder, '--env', 'dev', '--quiet', '--json', 'restore', path, '--swap']
    first = json.loads(subprocess.run(ctl, check=True, capture_output=True).stdout)['old_database']
    time.sleep(1.1)  # until the next dated name
    psql('kept', 'DELETE FROM users')
    second = json.loads(subprocess.run(ctl, check=True, capture_output=True).stdout)['old_database']
    settings = os.path.join(folder, 'tidemark.json')
    with open(settings, encoding='utf-8') as file:
        production = file.read().replace('development', 'production')
    write(settings, production)
    with program(folder) as app:
        window = open_page(app, 'kept')
        row = wait_for(window, 'label', '2 databases are kept from before restores')
        mouse(row, 'kept')
        wait_for(window, 'label', lambda text: text.startswith(second + ', '))
        take_picture('kept')
        # Newest first
        press_named(ask(app, window, 'Swap Back…'), 'Swap Back', 'kept')
        wait_for(window, 'label', lambda text: text.startswith('“kept” is what it was before'))
        assert psql('kept', 'SELECT count(*) FROM users') == '0'
        wait_for(window, 'label', '1 database is kept from before a restore')
        assert psql('postgres', "SELECT count(*) FROM pg_database WHERE datname = '%s'" % first) == '1'
        press_named(ask(app, window, 'Drop…'), 'Drop', first)
        wait(lambda: psql('postgres', "SELECT count(*) FROM pg_database WHERE datname = '%s'" % first) == '0', 'it to go')

        psql('postgres', 'ALTER DATABASE kept ALLOW_CONNECTIONS false')
        atspi.activate(window, 'win.refresh')
        wait_for(window, 'label', '“kept” takes no connections')
        take_picture('closed')
        press(window, 'Allow Connections')
        wait(lambda: psql('postgres', "SELECT datallowconn FROM pg_database WHERE datname = 'kept'") == 't', 'it to open')


def restore_in_place_wants_the_name():
    # What would be markup is a name like any other
    name = 'in & <place>'
    folder = make_project(name)
    dump(folder, name)
    psql(name, 'DELETE FROM users')
    with program(folder) as app:
        window = open_page(app, name)
        wizard = open_restore(app, window)
        mouse(wait_for(wizard, 'label', 'In Place'), '^Restore$')
        entry = wait_for(wizard, 'text', 'Type “%s” to Confirm' % name)
        button = find(wizard, 'push button', 'Restore')
        wait(lambda: not has_state(button, 'sensitive'), 'the button to wait for the name')
        take_picture('in-place')
        set_text(entry, name)
        press(wizard, 'Restore')
        wait_for(window, 'label', lambda text: text.startswith('“%s” is restored in place.' % name))
        assert psql(name, 'SELECT count(*) FROM users') == '100'
        assert len(list_backups(folder)) == 2, list_backups(folder)


def what_was_chosen_comes_with_what_it_needs():
    folder = make_project('needed')
    psql('needed', 'CREATE TABLE audit.other (); CREATE VIEW logged AS SELECT * FROM audit.log')
    dump(folder, 'needed')
    with program(folder) as app:
        window = open_page(app, 'needed')
        wait_for(window, 'label', lambda text: text.startswith('elsewhere.dump'))
        wizard = ask(app, window, 'Restore…')
        go_on(wizard, '2 of 3: Contents')
        schema = wait_for(wizard, 'check box', 'audit')
        again(lambda: mouse(schema, '^Restore$'), lambda: not has_state(schema, 'checked'), 'the schema to be left out')
        take_picture('contents')
        go_on(wizard, '3 of 3: Where')
        set_text(wait_for(wizard, 'text', lambda name: name.startswith('Name of the New Database')), 'needed_part')
        press(wizard, 'Restore')
        wait_for(window, 'label', lambda text: text.startswith('Restored into the new database “needed_part”'))
        assert psql('needed_part', "SELECT to_regclass('logged') IS NOT NULL, to_regclass('audit.log') IS NOT NULL,"
                                   " to_regclass('audit.other') IS NULL, (SELECT count(*) FROM users)") == 't|t|t|100'


def who_uses_it_is_named_and_ended_only_if_asked():
    folder = make_project('in_use')
    dump(folder, 'in_use')
    psql('in_use', 'DELETE FROM users')
    user = subprocess.Popen(['psql', '-XAtq', '-d', 'in_use'], env={**os.environ, **SERVER, 'PGAPPNAME': 'ledger work'},
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    user.stdin.write('SELECT 1;\n')
    user.stdin.flush()
    assert user.stdout.readline() == '1\n'
    with program(folder) as app:
        window = open_page(app, 'in_use')
        wizard = open_restore(app, window)
        mouse(wait_for(wizard, 'label', 'Into a New Database, Then Swap'), '^Restore$')
        wait_for(wizard, 'label', '1 session uses the database now.')
        wait_for(wizard, 'label', lambda text: 'ledger work' in text)
        take_picture('in-use')
        press(wizard, 'Restore')
        failure = wait_for(app.node(), 'dialog', 'The Backup Could Not Be Restored')
        wait_for(failure, 'label', lambda text: 'ledger work' in text and 'process' in text)
        assert psql('in_use', 'SELECT count(*) FROM users') == '0'
        assert user.poll() is None
        again(lambda: click(wait_for(failure, 'push button', 'Close')), lambda: not find(app.node(), 'dialog'), 'it to close')

        wizard = open_restore(app, window)
        mouse(wait_for(wizard, 'label', 'Into a New Database, Then Swap'), '^Restore$')
        wait_for(wizard, 'label', '1 session uses the database now.')
        end = wait_for(wizard, 'check box', lambda name: name.endswith('Then End Them'))
        again(lambda: mouse(end, '^Restore$'), lambda: has_state(end, 'checked'), 'the switch')
        press(wizard, 'Restore')
        wait_for(window, 'label', lambda text: text.startswith('“in_use” is restored.'))
        assert psql('in_use', 'SELECT count(*) FROM users') == '100'
    user.kill()
    user.wait()


def take_picture(name):
    """For people to look at, where somebody asks for it"""
    if os.environ.get('TIDE_TEST_PICTURES'):
        time.sleep(0.5)
        atspi.screenshot(os.path.join(os.environ['TIDE_TEST_PICTURES'], name + '.png'))


def rows_are_compared_with_any_environment():
    folder = make_project('compared')
    make_project('compared_other')
    psql('compared_other', 'DELETE FROM users WHERE id > 60; DROP TABLE orders; CREATE TABLE added (id int)')
    settings = json.load(open(os.path.join(folder, 'tidemark.json'), encoding='utf-8'))
    url = settings['environments']['dev']['url']
    settings['environments']['other'] = {'url': url.replace('/compared?', '/compared_other?'), 'kind': 'staging'}
    settings['environments']['gone'] = {'url': url.replace('/compared?', '/compared_gone?'), 'kind': 'staging'}
    write(os.path.join(folder, 'tidemark.json'), json.dumps(settings))
    subprocess.run([sys.argv[2], '--project', folder, '--env', 'dev', '--quiet', 'backup'], check=True, capture_output=True)
    with program(folder) as app:
        window = open_page(app, 'compared')
        wait_for(window, 'label', 'Intact')
        press(window, 'Compare With the Database')
        dialog = wait_for(app.node(), 'dialog', 'Compare With the Database')
        wait_for(dialog, 'label', '3 tables, each with the same number of rows on both sides.')
        assert 'public.users' in atspi.labels(dialog)
        only = wait_for(dialog, 'check box', 'Only Differences')
        mouse(only, '^Compare With the Database$')
        atspi.wait_gone(dialog, 'label', 'public.users')

        choose_environment(dialog, 1)
        wait_for(dialog, 'label', '3 of 4 tables differ.')
        shown = atspi.labels(dialog)
        assert '\u221240' in shown and 'no table' in shown and 'public.added' in shown, shown
        assert 'audit.log' not in shown, shown
        take_picture('compare')
        mouse(only, '^Compare With the Database$')
        wait_for(dialog, 'label', 'audit.log')

        choose_environment(dialog, 2)
        wait_for(dialog, 'label', lambda text: 'compared_gone' in text and 'does not exist' in text)
        take_picture('compare-error')
        choose_environment(dialog, 1)
        wait_for(dialog, 'label', '3 of 4 tables differ.')
        press(dialog, 'Schemas')
        atspi.wait_gone(app.node(), 'dialog')
        # The page of Drift shows what else is not the same.
        wait(lambda: {'orders', 'added'} <= set(atspi.labels(window)), 'both tables in the list of differences')
        take_picture('compare-schemas')


def choose_from_menu(window, button, item):
    again(lambda: click(wait_for(window, 'push button', button)), lambda: find(window, 'menu item', item), 'the menu %r' % button)
    click(wait_for(window, 'menu item', item))


def make_backups(folder, count):
    for _ in range(count):
        subprocess.run([sys.argv[2], '--project', folder, '--env', 'dev', '--quiet', 'backup'], check=True, capture_output=True)


def backup_is_verified_from_the_page():
    folder = make_project('verified')
    make_backups(folder, 1)
    with program(folder) as app:
        window = open_page(app, 'verified')
        wait_for(window, 'label', 'Intact')
        choose_from_menu(window, 'Verify', '4 Count Every Row There')
        wait_for(window, 'label', 'Proved')
        manifest = [name for name in os.listdir(os.path.join(folder, 'backups')) if name.endswith('.json')][0]
        assert json.load(open(os.path.join(folder, 'backups', manifest), encoding='utf-8'))['level'] == 4

        path = os.path.join(folder, 'backups', list_backups(folder)[0])
        with open(path, 'r+b') as file:
            file.truncate(os.path.getsize(path) // 2)
        choose_from_menu(window, 'Verify', '2 Compare Checksums')
        wait_for(app.node(), 'label', 'The Backup Is Not Proved')
        keys('Escape')
        wait_for(window, 'label', 'Damaged')


def old_backups_are_cleaned_up():
    folder = make_project('cleaned')
    make_backups(folder, 3)
    names = sorted(list_backups(folder))
    with program(folder) as app:
        window = open_page(app, 'cleaned')
        wait_for(window, 'label', 'Intact')
        choose_from_menu(window, 'More', 'Clean Up…')
        dialog = wait_for(app.node(), 'dialog', 'Clean Up')
        wait_for(dialog, 'label', 'Nothing Would Go')
        assert not has_state(find(dialog, 'push button', 'Delete'), 'sensitive')
        for name, value in (('The Last', 2), ('Of Each Day', 0), ('Of Each Week', 0), ('Of Each Month', 0)):
            wait_for(dialog, 'spin button', lambda title: title.endswith(name)).set_value(value)
        wait_for(dialog, 'label', lambda text: text.startswith('1 of 3 Would Go'))
        take_picture('clean-up')
        press(dialog, 'Delete')
        wait(lambda: sorted(list_backups(folder)) == names[1:], 'the oldest to go')
        wait_for(window, 'label', lambda text: text.startswith('2 backups, '))


def part_of_the_database_is_chosen():
    folder = make_project('chosen')
    with program(folder) as app:
        window = open_page(app, 'chosen')
        wizard = ask(app, window, 'Back Up…')
        for downs, box, option in ((1, 'audit', '--schema='), (2, 'users', '--table=')):
            again(lambda: mouse(wait_for(wizard, 'label', 'Back Up'), '^Back Up dev$'),
                  lambda: (atspi.focused(wizard) or wizard).get_role_name() == 'list item', 'the list to unfold')
            keys('Home', *['Down'] * downs, 'Return')
            wait(lambda: not has_state(find(wizard, 'push button', 'Next'), 'sensitive'), 'something to be chosen')
            mouse(wait_for(wizard, 'check box', box), '^Back Up dev$')
            go_on(wizard, '2 of 3: How', '3 of 3: Plan')
            wait_for(wizard, 'label', lambda text: text.startswith('pg_dump ') and option in text and box in text)
            take_picture('chosen%d' % downs)
            for step in ('2 of 3: How', '1 of 3: What'):
                press(wizard, 'Back')
                wait_for(wizard, 'label', step)
        go_on(wizard, '2 of 3: How', '3 of 3: Plan')
        press(wizard, 'Back Up')
        wait_for(window, 'label', 'Intact')
        wait_for(window, 'label', '1 Table')


def cancel_from_jobs(window):
    """Presses Cancel in the row of the only job that runs"""
    click(wait_for(window, None, atspi.tells_of_running_jobs))
    row = wait(lambda: next((item for item in atspi.find_all(window, 'list item') if find(item, 'push button', 'Cancel')
                             and 'Cancelled' not in atspi.labels(item)), None), 'the job')
    click(find(row, 'push button', 'Cancel'))
    wait(lambda: 'Cancelled' in atspi.labels(row), 'the job to say that it is over')
    keys('Escape')


def jobs_are_cancelled_from_their_rows():
    folder = make_project('stopped')
    os.makedirs(os.path.join(folder, 'backups'))
    write(os.path.join(folder, 'backups', 'elsewhere.dump'), '--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE half ();\n'
          'SELECT pg_sleep(599);\n--\n-- PostgreSQL database dump complete\n--\n')
    # pg_dump locks it; nobody counts its rows.
    psql('stopped', 'CREATE TABLE parts (id int) PARTITION BY RANGE (id)')
    waits = ("SELECT count(*) FROM pg_stat_activity WHERE datname = 'stopped' AND application_name LIKE 'tidemark-dump-%'"
             " AND wait_event_type = 'Lock'")
    sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(599)%'"
    with program(folder) as app:
        window = open_page(app, 'stopped')
        wizard = back_up(app, window)
        wait_for(wizard, 'label', lambda text: text.startswith('pg_dump '))
        with subprocess.Popen(['psql', '-Xqd', 'stopped', '-c', 'BEGIN; LOCK TABLE parts; SELECT pg_sleep(600)'],
                              env={**os.environ, **SERVER}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as blocker:
            wait(lambda: psql('stopped', "SELECT count(*) FROM pg_locks WHERE relation = 'parts'::regclass AND granted") == '1', 'the lock')
            press(wizard, 'Back Up')
            wait(lambda: psql('stopped', waits) == '1', 'pg_dump to wait')
            cancel_from_jobs(window)
            wait(lambda: psql('stopped', waits) == '0', 'the end of its session')
            assert os.listdir(os.path.join(folder, 'backups')) == ['elsewhere.dump']
            psql('stopped', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE parts%'")
            blocker.wait()

        wizard = open_restore(app, window)
        press(wizard, 'Restore')
        wait(lambda: psql('stopped', sleeps) == '1', 'the restore to be at work')
        cancel_from_jobs(window)
        wait(lambda: psql('stopped', sleeps) == '0', 'the end of its session')
        wait(lambda: psql('stopped', "SELECT count(*) FROM pg_database WHERE datname LIKE 'stopped\\_%'") == '0', 'its database to go')
        assert psql('stopped', 'SELECT count(*) FROM users') == '100'


def damaged_and_unfinished_files_are_told():
    folder = make_project('untidy')
    path = dump(folder, 'untidy')
    with open(path, 'r+b') as file:
        file.truncate(os.path.getsize(path) // 2)
    orphan = os.path.join(folder, 'backups', 'migration_backup_20250101_000000.dump.partial')
    leave(orphan)
    with program(folder) as app:
        window = open_page(app, 'untidy')
        wait_for(window, 'label', lambda text: text.startswith('1 file of a backup that was never finished'))
        press(ask(app, window, 'Remove…'), 'Remove')
        wait(lambda: not os.path.exists(orphan), 'the unfinished file to go')
        atspi.wait_gone(app.node(), 'dialog')
        wait_for(window, 'label', lambda text: text.startswith('elsewhere.dump'))
        press(ask(app, window, 'Delete'), 'Delete')
        wait(lambda: list_backups(folder) == [], 'the damaged file to go')
        wait_for(window, 'label', 'No Backups Yet')


def files_that_come_and_go_are_seen():
    """The folder is watched from before it is there, and a folder put into it until it is whole."""
    folder = make_project('watched')
    backups = os.path.join(folder, 'backups')
    with program(folder) as app:
        window = open_page(app, 'watched')
        wait_for(window, 'label', 'No Backups Yet')
        dump(folder, 'watched')
        wait_for(window, 'label', lambda text: text.startswith('elsewhere.dump'))
        subprocess.run(['pg_dump', '-Fd', '-f', os.path.join(FOLDER, 'watched.dir'), 'watched'], env={**os.environ, **SERVER}, check=True)
        os.mkdir(os.path.join(backups, 'slowly'))
        wait_for(window, 'label', lambda text: text.startswith('1 backup, '))
        for name in sorted(os.listdir(os.path.join(FOLDER, 'watched.dir')), reverse=True):
            shutil.copy(os.path.join(FOLDER, 'watched.dir', name), os.path.join(backups, 'slowly', name))
        wait_for(window, 'label', lambda text: text.startswith('2 backups, '))
        leave(os.path.join(backups, 'migration_backup_20250101_000000.dump.partial'))
        wait_for(window, 'label', lambda text: text.startswith('1 file of a backup that was never finished'))
        os.remove(os.path.join(backups, 'elsewhere.dump'))
        shutil.rmtree(os.path.join(backups, 'slowly'))
        wait_for(window, 'label', 'No Backups Yet')


TESTS = [
    backup_is_made_and_proved,
    unreachable_database_is_told_in_the_wizard,
    restore_goes_beside_and_the_swap_comes_back,
    what_a_swap_kept_is_there_at_the_next_start,
    restore_in_place_wants_the_name,
    what_was_chosen_comes_with_what_it_needs,
    who_uses_it_is_named_and_ended_only_if_asked,
    rows_are_compared_with_any_environment,
    backup_is_verified_from_the_page,
    old_backups_are_cleaned_up,
    part_of_the_database_is_chosen,
    jobs_are_cancelled_from_their_rows,
    damaged_and_unfinished_files_are_told,
    files_that_come_and_go_are_seen,
]

try:
    atspi.run(*[test for test in TESTS if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
