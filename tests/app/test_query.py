#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL page further: what its editor does, what is proposed, and what is done with rows. One window for all of it.

test_query.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: a real project, a real database.
"""
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib

import atspi
from atspi import activate, again, click, find, find_all, focus_window, has_state, keys, mouse, set_text, wait, wait_for, wait_gone
from test_data import answer, click_at, desk, look, row, rows, shows
from test_sql import MIGRATIONS, STATE, editor, everything, history, idle, open_sql, press, run, said, write
from test_timeline import FOLDER, Database, Project


def flag():
    """A picture of eight by eight"""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    lines = (b'\0' + b'\xff\xff\xff\x21\x55\xaa' * 4) * 8
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 8, 8, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(lines)) + chunk(b'IEND', b'')).hex()


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


def readers_may_ask_for_every_attribute(database, app, page):
    """As a screen reader does at each step of the caret; coloured, underlined, plain and beyond the end"""
    sql = "select 'word', 1.5 /* note */ from users;\nselect wrong"
    write(page, sql)
    run(page, 'ctrl+shift+Return')
    said(page, 'column "wrong" does not exist')
    node = editor(page)
    for offset in (*range(-1, len(sql) + 2), 1000):
        attributes, start, end = node.get_attributes_at(offset, True)
        assert attributes['family-name'] and attributes['editable'] == 'true', (offset, attributes)
        assert node.get_attributes_at(offset)[1:] == (start, end)
        for name in ('underline', 'fg-color', 'weight', 'no such thing'):
            node.ask('Text', 'GetAttributeValue', 'is', offset, name)
        node.ask('Text', 'GetAttributes', 'i', offset)
    assert node.ask('Text', 'GetDefaultAttributes')[0]['editable'] == 'true'
    mark = node.get_attributes_at(sql.index('wrong'))
    assert tuple(mark) == ({'underline': 'error'}, sql.index('wrong'), len(sql)), tuple(mark)
    assert node.get_attributes_at(0)[0].get('weight') == '700', tuple(node.get_attributes_at(0))


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
        assert label.count_selections() == 0, label.get_name()


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


def choose(page, button, name, number=0):
    """Chooses from the menu of a button at the foot of the rows; @number: of those of that name"""
    view = find(page, 'filler', 'TideResultView')
    press(view, button)
    click(wait(lambda: (find_all(view, 'menu item', name) + [None] * 2)[number], name))


def save_rows(app, name):
    """Says where to, in the dialog that asks"""
    path = os.path.join(FOLDER, name)
    dialog = wait_for(app.node(), None, 'Save Rows')
    set_text(wait_for(dialog, 'text', 'Name:'), path)
    press(dialog, 'Save')
    return path


def files_are_saved_and_opened(database, app, page):
    path = os.path.join(FOLDER, 'of mine.sql')
    write(page, "select 'saved'")
    keys('ctrl+s')
    dialog = wait_for(app.node(), None, 'Save the SQL')
    set_text(wait_for(dialog, 'text', 'Name:'), path)
    look('save')
    press(dialog, 'Save')
    wait(lambda: find(page, 'label', 'of mine.sql'), 'the title')
    assert open(path, encoding='utf-8').read() == "select 'saved'"
    mouse(editor(page), 'harbour')
    keys('ctrl+End', 'semicolon')
    wait(lambda: find(page, 'label', '• of mine.sql'), 'the mark of a change')
    keys('ctrl+s')
    wait(lambda: open(path, encoding='utf-8').read() == "select 'saved';", 'the file')
    wait(lambda: find(page, 'label', 'of mine.sql'), 'the mark to go')
    other = os.path.join(FOLDER, 'other.sql')
    with open(other, 'w', encoding='utf-8') as file:
        file.write("select 'opened'")
    press(find(page, 'filler', 'TideSqlTab'), 'More')
    click(wait_for(page, 'menu item', 'Open a File…'))
    dialog = wait_for(app.node(), None, 'Open SQL')
    focus_window('^Open SQL$')
    keys('slash')
    set_text(wait_for(dialog, 'text', 'GtkFileChooserEntry'), other)
    press(dialog, 'Open')
    wait_for(page, 'label', 'other.sql')
    wait(lambda: "select 'opened'" in [atspi.text(node) for node in find_all(page, 'text', 'SQL')], 'its text')
    focus_window('harbour')
    keys('ctrl+w')
    wait_gone(page, 'label', 'other.sql')


def column_at(grid, across, number):
    """The column that a click so far from the left is in; @number: of the row"""
    click_at(grid, across, 40 if number == 1 else 67)
    return wait(lambda: re.match('(.*) %d: ' % number, grid.get_description() or ''), 'the cell').group(1)


def rows_are_sorted_widened_and_copied(database, app, page):
    answer(page, "select g as number, nullif('it''s ' || g, 'it''s 2') as word from generate_series(3, 1, -1) g", "1: 3, it's 3", '2: 2, NULL')
    grid = wait_for(page, 'table', 'Rows')
    click_at(grid, 60, 10)
    shows(page, "1: 1, it's 1", "3: 3, it's 3")
    look('sorted')
    # The edge between the two columns, as near as it can be taken hold of
    edge, beyond, number = 60, 300, 1
    while beyond - edge > 2:
        middle, number = (edge + beyond) // 2, 3 - number
        edge, beyond = (middle, beyond) if column_at(grid, middle, number) == 'number' else (edge, middle)
    x, y, _, _ = atspi.place(grid)
    subprocess.run(['xdotool', 'mousemove', '--window', focus_window('harbour'), str(x + edge), str(y + 10), 'mousedown', '1',
                    'mousemove_relative', '20', '0', 'mousemove_relative', '60', '0', 'mouseup', '1'], check=True)
    assert (column_at(grid, edge + 60, 1), column_at(grid, edge + 100, 2)) == ('number', 'word'), (edge, grid.get_description())
    look('widened')
    for name, wanted in (('Text with Tabs', "number\tword\n1\tit's 1\n2\t\n"), ('CSV', "number,word\n1,it's 1\n2,\n"),
                         ('JSON', '[\n  {"number":1,"word":"it\'s 1"},\n  {"number":2,"word":null}\n]\n'),
                         ('Markdown', "| number | word |\n| ---: | --- |\n| 1 | it's 1 |\n| 2 | *NULL* |\n"),
                         ('INSERT Statements', 'INSERT INTO table_name ("number", "word") VALUES\n  (1, \'it\'\'s 1\'),\n  (2, NULL);\n'),
                         ('IN List', "((1, 'it''s 1'), (2, NULL))")):
        click_at(grid, 60, 40)
        keys('shift+Down', 'shift+Right')
        choose(page, 'Copy what is selected', name)

        def paste():
            mouse(editor(page), 'harbour')
            keys('ctrl+a', 'ctrl+v')
        again(paste, lambda: atspi.text(editor(page)) == wanted, 'as %s, not %r' % (name, atspi.text(editor(page))), 2)


def rows_are_saved_in_each_form(database, app, page):
    answer(page, "select 1 as number, null as word", '1: 1, NULL')
    for name, end, wanted in (('CSV…', 'csv', 'number,word\n1,\n'), ('JSON…', 'json', '[\n  {"number":1,"word":null}\n]\n'),
                              ('NDJSON…', 'ndjson', '{"number":1,"word":null}\n'), ('Markdown…', 'md', '| number | word |\n| ---: | --- |\n| 1 | *NULL* |\n')):
        choose(page, 'Export', name)
        path = save_rows(app, 'saved.' + end)
        wait(lambda: os.path.exists(path), 'the file')
        assert open(path, encoding='utf-8').read() == wanted, open(path, encoding='utf-8').read()


def saving_rows_tells_how_far_it_is_and_can_be_stopped(database, app, page):
    database.psql('create table slow (id integer, wait float8); insert into slow select g, 0 from generate_series(1, 9) g')
    answer(page, "select id, repeat('x', 9000) as much, pg_sleep(wait) from slow", '9: 9, xxx')
    database.psql('update slow set wait = 600 where id = 9')
    choose(page, 'Export', 'NDJSON…', 1)
    path = save_rows(app, 'all.ndjson')
    window = app.window()
    press(window, '1 job is running')
    jobs = wait_for(window, 'list', 'Jobs')
    wait_for(jobs, 'label', lambda name: ' rows, ' in name)
    look('export')
    press(jobs, 'Cancel')
    wait_for(jobs, 'label', 'Cancelled')
    assert not os.path.exists(path)


def the_first_click_after_the_list_of_jobs_counts(database, app, page):
    """However the list was closed. @here: the pointer is over the editor already, and does not move before it presses."""
    window = app.window()
    if not find(window, 'push button', lambda name: name.startswith('Jobs')):
        saving_rows_tells_how_far_it_is_and_can_be_stopped(database, app, page)
    keys('Escape')
    button = wait_for(window, 'push button', lambda name: name.startswith('Jobs'))
    for here, closing in ((False, 'Escape'), (True, 'Escape'), (False, 'button')):
        # Where the list is still open, a click closes it and does no more.
        again(lambda: write(page, 'select 1;\n\n\nselect 2'), lambda: has_state(editor(page), 'focused'), 'the editor to have the keyboard', 5)
        keys('ctrl+End')
        wait(lambda: editor(page).get_caret() == 20, 'the caret at the end')
        mouse(button, 'harbour')
        wait(lambda: not has_state(editor(page), 'focused'), 'the list to have the keyboard')
        look('jobs')
        x, y, _, _ = atspi.place(editor(page))
        move = ['xdotool', 'mousemove', '--window', focus_window('harbour'), str(x + 90), str(y + 10)]
        if here:
            subprocess.run(move, check=True)
        keys('Escape') if closing == 'Escape' else mouse(button, 'harbour')
        wait(lambda: any(has_state(node, 'focused') for node in [button, *find_all(button)]), 'the list to close')
        if not here:
            subprocess.run(move, check=True)
        subprocess.run(['xdotool', 'click', '1'], check=True)
        wait(lambda: has_state(editor(page), 'focused') and editor(page).get_caret() < 9, 'the caret there', 5)


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


def passwords_are_not_in_the_history(database, app, page):
    write(page, "alter role tide password 'hush hush'")
    run(page)
    said(page, 'ALTER ROLE')
    idle(page)
    wait(lambda: history()[-1]['text'].startswith('alter role tide password'), 'the history')
    assert 'hush hush' not in str(history()), history()[-1]
    press(page, 'History')
    set_text(wait_for(page, 'entry', 'Search the History'), 'role tide')
    # The rows are made anew when the search has found them.
    name = wait(lambda: (item := find(page, 'list item', lambda name: 'alter role tide' in name)) and item.get_name(), 'what was run')
    assert 'hush' not in name, name
    look('history')
    press(page, 'History')


def the_history_says_what_a_run_did(database, app, page):
    """Its rows, or, of what has none, its command"""
    press(page, 'History')
    for number, (sql, wanted) in enumerate((('create table shed (id integer)', 'CREATE TABLE'), ('insert into shed select generate_series(1, 3)', '3 rows'),
                                            ('select * from shed where id = 0', '0 rows'), ('select 1 as one; drop table shed', 'DROP TABLE'))):
        write(page, sql)
        run(page, 'ctrl+shift+Return')
        idle(page)
        set_text(wait_for(page, 'entry', 'Search the History'), sql)
        wait(lambda: (item := find(page, 'list item', sql)) and any(' · %s · ' % wanted in text for text in atspi.labels(item)),
             '%s of %s' % (wanted, sql))
    look('history-commands')
    press(page, 'History')


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
        return dialog if any('row id = 2 was changed' in text for text in everything(dialog)) else None

    dialog = wait(refusal, 'the refusal')
    look('conflict')
    press(dialog, 'Close')
    assert database.psql('select email from users where id in (1, 2) order by id') == 'user1\ntheirs'
    press(page, 'Take back all changes')
    shows(page, '1: 1, user1')


if __name__ == '__main__':
    TESTS = [text_is_found_and_replaced, readers_may_ask_for_every_attribute, lines_are_moved_inwards_and_made_comments, what_is_selected_runs_alone, each_result_has_a_tab,
             a_transaction_stays_open_where_that_was_chosen, values_are_shown_whole, files_are_saved_and_opened, rows_are_sorted_widened_and_copied,
             rows_are_saved_in_each_form, names_are_read_again_after_their_change, what_others_changed_is_not_overwritten,
             passwords_are_not_in_the_history, the_history_says_what_a_run_did, saving_rows_tells_how_far_it_is_and_can_be_stopped,
             the_first_click_after_the_list_of_jobs_counts]
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
