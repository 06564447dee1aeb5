# SPDX-License-Identifier: GPL-3.0-or-later
"""Statements for the server of a test, sent by libpq in this process: a psql of its own for each takes longer than most of them."""

import ctypes
import ctypes.util

_pq = ctypes.CDLL("libpq.so.5")
for _name, _result in {"PQconnectdbParams": "p", "PQerrorMessage": "s", "PQsendQuery": "i", "PQgetResult": "p", "PQstatus": "i",
                       "PQresultStatus": "i", "PQresultErrorMessage": "s", "PQntuples": "i", "PQnfields": "i",
                       "PQgetvalue": "s", "PQgetCopyData": "i", "PQputCopyEnd": "i", "PQfreemem": "", "PQclear": "", "PQfinish": "", "PQsetNoticeProcessor": "p"}.items():
    getattr(_pq, _name).restype = {"p": ctypes.c_void_p, "s": ctypes.c_char_p, "i": ctypes.c_int, "": None}[_result]

_QUIET = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)(lambda *_: None)
_ENDED_WELL = (0, 1, 2)  # nothing to run, a command, rows
_COPY_OUT, _COPY_IN = 3, 4


class Failed(AssertionError):
    """The server's complaint"""


def _read(connection, result):
    result = ctypes.c_void_p(result)
    try:
        if _pq.PQresultStatus(result) == _COPY_OUT:
            return _copy(connection)
        if _pq.PQresultStatus(result) == _COPY_IN:
            _pq.PQputCopyEnd(connection, b"there is nothing to copy")
            return ""
        if _pq.PQresultStatus(result) not in _ENDED_WELL:
            raise Failed(_pq.PQresultErrorMessage(result).decode())
        return "".join("|".join(_pq.PQgetvalue(result, row, column).decode() for column in range(_pq.PQnfields(result))) + "\n"
                       for row in range(_pq.PQntuples(result)))
    finally:
        _pq.PQclear(result)


def _copy(connection):
    """What COPY ... TO STDOUT sends"""
    line, printed = ctypes.c_char_p(), ""
    while _pq.PQgetCopyData(connection, ctypes.byref(line), 0) > 0:
        printed += line.value.decode()
        _pq.PQfreemem(line)
    return printed


def query(sql, **keywords):
    """What psql -XAtqc @sql prints, without the last newlines. @keywords are libpq's; @dbname may be a URL"""
    keywords = {"fallback_application_name": "psql", "client_encoding": "UTF8",
                **{key: value for key, value in keywords.items() if value is not None}}
    arrays = [(ctypes.c_char_p * (len(keywords) + 1))(*(str(text).encode() for text in texts), None)
              for texts in (keywords.keys(), keywords.values())]
    connection = ctypes.c_void_p(_pq.PQconnectdbParams(*arrays, 1))
    try:
        _pq.PQsetNoticeProcessor(connection, _QUIET, None)
        if _pq.PQstatus(connection) != 0 or not _pq.PQsendQuery(connection, sql.encode()):
            raise Failed(_pq.PQerrorMessage(connection).decode())
        printed, failure = "", None
        while result := _pq.PQgetResult(connection):
            try:
                printed += _read(connection, result)
            except Failed as error:
                failure = error
        if failure:
            raise failure
        return printed.rstrip("\n")
    finally:
        _pq.PQfinish(connection)
