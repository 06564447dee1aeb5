#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL page further: what its editor does, what is proposed, and what is done with rows. One window for all of it.

test_query.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: a real project, a real database.
"""
import os
import re
import shutil
import struct
import sys
import time
import zlib

import atspi
from atspi import activate, again, click, find, find_all, focus_window, keys, mouse, set_text, wait, wait_for
from test_data import answer, click_at, desk, row, rows, shows
from test_sql import MIGRATIONS, STATE, editor, everything, idle, open_sql, press, run, said, write
from test_timeline import FOLDER, Database, Project


def flag():
    """A picture of eight by eight"""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    lines = (b'\0' + b'\xff\xff\xff\x21\x55\xaa' * 4) * 8
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 8, 8, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(lines)) + chunk(b'IEND', b'')).hex()


def look(name):
    """For whoever wants to look: TIDE_TEST_LOOK names a folder"""
    if os.environ.get('TIDE_TEST_LOOK'):
        time.sleep(1)
        atspi.screenshot(os.path.join(os.environ['TIDE_TEST_LOOK'], name + '.png'))


def texts(page, wanted):
    try:
        wait(lambda: atspi.text(editor(page)) == wanted, wanted)
    except atspi.NotFound:
        raise atspi.NotFound('%r is not %r' % (atspi.text(editor(page)), wanted)) from None


def text_is_found_and_replaced(database, app, page):
    write(page, 'select 1, 12;\nselect 1')
    keys('ctrl+shift+h')
    set_text(wait_for(page, 'entry', 'Search'), '1')
    said(page, '3 matches')
    look('replace')
    set_text(wait_for(page, 'text', 'Replace With'), 'one')
    press(page, 'Replace All')
    texts(page, 'select one, one2;\nselect one')
    keys('Escape')


def lines_are_moved_inwards_and_made_comments(database, app, page):
    write(page, 'select 1,\n2')
    keys('ctrl+a', 'ctrl+bracketright')
    texts(page, '  select 1,\n  2')
    keys('ctrl+slash')
    texts(page, '--   select 1,\n--   2')
    keys('ctrl+slash', 'ctrl+bracketleft')
    texts(page, 'select 1,\n2')
    keys('ctrl+a', 'ctrl+shift+f')
    texts(page, 'SELECT 1, 2')
    # The same by the menu
    for name, wanted in (('Toggle Comment', '-- SELECT 1, 2'), ('Find…', None)):
        keys('ctrl+a')
        press(find(page, 'filler', 'TideSqlTab'), 'More')
        click(wait_for(page, 'menu item', name))
        texts(page, wanted) if wanted else wait(lambda: atspi.has_state(find(page, 'entry', 'Search'), 'focused'), 'the search')
    keys('Escape')


def what_is_selected_runs_alone(database, app, page):
    write(page, "insert into users values (20, 'a');\ninsert into users values (21, 'b');\ninsert into users values (22, 'c');\n")
    keys('ctrl+Home', 'Down', 'shift+Down')
    run(page)
    said(page, 'INSERT 0 1')
    idle(page)
    assert database.psql("select string_agg(id::text, ',') from users where id > 19") == '21'


def each_result_has_a_tab(database, app, page):
    write(page, "select 'first' as a; select null as nothing, '' as empty; do $$ begin raise notice 'ahoy'; end $$; select 'third' as b")
    run(page, 'ctrl+shift+Return')
    shows(page, '1: first')
    idle(page)
    look('results')
    # In its upper part, too, that is next to what the editor is made higher with
    tab = wait(lambda: next(node for node in find_all(page, 'page tab') if find(node, 'label', lambda name: name.startswith('select null'))), 'the tab')
    click_at(tab, 20, 5)
    shows(page, '1: NULL, ')
    assert not any('NULL, NULL' in name for name in rows(page)), rows(page)
    look('null')
    mouse(wait_for(page, 'label', lambda name: name.startswith("select 'third'")), 'harbour')
    shows(page, '1: third')
    mouse(wait_for(page, 'label', 'Messages'), 'harbour')
    said(page, 'NOTICE: ahoy')
    look('messages')
    # To look at them selects nothing.
    for label in find_all(wait_for(page, 'list', 'Messages'), 'label'):
        assert atspi.Atspi.Text.get_n_selections(label) == 0, label.get_name()


def a_transaction_stays_open_where_that_was_chosen(database, app, page):
    tab = find(page, 'filler', 'TideSqlTab')
    activate(tab, 'tab.manual')
    said(page, 'Manual commit')
    write(page, 'delete from users where id = 5')
    run(page)
    wait(lambda: any(re.match('In a transaction · .*[1-9]', text) for text in atspi.labels(page)), 'its age')
    idle(page)
    look('transaction')
    assert database.psql('select count(*) from users where id = 5') == '1'
    press(page, 'Roll Back')
    said(page, 'Manual commit')
    activate(tab, 'tab.manual')
    said(page, 'Auto-commit')
    assert database.psql('select count(*) from users where id = 5') == '1'


def whole_value(app, page, title, *wanted):
    """The window of the value in the first cell, where the cursor is at first, once it shows these words"""
    activate(find(page, 'filler', 'TideResultView'), 'result.view')
    window = app.window(title)
    for word in wanted:
        wait(lambda: any(word in atspi.text(node) for node in find_all(window, 'text')), word)
    look('value-' + title)
    return window


def close_value(app, title):
    focus_window('^%s$' % title)
    keys('Escape')
    wait(lambda: not find(app.node(), 'frame', title), 'the window to close')


def values_are_shown_whole(database, app, page):
    answer(page, """select '{"b":1.10,"a":[12345678901234567890123,{"c":null}]}'::json as paper""", '1: {')
    whole_value(app, page, 'paper', '"b": 1.10', '12345678901234567890123,')
    close_value(app, 'paper')
    # To wrap one line as long as this would take minutes.
    write(page, "do $$ begin raise notice '%', repeat('n', 300000); end $$")
    run(page)
    said(page, 'n' * 900)
    answer(page, "select repeat('v', 300000) as line", '1: vvv')
    whole_value(app, page, 'line', 'v' * 900)
    close_value(app, 'line')
    answer(page, "select '\\x00ff41'::bytea as cargo", '1: ')
    whole_value(app, page, 'cargo', '00 ff 41')
    close_value(app, 'cargo')
    answer(page, "select '\\x%s'::bytea as flag" % flag(), '1: ')
    assert atspi.place(wait_for(whole_value(app, page, 'flag'), 'image'))[2] > 100
    close_value(app, 'flag')


def names_are_read_again_after_their_change(database, app, page):
    write(page, 'create table newcomer (berth integer, draught numeric)')
    run(page)
    said(page, 'CREATE TABLE')
    idle(page)
    write(page, 'with w as (select berth as pier from newcomer) select x. from w x')
    keys('ctrl+Home', *['Right'] * len('with w as (select berth as pier from newcomer) select x.'))
    again(lambda: keys('ctrl+space'), lambda: find(app.node(), 'label', 'pier'), 'the column of the name')
    look('completion')
    keys('Escape')
    write(page, 'select n. from newcomer n')
    keys('ctrl+Home', *['Right'] * len('select n.'))
    again(lambda: keys('ctrl+space'), lambda: find(app.node(), 'label', 'draught'), 'the column of the new table')
    keys('Escape')


def what_others_changed_is_not_overwritten(database, app, page):
    answer(page, 'select * from users where id < 4 order by id', '1: 1, user1')
    click_at(row(page, '2:'), 140, 10)
    keys('F2')
    set_text(wait_for(page, 'text', 'New value'), 'mine')
    press(page, 'Set')
    shows(page, '2: 2, mine')
    database.psql("update users set email = 'theirs' where id = 2")
    press(page, 'Review 1 Change…')
    press(app.dialog(), 'Apply')

    def refusal():
        dialog = app.dialog()
        return dialog if any('row 2 (id = 2) was changed' in text for text in everything(dialog)) else None

    dialog = wait(refusal, 'the refusal')
    look('conflict')
    press(dialog, 'Close')
    assert database.psql('select email from users where id in (1, 2) order by id') == 'user1\ntheirs'
    press(page, 'Take back all changes')
    shows(page, '1: 1, user1')


if __name__ == '__main__':
    TESTS = [text_is_found_and_replaced, lines_are_moved_inwards_and_made_comments, what_is_selected_runs_alone, each_result_has_a_tab,
             a_transaction_stays_open_where_that_was_chosen, values_are_shown_whole, names_are_read_again_after_their_change, what_others_changed_is_not_overwritten]
    try:
        with Database() as harbour:
            made = Project({'db': (harbour, 'development')}, MIGRATIONS)
            made.ctl('db', 'deploy')
            shutil.rmtree(os.path.join(STATE, 'tabs'), ignore_errors=True)
            with made.open() as program:
                frame = open_sql(program)
                first = desk(frame)

                def bound(test):
                    def call():
                        test(harbour, program, first)
                    call.__name__ = test.__name__
                    return call

                atspi.run(*[bound(test) for test in TESTS if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
