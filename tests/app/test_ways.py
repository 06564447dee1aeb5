#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rarer ways through Deploy and Roll Back: a migration made by the run, no backup, what leads on after a failure, an older backup.

test_ways.py TIDEMARK TIDEMARKCTL, under with-display.sh and with-postgres.sh: real projects, real databases.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import atspi
import test_deploy
import test_timeline
from atspi import click, find, find_all, has_state, mouse, set_text, wait, wait_for
from test_deploy import button, click_until, question, steps, take_picture
from test_timeline import Database, Project, TIDEMARK, TIDEMARKCTL, environment


def open_start(app, window):
    """Deploy, before it is begun"""
    click(button(window, 'Deploy…'))
    return wait_for(app.node(), 'dialog', 'Deploy')


def switch_on(dialog, title):
    """The switch in the row of that title, as a person moves it"""
    switch = wait_for(wait_for(dialog, 'list item', title), 'check box')
    click_until(switch, lambda: has_state(switch, 'checked'))


def development_makes_its_migration_and_seeds():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'create table one (id int primary key);')])
        seeded = os.path.join(project.folder, 'seeded')
        settings = json.load(open(os.path.join(project.folder, 'tidemark.json'), encoding='utf-8'))
        settings['hooks'] = {'seed': ['touch', seeded]}
        project.write('tidemark.json', json.dumps(settings))
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            dialog = open_start(app, window)
            switch_on(dialog, 'Seed Afterwards')
            switch_on(dialog, 'Make a Migration First')
            set_text(wait_for(dialog, 'text', lambda name: name is not None and 'What It Does' in name), 'add two')
            set_text(wait_for(dialog, 'text', 'SQL of the new migration'), 'create table two (id int primary key);')
            take_picture('create')
            click(button(dialog, 'Deploy'))
            view = question(dialog, 'Run the seed command')
            assert not os.path.exists(seeded)
            click(button(view, 'Approve This Command'))
            wait_for(dialog, 'label', 'Deployed')
            assert os.path.exists(seeded)
            assert dev.psql("select to_regclass('one') is not null and to_regclass('two') is not null") == 't'
            made = [name for name in os.listdir(os.path.join(project.folder, 'prisma', 'migrations')) if name.endswith('_add_two')]
            assert len(made) == 1, made


def production_without_a_backup_wants_a_reason():
    with Database() as production:
        project = Project({'prod': (production, 'production')}, [('20250101000000_one', 'create table one ();')])
        with project.open() as app:
            window = app.window()
            environment(window, 'prod, production, 1 pending')
            dialog = open_start(app, window)
            switch_on(dialog, 'Make No Backup')
            take_picture('no-backup')
            click(button(dialog, 'Start the Checks'))
            view = question(dialog, 'Is everything on the checklist done?')
            test_deploy.tick(view)
            click(button(view, 'Go On'))
            view = question(dialog, 'Go on without a backup?')
            yes, reason = button(view, 'Go On Without a Backup'), wait_for(view, 'text', 'Why there is no backup:')
            for text, allowed in ((' . ', False), ('rebuilt every night', True)):
                set_text(reason, text)
                wait(lambda: has_state(yes, 'sensitive') == allowed, 'a button that is %s' % allowed)
            click(yes)
            test_deploy.confirm(dialog, production.name, 'Apply')
            wait_for(dialog, 'label', 'Deployed')
            assert 'Backup, Skipped' in steps(dialog), steps(dialog)
            folder = os.path.join(project.folder, 'logs')
            journal = next(name for name in os.listdir(folder) if name.endswith('.log'))
            with open(os.path.join(folder, journal), encoding='utf-8') as file:
                assert 'rebuilt every night' in file.read()


def rows_are_counted_up_to_the_size_of_the_preferences():
    """What is larger than a MiB is estimated, where the preferences say so"""
    with Database() as staging:
        staging.psql('create table large as select n, md5(n::text) from generate_series(1, 30000) n; create table small as select 1; analyze')
        project = Project({'staging': (staging, 'staging')}, [('20250101000000_one', 'create table one ();')])
        config = tempfile.mkdtemp(dir=test_timeline.FOLDER)
        os.makedirs(os.path.join(config, 'glib-2.0', 'settings'))
        with open(os.path.join(config, 'glib-2.0', 'settings', 'keyfile'), 'w', encoding='utf-8') as file:
            file.write('[com/broxiva/Tidemark]\nexact-count-limit=uint32 1\n')
        own = {'XDG_CONFIG_HOME': config, 'GSETTINGS_BACKEND': 'keyfile'}
        project.ctl('staging', 'resolve', '--applied', '20250101000000_one')
        project.add('20250102000000_two', 'create table two ();')
        with atspi.Program([TIDEMARK, project.folder], own) as app:
            window = app.window()
            environment(window, 'staging, staging, 1 pending')
            dialog = test_deploy.open_deploy(app, window, 'Start the Checks')
            view = question(dialog, 'Is everything on the checklist done?')
            test_deploy.tick(view)
            click(button(view, 'Go On'))
            click(button(question(dialog, 'Apply '), 'Apply'))
            wait_for(dialog, 'label', 'Deployed')
        folder = os.path.join(project.folder, 'backups')
        manifest = next(name for name in os.listdir(folder) if name.endswith('.json'))
        with open(os.path.join(folder, manifest), encoding='utf-8') as file:
            exact = {table['name']: table['exact'] for table in json.load(file)['tables']}
        assert exact['large'] is False and exact['small'] is True, exact


def make_reader(folder):
    """(environment, trace): a program of the desktop that opens texts, and leaves in trace what it was given"""
    data, config = os.path.join(folder, 'data'), os.path.join(folder, 'config')
    trace, reader = os.path.join(folder, 'opened'), os.path.join(folder, 'reader')
    os.makedirs(os.path.join(data, 'applications'))
    os.makedirs(config)
    types = ['text/plain', 'text/x-log', 'application/octet-stream']
    with open(reader, 'w', encoding='utf-8') as file:
        file.write('#!/bin/sh\nprintf %%s "$1" > "%s"\n' % trace)
    os.chmod(reader, 0o755)
    with open(os.path.join(data, 'applications', 'reader.desktop'), 'w', encoding='utf-8') as file:
        file.write('[Desktop Entry]\nType=Application\nName=Reader\nExec=%s %%f\nMimeType=%s;\n' % (reader, ';'.join(types)))
    with open(os.path.join(config, 'mimeapps.list'), 'w', encoding='utf-8') as file:
        file.write('[Default Applications]\n' + ''.join('%s=reader.desktop\n' % name for name in types))
    return {**os.environ, 'XDG_DATA_HOME': data, 'XDG_CONFIG_HOME': config}, trace


def failure_leads_on():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_bad', 'select nothing_of_that_name;')])
        own, trace = make_reader(tempfile.mkdtemp(dir=test_timeline.FOLDER))
        with atspi.Program([TIDEMARK, project.folder], own) as app:
            window = app.window()
            environment(window, 'dev, development, 1 pending')
            dialog = open_start(app, window)
            click(button(dialog, 'Deploy'))
            wait_for(dialog, 'label', 'Failed at “Apply”')
            take_picture('ways')
            click(button(dialog, 'Show Journal'))
            wait(lambda: os.path.exists(trace) and os.path.getsize(trace) > 0, 'the journal to be opened')
            with open(trace, encoding='utf-8') as file:
                opened = file.read()
            assert opened.startswith(os.path.join(project.folder, 'logs', 'migration_')) and opened.endswith('.log'), opened
            click(button(dialog, 'Open in Editor'))
            wait(lambda: any('nothing_of_that_name' in atspi.text(node) for node in find_all(window, 'text')
                             if has_state(node, 'editable')), 'the migration in the editor')
            click(button(dialog, 'Diagnose'))
            wait_for(window, 'label', lambda name: name is not None and 'checked' in name.lower() or name == 'Who waits for whom')
            assert find(window, 'push button', 'Look Again') is not None


def an_older_backup_is_chosen():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'create table one (id int primary key);')])
        project.ctl('dev', 'deploy')
        project.ctl('dev', 'backup', '--verify', '2', '--for', 'the older one')
        dev.psql('insert into one values (1), (2)')
        project.ctl('dev', 'backup', '--verify', '2', '--for', 'the newer one')
        with project.open() as app:
            window = app.window()
            environment(window, 'dev, development')
            atspi.activate(window, 'win.roll-back')
            back = wait_for(app.node(), 'dialog', 'Roll Back')
            atspi.again(lambda: mouse(wait_for(back, 'label', 'Emergency'), '^Roll Back$'),
                        lambda: any('0 rows were added since' in text for text in atspi.labels(back)), 'the plan of the newest')
            chooser = wait_for(back, None, 'Backup')
            # The list opens over its newest entry; the older one is below
            atspi.again(lambda: (mouse(chooser, '^Roll Back$'), atspi.keys('Down', 'Return')),
                        lambda: any('2 rows were added since' in text for text in atspi.labels(back)), 'the plan of the older')
            take_picture('older')
            start = button(back, 'Roll Back…')
            wait(lambda: has_state(start, 'sensitive'), 'the plan')
            click(start)
            click(button(question(back, 'Roll back dev?'), 'Roll Back'))
            wait_for(back, 'label', 'Rolled Back')
            assert dev.psql('select count(*) from one') == '0'
            undoing_fails_and_that_is_told(app, dev, back)


def undo(app, back):
    click(button(back, 'Undo…'))
    click(button(wait_for(app.node(), None, 'Undo This Roll-Back?'), 'Swap Back'))


def undoing_fails_and_that_is_told(app, dev, back):
    """In the window of the roll-back, and, where that was closed meanwhile, in the one that is there"""
    heading = 'The Databases Could Not Be Swapped Back'
    kept = dev.psql("select datname from pg_database where starts_with(datname, '%s_')" % dev.name)
    # What was kept is not there under its name
    dev.psql('alter database "%s" rename to "%s_away"' % (kept, kept), 'postgres')
    undo(app, back)
    told = wait_for(app.node(), None, heading)
    wait(lambda: any('"%s"' % kept in text for text in atspi.labels(told)), 'the name of what is gone')
    assert dev.psql('select count(*) from one') == '0' and find(app.node(), 'dialog', 'Roll Back') is not None
    click(button(told, 'Close'))
    atspi.wait_gone(app.node(), None, heading)
    dev.psql('alter database "%s_away" rename to "%s"' % (kept, kept), 'postgres')
    # Somebody changes the database, and so holds the swap up until its session is ended
    with test_deploy.Blocker(dev.url.replace('/%s?' % dev.name, '/postgres?'), 'alter database "%s" connection limit 90' % dev.name):
        undo(app, back)
        waiting = ("from pg_stat_activity where wait_event_type = 'Lock' and strpos(query, 'ALTER DATABASE') > 0 "
                   "and strpos(query, '%s') > 0" % dev.name)
        wait(lambda: dev.psql('select count(*) ' + waiting, 'postgres') == '1', 'the swap to be held up')
        atspi.activate(back, 'window.close')
        atspi.wait_gone(app.node(), 'dialog', 'Roll Back')
        dev.psql('select pg_terminate_backend(pid) ' + waiting, 'postgres')
    told = wait_for(app.node(), None, heading)
    wait(lambda: any('terminating connection' in text for text in atspi.labels(told)), 'what the server said')
    assert dev.psql('select count(*) from one') == '0'
    dev.psql('drop database "%s" with (force)' % kept, 'postgres')


def killed_roll_back_is_told_at_the_next_start():
    with Database() as dev:
        project = Project({'dev': (dev, 'development')}, [('20250101000000_one', 'create table one (id int primary key);')])
        with open(os.path.join(project.folder, 'tidemark.json'), encoding='utf-8') as file:
            settings = json.load(file)
        settings['hooks'] = {'stop': ['sleep', '300'], 'start': ['true']}
        project.write('tidemark.json', json.dumps(settings))
        project.ctl('dev', 'deploy')
        project.ctl('dev', 'backup', '--verify', '2')
        process = subprocess.Popen([TIDEMARKCTL, '--project', project.folder, '--env', 'dev', 'rollback', '--emergency', '--yes',
                                    '--approve-hooks'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait(lambda: any('"stopping"' in open(path, encoding='utf-8').read()
                             for path in glob.glob(os.path.join(project.folder, 'logs', 'migration_*.json'))), 'the stop command')
        finally:
            process.kill()
            process.wait()
        # As a swap leaves it that is broken off while nobody is let in: that is told of a database that does not answer, too
        dev.psql('alter database %s allow_connections false' % dev.name, 'postgres')
        with project.open() as app:
            window = app.window()
            atspi.row(window, 'dev, development, ')
            wait_for(window, 'label', 'The Last Roll-Back')
            wait_for(window, 'label', 'Broken Off in the Middle of “Stop the Application”')
            take_picture('killed-roll-back')
            click(button(window, 'What to Do…'))
            back = wait_for(app.node(), 'dialog', 'Roll Back')
            wait_for(back, 'label', lambda text: text is not None and 'The database is as it was before this roll-back.' in text)
            take_picture('killed-roll-back-ways')
            click(button(back, 'Allow Connections'))
            atspi.row(window, 'dev, development, up to date')
            click(button(back, 'Emergency…'))
            start = wait_for(app.node(), 'dialog', 'Roll Back')
            wait(lambda: any('0 rows were added since' in text for text in atspi.labels(app.node())), 'the plan')
            assert start is not None


if __name__ == '__main__':
    tests = [development_makes_its_migration_and_seeds, production_without_a_backup_wants_a_reason, failure_leads_on,
             an_older_backup_is_chosen, killed_roll_back_is_told_at_the_next_start, rows_are_counted_up_to_the_size_of_the_preferences]
    try:
        atspi.run(*[test for test in tests if not sys.argv[3:] or test.__name__ in sys.argv[3:]])
    finally:
        shutil.rmtree(test_timeline.FOLDER, ignore_errors=True)
