/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A change that running programs do not notice, taken apart: add what is new, fill it in batches, constrain it, clean up.
 * Pure functions: they write SQL, each part for a migration of its own, and touch nothing.
 */
typedef enum
{
  TIDE_PHASES_ADD_REQUIRED_COLUMN, /* a NOT NULL column: name, type, value */
  TIDE_PHASES_CHANGE_TYPE,         /* of a column: name, type, value (how the new comes from the old; NULL: a cast) */
  TIDE_PHASES_RENAME_COLUMN,       /* name, new_name, type */
  TIDE_PHASES_ADD_FOREIGN_KEY,     /* name (of the constraint), columns, target */
  TIDE_PHASES_ADD_CHECK,           /* name (of the constraint), value (the condition) */
} TidePhasesKind;

typedef struct
{
  TidePhasesKind  kind;
  const char     *table;    /* as SQL writes it: "public"."users" */
  const char     *name;     /* of the column or constraint, bare */
  const char     *new_name; /* bare */
  const char     *type;     /* SQL */
  const char     *value;    /* SQL */
  const char     *columns;  /* SQL: "a", "b" */
  const char     *target;   /* SQL: "teams" ("id") */
} TidePhasesRequest;

/* One part. A backfill is no migration: it is run as a batched job between the migration before it and the one after it */
typedef struct
{
  char     *title;       /* of the migration: "users add locale" */
  char     *sql;
  char     *explanation; /* what it does, and what has to be deployed before the next one */
  gboolean  is_backfill;
  char     *left_sql;    /* of a backfill: asks whether there is a row that it has not filled; else NULL */
} TidePhase;

void       tide_phase_free   (TidePhase               *self);
/* (transfer full) (element-type TidePhase): in the order in which they are done. Errors: USAGE (what is missing), INVALID (what is no SQL) */
GPtrArray *tide_phases_write (const TidePhasesRequest  *request,
                              GError                  **error);

G_END_DECLS
