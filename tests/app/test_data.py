#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQL page and what comes into it: plans, the tree of objects, browsing, changing cells, and data that is hard to show. One
window for all of it.

test_data.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: a real project, real databases.
"""
import os
import re
import shutil
import subprocess
import sys
import time

import atspi
from atspi import activate, again, find, find_all, focus_window, keys, mouse, set_text, wait, wait_for, wait_gone
from test_sql import MIGRATIONS, STATE, editor, idle, open_sql, press, run, said, write
from test_timeline import FOLDER, Database, Project, environment

MORE = [('20250102000000_more', """
create table cargo (id integer primary key, weight integer check (weight >= 0), note text);
insert into cargo select g, nullif(g % 7, 0), 'n' || g from generate_series(1, 2500) g;
create index cargo_by_weight on cargo (weight);
create function stamp() returns trigger language plpgsql as 'begin return new; end';
create trigger cargo_stamp before update on cargo for each row execute function stamp();
""")]


class AsciiDatabase(Database):
    def __enter__(self):
        self.psql("create database %s encoding 'SQL_ASCII' locale 'C' template template0" % self.name, 'postgres')
        return self


def desk(window, number=0):
    """The desk of an environment, in the order in which they were first shown"""
    return wait(lambda: (find_all(window, 'filler', 'TideSqlDesk', lists=False) + [None] * 2)[number], 'desk %d' % number)


def rows(pane):
    """What the rows of the result say"""
    return [name for name in (node.get_name() for node in find_all(pane, 'table row')) if re.match('[0-9]+: ', name or '')]


def row(pane, start):
    return wait_for(pane, 'table row', lambda name: name.startswith(start))


def shows(pane, *wanted):
    def there():
        names = rows(pane)
        return all(any(word in name for name in names) for word in wanted)

    try:
        wait(there, 'rows with %r' % (wanted,))
    except atspi.NotFound:
        raise atspi.NotFound('%r is not in %s, %s' % (wanted, rows(pane)[:30], atspi.labels(pane))) from None


def shows_only(pane, *wanted):
    try:
        wait(lambda: rows(pane) == list(wanted), 'these rows')
    except atspi.NotFound:
        raise atspi.NotFound('%s is not %s' % (rows(pane)[:30], list(wanted))) from None


def look(name):
    """For whoever wants to look: TIDE_TEST_LOOK names a folder"""
    if os.environ.get('TIDE_TEST_LOOK'):
        time.sleep(1)
        atspi.screenshot(os.path.join(os.environ['TIDE_TEST_LOOK'], name + '.png'))


def answer(page, sql, *wanted):
    idle(page)
    write(page, sql)
    run(page)
    shows(page, *wanted)
    idle(page)


def click_at(node, across, down, *more):
    """Clicks into @node, so far from its upper left corner"""
    number = focus_window('harbour')
    x, y, _, _ = atspi.place(node)
    subprocess.run(['xdotool', 'mousemove', '--window', number, str(x + across), str(y + down)], check=True)
    subprocess.run(['xdotool', 'click', *more, '1'], check=True)


def a_plan_is_a_tree_a_table_and_a_text(database, app, page):
    write(page, 'select * from users u join cargo c on c.id = u.id where c.weight > 1')
    tab = find(page, 'filler', 'TideSqlTab')
    activate(tab, 'tab.explain')
    tree = wait_for(page, 'tree table', 'Plan as a tree')
    wait(lambda: find(tree, 'label', lambda name: 'Join' in name or 'Loop' in name), 'the join')
    idle(page)
    activate(tab, 'tab.explain-analyze')
    said(page, 'Ran in')
    table = wait_for(page, 'tree table', 'Steps of the plan')
    wait(lambda: find(table, 'label', lambda name: name.endswith('cargo c')), 'the scan in the table')
    assert '"Actual Rows"' in atspi.text(wait_for(page, 'text', 'Plan as text')) or 'actual' in atspi.text(find(page, 'text', 'Plan as text'))
    idle(page)
    # To measure what changes rows leaves them as they are.
    write(page, 'delete from users')
    activate(tab, 'tab.explain-analyze')
    wait(lambda: any(find(node, 'label', lambda name: name.startswith('Delete')) for node in find_all(page, 'tree table', 'Steps of the plan')), 'the step')
    idle(page)
    assert database.psql('select count(*) from users') == '5'


def a_cell_is_changed_by_clicks(database, app, page):
    answer(page, 'select * from cargo order by id limit 20', '3: 3, 3, n3')
    click_at(row(page, '3:'), 220, 10)
    keys('F2')
    set_text(wait_for(page, 'text', 'New value'), "it's new")
    press(page, 'Set')
    shows(page, "3: 3, 3, it's new")
    # A run does not throw it away unasked.
    run(page)
    dialog = app.dialog()
    said(dialog, 'Discard 1 Changed Row?')
    press(dialog, 'Cancel')
    shows(page, "3: 3, 3, it's new")
    press(page, 'Review 1 Change…')
    dialog = app.dialog()
    assert "it''s new" in atspi.text(wait_for(dialog, 'text', 'What will run'))
    assert database.psql('select note from cargo where id = 3') == 'n3'
    # While a lock is waited for, the tab is busy, and can be told to stop.
    locked = subprocess.Popen(['psql', '-Xq', database.url, '-c', 'begin; update cargo set weight = 3 where id = 3; select pg_sleep(600)'],
                              stderr=subprocess.DEVNULL)
    wait(lambda: database.psql("select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'") == '1',
         'the lock')
    press(dialog, 'Apply')
    press(page, 'Cancel')
    idle(page)
    database.psql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'")
    locked.wait()
    press(page, 'Review 1 Change…')
    press(app.dialog(), 'Apply')
    wait(lambda: database.psql('select note from cargo where id = 3') == "it's new", 'the change')


def change(page, start, column, value):
    """Writes @value, None for NULL, into the cell of a row; @column: counted from 0"""
    grid = wait_for(page, 'table', 'Rows')
    again(lambda: click_at(row(page, start), 60, 10), lambda: re.match('.* ' + start, grid.get_description() or ''), 'the cursor in row ' + start, 3)
    keys(*['Left'] * 6, *['Right'] * column, 'F2')
    field = wait_for(page, 'text', 'New value')
    if value is None:
        press(page, 'Set to NULL')
    else:
        set_text(field, value)
        press(page, 'Set')
    wait(lambda: not find(page, 'text', 'New value'), 'the field to close')


def a_click_elsewhere_takes_what_was_written(database, app, page):
    answer(page, 'select * from cargo order by id limit 20', '5: 5, 5, n5')
    grid = wait_for(page, 'table', 'Rows')
    # What nobody wrote in is left alone, NULL as well.
    for start, column, written, wanted in (('5:', 2, ['ctrl+a', *'written'], '5: 5, 5, written'), ('7:', 1, ['Left'], '7: 7, NULL, n7')):
        again(lambda: click_at(row(page, start), 60, 10), lambda: re.match('.* ' + start, grid.get_description() or ''), 'the cursor', 3)
        keys(*['Left'] * 6, *['Right'] * column, 'F2')
        wait_for(page, 'text', 'New value')
        focus_window('harbour')
        keys(*written)
        # One click both takes it and goes there.
        click_at(row(page, '1:'), 60, 10)
        wait(lambda: re.match('.* 1:', grid.get_description() or ''), 'the cursor in row 1')
        wait(lambda: not find(page, 'text', 'New value'), 'the field to close')
        shows(page, wanted)
    wait_for(page, 'push button', 'Review 1 Change…')
    keys('F2')
    wait_for(page, 'text', 'New value')
    keys('9', 'Escape')
    wait(lambda: not find(page, 'text', 'New value'), 'the field to close')
    shows(page, '1: 1, 1, n1')
    activate(find(page, 'filler', 'TideResultView'), 'result.discard')
    shows(page, '5: 5, 5, n5')


def told(app, heading, *words):
    """Closes the dialog that says so"""
    dialog = app.dialog()
    said(dialog, heading, *words)
    look('edit-' + heading)
    press(dialog, 'Close')
    wait(lambda: not any(find(node, 'label', heading) for node in find_all(app.node(), 'dialog')), 'the dialog to close')


def changes_outlive_their_connection(database, app, page):
    database.psql("create table quay (id integer primary key, depth integer); insert into quay values (1, 10), (2, 20)")
    answer(page, 'select * from quay order by id', '2: 2, 20')
    end = ("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and query like '%quay%' "
           'and pid <> pg_backend_pid()')
    change(page, '1:', 1, '11')
    database.psql(end)
    press(page, 'Review 1 Change…')
    press(app.dialog(), 'Apply')
    wait(lambda: database.psql('select depth from quay where id = 1') == '11', 'the change, by a new connection')
    wait(lambda: not find(page, 'push button', lambda name: name.startswith('Review')), 'nothing left to apply')
    # The next change goes by that one; and the database that was made anew meanwhile is another one
    change(page, '2:', 1, '22')
    press(page, 'Review 1 Change…')
    press(app.dialog(), 'Apply')
    wait(lambda: database.psql('select depth from quay where id = 2') == '22', 'the second change')
    change(page, '2:', 1, '33')
    database.psql("alter table quay rename to old_quay; create table quay (like old_quay including all); insert into quay table old_quay")
    database.psql("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() "
                  "and application_name = 'tidemark' and pid <> pg_backend_pid()")
    press(page, 'Review 1 Change…')
    press(app.dialog(), 'Apply')
    told(app, 'Nothing Was Changed', 'is another one by now')
    activate(find(page, 'filler', 'TideResultView'), 'result.discard')
    database.psql('drop table quay, old_quay')


def rows_are_changed_added_and_deleted_together(database, app, page):
    database.psql("create table berth (id integer primary key, depth integer, name text, note text not null); "
                  "insert into berth select g, g, 'b' || g, 'n' from generate_series(1, 6) g; create table loose (a integer); insert into loose values (1)")
    answer(page, 'select * from berth order by id', '6: 6, 6, b6, n')
    change(page, '1:', 1, None)
    shows(page, '1: 1, NULL, b1, n')
    change(page, '2:', 2, '')
    shows(page, '2: 2, 2, , n')
    change(page, '3:', 2, "l'été — \U0001d6d1")
    click_at(row(page, '4:'), 100, 10)
    activate(find(page, 'filler', 'TideResultView'), 'result.delete-rows')
    activate(find(page, 'filler', 'TideResultView'), 'result.insert-row')
    row(page, '7: ')
    change(page, '7:', 0, '7')
    change(page, '7:', 2, 'new')
    look('edit-changed')
    # What the server refuses, by its rules or by its type, changes nothing, and can be mended.
    change(page, '5:', 1, 'deep')
    press(page, 'Review 6 Changes…')
    dialog = app.dialog()
    assert "l''été — \U0001d6d1" in atspi.text(wait_for(dialog, 'text', 'What will run'))
    look('edit-review')
    press(dialog, 'Apply')
    told(app, 'Nothing Was Changed', 'new row 1: null value in column "note"')
    change(page, '7:', 3, 'n7')
    press(page, 'Review 6 Changes…')
    press(app.dialog(), 'Apply')
    told(app, 'Nothing Was Changed', 'invalid input syntax for type integer: "deep"')
    assert database.psql('select count(*), sum(depth) from berth') == '6|21'
    change(page, '5:', 1, '50')
    # Another session was there: nothing is applied, and it says where.
    database.psql("update berth set name = 'theirs' where id = 3")
    press(page, 'Review 6 Changes…')
    press(app.dialog(), 'Apply')
    told(app, 'Nothing Was Changed', 'row id = 3 was changed or deleted')
    assert database.psql('select count(*), sum(depth) from berth') == '6|21'
    database.psql("update berth set name = 'b3' where id = 3")
    press(page, 'Review 6 Changes…')
    press(app.dialog(), 'Apply')
    wait(lambda: database.psql("select string_agg(concat_ws(':', id, coalesce(depth::text, '~'), coalesce(name, '~')), ' ' order by id) from berth")
         == "1:~:b1 2:2: 3:3:l'été — \U0001d6d1 5:50:b5 6:6:b6 7:~:new", 'the changes')
    wait(lambda: not find(page, 'push button', lambda name: name.startswith('Review')), 'nothing left to apply')
    # What stands there now is what the table has: the row that was deleted is gone, and what is copied is new.
    shows_only(page, '1: 1, NULL, b1, n', '2: 2, 2, , n', "3: 3, 3, l'été — \U0001d6d1, n", '4: 5, 50, b5, n', '5: 6, 6, b6, n', '6: 7, NULL, new, n7')
    said(page, '6 rows')
    look('edit-applied')
    change(page, '6:', 2, 'newer')
    press(page, 'Review 1 Change…')
    press(app.dialog(), 'Apply')
    wait(lambda: database.psql('select name from berth where id = 7') == 'newer', 'the second change')
    # Without a key no row can be told from another.
    answer(page, 'select * from loose', '1: 1')
    click_at(row(page, '1:'), 60, 10)
    keys('F2')
    told(app, 'These Rows Cannot Be Changed', 'loose')
    database.psql('drop table berth, loose')


def copy_is_shown_and_asked_for_rows_refused(database, app, page):
    answer(page, "copy (values (1, 'a'), (2, null)) to stdout", '1: 1\ta', '2: 2\t\\N')
    said(page, '2 rows')
    write(page, 'copy cargo from stdin')
    run(page)
    said(page, 'needs rows that only psql can send')


def values_at_the_edge_are_shown(database, app, page):
    answer(page, "select 'NaN'::float8, '-infinity'::timestamp, '0044-03-15 BC'::date, 'Infinity'::numeric, '4713-01-01 BC'::timestamptz at time zone 'UTC'",
           '1: NaN, -infinity, 0044-03-15 BC, Infinity, 4713-01-01 00:00:00 BC')
    answer(page, 'select ' + ',\n'.join('%d as c%d' % (i, i) for i in range(1600)), '1: 0, 1, 2')
    said(page, '1 row · 5.3\xa0kB')
    answer(page, "select repeat('x', 300 * 1024 * 1024), 'short' as other", 'xxxx')
    said(page, '314.6\xa0MB')
    answer(page, "select 'light' as again", '1: light')


def what_came_before_the_server_died_stays(database, app, page):
    write(page, "select g, pg_sleep(0.001) from generate_series(1, 300000) g")
    run(page)
    shows(page, '1: 1, ')
    database.psql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                  "and query like '%generate_series(1, 300000)%' and pid <> pg_backend_pid()")
    said(page, 'those after them are missing')
    shows(page, '1: 1, ')
    # No transaction was open: the next run connects anew, once, and says what that costs.
    answer(page, "select 'again' as a", '1: again')
    said(page, 'temporary tables, settings and locks of the old one are gone')
    answer(page, "select 'more' as a", '1: more')
    assert not any('of the old one' in text for text in atspi.labels(page)), atspi.labels(page)


TREES = {}


def tree_of(page):
    """The tree of objects beside the editor, opened when it is first asked for"""
    if page not in TREES:
        press(page, 'Objects')
        TREES[page] = wait_for(page, 'filler', 'TideObjectTree')
    return TREES[page]


def the_tree_shows_what_belongs_to_a_table(database, app, page):
    tree = tree_of(page)
    set_text(wait_for(tree, 'entry', 'Search objects'), 'cargo')
    wait(lambda: find(tree, 'label', 'cargo') and not find(tree, 'label', 'Tables'), 'the search')
    mouse(wait_for(tree, 'label', 'cargo'), 'harbour')
    activate(tree, 'object.definition')
    wait(lambda: any('CREATE TABLE' in atspi.text(node) for node in find_all(page, 'text', 'SQL')), 'the definition')
    click_at(wait_for(tree, 'push button', 'Expand'), 8, 10)
    for name in ('cargo_weight_check', 'cargo_stamp'):
        wait_for(tree, 'label', name)
    mouse(wait_for(tree, 'label', 'cargo_by_weight'), 'harbour')
    activate(tree, 'object.definition')
    wait(lambda: any('CREATE INDEX cargo_by_weight ON public.cargo USING btree (weight);' in atspi.text(node)
                     for node in find_all(page, 'text', 'SQL')), 'the definition of the index')


def a_double_click_browses_in_an_order_that_is_chosen(database, app, page):
    tree = tree_of(page)
    label = wait_for(tree, 'label', 'cargo')
    click_at(label, 10, 8, '--repeat', '2', '--delay', '60')
    view = wait_for(page, 'filler', 'TideBrowseView')
    said(view, '1000 rows by id, and more')
    assert not any('running' in text for text in atspi.labels(view)), atspi.labels(view)
    grid = wait_for(view, 'table', 'Rows')
    click_at(grid, 150, 15)
    said(view, '1000 rows by weight, id, and more')
    shows(view, '1: 1, 1, n1', '2: 8, 1, n8')
    click_at(wait_for(view, 'table', 'Rows'), 230, 15)
    said(view, 'comes first in no index')


def walk(page, key, *labels):
    """Presses a key, until the row with the keyboard says these"""
    keys(key)
    wait(lambda: atspi.labels(atspi.focused(tree_of(page)) or page)[:len(labels)] == list(labels), 'the row %s' % (labels,))


def the_tree_is_walked_by_keys(database, app, page):
    tree = tree_of(page)
    set_text(wait_for(tree, 'entry', 'Search objects'), '')
    wait_for(tree, 'label', 'Tables')
    again(lambda: mouse(wait_for(tree, 'label', 'cargo'), 'harbour'), lambda: atspi.focused(tree), 'the keyboard in the tree', 3)
    assert atspi.focused(tree).get_name() == 'cargo, ~2500', atspi.focused(tree).get_name()
    keys('Right')
    wait_for(tree, 'label', 'weight')
    walk(page, 'Right', 'id')
    walk(page, 'Down', 'weight')
    walk(page, 'Left', 'cargo')
    # Names are read again: what stands open stays open, and the keyboard where it is.
    database.psql('create table buoy (a int)')
    press(tree, 'Read the objects again')
    wait_for(tree, 'label', 'buoy')
    wait_for(tree, 'label', 'weight')
    again(lambda: mouse(wait_for(tree, 'label', 'weight'), 'harbour'), lambda: atspi.focused(tree), 'the keyboard in the tree', 3)
    walk(page, 'Left', 'cargo')
    keys('Left')
    wait_gone(tree, 'label', 'weight')
    walk(page, 'Left', 'Tables', '4')
    keys('Left')
    wait_gone(tree, 'label', 'cargo')
    keys('Right')
    walk(page, 'Right', '_prisma_migrations')
    walk(page, 'Down', 'buoy')
    keys('Return')
    said(page, '0 rows, all there are')
    wait(lambda: atspi.has_state(find(page, 'page tab', 'buoy'), 'selected'), 'these rows before those of the other table')


def too_much_text_is_refused(database, app, page):
    write(page, 'select 1')
    editor(page).set_text('x' * (17 * 1024 * 1024))
    dialog = app.dialog()
    said(dialog, 'the editor takes up to 16 MB')
    focus_window('.')
    keys('Escape')


def bytes_that_are_no_text_are_shown(window):
    environment(window, 'ascii, development')
    page = desk(window, 1)
    answer(page, "select E'caf\\xe9' as bad, 'good' as good", '1: caf\ufffd, good')


if __name__ == '__main__':
    TESTS = [a_plan_is_a_tree_a_table_and_a_text, a_cell_is_changed_by_clicks, a_click_elsewhere_takes_what_was_written,
             changes_outlive_their_connection, rows_are_changed_added_and_deleted_together, copy_is_shown_and_asked_for_rows_refused,
             values_at_the_edge_are_shown, what_came_before_the_server_died_stays, the_tree_shows_what_belongs_to_a_table,
             a_double_click_browses_in_an_order_that_is_chosen, the_tree_is_walked_by_keys, too_much_text_is_refused, bytes_that_are_no_text_are_shown]
    try:
        with Database() as harbour, AsciiDatabase() as ascii_database:
            made = Project({'db': (harbour, 'development'), 'ascii': (ascii_database, 'development')}, MIGRATIONS + MORE)
            made.ctl('db', 'deploy')
            shutil.rmtree(os.path.join(STATE, 'tabs'), ignore_errors=True)
            with made.open() as program:
                frame = open_sql(program)
                first = desk(frame)

                def bound(test):
                    def call():
                        if test == bytes_that_are_no_text_are_shown:
                            test(frame)
                        else:
                            test(harbour, program, first)
                    call.__name__ = test.__name__
                    return call

                atspi.run(*[bound(test) for test in TESTS if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
