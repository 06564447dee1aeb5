/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "sql/tide-sql-lexer.h"

G_BEGIN_DECLS

/**
 * TideSqlScript:
 *
 * What a migration's text is made of and how it can be run. Immutable, atomically reference counted.
 * Decided from the lexer's statements and, where it parses them, libpg_query's tree; a statement that
 * neither understands counts as ordinary, and the server has the last word.
 */
typedef struct _TideSqlScript TideSqlScript;

typedef enum
{
  TIDE_SQL_TRAIT_NONE            = 0,
  TIDE_SQL_TRAIT_NO_TRANSACTION  = 1 << 0, /* refuses a transaction block: CREATE INDEX CONCURRENTLY, VACUUM, CREATE DATABASE ... */
  TIDE_SQL_TRAIT_CONTROLS        = 1 << 1, /* BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION ... */
  TIDE_SQL_TRAIT_ADDS_ENUM_VALUE = 1 << 2, /* ALTER TYPE ... ADD VALUE */
  TIDE_SQL_TRAIT_CHANGES_SESSION = 1 << 3, /* SET (not LOCAL), RESET, DISCARD, set_config(), SET ROLE ... */
  TIDE_SQL_TRAIT_COPY_STDIN      = 1 << 4, /* cannot run from a file here */
  TIDE_SQL_TRAIT_META            = 1 << 5, /* psql's backslash */
  TIDE_SQL_TRAIT_UNTERMINATED    = 1 << 6,
} TideSqlTraits;

typedef enum
{
  TIDE_SQL_RUN_ATOMIC,     /* one transaction around the whole file */
  TIDE_SQL_RUN_STEPWISE,   /* statement by statement on one session: one of them refuses a transaction; BEGIN and COMMIT may be among them */
  TIDE_SQL_RUN_OWN,        /* the file controls its transactions itself: sent as it is */
} TideSqlRunMode;

#define TIDE_TYPE_SQL_SCRIPT (tide_sql_script_get_type ())
GType          tide_sql_script_get_type         (void);
TideSqlScript *tide_sql_script_new              (const char          *text,
                                                 gssize               size);
TideSqlScript *tide_sql_script_new_for_bytes    (GBytes              *text); /* shared; a NUL must stand behind it */
TideSqlScript *tide_sql_script_ref              (TideSqlScript       *self);
void           tide_sql_script_unref            (TideSqlScript       *self);
const char    *tide_sql_script_get_text         (const TideSqlScript *self);
guint          tide_sql_script_get_n_statements (const TideSqlScript *self);
const TideSqlStatement *tide_sql_script_get_statement (const TideSqlScript *self,
                                                       guint                index);
char          *tide_sql_script_dup_statement    (const TideSqlScript *self,
                                                 guint                index); /* (transfer full) its text */
TideSqlTraits  tide_sql_script_get_traits       (const TideSqlScript *self,
                                                 guint                index);
TideSqlRunMode tide_sql_script_get_run_mode     (const TideSqlScript *self);
/* (transfer full): why it is that mode, for a person: "statement 3 (line 12) CREATE INDEX CONCURRENTLY cannot run in a transaction" */
char          *tide_sql_script_dup_reason       (const TideSqlScript *self);
/* (transfer full): what the file does, in few words: "2 tables, 1 index, 5 statements" */
char          *tide_sql_script_dup_summary      (const TideSqlScript *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSqlScript, tide_sql_script_unref)

G_END_DECLS
