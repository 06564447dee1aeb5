#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop hears of long jobs: the session stays while one runs, a notification when one ends unseen, and closing asks.

test_desktop.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh.
"""
import shutil

import atspi
import test_timeline
from atspi import again, click, find, wait, wait_for
from desktop import Desktop
from test_timeline import Database, Project, button, confirm, environment, wait_states

DESKTOP = Desktop()
SLOW = 'create table slow (); select pg_advisory_lock(4711); select pg_advisory_unlock(4711);'


class Held(Database):
    """A database where a migration waits until let_go()"""

    def __enter__(self):
        super().__enter__()
        self.holder = atspi.subprocess.Popen(
            ['psql', '-XAtq', self.url], stdin=atspi.subprocess.PIPE, stdout=atspi.subprocess.PIPE, text=True)
        self.holder.stdin.write('select pg_advisory_lock(4711);\nselect 1;\n')
        self.holder.stdin.flush()
        self.holder.stdout.readline()
        return self

    def wait_reached(self):
        """Until the migration waits, which its row of the ledger and the window's word on it have preceded"""
        wait(lambda: self.psql("select count(*) from pg_stat_activity where datname = current_database() "
                               "and query like '%4711%' and wait_event_type = 'Lock'") == '1', 'the migration to wait')

    def let_go(self):
        self.holder.communicate('')

    def __exit__(self, *failure):
        self.holder.kill()
        self.holder.wait()
        super().__exit__(*failure)


def start(app, window):
    environment(window, 'dev, development, 1 pending')
    click(button(window, 'Apply All…'))
    confirm(app, 'Apply')


def session_stays_and_the_end_is_told_unseen():
    with Held() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_slow', SLOW)])
        with project.open() as app:
            window = app.window()
            before = len(DESKTOP.notifications)
            start(app, window)
            wait(lambda: DESKTOP.reasons() == ['Migrations are being applied'], 'the session to stay')
            click(wait_for(window, 'page tab', 'Backups'))
            wait(lambda: not is_shown(window, 'Timeline'), 'another page')
            with looking_elsewhere():
                dev.let_go()
                told = wait(lambda: DESKTOP.notifications[before:], 'a notification')
                wait(lambda: not DESKTOP.inhibitors, 'the session to be free')
            assert told == [(told[0][0], 'Apply migrations to dev', 'Done')], told
            DESKTOP.click(told[0][0])
            wait(lambda: is_shown(window, 'Timeline'), 'the page that tells what came of it')
            wait_states(window, ('slow', 'Applied'))


def is_shown(window, page):
    return atspi.has_state(find(window, 'page tab', page), 'selected')


class looking_elsewhere:
    """No window of the program has the keyboard."""

    def __enter__(self):
        self.other = atspi.subprocess.Popen(['/usr/bin/python3', '-c', ELSEWHERE])
        atspi.focus_window('^elsewhere$')

    def __exit__(self, *failure):
        self.other.kill()
        self.other.wait()


ELSEWHERE = '''
import gi
gi.require_version('Gdk', '4.0'); gi.require_version('Gtk', '4.0')
from gi.repository import GLib, Gtk
window = Gtk.Window(title='elsewhere')
window.present()
GLib.MainLoop().run()
'''


def what_somebody_sees_is_not_notified():
    with Held() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_slow', SLOW)])
        with project.open() as app:
            window = app.window()
            before = len(DESKTOP.notifications)
            start(app, window)
            wait(lambda: DESKTOP.reasons(), 'the session to stay')
            atspi.focus_window('harbour')
            wait(lambda: atspi.has_state(window, 'active'), 'the window to be looked at')
            dev.let_go()
            wait_states(window, ('slow', 'Applied'))
            wait(lambda: not DESKTOP.inhibitors, 'the session to be free')
            assert DESKTOP.notifications[before:] == []


def question(app):
    """The dialog that is on the screen"""
    return next((node for node in atspi.children(app.node()) if node.get_role_name() in ('dialog', 'alert') and atspi.labels(node)), None)


def closing_asks_in_words_for_that_very_job():
    with Held() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_slow', SLOW)])
        with project.open() as app:
            window = app.window()
            start(app, window)
            wait(lambda: DESKTOP.reasons(), 'the session to stay')
            dev.wait_reached()
            for verb in ('Keep Running', 'Stop and Close'):
                dialog = again(lambda: (atspi.focus_window('harbour'), atspi.keys('ctrl+w')), lambda: question(app), 'a question')
                said = ' '.join(atspi.labels(dialog))
                for word in ('Stop “Apply migrations to dev”?', '20250101000000_slow', 'stay applied', 'taken back'):
                    assert word in said, (word, said)
                dev.wait_reached()
                click(button(dialog, verb))
                if verb == 'Keep Running':
                    wait(lambda: question(app) is None, 'the question to go')
            app.wait_end()
            wait(lambda: not DESKTOP.inhibitors, 'the session to be free')
            assert dev.psql("select to_regclass('slow') is null") == 't'
            assert 'cancelled' in dev.psql('select logs from _prisma_migrations')


try:
    atspi.run(session_stays_and_the_end_is_told_unseen, what_somebody_sees_is_not_notified,
              closing_asks_in_words_for_that_very_job)
finally:
    shutil.rmtree(test_timeline.FOLDER, ignore_errors=True)
