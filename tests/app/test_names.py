#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the keyboard reaches has a name that a person can be told: on every page, and in every window that opens from them.

test_names.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: a real project, a real database.
"""
import re
import shutil
import sys
import time

import atspi
import test_timeline
from atspi import NotFound, activate, click, focus_window, keys, wait, wait_for
from test_timeline import Database, Project, environment, make_every_state

# What GTK tells where it knows of no name
TYPE = re.compile(r'(Gtk|Adw|Tide)[A-Z]\w+$')

# These hold other things that are named, and take the keyboard only to scroll
HOLDERS = {'scroll pane', 'filler', 'panel', 'viewport'}

# Made whole by GTK and by GtkSourceView: the buttons in them are not ours
FOREIGN = {'GtkShortcutsWindow', 'GtkSourceCompletionListBox'}


def nameless(root):
    """What takes the keyboard and has no name, each with the names of what it stands in"""
    look, nodes = atspi.look_at(root)
    parents = {child: node for node in nodes for child in look.children[node] if child is not None}
    found = []
    for node in nodes:
        name = look.names[node]
        if node.get_role_name() in HOLDERS or 'focusable' not in look.get_states(node) or (name and not TYPE.match(name)):
            continue
        # What is out of sight, as what a closed popover holds, takes no keyboard
        if min(node.get_extents()[2:]) <= 0:
            continue
        path = [node.get_role_name() + ' ' + repr(name)]
        while node in parents and len(path) < 8:
            node = parents[node]
            path.append('%s %r' % (node.get_role_name(), look.names.get(node, '')))
        if not any(repr(name) in place for name in FOREIGN for place in path):
            found.append(' < '.join(path))
    return found


def every_control_has_a_name():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')})
        make_every_state(project)
        dev.psql('create table harbours (id int primary key, name text); insert into harbours values (1, $$Oslo$$)')
        project.ctl('dev', '--json', 'backup')
        missing = {}
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 failed')

            def look(place, root):
                found = nameless(root)
                if found:
                    missing[place] = found

            for number, page in enumerate(('timeline', 'drift', 'sql', 'backups', 'health'), 1):
                focus_window('harbour')
                keys('alt+%d' % number)
                time.sleep(1)
                if page == 'sql':
                    focus_window('harbour')
                    keys('ctrl+a')
                    atspi.subprocess.run(['xdotool', 'type', 'select * from harbours'], check=True)
                    keys('ctrl+Return')
                    wait_for(window, 'label', lambda own: own.startswith('1 row'))
                    click(wait_for(window, 'push button', 'Objects'))
                    time.sleep(1)
                look(page, window)
            for action in ('win.deploy', 'win.roll-back', 'win.diagnose', 'win.phases', 'win.new-connection', 'win.import-connections',
                           'win.show-shortcuts', 'Back Up…', 'Restore…', 'ctrl+comma'):
                before = set(atspi.children(app.node()))
                try:
                    if action.startswith('win.'):
                        activate(window, action)
                    elif action.startswith('ctrl+'):
                        focus_window('harbour')
                        keys(action)
                    else:
                        click(wait_for(window, 'push button', action, 15))
                    opened = wait(lambda: [node for node in atspi.children(app.node()) if node not in before], 'the window of ' + action, 15)
                except NotFound as failure:
                    missing[action] = [str(failure)]
                    continue
                look(action, opened[0])
                # The keyboard starts at what the window is about
                # (GTK 4.8 tells no focus of the entry in a row, with which a connection begins)
                if action not in ('win.show-shortcuts', 'win.new-connection', 'ctrl+comma'):
                    try:
                        first = wait(lambda: atspi.focused(opened[0]), 'what has the keyboard in the window of ' + action, 15)
                        assert not first.get_name().endswith('Cancel'), action
                    except (NotFound, AssertionError) as failure:
                        missing.setdefault(action, []).append('focus: %s' % failure)
                # Nothing on the way holds the keyboard
                if action == 'win.diagnose':
                    try:
                        assert any(name.endswith('Look for Drift') for name in atspi.walk_by_tab(opened[0], '^What Is Wrong')), action
                    except (NotFound, AssertionError) as failure:
                        missing.setdefault(action, []).append('Tab: %s' % failure)
                keys('Escape')
                wait(lambda: not [node for node in atspi.children(app.node()) if node not in before], 'the end of ' + action)
        assert not missing, '\n' + '\n'.join('%s:\n  %s' % (place, '\n  '.join(found)) for place, found in missing.items())


if __name__ == '__main__':
    try:
        atspi.run(every_control_has_a_name)
    finally:
        shutil.rmtree(test_timeline.FOLDER, ignore_errors=True)
