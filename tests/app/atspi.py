#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a running program through the accessibility tree: find by role and name, act, read.

Needs /usr/bin/python3 (jeepney) and the environment of with-display.sh. A test is a script of
functions given to run(); it speaks TAP. What cannot be found in time fails with the tree as it was.
"""
import os
import re
import subprocess
import sys
import time
import traceback

from a11y import Failure, Look, list_programs

PROGRAM_DEBUG = {'G_DEBUG': 'fatal-criticals'} if os.environ.pop('G_DEBUG', None) else {}

# Long lists are entered only where the search starts in one, or asks for it: a list of 10,000 rows is slow to walk.
LISTS = {'tree table', 'table', 'list', 'list box'}

# How long to wait for what must come, in seconds. Nobody waits so long for a sound program, however busy the machine.
PATIENCE = float(os.environ.get('TIDE_TEST_PATIENCE', 90))


class NotFound(Exception):
    pass


def children(node):
    try:
        return node.get_children()
    except Failure:
        return []


def look_at(root, lists=True):
    """A look at @root, and the nodes of it, top to bottom; none where it is gone. @lists: go into lists and tables, too."""
    root = living(root)
    look = root and Look(root, () if lists else LISTS)
    return look, [node for node, _ in look.nodes()] if look else []


def walk(root, lists=True):
    """Every node below @root and itself"""
    return look_at(root, lists)[1]


def is_called(own, name):
    if callable(name):
        return name(own)
    # GTK 4.8 calls a button with a mnemonic '_Save Save'.
    return name is None or own == name or ('_' in own and own.endswith(' ' + name))


def search(root, role, name, lists):
    """Those below @root and itself that match, top to bottom"""
    look, nodes = look_at(root, lists)
    return (node for node in nodes if role in (None, node.get_role_name()) and is_called(look.names[node], name))


def find_all(root, role=None, name=None, lists=True):
    return list(search(root, role, name, lists))


FOUND = {}


def find(root, role=None, name=None, lists=True):
    found = next(search(root, role, name, lists), None)
    if found is not None:
        FOUND[found] = root, role, name, lists
    return found


def living(node):
    """@node, or, where it was taken out of the window since it was found, what is found now in the same way: rows may be made
    anew at any time. None where there is nothing of the kind (yet)."""
    try:
        node.get_states()
        return node
    except Failure as failure:
        if not failure.is_gone():
            return node
    if node not in FOUND:
        return None
    root, *how = FOUND[node]
    root = living(root)
    return find(root, *how) if root else None


def now(condition):
    """What @condition answers; None where something went away while it looked"""
    try:
        return condition()
    except Failure:
        return None


PROGRAMS = set()  # the processes that are looked at


def work_done():
    """What the main threads of the programs have worked until now, in nanoseconds of the processor: what a window shows changes by
    nothing else"""
    done = 0
    for process in PROGRAMS:
        try:
            with open('/proc/%d/task/%d/schedstat' % (process, process)) as file:
                done += int(file.read().split()[0])
        except OSError:
            pass  # it has ended
    return done


def pause(shortest, longest):
    """Sleeps until the programs have done something and come to rest, or for @longest, in seconds"""
    begun = time.monotonic()
    before = last = work_done()
    while True:
        time.sleep(shortest)
        done = work_done()
        if done == last != before or time.monotonic() - begun > longest:
            return
        last = done


END = [float('inf')]  # when the innermost again() has waited long enough for what it does


def wait(condition, what, seconds=PATIENCE):
    """Waits until @condition answers something true, and returns that."""
    end = min(time.monotonic() + seconds, END[-1])
    while True:
        begun = time.monotonic()
        answer = now(condition)
        if answer:
            return answer
        if time.monotonic() > end:
            raise NotFound('waited %d s for %s' % (seconds, what))
        # To be looked at keeps a program from its work, and others of the processor: they have twice as long as looking took
        pause(0.03, min(max(0.3, 2 * (time.monotonic() - begun)), 0.8))


def again(act, condition, what, seconds=15):
    """Does what a person does until @condition answers something true: a press is lost on what is not drawn yet, or is made anew
    just then, and what is pressed may be gone because the press before was taken after all. @seconds: what it takes to act on, at
    most, where doing it twice does harm"""
    failures = []

    def answer():
        END.append(time.monotonic() + seconds)
        try:
            act()
        except NotFound as failure:
            failures[:] = [failure]
        finally:
            END.pop()
        try:
            return wait(condition, what, seconds)
        except NotFound:
            return None

    try:
        return wait(answer, what)
    except NotFound as failure:
        raise failure from (failures[0] if failures else None)


def wait_for(root, role=None, name=None, seconds=PATIENCE):
    """The node of that role and name, as soon as it is there."""
    try:
        return wait(lambda: find(root, role, name), '%s %r' % (role or 'node', name), seconds)
    except NotFound as failure:
        raise NotFound('%s; there is:\n%s' % (failure, dump(root))) from None


def wait_gone(root, role=None, name=None, seconds=PATIENCE):
    wait(lambda: find(root, role, name) is None, 'no %s %r' % (role, name), seconds)


SIDEBARS = {}


def tells_of_running_jobs(name):
    """The button of the jobs, while one runs. Of migrations, and in parts of the window that are hidden, other things tell"""
    return name is not None and re.match(r'\d+ jobs? (is|are) running', name) is not None


def row(window, start):
    """The row of the sidebar whose accessible label starts so. Walking all of a window is slow, so its sidebar is looked
    for once."""
    def found():
        SIDEBARS[window] = SIDEBARS.get(window) or find(window, 'filler', 'TideSidebar', lists=False)
        return SIDEBARS[window] and find(SIDEBARS[window], 'list item', lambda name: name.startswith(start))

    try:
        return wait(found, 'the row %r' % start)
    except NotFound as failure:
        raise NotFound('%s; there is:\n%s' % (failure, dump(SIDEBARS.get(window) or window))) from None


def dump(root):
    look = Look(root)
    lines = ['# %s%s %r' % ('  ' * depth, node.get_role_name(), look.names[node]) for node, depth in look.nodes()
             if look.names[node] or node.get_role_name() not in ('filler', 'unknown', 'panel', 'generic')]
    return '\n'.join(lines[:1500])


def has_state(node, state):
    node = living(node)
    return node is not None and state in node.get_states()


def actions(node):
    try:
        return node.get_actions()
    except Failure:
        return []  # it has none


PRESSED = {}


def press(node, number):
    """Does an action of @node, once: a program that ends with it, or is busy with it, does not answer. What was taken out of
    the window since it was found is not pressed. GTK shows a button pressed for a quarter of a second, and takes no other press
    of it until then."""
    time.sleep(max(0, PRESSED.get((node, number), 0) + 0.4 - time.monotonic()))
    PRESSED[node, number] = time.monotonic()
    try:
        return node.do_action(number)
    except Failure as failure:
        return not failure.is_gone()


def looker(node):
    """What finds @node now. @node may be a function that looks for it, where its role and name are not enough."""
    return node if callable(node) else lambda: living(node)


def called(node):
    return getattr(node, '__name__', None) or '%s %r' % (node.get_role_name(), node.get_name())


def press_now(node):
    """Presses a button, or whatever the node's first action is, where it is there and can be pressed: whether it was. A menu
    button's is on a child of it. @node: as for looker()"""
    found = looker(node)()
    target = next((n for n in walk(found) if actions(n)), None) if found else None
    return target is not None and has_state(target, 'sensitive') and press(target, 0)


def click(node):
    """As press_now(), as soon as it can be"""
    wait(lambda: press_now(node), 'a way to press %s' % called(node))


def activate(window, action):
    """Activates a window or application action by its name, as soon as it is enabled: activate(window, 'win.refresh')."""
    def pressed():
        names = actions(window)
        return action in names and press(window, names.index(action))

    wait(pressed, 'action %s' % action)


def text(node):
    node = living(node)
    return node and node.get_text()


def set_text(node, value):
    wait(lambda: living(node).set_text(value), 'the text of %r to be editable' % node.get_name())
    wait(lambda: text(node) == value, 'the text %r' % value)


def labels(root):
    """The text of every label below @root, top to bottom."""
    look, nodes = look_at(root)
    return [look.names[node] for node in nodes if node.get_role_name() == 'label' and look.names[node]]


def focused(root):
    look, nodes = look_at(root)
    return next((node for node in nodes if 'focused' in look.get_states(node)), None)


def keys(*names):
    """Types keys as a person would: keys('ctrl+f'), keys('Tab', 'Return')."""
    subprocess.run(['xdotool', 'key', *names], check=True)


def focus_window(title='.'):
    """Gives the keyboard to the window of that title (a regular expression), as soon as it is on the screen; its id. One that
    goes away just then was another one."""
    def focus():
        numbers = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title],
                                 capture_output=True, text=True).stdout.split()
        return numbers and subprocess.run(['xdotool', 'windowfocus', '--sync', numbers[-1]],
                                          stderr=subprocess.DEVNULL).returncode == 0 and numbers[-1]

    return wait(focus, 'window %r on the screen' % title)


def walk_by_tab(root, title):
    """Tab goes through all of the window of that title and comes round: the names of what it stops at"""
    focus_window(title)
    stops = [wait(lambda: focused(root), 'the keyboard in %s' % title)]
    while len(stops) == 1 or stops[-1] != stops[0]:
        if len(stops) > 60:
            raise NotFound('Tab does not come round: %r' % [stop.get_name() for stop in stops])
        keys('Tab')
        stops.append(wait(lambda: next((node for node in [focused(root)] if node and node != stops[-1]), None),
                          'Tab to lead on from %r' % stops[-1].get_name(), 15))
    return [stop.get_name() for stop in stops]


def place(node):
    """Where @node, or what the function @node finds, is drawn, once two looks agree on it: what has just been laid out may
    still move."""
    look = looker(node)

    def settled():
        found = look()
        if found is None:
            return None
        before = found.get_extents()
        time.sleep(0.05)
        return before if before == found.get_extents() and min(before[2:]) > 0 else None

    return wait(settled, 'the place of %s' % called(node))


def mouse(node, title='.', button=1):
    """Clicks in the middle of @node, or of what the function @node finds, for what has no action (rows); @title: of its
    window."""
    number = focus_window(title)
    x, y, width, height = place(node)
    subprocess.run(['xdotool', 'mousemove', '--window', number, str(x + width // 2), str(y + height // 2)],
                   check=True)
    subprocess.run(['xdotool', 'click', str(button)], check=True)


def choose_row(window, start, title='.'):
    """Chooses what the row() of the sidebar stands for"""
    again(lambda: mouse(lambda: row(window, start), title), lambda: has_state(row(window, start), 'selected'), 'the choice of %r' % start, 3)


def screenshot(path):
    subprocess.run(['import', '-window', 'root', path], check=True)


class Program:
    """The program under test: with Program(argv) as app: ... app.window()"""

    def __init__(self, argv, environment=None):
        self.argv = argv
        self.name = os.path.basename(argv[0])
        self.environment = {**os.environ, **PROGRAM_DEBUG, **(environment or {})}

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, env=self.environment)
        PROGRAMS.add(self.process.pid)
        return self

    def __exit__(self, *failure):
        PROGRAMS.discard(self.process.pid)
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _node(self):
        if self.process.poll() is not None:
            raise SystemExit('%s ended with %s' % (self.name, self.process.returncode))
        return next((node for node, process in list_programs() if process == self.process.pid), None)

    def node(self):
        return wait(self._node, 'the program %s' % self.name)

    def _top(self, role, title=None):
        """What stands on the screen by itself, which is seen without all that is in it"""
        program = self.node()
        found = next((node for node in children(program) if node.get_role_name() == role
                      and (title is None or is_called(node.get_name(), title))), None)
        if found is not None:
            FOUND[found] = program, role, title, False
        return found

    def window(self, title=None, role='frame'):
        return wait(lambda: self._top(role, title), 'window %r' % title)

    def dialog(self):
        return wait(lambda: self._top('dialog') or self._top('alert'), 'a dialog')

    def wait_end(self, seconds=PATIENCE):
        return self.process.wait(seconds)


def run(*tests):
    """Runs the functions as a TAP test and ends the script."""
    failed = 0
    print('1..%d' % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace('_', ' ')
        try:
            test()
            print('ok %d %s' % (number, name), flush=True)
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print('# ' + line.removeprefix('# '))
            print('not ok %d %s' % (number, name), flush=True)
    sys.exit(1 if failed else 0)
