# SPDX-License-Identifier: GPL-3.0-or-later
"""The server of with-postgres.sh, for what a test makes and looks up behind the program's back"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import pq  # noqa: E402

HOST, PORT, USER = (os.environ['TIDE_TEST_PG' + name] for name in ('HOST', 'PORT', 'USER'))


def psql(database, sql):
    """What psql -XAtqc @sql prints. @database: a name or a URL"""
    return pq.query(sql, host=HOST, port=PORT, user=USER, dbname=database).strip()
