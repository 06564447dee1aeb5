/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lint/tide-lint-context.h"
#include "lint/tide-lint-type.h"

G_BEGIN_DECLS

#define TIDE_LINT_BEFORE (-1) /* the number of a file that was there before the history */

typedef struct
{
  char         *name;
  TideLintType *type;     /* (nullable): not known */
  gboolean      not_null;
  int           born;     /* number of the file that made it */
  int           valued;   /* of the last one that gave its rows a value, by a default too; TIDE_LINT_BEFORE: none did */
} TideLintColumn;

typedef struct
{
  char     *name;
  char    **columns;   /* "" for an expression */
  gboolean  is_unique;
  gboolean  is_partial;
} TideLintIndex;

/* A foreign key of a table, remembered until the end of the history shows whether an index came */
typedef struct
{
  char  *name;      /* (nullable) */
  char **columns;
  char  *target;    /* key of the table that it points to */
  int    file;      /* where it was made */
  gsize  start;
  gsize  length;
  char  *because;   /* (nullable): why it is accepted there that no index finds its rows */
} TideLintForeignKey;

typedef struct
{
  char       *schema;
  char       *name;
  char       *key;        /* "schema.name" */
  int         born;       /* number of the file that made it */
  int         emptied;    /* of the last file that left no row in it */
  int         filled;     /* of the last one that put rows into it; TIDE_LINT_BEFORE: none did */
  GHashTable *columns;    /* name -> TideLintColumn */
  GPtrArray  *indexes;    /* TideLintIndex */
  GPtrArray  *former;     /* TideLintIndex: what was dropped, while its rows are what they were under it */
  guint       former_at;  /* the moment when (see TideLintPass) */
  GPtrArray  *keys;       /* TideLintForeignKey */
  GPtrArray  *views;      /* utf8: keys of views that read it */
  GHashTable *unchecked;  /* constraint -> transaction that added it NOT VALID, + 1 */
  GHashTable *never_null; /* columns that a CHECK says are never null -> its name while it is NOT VALID, else "" */
  guint       locked;     /* the transaction that holds ACCESS EXCLUSIVE on it; 0: none */
} TideLintTable;

/**
 * TideLintState:
 *
 * What the statements so far have made: enough of a schema to know what a later statement meets. Names without schema are in
 * @schema. A table that was never seen made is assumed to be there.
 */
typedef struct
{
  char       *schema;
  GHashTable *tables;   /* key -> TideLintTable */
  GHashTable *volatile_functions; /* names of the functions made without STABLE or IMMUTABLE */
} TideLintState;

TideLintState  *tide_lint_state_new           (const char            *schema);
void            tide_lint_state_free          (TideLintState         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLintState, tide_lint_state_free)

/* (nullable): only one that is known */
TideLintTable  *tide_lint_state_find_table    (TideLintState         *self,
                                               const char            *schema,
                                               const char            *name);
TideLintTable  *tide_lint_state_make_table    (TideLintState         *self,
                                               const char            *schema,
                                               const char            *name,
                                               int                    born);
void            tide_lint_state_rename_type   (TideLintState         *self,
                                               const char            *from,
                                               const char            *to);
void            tide_lint_state_drop_table    (TideLintState         *self,
                                               TideLintTable         *table);
void            tide_lint_state_rename_table  (TideLintState         *self,
                                               TideLintTable         *table,
                                               const char            *schema,
                                               const char            *name);
/* (nullable): the table whose index it is */
TideLintTable  *tide_lint_state_find_by_index (TideLintState         *self,
                                               const char            *index);
/* Fills in columns and indexes that only the database knows */
void            tide_lint_table_learn         (TideLintTable         *self,
                                               const TideLintTableFact *fact);

TideLintColumn *tide_lint_table_find_column   (TideLintTable         *self,
                                               const char            *name);
TideLintColumn *tide_lint_table_add_column    (TideLintTable         *self,
                                               const char            *name,
                                               TideLintType          *type, /* (transfer full) (nullable) */
                                               int                    born);
void            tide_lint_table_drop_column   (TideLintTable         *self,
                                               const char            *name);
void            tide_lint_table_rename_column (TideLintTable         *self,
                                               const char            *from,
                                               const char            *to);
void            tide_lint_table_add_index     (TideLintTable         *self,
                                               const char            *name,    /* (nullable) */
                                               char                 **columns, /* (transfer full) */
                                               gboolean               is_unique,
                                               gboolean               is_partial);
void            tide_lint_table_drop_index    (TideLintTable         *self,
                                               const char            *name);
/* Whether the rows cannot be alike in @columns: an index on some of them sees to it. @nulls_alike: NULLS NOT DISTINCT */
gboolean        tide_lint_table_is_unique     (TideLintTable         *self,
                                               char                 **columns,
                                               gboolean               nulls_alike);
/* The same, and that no column of them can be null */
gboolean        tide_lint_table_is_key        (TideLintTable         *self,
                                               char                 **columns);
/* The values of @column are others from now on; NULL: those of each may be */
void            tide_lint_table_forget_former (TideLintTable         *self,
                                               const char            *column);
/* Whether an index helps to find the rows of @columns: its first column is one of them */
gboolean        tide_lint_table_covers        (TideLintTable         *self,
                                               char                 **columns);

G_END_DECLS
