/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideGuard:
 *
 * What a statement would do, known before it runs: whether it only reads, and what is worth a question first. Found in
 * libpg_query's tree; where its grammar (PostgreSQL 15's) does not know the statement, from the words alone, and then only
 * what plainly reads counts as reading.
 *
 * This is one of two walls: a session that must not write has default_transaction_read_only too, and the server sees what no
 * parser can, what functions do. The guard in turn refuses what would take the server's wall down (SET TRANSACTION READ
 * WRITE, set_config(), DO with a COMMIT in it) and what that wall does not stop (COPY ... TO PROGRAM, dblink()).
 */
typedef enum
{
  TIDE_GUARD_DANGER_NONE       = 0,
  TIDE_GUARD_DANGER_DELETE_ALL = 1 << 0, /* DELETE without WHERE, or with one that is always true */
  TIDE_GUARD_DANGER_UPDATE_ALL = 1 << 1,
  TIDE_GUARD_DANGER_TRUNCATE   = 1 << 2,
  TIDE_GUARD_DANGER_DROP       = 1 << 3, /* objects, columns, databases, roles */
} TideGuardDangers;

typedef struct
{
  gboolean          reads;   /* nothing else */
  char             *reason;  /* (nullable): why not: "\"DELETE\" changes data" */
  TideGuardDangers  dangers;
} TideGuard;

/* One statement, without its semicolon */
void tide_guard_check (TideGuard  *self,
                       const char *statement);
void tide_guard_clear (TideGuard  *self);

/* What a function does that no transaction takes back or that changes the session itself; NULL: nothing that is known.
 * @name in lower case, without its schema */
const char *tide_guard_explain_function (const char *name);
/* Why a parameter of the session must stay as it is; NULL: it need not */
const char *tide_guard_explain_setting  (const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideGuard, tide_guard_clear)

G_END_DECLS
