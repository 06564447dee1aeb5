#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""screenshots.py PROJECT FOLDER: opens the window on PROJECT, the sample, goes through its pages and
leaves a picture of each in FOLDER. Changes nothing in the project or its databases. Run it under
tests/app/with-display.sh with TIDE_TEST_WM=1."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, 'tests', 'app'))
import atspi  # noqa: E402

PROGRAM = os.path.join(TOP, 'build', 'src', 'app', 'tidemark')
CTL = os.path.join(TOP, 'build', 'src', 'cli', 'tidemarkctl')
SETTLE = 0.7  # seconds until what was asked for is drawn
QUERY = '''-- What sells best
SELECT p."name", count(*) AS orders, sum(i."quantity") AS pieces
  FROM "order_items" i
  JOIN "products" p ON p."id" = i."productId"
 GROUP BY p."id", p."name"
 ORDER BY pieces DESC
 LIMIT 100;
'''


class Pictures:
    def __init__(self, folder):
        self.folder = folder
        self.number = 0

    def take(self, name):
        self.number += 1
        subprocess.run(['xdotool', 'mousemove', '0', '0'], check=True)  # no tooltip in the way
        time.sleep(SETTLE)
        path = os.path.join(self.folder, '%d-%s.png' % (self.number, name))
        atspi.screenshot(path)
        print('  ' + path, flush=True)


def choose(window, list_name, label):
    """Clicks the row of a list that has @label."""
    rows = atspi.wait_for(window, 'list', list_name, 20)
    atspi.mouse(atspi.wait_for(rows, 'label', label, 20))


def choose_production(window):
    choose(window, 'Environments', 'prod')
    atspi.wait_for(window, 'label', lambda name: 'production' in name, 20)


def show_dialog(app, pictures, name):
    app.dialog()
    pictures.take(name)
    atspi.keys('Escape')


def run_query(window):
    atspi.keys('alt+3')
    # The migration that was chosen on the timeline is a text called SQL, too
    editor = atspi.wait(lambda: next((text for text in atspi.find_all(window, 'text', 'SQL')
                                      if atspi.has_state(text, 'editable')), None), 'the editor', 20)
    atspi.set_text(editor, QUERY)
    atspi.mouse(editor, 'broxiva')
    atspi.keys('ctrl+Return')
    atspi.wait_for(window, None, lambda name: name is not None and 'in all' in name, 20)


def go_through(app, pictures):
    window = app.window()
    choose_production(window)
    pictures.take('timeline')
    choose(window, 'Migrations', 'add owner relation and role permissions')
    pictures.take('migration')
    atspi.click(atspi.wait_for(window, 'push button', 'All Environments'))
    pictures.take('environments')
    atspi.click(atspi.wait_for(window, 'push button', 'Timeline'))
    atspi.activate(window, 'win.deploy')
    show_dialog(app, pictures, 'deploy')
    atspi.click(atspi.wait_for(window, 'page tab', 'Drift'))
    atspi.wait_for(window, 'label', 'Proved', 60)
    pictures.take('drift')
    run_query(window)
    pictures.take('sql')
    atspi.click(atspi.wait_for(window, 'page tab', 'Health'))
    atspi.wait_for(window, 'label', 'Who waits for whom', 60)
    pictures.take('health')


def make_backups(project):
    for environment, level in (('dev', '2'), ('prod', '4')):
        subprocess.run([CTL, '--quiet', '--project', project, 'backup', '--env', environment, '--verify', level,
                        '--for', 'before the release'], check=True, stdout=subprocess.DEVNULL)


def show_backups(project, pictures):
    """In a copy of the project: a backup lies in its folder"""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(os.path.normpath(project)))
        shutil.copytree(project, copy, symlinks=True)
        make_backups(copy)
        for scheme, name in (('default', 'backups'), ('prefer-dark', 'backups-dark')):
            with atspi.Program([PROGRAM, copy], environment={'ADW_DEBUG_COLOR_SCHEME': scheme}) as app:
                window = app.window()
                choose_production(window)
                atspi.click(atspi.wait_for(window, 'page tab', 'Backups'))
                atspi.wait_for(window, 'label', 'public.orders', 20)
                pictures.take(name)


def main(project, folder):
    pictures = Pictures(folder)
    with atspi.Program([PROGRAM, project]) as app:
        go_through(app, pictures)
    with atspi.Program([PROGRAM, project],
                       environment={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}) as app:
        window = app.window()
        choose_production(window)
        choose(window, 'Migrations', 'add performance indexes')
        pictures.take('dark')
    show_backups(project, pictures)
    with atspi.Program([PROGRAM]) as app:
        app.window()
        pictures.take('welcome')
        atspi.activate(app.window(), 'win.new-connection')
        atspi.wait_for(app.node(), 'label', 'New Connection')
        pictures.take('connection')


if __name__ == '__main__':
    main(*sys.argv[1:])
