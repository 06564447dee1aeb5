#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Drift page as a person uses it: what differs, its SQL and its proof, and what can be done about it.

test_drift.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: real projects, real databases, and the
private PostgreSQL that every proof runs on.
"""
import contextlib
import glob
import json
import os
import shutil
import sys

import atspi
from atspi import again, click, find, keys, mouse, set_text, wait, wait_for
from test_timeline import FOLDER, Database, Project, button, choose_more, environment, select, wait_states

MIGRATIONS = [
    ('20250101000000_init', 'create type mood as enum (\'glad\', \'sad\');\n'
                            'create table users (id integer primary key, email text not null);'),
    ('20250102000000_add_orders', 'create table orders (id integer primary key, total numeric);\n'
                                  'create view totals as select sum(total) from orders;'),
    ('20250103000000_widen', 'alter table orders add column note text;'),
]
# By hand: a column and an index more, a view less
DRIFT = 'alter table orders add column internal text; create index orders_note on orders (note); drop view totals'


# The page of equal sides is hidden, not gone, while they differ: its title tells nothing.
EQUAL = '0 added, 0 removed, 0 changed'


@contextlib.contextmanager
def drifted(kind='development', drift=DRIFT):
    """A database with all migrations applied, in which somebody has worked by hand"""
    with Database() as database:
        project = Project({'db': (database, kind)}, MIGRATIONS)
        project.ctl('db', 'deploy')
        database.psql(drift)
        yield database, project


def open_drift(window, kind='development'):
    environment(window, 'db, ' + kind)
    click(wait_for(window, 'page tab', 'Drift'))
    return window


def said(window, *words, seconds=atspi.PATIENCE):
    """Waits until the window says that."""
    for word in words:
        try:
            wait(lambda: any(word in text for text in atspi.labels(window)), word, seconds)
        except atspi.NotFound:
            raise atspi.NotFound('%r is not in %s' % (word, atspi.labels(window))) from None


def items(window):
    return [item for item in atspi.children(wait_for(window, 'list', 'Differences')) if item.get_role_name() == 'list item']


def tree(window):
    """The rows of the tree, each as all that it says"""
    return [' '.join(atspi.labels(item)) for item in items(window)]


def row(window, title):
    return wait(lambda: next((item for item in items(window) if title in atspi.labels(item)), None), 'the row of ' + title)


def texts(window):
    """What stands in the panes, left to right"""
    view = find(window, None, 'TideCompareView')
    return [atspi.text(node) for node in atspi.find_all(view, 'text')]


def sql(window):
    return atspi.text(find(window, 'text', 'SQL of the change'))


def press(window, name):
    """Presses what is called so, whatever its role."""
    click(wait(lambda: next((node for node in atspi.find_all(window, None, name) if atspi.actions(node)), None), name))


def choose(window, index, *path):
    """Opens the chooser of a side, and goes through its own menu: that of another may still be there."""
    chooser = wait(lambda: (atspi.find_all(window, None, 'TideSourceChooser') + [None] * 3)[index], 'the chooser of a side')
    click(chooser)
    for name in path:
        click(wait_for(chooser, 'menu item', name))


def hand_made_drift_is_seen_and_proved():
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, '0 added, 1 removed, 1 changed')
        said(window, 'Proved')
        assert any('orders ~' in line for line in tree(window)) and any('totals −' in line for line in tree(window)), tree(window)
        mouse(lambda: row(window, 'orders'), 'harbour')
        wait(lambda: '"internal" text' in texts(window)[1] and '"internal"' not in texts(window)[0], 'both texts')
        assert 'CREATE INDEX "orders_note"' in texts(window)[1], texts(window)
        for word in ('ADD COLUMN "internal" text', 'CREATE INDEX "orders_note"', 'DROP VIEW "public"."totals"'):
            assert word in sql(window), sql(window)
        press(window, 'Right to Left')
        wait(lambda: 'DROP COLUMN "internal"' in sql(window) and 'CREATE VIEW' in sql(window), 'the SQL back')
        said(window, 'Proved', 'endanger')


def sql_is_copied_whole():
    """Pasted where text can be written: the search"""
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, '0 added, 1 removed, 1 changed')
        for direction, word in (('Left to Right', 'ADD COLUMN "internal"'), ('Right to Left', 'DROP COLUMN "internal"')):
            press(window, direction)
            wait(lambda: word in sql(window), 'the SQL ' + direction)
            search = find(window, 'entry', 'Search objects')
            set_text(search, '')

            def paste():
                click(find(window, 'push button', 'Copy the SQL'))
                mouse(lambda: find(window, 'entry', 'Search objects'), 'harbour')
                keys('ctrl+a', 'ctrl+v')
            again(paste, lambda: word in atspi.text(search) and 'public' in atspi.text(search), 'what was copied', 2)


def report_is_saved_as_one_file():
    with drifted(drift=DRIFT + '; alter table users alter email drop not null; comment on table users is \'<b>"&\'') as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, '0 added, 1 removed, 2 changed')
        click(find(window, None, 'More'))
        click(wait_for(window, 'menu item', 'Save a Report…'))
        dialog = wait_for(app.node(), None, 'Save the Report')
        path = os.path.join(project.folder, 'drift report.html')
        set_text(wait_for(dialog, 'text', 'Name:'), path)
        click(button(dialog, 'Save'))
        wait(lambda: os.path.exists(path), 'the report')
        with open(path, encoding='utf-8') as file:
            report = file.read()
        # Nothing of it lies elsewhere
        assert '://' not in report and 'src=' not in report and '<link' not in report, report
        for word in ('~ table public.orders', '− view public.totals', 'ADD COLUMN &quot;internal&quot; text', 'DROP COLUMN &quot;internal&quot;',
                     '&lt;b&gt;&quot;&amp;', '0 added, 1 removed, 2 changed', '<mark>', 'SQL from left to right', 'SQL from right to left'):
            assert word in report, (word, report)
        assert '<b>' not in report


def differences_of_one_are_not_offered_in_another():
    with drifted() as (database, project):
        project = Project({'db': (database, 'development'),
                           'away': (database.url.replace('%2F', '%2Fnot%2F'), 'production')}, MIGRATIONS)
        with project.open() as app:
            window = open_drift(app.window())
            said(window, '0 added, 1 removed, 1 changed')
            adopt = wait(lambda: next((node for node in atspi.find_all(window, 'push button', 'Adopt…')), None), 'Adopt')
            wait(lambda: atspi.has_state(adopt, 'sensitive'), 'Adopt to be possible')
            atspi.choose_row(window, 'away, production', 'harbour')
            wait(lambda: not atspi.has_state(adopt, 'sensitive'), 'nothing to be done in the other')
            wait(lambda: '0 added, 1 removed, 1 changed' not in atspi.labels(window), 'the differences to go')


def keys_search_and_filters_go_through_the_differences():
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, '0 added, 1 removed, 1 changed')
        mouse(lambda: row(window, 'orders'), 'harbour')
        wait(lambda: 'internal' in texts(window)[1], 'the table')
        keys('alt+Down', 'alt+Down', 'alt+Down')
        wait(lambda: 'VIEW' in texts(window)[0] and texts(window)[1].strip() == '', 'the view, after the last change of the table')
        keys('alt+Up')
        wait(lambda: 'internal' in texts(window)[1], 'the table again')
        search = find(window, 'entry', 'Search objects')
        set_text(search, 'TOT')
        wait(lambda: not any('orders' in line for line in tree(window)), 'what is searched')
        set_text(search, 'no such thing')
        said(window, 'Nothing Found')
        set_text(search, '')
        wait(lambda: any('orders' in line for line in tree(window)), 'all again')
        shown = find(window, 'combo box', 'Which changes to show')
        mouse(find(shown, 'push button') or shown, 'harbour')
        wait(lambda: (atspi.focused(shown) or shown).get_role_name() == 'list item', 'its list')
        keys('Home', 'Down', 'Down', 'Return')
        wait(lambda: any('totals' in line for line in tree(window)) and not any('orders' in line for line in tree(window)),
             'only what was removed')


def sides_are_swapped_and_chosen():
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, '0 added, 1 removed, 1 changed')
        click(find(window, 'push button', 'Swap the sides'))
        said(window, '1 added, 0 removed, 1 changed')
        wait(lambda: 'CREATE VIEW' in sql(window), 'the SQL of the swapped sides')
        choose(window, 1, 'Nothing')
        said(window, '0 added, 3 removed, 0 changed')
        choose(window, 2, 'All Migrations')
        wait(lambda: len(texts(window)) == 3, 'the third text')
        mouse(lambda: row(window, 'orders'), 'harbour')
        wait(lambda: [('TABLE' in text, 'internal' in text) for text in texts(window)] == [(True, True), (False, False), (True, False)],
             'the table of the database, nothing, and that of the migrations')


def drift_is_adopted_as_a_migration():
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, 'Proved')
        click(find(window, 'push button', 'Adopt…'))
        dialog = app.dialog()
        set_text(wait_for(dialog, 'text', 'What It Does'), 'Adopt hotfix')
        click(button(dialog, 'Make'))
        said(window, EQUAL)
        made = glob.glob(project.folder + '/prisma/migrations/*_adopt_hotfix/migration.sql')
        assert len(made) == 1 and 'ADD COLUMN "internal"' in open(made[0], encoding='utf-8').read(), made
        assert database.psql("select count(*) from _prisma_migrations where migration_name like '%adopt_hotfix' "
                             'and finished_at is not null') == '1'
        project.ctl('db', 'status')


def drift_is_taken_back_in_production_by_its_name():
    with drifted('production') as (database, project), project.open() as app:
        window = open_drift(app.window(), 'production')
        said(window, 'Proved')
        click(find(window, 'push button', 'Revert…'))
        dialog = app.dialog()
        verb = button(dialog, 'Revert')
        assert not atspi.has_state(verb, 'sensitive')
        words = ' '.join(atspi.labels(dialog))
        assert database.name in words and 'lost' in words, words
        set_text(find(dialog, 'entry') or wait_for(dialog, 'text'), database.name)
        wait(lambda: atspi.has_state(verb, 'sensitive'), 'a button that can be pressed')
        click(verb)
        said(window, EQUAL)
        assert database.psql("select count(*) from pg_attribute where attname = 'internal' and not attisdropped") == '0'
        assert database.psql("select to_regclass('totals') is not null") == 't'


def difference_is_ignored_with_its_reason():
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, '0 added, 1 removed, 1 changed')
        mouse(lambda: row(window, 'totals'), 'harbour')
        wait(lambda: 'VIEW' in texts(window)[0], 'the view')
        click(find(window, None, 'More'))
        click(wait_for(window, 'menu item', 'Ignore the Selected Object…'))
        dialog = app.dialog()
        set_text(wait_for(dialog, 'text', 'Reason'), 'made by the nightly job')
        click(button(dialog, 'Ignore'))
        said(window, '0 added, 0 removed, 1 changed, 1 ignored')
        assert not any('totals' in line for line in tree(window)), tree(window)
        with open(project.folder + '/tidemark.json', encoding='utf-8') as file:
            written = json.load(file)
        assert 'made by the nightly job' in json.dumps(written) and 'totals' in json.dumps(written), written


def history_that_does_not_run_still_compares():
    with drifted(drift='create table extra ()') as (database, project):
        project.add('20250104000000_bad', 'create table fine ();\nselect nothing_there;')
        with project.open() as app:
            window = open_drift(app.window())
            said(window, '1 added, 0 removed, 0 changed')
            choose(window, 0, 'All Migrations')
            said(window, 'Could Not Compare', '20250104000000_bad', 'nothing_there')
            click(button(window, 'Compare What Comes Before It'))
            said(window, '1 added, 0 removed, 0 changed', 'the migrations before 20250104000000_bad')


def timeline_leads_to_what_a_migration_changed():
    with drifted() as (database, project), project.open() as app:
        window = app.window()
        environment(window, 'db, development')
        wait_states(window, ('widen', 'Applied'), ('add orders', 'Applied'), ('init', 'Applied'))
        choose_more(window, select(window, 'widen'), 'Schema at This Point')
        said(window, '0 added, 0 removed, 1 changed')
        wait(lambda: '"note" text' in texts(window)[1] and 'note' not in texts(window)[0], 'what it changed')
        slider = wait_for(window, 'slider', 'Point of the history')
        slider.set_value(2)
        said(window, '20250102000000_add_orders', '2 added, 0 removed, 0 changed')
        slider.set_value(1)
        said(window, '20250101000000_init', '2 added, 0 removed, 0 changed')


def down_sql_is_proved_and_says_what_is_lost():
    with drifted() as (database, project):
        project.add('20250104000000_drop_note', 'alter table orders drop column note;')
        with project.open() as app:
            window = app.window()
            environment(window, 'db, development')
            choose_more(window, select(window, 'drop note'), 'Down SQL…')
            down = wait_for(app.node(), None, 'Down SQL of 20250104000000_drop_note')
            said(down, 'Proved', 'without the data')
            wait(lambda: 'ADD COLUMN "note" text' in sql(down), 'the SQL')


def objects_tell_which_migrations_made_them():
    with drifted() as (database, project), project.open() as app:
        window = open_drift(app.window())
        said(window, 'Proved')
        mouse(lambda: row(window, 'orders'), 'harbour')
        press(window, 'Which Migrations Made This?')
        said(window, 'Made by 20250102000000_add_orders · changed by 20250103000000_widen')


if __name__ == '__main__':
    tests = [hand_made_drift_is_seen_and_proved, sql_is_copied_whole, report_is_saved_as_one_file,
             differences_of_one_are_not_offered_in_another, keys_search_and_filters_go_through_the_differences,
             sides_are_swapped_and_chosen, drift_is_adopted_as_a_migration, drift_is_taken_back_in_production_by_its_name,
             difference_is_ignored_with_its_reason, history_that_does_not_run_still_compares,
             timeline_leads_to_what_a_migration_changed, down_sql_is_proved_and_says_what_is_lost,
             objects_tell_which_migrations_made_them]
    try:
        atspi.run(*[test for test in tests if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
