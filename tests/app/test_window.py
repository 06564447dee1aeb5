#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole program, as a person meets it: first start, the sample, connections, errors in place.

test_window.py TIDEMARK TIDEMARKCTL, under with-display.sh. Connections go to the server of with-postgres.sh.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

import atspi
from atspi import Program, activate, again, click, find, find_all, keys, mouse, row, set_text, wait, wait_for

TIDEMARK, TIDEMARKCTL = sys.argv[1:3]
FOLDER = tempfile.mkdtemp(prefix='tide-window-')
os.chmod(FOLDER, 0o755)


def program(*arguments, **environment):
    """tidemark with a home of its own for each test, so that every start is a first one."""
    home = tempfile.mkdtemp(dir=FOLDER)
    os.chmod(home, 0o755)
    environment.setdefault('XDG_CONFIG_HOME', os.path.join(home, 'config'))
    environment.setdefault('XDG_DATA_HOME', os.path.join(home, 'share'))
    environment.setdefault('XDG_CACHE_HOME', os.path.join(home, 'cache'))
    return Program([TIDEMARK, *arguments], environment)


def make_project(environments):
    folder = tempfile.mkdtemp(dir=FOLDER)
    migration = os.path.join(folder, 'prisma', 'migrations', '20250101000000_first')
    os.makedirs(migration)
    write(os.path.join(folder, 'package.json'), '{ "name": "harbour" }')
    write(os.path.join(folder, 'prisma', 'schema.prisma'), 'datasource db { provider = "postgresql" }\n')
    write(os.path.join(migration, 'migration.sql'), 'SELECT 1;')
    write(os.path.join(folder, 'tidemark.json'), json.dumps({'environments': environments}))
    return folder


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def url(database='postgres', **parameters):
    parameters['host'] = os.environ['TIDE_TEST_PGHOST']
    query = '&'.join('%s=%s' % (k, v.replace('/', '%2F')) for k, v in parameters.items())
    return 'postgresql://%s@localhost:%s/%s?%s' % (
        os.environ['TIDE_TEST_PGUSER'], os.environ['TIDE_TEST_PGPORT'], database, query)


def shows(window, text):
    """Waits until a label says @text."""
    return wait_for(window, 'label', text)


def first_start_offers_three_ways():
    with program() as app:
        window = app.window('Tidemark')
        for name in ('Open a Project…', 'Connect to a Database…', 'Try the Sample Project'):
            wait_for(window, 'push button', name)
        for node in find_all(window, 'push button'):
            assert node.get_name() != 'GtkImage', 'a button without a name'


def choose(window, node, text):
    """Clicks a row until @text shows: a click may come before the row stands where it will."""
    again(lambda: mouse(node, 'Tidemark'), lambda: find(window, 'label', text), text, 3)


def sample_shows_its_environments():
    share = os.path.join(FOLDER, 'sample')
    try:
        show_sample(share)
    finally:
        subprocess.run([TIDEMARKCTL, 'demo', '--stop'], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, 'XDG_DATA_HOME': share})


def show_sample(share):
    with program('--sample', XDG_DATA_HOME=share) as app:
        window = app.window()
        row(window, 'dev, development, up to date')
        row(window, 'staging, staging, 4 pending')
        production = row(window, 'prod, production, 7 pending')
        choose(window, production, '7 pending, 12 applied')
        assert window.get_name() == 'broxiva — Tidemark', window.get_name()

        # Without its server the history that was read stays, and a bar says that it may be old.
        activate(window, 'win.stop-sample')
        row(window, 'prod, production, cannot connect')
        wait_for(window, 'push button', 'Start the Sample')
        shows(window, '7 pending, 12 applied')

        # The bar starts it again where it is: nothing of the window is taken down for it.
        activate(window, 'win.start-sample')
        row(window, 'prod, production, 7 pending')
        shows(window, '7 pending, 12 applied')


def folder_that_is_no_project_is_told_in_place():
    folder = tempfile.mkdtemp(dir=FOLDER)
    with program(folder) as app:
        window = app.window()
        wait_for(window, 'label', 'The Project Could Not Be Opened')
        write(os.path.join(folder, 'tidemark.json'), '{ broken')
        os.makedirs(os.path.join(folder, 'prisma'))
        write(os.path.join(folder, 'prisma', 'schema.prisma'), 'datasource db { provider = "postgresql" }\n')
        activate(window, 'win.retry')
        wait_for(window, 'label', lambda name: 'tidemark.json' in name and 'line 1' in name)
        os.unlink(os.path.join(folder, 'tidemark.json'))
        activate(window, 'win.retry')
        row(window, 'default, ')


def environment_that_cannot_be_reached_is_marked():
    folder = make_project({
        'here': {'url': url(), 'kind': 'development'},
        'gone': {'url': 'postgresql://x@localhost:1/none?host=/nowhere', 'kind': 'staging'},
    })
    with program(folder) as app:
        window = app.window()
        row(window, 'here, development, 1 pending')
        atspi.choose_row(window, 'gone, staging, cannot connect', 'harbour')
        wait_for(window, 'label', 'The Database Cannot Be Read')


def why_a_connection_fails_is_read_in_any_language():
    listener = socket.create_server(('127.0.0.1', 0))

    def serve():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.recv(100)
                client.sendall(b'HTTP/1.1 400 Bad Request\r\n\r\n')

    threading.Thread(target=serve, daemon=True).start()
    folder = make_project({'web': {'url': 'postgresql://x@127.0.0.1:%d/x' % listener.getsockname()[1], 'kind': 'staging'}})
    # Of our own words this finds no German ones: nothing is installed
    with program(folder, LANGUAGE='de') as app:
        window = app.window()
        atspi.choose_row(window, 'web, staging, cannot connect', 'harbour')
        wait_for(window, 'label', lambda name: 'something other than PostgreSQL answers there' in name)
    listener.close()


def migration_that_appears_is_shown():
    folder = make_project({'here': {'url': url(), 'kind': 'development'}})
    with program(folder) as app:
        window = app.window()
        row(window, 'here, development, 1 pending')
        added = os.path.join(folder, 'prisma', 'migrations', '20250202000000_second')
        os.makedirs(added)
        write(os.path.join(added, 'migration.sql'), 'SELECT 2;')
        row(window, 'here, development, 2 pending')
        # What the command line warns of stands beside the environments.
        write(os.path.join(folder, 'prisma.config.ts'), 'export default makeConfig()')
        again(lambda: mouse(lambda: wait_for(window, 'push button', 'What Is Odd in the Project’s Files'), 'harbour'),
              lambda: find(window, 'label', lambda name: 'is a program that is not run here; the schema "%s' % folder in name),
              'the notes on the project')
        if os.environ.get('TIDE_TEST_LOOK'):
            atspi.screenshot(os.path.join(os.environ['TIDE_TEST_LOOK'], 'notes.png'))


def project_of_last_time_is_opened_again():
    folder = make_project({'here': {'url': url(), 'kind': 'development'}})
    kept = {'GSETTINGS_BACKEND': 'keyfile', 'XDG_CONFIG_HOME': os.path.join(FOLDER, 'kept')}
    with program(folder, **kept) as app:
        window = app.window()
        row(window, 'here, development, 1 pending')
        activate(window, 'window.close')
        assert app.wait_end() == 0
    with program(**kept) as app:
        row(app.window('harbour — Tidemark'), 'here, development, 1 pending')


def connection_is_made_tested_copied_and_removed():
    with program() as app:
        window = app.window()
        activate(window, 'win.new-connection')
        editor = wait_for(app.node(), 'dialog', 'New Connection')
        set_text(wait_for(editor, 'text', 'Paste a URL'), url(sslmode='disable'))
        set_text(wait_for(editor, 'text', 'Name'), 'Here')
        click(wait_for(editor, 'push button', 'Test'))
        wait_for(editor, 'label', lambda name: name.startswith('Connected to “postgres” on PostgreSQL '))
        set_text(wait_for(editor, 'text', 'Database'), 'nowhere')
        click(wait_for(editor, 'push button', 'Test'))
        wait_for(editor, 'label', lambda name: 'nowhere' in name and 'next: ' in name)
        set_text(wait_for(editor, 'text', 'Database'), 'postgres')
        activate(editor, 'editor.save')

        item = row(window, 'Here, ')
        wait_for(window, 'label', lambda name: name.startswith('PostgreSQL 1'))
        mouse(item, 'Here')
        keys('shift+F10')
        click(wait_for(item, 'menu item', lambda name: name.startswith('Duplicate')))
        copy = wait_for(app.node(), 'dialog', 'New Connection')
        assert atspi.text(wait_for(copy, 'text', 'Name')) == 'Here (copy)'
        activate(copy, 'editor.save')
        row(window, 'Here (copy), ')

        mouse(item, 'Here')
        keys('Delete')
        question = wait_for(app.node(), 'dialog', None)
        wait_for(question, 'label', 'Remove “Here”?')
        click(wait_for(question, 'push button', 'Remove'))
        atspi.wait_gone(window, 'list item', 'Here, unknown kind')
        row(window, 'Here (copy), ')


def connections_are_imported():
    folder = make_project({'here': {'url': url(), 'kind': 'development'}})
    write(os.path.join(folder, '.env'), 'DATABASE_URL="%s"\nSHADOW="not a URL"\n' % url('shop'))
    with program(folder) as app:
        window = app.window()
        row(window, 'here, ')
        activate(window, 'win.import-connections')
        dialog = wait_for(app.node(), 'dialog', 'Import Connections')
        wait_for(dialog, 'label', lambda name: 'DATABASE_URL' in name)
        activate(dialog, 'import.run')
        row(window, 'shop on ')


try:
    TESTS = [
        first_start_offers_three_ways,
        sample_shows_its_environments,
        folder_that_is_no_project_is_told_in_place,
        environment_that_cannot_be_reached_is_marked,
        why_a_connection_fails_is_read_in_any_language,
        migration_that_appears_is_shown,
        project_of_last_time_is_opened_again,
        connection_is_made_tested_copied_and_removed,
        connections_are_imported,
    ]
    atspi.run(*[test for test in TESTS if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
