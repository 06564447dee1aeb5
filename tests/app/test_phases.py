#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change taken apart, and its parts made one after the other.

test_phases.py TIDEMARK TIDEMARKCTL [PICTURES], under with-display.sh.
"""
import os
import shutil

import atspi
import test_timeline
from atspi import activate, click, find, find_all, set_text, wait, wait_for
from test_batch import picture, shop
from test_timeline import Database, button, is_sensitive, wait_states

ADD = 'ALTER TABLE t ADD COLUMN "locale" text;\nALTER TABLE t ALTER COLUMN "locale" SET DEFAULT \'en\';\n'


def fill(wizard, **fields):
    for title, value in fields.items():
        set_text(wait_for(wizard, 'text', lambda name: name is not None and name.startswith(title.replace('_', ' ') + ', as in')), value)


def says(wizard, words):
    return wait_for(wizard, 'label', lambda name: name is not None and words in name)


def parts_become_migrations_when_they_are_due():
    with Database() as database, Database() as other:
        project = shop(database, 'development', others={'staging': (other, 'staging')})
        migrations = os.path.join(project.folder, 'prisma/migrations')
        with project.open() as app:
            window = app.window()
            wait_states(window, ('init', 'Applied'))
            activate(window, 'win.phases')
            wizard = wait_for(app.node(), 'dialog', 'Change Without Downtime')
            says(wizard, 'needs a table')
            fill(wizard, Table='t t', New_Column='locale', Type='text', Value_in_SQL="'en'")
            says(wizard, '"t t" is not the name of a table')
            assert not is_sensitive(button(wizard, 'Next'))
            picture('phases-1-error')
            fill(wizard, Table='t')
            picture('phases-2-change')
            click(button(wizard, 'Next'))
            view = wait_for(wizard, 'text', 't add locale')
            assert atspi.text(view) == ADD.rstrip(), atspi.text(view)

            def buttons():
                """Those of the parts that can be pressed, in their order"""
                return [(number, name) for number, name in enumerate(
                    node.get_name() if is_sensitive(node) else None for node in find_all(wizard, 'push button')
                    if node.get_name() in ('Make Migration…', 'Run in Batches…', 'Show')) if name is not None]

            wait(lambda: buttons() == [(0, 'Make Migration…')], 'the first part alone to be due')
            picture('phases-3-parts')
            click(button(wizard, 'Make Migration…'))
            question = wait(lambda: find(app.node(), 'dialog', 'New Migration', lists=False)
                            or find(app.node(), 'alert', 'New Migration', lists=False), 'the question')
            click(button(question, 'Make'))
            made = wait(lambda: [name for name in os.listdir(migrations) if name.endswith('_t_add_locale')], 'its folder')
            with open(os.path.join(migrations, made[0], 'migration.sql'), encoding='utf-8') as file:
                assert file.read() == ADD
            wait_states(window, ('t add locale', 'Pending'), ('init', 'Applied'))
            says(wizard, made[0] + ' is made, and not applied in dev, staging yet')
            wait(lambda: buttons() == [(0, 'Show')], 'the others to wait for it')
            picture('phases-4-made')
            project.ctl('dev', 'deploy')
            activate(window, 'win.refresh')
            says(wizard, made[0] + ' is made, and not applied in staging yet')
            assert buttons() == [(0, 'Show')], buttons()
            project.ctl('staging', 'deploy')
            activate(window, 'win.refresh')
            says(wizard, made[0] + ' is applied in dev, staging')
            # The next migration waits until no environment has rows to fill
            says(wizard, 'Rows are still to be filled in dev, staging.')
            assert buttons() == [(0, 'Show'), (1, 'Run in Batches…')], buttons()
            picture('phases-5-applied')
            database.psql("update t set locale = 'en'")
            activate(window, 'win.refresh')
            says(wizard, 'Rows are still to be filled in staging. All rows are filled in dev.')
            assert buttons() == [(0, 'Show'), (1, 'Run in Batches…')], buttons()
            other.psql("update t set locale = 'en'")
            activate(window, 'win.refresh')
            says(wizard, 'All rows are filled in dev, staging.')
            wait(lambda: buttons() == [(0, 'Show'), (1, 'Run in Batches…'), (2, 'Make Migration…')], 'the next part to be due')
            click(button(wizard, 'Run in Batches…'))
            batches = app.window('Safe Batches')
            assert atspi.text(wait_for(batches, 'text', 'Statement')).startswith('UPDATE t SET "locale" = ')
            assert len(os.listdir(migrations)) == 3, os.listdir(migrations)


if __name__ == '__main__':
    try:
        atspi.run(parts_become_migrations_when_they_are_due)
    finally:
        shutil.rmtree(test_timeline.FOLDER, ignore_errors=True)
