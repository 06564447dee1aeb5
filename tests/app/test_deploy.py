#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy and Roll back as a person goes through them: questions in their step, failures with the ways on, and the way back.

test_deploy.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: real projects, real databases.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import a11y
import atspi
import test_timeline
from atspi import Program, click, find, find_all, has_state, mouse, set_text, wait, wait_for, wait_gone
from server import USER, psql
from test_timeline import Database, Project, TIDEMARK, TIDEMARKCTL, environment, wait_states


def take_picture(name):
    """For people to look at, where somebody asks for it"""
    if os.environ.get('TIDE_TEST_PICTURES'):
        time.sleep(0.7)
        atspi.screenshot(os.path.join(os.environ['TIDE_TEST_PICTURES'], name + '.png'))


def button(root, name):
    return wait_for(root, 'push button', lambda own: own == name or own.endswith(' ' + name))


def open_deploy(app, window, verb):
    """Two clicks"""
    click(button(window, 'Deploy…'))
    dialog = wait_for(app.node(), 'dialog', 'Deploy')
    take_picture('start')
    click(button(dialog, verb))
    return dialog


def question(dialog, title, seconds=atspi.PATIENCE):
    """The question of that title, in the row of its step"""
    def asked():
        return next((view for view in find_all(dialog, 'filler', 'TideQuestionView')
                     if any(text.startswith(title) for text in atspi.labels(view))), None)

    try:
        return wait(asked, 'the question %r' % title, seconds)
    except atspi.NotFound as failure:
        raise atspi.NotFound('%s; there is:\n%s' % (failure, atspi.dump(dialog))) from None


def step(dialog, title, state):
    return wait_for(dialog, 'list item', '%s, %s' % (title, state))


def steps(dialog):
    return [row.get_name() for row in atspi.children(wait_for(dialog, 'list', 'Steps'))]


def tick(view):
    for box in find_all(view, 'check box'):
        click_until(box, lambda: has_state(box, 'checked'))


def click_until(node, done):
    def clicked():
        mouse(node, '^(Deploy|Roll Back)$')
        try:
            return wait(done, 'an effect of the click', 1)
        except atspi.NotFound:
            return False

    wait(clicked, 'the click on %r' % node.get_name())


def approve_until(dialog, role, name):
    """Approves the commands of the project until there is what is looked for"""
    def found():
        atspi.now(lambda: atspi.press_now(lambda: find(dialog, 'push button', lambda own: own.endswith('Approve This Command'))))
        return find(dialog, role, name)

    try:
        return wait(found, '%s %r' % (role, name))
    except atspi.NotFound as failure:
        raise atspi.NotFound('%s; there is:\n%s' % (failure, atspi.dump(dialog))) from None


def confirm(dialog, name, verb):
    prompt = 'Type “%s” to confirm:' % name
    entry = approve_until(dialog, 'text', prompt)
    view = next(view for view in find_all(dialog, 'filler', 'TideQuestionView') if find(view, 'text', prompt))
    yes = button(view, verb)
    for text, allowed in ((name[:-1], False), (name, True)):
        set_text(entry, text)
        wait(lambda: has_state(yes, 'sensitive') == allowed, 'a button that is %s' % allowed)
    take_picture('confirmation-' + verb)
    click(yes)


def one_migration_takes_two_clicks_on_development():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'create table one ();')])
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            dialog = open_deploy(app, window, 'Deploy')
            wait_for(dialog, 'label', 'Deployed')
            assert dev.psql("select to_regclass('one') is not null") == 't'
            assert all(name.endswith((', Done', ', Skipped', ', Warning')) for name in steps(dialog)), steps(dialog)
            take_picture('deployed')
            logs = os.listdir(os.path.join(project.folder, 'logs'))
            assert {os.path.splitext(name)[1] for name in logs} >= {'.log', '.json', '.html'}, logs
            wait_states(window, ('one', 'Applied'))


def hooks_run_only_once_approved():
    with Database() as staging:
        project = Project({'staging': (staging, 'staging')}, [('20250101000000_one', 'create table one ();')])
        trace = os.path.join(project.folder, 'trace')
        settings = json.load(open(os.path.join(project.folder, 'tidemark.json'), encoding='utf-8'))
        settings['hooks'] = {'health': [['sh', '-c', 'date >> "$0"', trace]], 'timeout_seconds': 77}
        project.write('tidemark.json', json.dumps(settings))
        with project.open() as app:
            window = app.window()
            environment(window, 'staging, staging, 1 pending')
            dialog = open_deploy(app, window, 'Start the Checks')
            view = question(dialog, 'Is everything on the checklist done?')
            assert not has_state(button(view, 'Go On'), 'sensitive')
            tick(view)
            take_picture('checklist')
            click(button(view, 'Go On'))
            view = question(dialog, 'Run the health command')
            said = ' '.join(atspi.labels(view))
            assert "sh -c 'date >> \"$0\"' %s" % trace in said and 'longer than 77 s' in said, said
            take_picture('hook')
            assert not os.path.exists(trace)
            click(button(view, 'Leave It Out'))
            click(button(question(dialog, 'Apply '), 'Apply'))
            wait_for(dialog, 'label', 'Deployed')
            assert not os.path.exists(trace)
            # The run remembers what was ticked
            logs = os.path.join(project.folder, 'logs')
            reports = [json.load(open(os.path.join(logs, name), encoding='utf-8')) for name in os.listdir(logs) if name.endswith('.json')]
            boxes = [item for report in reports for item in report.get('checklist', []) if item['state'] == 'manual']
            assert boxes and all(item['ticked'] for item in boxes), boxes


class Blocker:
    """Somebody who has changed a row, or what @sql changes, and not said COMMIT"""

    def __init__(self, url, sql='update users set email = email'):
        self.psql = subprocess.Popen(['psql', '-XAtq', url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                     env={**os.environ, 'PGAPPNAME': 'ledger work'})
        self.psql.stdin.write('begin; %s;\nselect pg_backend_pid();\n' % sql)
        self.psql.stdin.flush()
        self.pid = self.psql.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.psql.kill()
        self.psql.wait()


def make_blocked(database):
    database.psql("create table users (id int primary key, email text); insert into users values (1, 'ada')")
    project = Project({'dev': (database, 'development')}, [('20250101000000_users', 'select 1;')])
    project.ctl('dev', 'resolve', '--applied', '20250101000000_users')
    project.add('20250102000000_status', 'alter table users add column status text;')
    return project


def waiting_for_a_lock_is_told_and_cancelled():
    with Database() as dev:
        project = make_blocked(dev)
        with Blocker(dev.url) as blocker, project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            dialog = open_deploy(app, window, 'Deploy')
            said = wait_for(dialog, 'label', lambda text: text.startswith('Waiting: process ')).get_name()
            for word in (blocker.pid, 'ledger work', USER):
                assert word in said, (word, said)
            take_picture('waiting')

            # Closing asks, and says what that does.
            atspi.focus_window('^Deploy$')
            atspi.keys('ctrl+w')
            asked = wait_for(app.node(), None, 'Stop “Deploy to dev”?')
            assert any('stay applied' in text for text in atspi.labels(asked)), atspi.labels(asked)
            click(button(asked, 'Keep Running'))
            wait_gone(app.node(), 'alert', None)

            row = step(dialog, 'Apply', 'Running')
            click(button(row, 'Cancel'))
            wait_for(dialog, 'label', 'Stopped at “Apply”')
            take_picture('stopped')
            assert dev.psql("select count(*) from information_schema.columns where table_name = 'users'") == '2'
            assert dev.psql("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == '0'


def cells(window):
    """The matrix of environments, row by row"""
    table = wait_for(window, 'tree table', 'Migrations by environment')
    return [[atspi.labels(cell)[0] for cell in find_all(row, 'table cell')] for row in find_all(wait_for(table, 'list'), 'table row')]


def what_runs_is_called_running_and_then_what_became_of_it():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'create table one (a int);'),
                                                          ('20250102000000_slow', 'alter table one add b int;')])
        project.ctl('dev', 'deploy', '--to', '20250101000000_one')
        command = [TIDEMARKCTL, '--project', project.folder, '--env', 'dev', 'run', 'dev', '--yes']
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            with Blocker(dev.url, 'insert into one values (1)'):
                run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wait_states(window, ('slow', 'Running'), ('one', 'Applied'))
                wait_for(window, 'label', '1 running, 1 applied')
                wait_for(window, 'label', 'Under Way, at “Apply”')
                atspi.row(window, 'dev, development, 1 running')
                take_picture('running')
                # It is looked at again every few seconds: the first look may have come before the lock
                told = wait_for(window, 'label', lambda own: 'holds the migration lock' in own).get_name()
                assert 'EXECUTE' not in told, told
                details = test_timeline.select(window, 'slow')
                wait(lambda: any('at this moment' in text for text in atspi.labels(details)), 'what it means')
                click(wait_for(window, 'push button', 'All Environments'))
                wait(lambda: cells(window) == [['20250102000000_slow', 'Running'], ['20250101000000_one', 'Applied']], 'the matrix')
                status = json.loads(project.ctl('dev', '--json', 'status', code=1))
                assert [(m['state'], m['running']) for m in status['migrations']] == [('applied', False), ('failed', True)], status
                said = project.ctl('dev', 'status', code=1)
                assert '  running ' in said and '1 applied' in said and '1 running' in said and '1 failed' not in said, said
                run.kill()
                run.wait()
            # It was killed, and the server has let go of it
            wait(lambda: cells(window) == [['20250102000000_slow', 'Failed'], ['20250101000000_one', 'Applied']], 'the end of it')
            click(wait_for(window, 'push button', 'Timeline'))
            wait_states(window, ('slow', 'Failed'), ('one', 'Applied'))
            wait_for(window, 'label', 'Broken Off in the Middle of “Apply”')

            # One that ends well is applied, with nothing more to tell
            project.ctl('dev', 'resolve', '--rolled-back', '20250102000000_slow')
            with Blocker(dev.url, 'insert into one values (1)'):
                run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wait_states(window, ('slow', 'Running'), ('one', 'Applied'))
                wait_for(window, 'label', 'Under Way, at “Apply”')
            wait_states(window, ('slow', 'Applied'), ('one', 'Applied'))
            assert run.wait() == 0
            wait(lambda: not find(window, 'label', lambda own: own.startswith('Under Way')), 'no more word of it')


class SecondBus:
    """The session of somebody else: a start there does not find a program that runs here. It is looked at as all others are."""

    def __enter__(self):
        self.daemon = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--print-address'], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        return {'DBUS_SESSION_BUS_ADDRESS': self.daemon.stdout.readline().strip(), 'AT_SPI_BUS_ADDRESS': a11y.get_bus().address}

    def __exit__(self, *failure):
        self.daemon.kill()
        self.daemon.wait()


def two_windows_deploy_at_once():
    """Two people, each with a copy of the project: the second is told who is at it, and nothing is applied twice"""
    with Database() as dev:
        ours = make_blocked(dev)
        theirs = Project({'dev': (dev, 'development')})
        shutil.copytree(os.path.join(ours.folder, 'prisma'), os.path.join(theirs.folder, 'prisma'), dirs_exist_ok=True)
        with SecondBus() as bus, ours.open() as first, Program([TIDEMARK, theirs.folder], bus) as second:
            dialogs = []
            holder = ("select pid from pg_locks where locktype = 'advisory' and objid = 72707369 and granted and database = "
                      '(select oid from pg_database where datname = current_database())')
            with Blocker(dev.url):
                click(button(first.window(), 'Deploy…'))
                dialogs.append(wait_for(first.node(), 'dialog', 'Deploy'))
                click(button(dialogs[0], 'Deploy'))
                pid = wait(lambda: dev.psql(holder), 'the lock')
                # A window that nobody works in does not ask by itself: this one knows nothing of it yet
                click(button(second.window(), 'Deploy…'))
                dialogs.append(wait_for(second.node(), 'dialog', 'Deploy'))
                click(button(dialogs[1], 'Deploy'))
                told = wait_for(dialogs[1], 'label', lambda own: 'process %s' % pid in own)
                take_picture('two-at-once')
                assert 'user "%s"' % USER in told.get_name(), told.get_name()
                wait_for(dialogs[1], 'label', lambda own: 'changed nothing' in own)
                assert dev.psql("select count(*) from information_schema.columns where table_name = 'users'") == '2'
            wait_for(dialogs[0], 'label', 'Deployed')
            click(button(dialogs[1], 'Close'))
            atspi.activate(second.window(), 'win.refresh')
            wait_states(second.window(), ('status', 'Applied'), ('users', 'Applied'))
            assert dev.psql("select count(*), count(finished_at) from _prisma_migrations where migration_name like '%status'") == '1|1'


def is_blocked(dialog, verb, why):
    """Its button cannot be pressed, and beside it stands why, and how to go on"""
    start = button(dialog, verb)
    wait_for(dialog, 'label', lambda own: own.startswith(why))
    assert not has_state(start, 'sensitive'), atspi.dump(dialog)
    button(dialog, 'What Is Wrong?')
    return start


def nothing_begins_where_nothing_can_be_applied():
    with Database() as dev:
        project = make_blocked(dev)
        project.add('20250103000000_bad', 'select nothing;')
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 2 pending')
            # Somebody else is at it: it can be begun when they have ended, without asking for it
            with Blocker(dev.url):
                run = subprocess.Popen([TIDEMARKCTL, '--project', project.folder, '--env', 'dev', 'run', 'dev', '--yes'],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wait_states(window, ('bad', 'Pending'), ('status', 'Running'), ('users', 'Applied'))
                click(button(window, 'Deploy…'))
                dialog = wait_for(app.node(), 'dialog', 'Deploy')
                is_blocked(dialog, 'Deploy', '“20250102000000_status” is being applied.')
                assert find(dialog, 'push button', 'Show It') is None
                take_picture('start-runs')
            run.wait()
            # They have failed: that is said, and shown
            start = is_blocked(dialog, 'Deploy', '“20250103000000_bad” has failed.')
            wait(lambda: atspi.focused(dialog) is not None, 'a way that has the focus')
            wait_for(dialog, 'label', 'A migration has failed.')
            take_picture('start-failed')
            click(button(dialog, 'Show It'))
            wait_gone(app.node(), 'dialog', 'Deploy')
            details = wait_for(window, 'filler', 'TideMigrationDetails')
            wait(lambda: 'bad' in atspi.labels(details), 'the details of what failed')
            click(button(window, 'Deploy…'))
            dialog = wait_for(app.node(), 'dialog', 'Deploy')
            start = is_blocked(dialog, 'Deploy', '“20250103000000_bad” has failed.')
            # It is resolved elsewhere
            project.ctl('dev', 'resolve', '--rolled-back', '20250103000000_bad')
            atspi.activate(window, 'win.refresh')
            wait(lambda: has_state(start, 'sensitive'), 'a button that can be pressed')
            assert find(dialog, 'push button', lambda own: own.endswith('What Is Wrong?')) is None
            project.ctl('dev', 'deploy', code=1)
            atspi.activate(window, 'win.refresh')
            is_blocked(dialog, 'Deploy', '“20250103000000_bad” has failed.')
            click(button(dialog, 'What Is Wrong?'))
            wait_gone(app.node(), 'dialog', 'Deploy')
            wait_for(app.node(), 'label', '“20250103000000_bad” failed')


def killed_run_is_told_at_the_next_start():
    with Database() as dev:
        project = make_blocked(dev)
        with Blocker(dev.url):
            with project.open() as app:
                window = app.window()
                environment(window, 'dev, development, 1 pending')
                dialog = open_deploy(app, window, 'Deploy')
                wait_for(dialog, 'label', lambda text: text.startswith('Waiting: process '))
                app.process.kill()
        with project.open() as app:
            window = app.window()
            wait_for(window, 'label', 'Broken Off in the Middle of “Apply”')
            take_picture('killed')
            click(button(window, 'What to Do…'))
            dialog = wait_for(app.node(), 'dialog', 'Deploy')
            button(dialog, 'Try Again')
            take_picture('killed-ways')


def fingerprint(url):
    """Every row of every table but the ledger's"""
    tables = psql(url, "select format('%I', tablename) from pg_tables where schemaname = 'public' "
                  "and tablename <> '_prisma_migrations' order by 1").split('\n')
    return {table: psql(url, "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '\n' order by t::text)), '') "
                        'from %s t' % table) for table in tables}


def production_fails_and_comes_back_by_swap():
    share = tempfile.mkdtemp(dir=test_timeline.FOLDER)
    os.chmod(share, 0o755)
    own = {**os.environ, 'XDG_DATA_HOME': share}
    try:
        demo = json.loads(subprocess.run([TIDEMARKCTL, '--json', 'demo'], check=True, capture_output=True, text=True,
                                         env=own).stdout)
        roll_back_the_sample(demo['project'], own)
    finally:
        subprocess.run([TIDEMARKCTL, 'demo', '--stop'], stdout=subprocess.DEVNULL, env=own)


def roll_back_the_sample(folder, own):
    settings = json.load(open(os.path.join(folder, 'tidemark.json'), encoding='utf-8'))
    url = settings['environments']['prod']['url']
    planted = os.path.join(folder, 'prisma', 'migrations', 'planted_failure')
    os.makedirs(planted)
    with open(os.path.join(planted, 'migration.sql'), 'w', encoding='utf-8') as file:
        file.write('DELETE FROM orders;\nCOMMIT;\nSELECT nothing_of_that_name;\n')
    before = fingerprint(url)
    with atspi.Program([TIDEMARK, folder], own) as app:
        window = app.window()
        atspi.choose_row(window, 'prod, production', 'broxiva')
        wait_for(window, 'label', lambda text: text.startswith('8 pending'))
        dialog = open_deploy(app, window, 'Start the Checks')
        view = question(dialog, 'Is everything on the checklist done?')
        names = atspi.walk_by_tab(dialog, '^Deploy$')
        assert {'Checklist, Asks You', 'The Way Back, Waiting'} < set(names), names
        tick(view)
        click(button(view, 'Go On'))
        name = url.split('?')[0].rsplit('/', 1)[1]
        confirm(dialog, name, 'Apply')
        wait_for(dialog, 'label', 'Failed at “Apply”')
        take_picture('failed')
        assert steps(dialog)[-1] == 'The Way Back, Waiting', steps(dialog)
        assert fingerprint(url) != before

        click(button(dialog, 'Roll Back…'))
        back = wait_for(app.node(), 'dialog', 'Roll Back')
        start = button(back, 'Roll Back…')
        wait(lambda: has_state(start, 'sensitive'), 'the plan')
        take_picture('roll-back')
        ends = find(back, 'toggle button') or find(back, 'switch')
        if ends is not None and min(ends.get_extents()[2:]) > 0:
            click_until(ends, lambda: has_state(ends, 'checked'))
        click(start)
        confirm(back, name, 'Roll Back')
        approve_until(back, 'label', 'Rolled Back')
        take_picture('rolled-back')
        assert fingerprint(url) == before

        # And the swap itself can be taken back: the database is again what the failed run had made of it
        click(button(back, 'Undo…'))
        ask = wait_for(app.node(), None, 'Undo This Roll-Back?')
        yes = button(ask, 'Swap Back')
        for text, allowed in ((name[:-1], False), (name, True)):
            set_text(wait_for(ask, 'text'), text)
            wait(lambda: has_state(yes, 'sensitive') == allowed, 'a button that is %s' % allowed)
        click(yes)
        wait_gone(app.node(), 'dialog', 'Roll Back')
        assert fingerprint(url) != before
        window = app.window()
        atspi.activate(window, 'win.roll-back')
        back = wait_for(app.node(), 'dialog', 'Roll Back')
        mouse(wait_for(back, 'label', 'Emergency'), 'Roll Back')
        wait_for(back, 'label', lambda text: text.startswith('On-call DBA: '))
        start = button(back, 'Roll Back…')
        wait(lambda: has_state(start, 'sensitive'), 'the plan of an emergency')
        wait_for(back, None, 'Backup')
        take_picture('emergency')


if __name__ == '__main__':
    tests = [one_migration_takes_two_clicks_on_development, hooks_run_only_once_approved,
             waiting_for_a_lock_is_told_and_cancelled, two_windows_deploy_at_once,
             nothing_begins_where_nothing_can_be_applied, what_runs_is_called_running_and_then_what_became_of_it,
             killed_run_is_told_at_the_next_start, production_fails_and_comes_back_by_swap]
    try:
        atspi.run(*[test for test in tests if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(test_timeline.FOLDER, ignore_errors=True)
