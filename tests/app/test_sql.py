#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL page as a person uses it: write, run, cancel, transactions, the lock of production, the history, and what survives.

test_sql.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: real projects, real databases.
"""
import contextlib
import glob
import json
import os
import shutil
import subprocess
import sys
import time

import atspi
from atspi import again, click, find, find_all, focus_window, keys, mouse, set_text, wait, wait_for
from test_timeline import FOLDER, Database, Project, environment

MIGRATIONS = [('20250101000000_init', "create table users (id integer primary key, email text not null);"
                                      "insert into users select g, 'user' || g from generate_series(1, 5) g;")]
STATE = os.path.join(os.environ['XDG_STATE_HOME'], 'tidemark')


@contextlib.contextmanager
def project(kind='development'):
    with Database() as database:
        made = Project({'db': (database, kind)}, MIGRATIONS)
        made.ctl('db', 'deploy')
        shutil.rmtree(os.path.join(STATE, 'tabs'), ignore_errors=True)
        yield database, made


def open_sql(app, kind='development'):
    window = app.window()
    environment(window, 'db, ' + kind)
    focus_window('harbour')
    keys('alt+3')
    wait_for(window, 'text', 'SQL')
    return window


@contextlib.contextmanager
def page(kind='development'):
    with project(kind) as (database, made), made.open() as app:
        yield database, app, open_sql(app, kind)


def editor(window):
    return wait_for(window, 'text', 'SQL')


def write(window, sql):
    set_text(editor(window), sql)
    mouse(editor(window), 'harbour')


def press(root, name, role='push button'):
    click(wait(lambda: next((node for node in find_all(root, role, name) if atspi.has_state(node, 'sensitive')), None), name))


def said(window, *words):
    for word in words:
        try:
            wait(lambda: any(word in text for text in everything(window)), word)
        except atspi.NotFound:
            raise atspi.NotFound('%r is not in %s' % (word, everything(window))) from None


def everything(window):
    """All labels, and what stands in views that are no editor"""
    texts = [atspi.text(node) for node in find_all(window, 'text') if node.get_name() != 'SQL']
    return atspi.labels(window) + texts


def idle(window):
    wait(lambda: find(window, 'push button', 'Run'), 'the end of the run')


def run(window, *key):
    focus_window('harbour')
    keys(*(key or ('ctrl+Return',)))


def history():
    try:
        with open(os.path.join(STATE, 'history.jsonl'), encoding='utf-8') as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def the_statement_under_the_caret_runs():
    with page() as (database, app, window):
        write(window, "insert into users values (6, 'six');\n\ninsert into users values (7, 'seven');\n")
        keys('ctrl+Home')
        run(window)
        wait(lambda: database.psql('select count(*) from users') == '6', 'one row more')
        idle(window)
        assert database.psql('select max(id) from users') == '6'
        said(window, 'INSERT 0 1')
        keys('ctrl+Home', 'Down', 'Down')
        run(window)
        wait(lambda: database.psql('select max(id) from users') == '7', 'the other one')
        wait(lambda: [line['text'] for line in history()][-2:] ==
             ["insert into users values (6, 'six')", "insert into users values (7, 'seven')"], 'the history')


def everything_runs_until_an_error_that_is_marked():
    with page() as (database, app, window):
        write(window, "insert into users values (8, 'a');\nselect wrong from users;\ninsert into users values (9, 'b');\n")
        run(window, 'ctrl+shift+Return')
        said(window, 'column "wrong" does not exist', '1 more statement was not run')
        assert database.psql('select max(id) from users') == '8'
        # The caret stands where the server found the mistake
        wait(lambda: editor(window).get_caret() == 35 + len('select '), 'the caret at the mistake')
        # and just that is underlined.
        mark = editor(window).get_attributes_at(35 + len('select '))
        assert tuple(mark) == ({'underline': 'error'}, 35 + len('select '), 35 + len('select wrong')), tuple(mark)
        assert history()[-1]['outcome'] == 'failed'


def a_run_is_cancelled_by_the_button_that_started_it():
    with page() as (database, app, window):
        write(window, 'select pg_sleep(600)')
        press(window, 'Run')
        button = wait_for(window, 'push button', 'Cancel')
        wait(lambda: database.psql("select count(*) from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(600)'") == '1', 'it runs')
        click(button)
        start = time.monotonic()
        idle(window)
        print('# given back within %d ms, asking the tree included' % ((time.monotonic() - start) * 1000))
        said(window, 'Cancelled')
        wait(lambda: database.psql("select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like 'select pg_sleep%'")
             == '0', 'the server to stop')
        write(window, "insert into users values (10, 'after')")
        run(window)
        wait(lambda: database.psql('select max(id) from users') == '10', 'the next run')


def commands_of_psql_are_refused_before_anything_runs():
    with page() as (database, app, window):
        write(window, "delete from users;\n\\d users\n")
        run(window, 'ctrl+shift+Return')
        said(window, 'is a command of psql')
        assert database.psql('select count(*) from users') == '5'


def parameters_are_asked_for_and_remembered():
    with page() as (database, app, window):
        write(window, "insert into users values (:id, :name || $1::text)")
        run(window)
        dialog = app.dialog()
        for name, value in (('$1', '!'), (':id', '11'), (':name', "o'clock")):
            set_text(wait_for(dialog, 'text', name), value)
        press(dialog, 'Run')
        wait(lambda: database.psql('select email from users where id = 11') == "o'clock!", 'the row')
        idle(window)
        run(window)
        dialog = app.dialog()
        assert atspi.text(wait_for(dialog, 'text', ':name')) == "o'clock"
        press(dialog, 'Cancel')
        # What is secret is neither to be read on the screen nor proposed again.
        for count in (1, 2):
            idle(window)
            write(window, 'insert into users select coalesce(max(id), 0) + :step::int, :token from users')
            run(window)
            dialog = app.dialog()
            assert not find(wait_for(dialog, 'text', ':step'), 'image')
            set_text(find(dialog, 'text', ':step'), '1')
            entry = wait_for(dialog, 'text', ':token')
            assert atspi.text(entry) == '' and find(entry, 'image'), atspi.dump(dialog)  # which shows what is typed
            mouse(entry, '^Values$')
            keys('h', 'u', 's', 'h', 'Return')
            wait(lambda: database.psql("select count(*) from users where email = 'hush'") == str(count), 'the row')


def a_transaction_stays_open_until_it_is_ended():
    with page() as (database, app, window):
        write(window, "begin; delete from users where id = 1")
        run(window, 'ctrl+shift+Return')
        said(window, 'In a transaction')
        assert database.psql('select count(*) from users') == '5'
        press(window, 'Roll Back')
        said(window, 'Auto-commit')
        run(window, 'ctrl+shift+Return')
        said(window, 'In a transaction')
        press(window, 'Commit')
        wait(lambda: database.psql('select count(*) from users') == '4', 'the commit')
        said(window, 'Auto-commit')


def a_lost_transaction_is_told_and_not_taken_up_in_silence():
    with page() as (database, app, window):
        write(window, "begin; delete from users where id = 2")
        run(window, 'ctrl+shift+Return')
        said(window, 'In a transaction')
        database.psql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'")
        said(window, 'The connection was lost while a transaction was open', 'Transaction lost')
        write(window, "delete from users where id = 3")
        run(window)
        time.sleep(0.5)
        assert database.psql('select count(*) from users') == '5'
        mouse(wait_for(window, 'push button', 'Reconnect'), 'harbour')
        said(window, 'Auto-commit')
        # The keys are the editor's again.
        wait(lambda: atspi.has_state(editor(window), 'focused'), 'the editor to have the keyboard')
        run(window)
        wait(lambda: database.psql('select count(*) from users') == '4', 'the run after that')


def production_only_reads_until_it_is_unlocked():
    with page('production') as (database, app, window):
        write(window, 'with gone as (delete from users returning *) select * from gone')
        run(window)
        said(window, 'this tab only reads')
        write(window, 'begin read write; delete from users where id = 1; commit')
        run(window, 'ctrl+shift+Return')
        said(window, 'READ WRITE')
        assert database.psql('select count(*) from users') == '5'
        press(window, 'Read-only')
        press(app.dialog(), 'Allow Writing')
        wait_for(window, 'push button', 'Writing Allowed')
        write(window, 'delete from users where id = 1')
        run(window)
        wait(lambda: database.psql('select count(*) from users') == '4', 'the row to go')
        idle(window)
        write(window, 'delete from users')
        run(window)
        press(app.dialog(), 'Cancel')
        assert database.psql('select count(*) from users') == '4'
        press(window, 'Writing Allowed')
        wait_for(window, 'push button', 'Read-only')
        write(window, 'truncate users')
        run(window)
        said(window, '"TRUNCATE" is more than reading')  # not what was said before
        assert database.psql('select count(*) from users') == '4'


def a_tab_follows_its_environment():
    with project() as (old, made), Database() as new, made.open() as app:
        window = open_sql(app)
        write(window, "begin; select 'it runs'")
        run(window, 'ctrl+shift+Return')
        said(window, 'In a transaction')
        made.write('tidemark.json', json.dumps({'environments': {'db': {'url': new.url, 'kind': 'production'}}}))
        # The tab locks itself as soon as it hears of it, and what is open in the other database is not gone on with.
        wait_for(window, 'push button', 'Read-only')
        wait(lambda: atspi.row(window, 'db, production'), 'the environment')
        again(lambda: run(window), lambda: any('is still connected to' in text for text in everything(window)), 'the refusal')
        press(window, 'Roll Back')
        said(window, 'Auto-commit')
        press(window, 'Read-only')
        press(app.dialog(), 'Allow Writing')
        wait_for(window, 'push button', 'Writing Allowed')
        write(window, 'create table here (a integer)')
        run(window)
        wait(lambda: new.psql("select to_regclass('here') is not null") == 't', 'the table')
        assert old.psql("select to_regclass('here') is not null") == 'f'


def what_is_written_survives_a_kill_and_comes_back_with_its_caret():
    with project() as (database, made):
        with made.open() as app:
            window = open_sql(app)
            write(window, 'select :number::int')
            run(window)
            set_text(wait_for(app.dialog(), 'text', ':number'), '4711')
            press(app.dialog(), 'Run')
            wait(lambda: any('4711' in open(path).read() for path in glob.glob(os.path.join(STATE, 'values', '*.json'))), 'the value')
            idle(window)
            write(window, "select 'kept';\nalter role nobody password 'secret';\n")
            keys('ctrl+Home', 'Right', 'Right', 'Right')
            wait(lambda: any('kept' in open(path).read() and json.load(open(path))['cursor'] == 3
                             for path in glob.glob(os.path.join(STATE, 'tabs', '*.json'))), 'the journal')
            app.process.kill()
            app.process.wait()
        assert not any('secret' in open(path).read() for path in glob.glob(os.path.join(STATE, 'tabs', '*.json')))
        # Rubbish beside it: the window opens, and the text is there
        place = json.load(open(glob.glob(os.path.join(STATE, 'tabs', '*.json'))[0]))['place']
        for i, rubbish in enumerate((b'', b'\x7fELF\0\xff', b'{"place":', json.dumps({'place': place, 'text': 5, 'cursor': 'x'}).encode(), b'[' * 100000)):
            with open(os.path.join(STATE, 'tabs', 'rubbish-%d.json' % i), 'wb') as file:
                file.write(rubbish)
        with made.open() as app:
            window = open_sql(app)
            wait(lambda: atspi.text(editor(window)).startswith("select 'kept';"), 'the text')
            wait(lambda: editor(window).get_caret() == 3, 'the caret')
            said(window, 'Passwords are not kept')
            write(window, 'select :number::int + 1')
            run(window)
            assert atspi.text(wait_for(app.dialog(), 'text', ':number')) == '4711'
            press(app.dialog(), 'Cancel')
            press(window, 'History')
            set_text(wait_for(window, 'entry', 'Search the History'), ':number')
            wait_for(window, 'list item', 'select :number::int')


def written(window, *expected):
    """Waits until these texts stand in the window's tabs, each once"""
    def texts():
        return sorted(filter(None, (atspi.text(node) for node in find_all(window, 'text', 'SQL'))))

    try:
        wait(lambda: texts() == sorted(expected), 'the texts')
    except atspi.NotFound:
        raise atspi.NotFound('%s are not %s' % (texts(), expected)) from None


def new_tab(window, sql):
    """A tab with a text, once that is in the journal"""
    count = len(find_all(window, 'text', 'SQL'))
    press(window, 'New Tab')
    wait(lambda: len(find_all(window, 'text', 'SQL')) == count + 1, 'one more tab')
    set_text(wait(lambda: next((node for node in find_all(window, 'text', 'SQL') if not atspi.text(node)), None), 'an empty tab'), sql)
    journaled(sql)


def journals():
    return [json.load(open(path, encoding='utf-8'))['text'] for path in glob.glob(os.path.join(STATE, 'tabs', '*.json'))]


def journaled(sql):
    wait(lambda: journals().count(sql) == 1, 'the journal of %r' % sql)


def type_into(app, sql):
    def search():
        return subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(app.process.pid), '--name', 'harbour'],
                              capture_output=True, text=True).stdout.split()

    number = wait(search, 'its window')[-1]
    subprocess.run(['xdotool', 'windowfocus', '--sync', number], check=True)
    again(lambda: (keys('alt+3', 'ctrl+a'), subprocess.run(['xdotool', 'type', sql], check=True)),
          lambda: journals().count(sql) == 1, 'the journal of %r' % sql, 5)


def two_windows_keep_their_texts_apart_and_each_comes_back_once():
    with project() as (database, made):
        with made.open() as first:
            window = open_sql(first)
            write(window, 'select 1')
            journaled('select 1')
            new_tab(window, 'select 2')
            # Another program on the same project, in a session where nobody tells it that one runs already; and where no tree
            # can be read: it is typed into
            with atspi.Program(first.argv, environment={'DBUS_SESSION_BUS_ADDRESS': 'disabled:', 'GTK_A11Y': 'none'}) as second:
                type_into(second, 'select 3')
                written(window, 'select 1', 'select 2')
                for app in (first, second):
                    app.process.kill()
                    app.process.wait()
        with made.open() as app:
            window = open_sql(app)
            written(window, 'select 1', 'select 2', 'select 3')
            # What was typed last goes with the program that ends, and comes back, too
            shown = wait(lambda: next((node for node in find_all(window, 'text', 'SQL') if atspi.text(node) == 'select 2'), None), 'it')
            set_text(shown, 'select 2, 4')
            focus_window('harbour')
            keys('ctrl+q')
            app.wait_end()
        with made.open() as app:
            written(open_sql(app), 'select 1', 'select 2, 4', 'select 3')
        assert len(glob.glob(os.path.join(STATE, 'tabs', '*.json'))) == 3


def the_history_is_searched_and_puts_a_text_back():
    with page() as (database, app, window):
        write(window, "select 'needle'")
        run(window)
        wait(lambda: history() and history()[-1]['text'] == "select 'needle'", 'the history')
        idle(window)
        write(window, "alter role nobody password 'secret'")
        run(window)
        wait(lambda: 'password ‹hidden›' in history()[-1]['text'], 'the password to be masked')
        idle(window)
        press(window, 'History')
        set_text(wait_for(window, 'entry', 'Search the History'), 'needle')
        row = wait_for(window, 'list item', "select 'needle'")
        wait(lambda: find(window, 'list item', lambda name: 'nobody' in name) is None, 'the others to go')
        mouse(row, 'harbour')
        keys('Return')
        wait(lambda: any(atspi.text(node) == "select 'needle'" for node in find_all(window, 'text', 'SQL')), 'the text in a tab')


def temporary_tables_of_the_tab_are_proposed():
    with page() as (database, app, window):
        write(window, 'create temporary table landings as select 1 as berth')
        run(window)
        said(window, 'SELECT 1')
        idle(window)
        write(window, 'select landings. from landings')
        keys('ctrl+Home', *['Right'] * len('select landings.'))
        again(lambda: keys('ctrl+space'), lambda: find(app.node(), 'label', 'berth'), 'the column of the temporary table')
        keys('Escape')
        write(window, 'discard all')
        run(window)
        said(window, 'DISCARD ALL')


def closing_asks_while_a_transaction_is_open():
    with page() as (database, app, window):
        write(window, 'begin')
        run(window)
        said(window, 'In a transaction')
        atspi.activate(window, 'win.close-tab')
        dialog = app.dialog()
        said(dialog, 'A transaction is open')
        press(dialog, 'Cancel')
        said(window, 'In a transaction')


def brightness(node):
    """Of the ground of @node near its lower right corner, 0 to 1"""
    number = focus_window('harbour')
    x, y, width, height = atspi.place(node)
    shot = subprocess.run(['import', '-window', number, '-crop', '1x1+%d+%d' % (x + width - 20, y + height - 20), '-colorspace', 'gray',
                           '-format', '%[fx:mean]', 'info:-'], check=True, capture_output=True, text=True)
    return float(shot.stdout)


def the_style_of_the_preferences_is_that_of_the_editor():
    with page() as (database, app, window):
        write(window, 'select 1')
        before = brightness(editor(window))
        assert before > 0.8, before
        def choose(*steps):
            keys('ctrl+comma')
            dialog = app.window('Preferences')
            mouse(lambda: find(dialog, 'combo box', 'Style'), 'Preferences')
            time.sleep(0.5)
            keys(*steps, 'Return')
            time.sleep(0.5)
            keys('Escape')
            wait(lambda: find(app.node(), 'frame', 'Preferences', lists=False) is None, 'the preferences to close')

        # Follow the system, light, dark: from any of them
        again(lambda: choose('Down', 'Down'), lambda: brightness(editor(window)) < 0.3, 'a dark editor', 5)
        again(lambda: choose('Up', 'Up', 'Down'), lambda: brightness(editor(window)) > 0.8, 'a light editor', 5)


if __name__ == '__main__':
    tests = [the_statement_under_the_caret_runs, everything_runs_until_an_error_that_is_marked,
             a_run_is_cancelled_by_the_button_that_started_it, commands_of_psql_are_refused_before_anything_runs,
             parameters_are_asked_for_and_remembered, a_transaction_stays_open_until_it_is_ended,
             a_lost_transaction_is_told_and_not_taken_up_in_silence, production_only_reads_until_it_is_unlocked, a_tab_follows_its_environment,
             what_is_written_survives_a_kill_and_comes_back_with_its_caret, the_history_is_searched_and_puts_a_text_back,
             two_windows_keep_their_texts_apart_and_each_comes_back_once,
             temporary_tables_of_the_tab_are_proposed, closing_asks_while_a_transaction_is_open,
             the_style_of_the_preferences_is_that_of_the_editor]
    try:
        atspi.run(*[test for test in tests if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
