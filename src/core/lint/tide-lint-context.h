/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-session.h"

G_BEGIN_DECLS

/* What a database says of one table */
typedef struct
{
  char      *schema;
  char      *name;
  gint64     rows;       /* estimated by the last ANALYZE; -1: not known */
  gint64     bytes;      /* the table itself, without indexes; partitions included */
  GPtrArray *columns;    /* (element-type TideLintColumnFact) */
  GPtrArray *indexes;    /* (element-type TideLintIndexFact) */
  GPtrArray *checks;     /* (element-type utf8): definitions of valid CHECK constraints */
  GPtrArray *dependents; /* (element-type TideLintDependent) */
} TideLintTableFact;

typedef struct
{
  char     *name;
  char     *type; /* as format_type() spells it: "character varying(20)" */
  gboolean  not_null;
} TideLintColumnFact;

typedef struct
{
  char     *name;
  char    **columns; /* "" for an expression */
  gboolean  is_unique;
} TideLintIndexFact;

typedef struct
{
  char *column; /* (nullable): NULL: it needs the table, whichever column */
  char *what;   /* "view active_users", "function total(integer)", as the server names it */
} TideLintDependent;

/**
 * TideLintContext:
 *
 * What one database knows of the tables that some SQL speaks of: sizes, columns, indexes, and what hangs on them. Immutable,
 * atomically reference counted. Read by one query, whose work grows with the names in the SQL and not with the database.
 */
typedef struct _TideLintContext TideLintContext;

#define TIDE_TYPE_LINT_CONTEXT (tide_lint_context_get_type ())
GType            tide_lint_context_get_type      (void);
/* Blocking. @migrations: (element-type TideMigration): those from @first on are looked through for names */
TideLintContext *tide_lint_context_read          (TideSession            *session,
                                                  GPtrArray              *migrations,
                                                  guint                   first,
                                                  GCancellable           *cancellable,
                                                  GError                **error);
/* The same for a text. @size: bytes; -1: NUL-terminated */
TideLintContext *tide_lint_context_read_for_text (TideSession            *session,
                                                  const char             *text,
                                                  gssize                  size,
                                                  GCancellable           *cancellable,
                                                  GError                **error);
TideLintContext *tide_lint_context_ref           (TideLintContext        *self);
void             tide_lint_context_unref         (TideLintContext        *self);
/* @schema: (nullable): NULL or "": that of the connection. (transfer none) (nullable): NULL: there is no such table */
const TideLintTableFact *tide_lint_context_find  (const TideLintContext  *self,
                                                  const char             *schema,
                                                  const char             *name);
/* The table of an index. (transfer none) (nullable) */
const TideLintTableFact *tide_lint_context_find_by_index (const TideLintContext *self,
                                                          const char            *name);
/* The schema in which names without one are made */
const char      *tide_lint_context_get_schema    (const TideLintContext  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLintContext, tide_lint_context_unref)

G_END_DECLS
