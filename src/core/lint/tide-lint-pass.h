/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lint/tide-lint-rules.h"
#include "lint/tide-lint-state.h"
#include "sql/tide-sql-head.h"
#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_LINT_SIZE_EMPTY,
  TIDE_LINT_SIZE_SMALL,
  TIDE_LINT_SIZE_UNKNOWN,
  TIDE_LINT_SIZE_MEDIUM,
  TIDE_LINT_SIZE_LARGE,
} TideLintSize;

/* One walk through a history: the file and the statement it is at */
typedef struct
{
  TideLintContext        *context;   /* (nullable) */
  TideLintState          *state;
  GPtrArray              *findings;  /* of the whole walk */
  gboolean                reports;   /* whether this file is reported */
  int                     first;     /* number of the first file that is */
  int                     file;
  const char             *migration; /* (nullable) */
  const char             *text;
  gsize                   size;
  TideSqlScript          *script;
  const TideSqlStatement *statement;
  guint                   index;     /* of the statement */
  gboolean                in_transaction;
  guint                   transaction; /* what has the same number commits together; from 1 */
  guint                   moment;      /* another one when others may have written meanwhile, or code that is not read here */
  guint                   worked;      /* the last one of which it was said that it works under a lock */
  const TideSqlStatement *rewrote;     /* the last one of which it was said that it writes a table anew */
  gboolean                told_concurrently; /* of this file that CONCURRENTLY is not alone */
  gboolean                has_lock_timeout;
  GHashTable             *changed;       /* keys of the tables of before that this file changes */
  GHashTable             *accepted;      /* see tide-lint-accept.h */
} TideLintPass;

/* What a rule says of one place. Strings are taken */
typedef struct
{
  TideLintTable    *table;    /* (nullable): decides how loud it is */
  int               lower;    /* how many steps less loud than usual */
  gsize             start;    /* in the text; length 0: the whole statement */
  gsize             length;
  char             *message;
  const char       *reason;   /* (nullable): in place of the rule's own; copied */
  char             *advice;   /* (nullable) */
  char             *fix;      /* (nullable) */
  gsize             fix_start;
  gsize             fix_length;
  char             *follow_up; /* (nullable) */
} TideLintNote;

void          tide_lint_pass_report       (TideLintPass       *self,
                                           TideLintRuleId      rule,
                                           TideLintNote        note);
/* About the file as a whole, not a place in it */
void          tide_lint_pass_report_file  (TideLintPass       *self,
                                           TideLintRuleId      rule,
                                           TideLintNote        note);
TideLintSize  tide_lint_pass_get_size     (TideLintPass       *self,
                                           TideLintTable      *table);
/* The table @relation names, learned from the database when the history does not know it */
TideLintTable *tide_lint_pass_get_table   (TideLintPass       *self,
                                           const TideSqlNode  *relation);
TideLintTable *tide_lint_pass_get_named   (TideLintPass       *self,
                                           const char         *schema,
                                           const char         *name);
/* Made in this very file: nobody else has seen it */
gboolean      tide_lint_pass_is_new       (TideLintPass       *self,
                                           TideLintTable      *table);
/* No row that is there has a value in all of @columns: one came in this file, without a default, and nothing filled it since */
gboolean      tide_lint_pass_is_all_null  (TideLintPass       *self,
                                           TideLintTable      *table,
                                           char              **columns);
/* The rows are unique in what a dropped index says as long as nobody writes: it holds the lock that it was dropped under */
void          tide_lint_pass_drop_index   (TideLintPass       *self,
                                           TideLintTable      *table,
                                           const char         *name);
/* As tide_lint_table_is_unique(), tide_lint_table_is_key() */
gboolean      tide_lint_pass_is_unique    (TideLintPass       *self,
                                           TideLintTable      *table,
                                           char              **columns,
                                           gboolean            nulls_alike);
gboolean      tide_lint_pass_is_key       (TideLintPass       *self,
                                           TideLintTable      *table,
                                           char              **columns);
/* Whether a statement does what cannot be read here */
gboolean      tide_lint_runs_code         (const TideSqlHead  *head);
/* The statement takes ACCESS EXCLUSIVE on @table until its transaction ends */
void          tide_lint_pass_lock         (TideLintPass       *self,
                                           TideLintTable      *table);
/* The statement works through rows of @table for a while: said where it does so under a lock taken before.
 * @blocks: that it holds up others by itself has been said */
void          tide_lint_pass_work         (TideLintPass       *self,
                                           TideLintTable      *table,
                                           gboolean            blocks);
/* Whether the file is this statement alone */
gboolean      tide_lint_pass_is_alone     (TideLintPass       *self);
/* (transfer full): as SQL writes it, without the usual schema */
char         *tide_lint_pass_dup_name     (TideLintPass       *self,
                                           TideLintTable      *table);

/* One for each kind of statement; @node: its content */
void tide_lint_create_table    (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_create_table_as (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_select          (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_create_index    (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_create_view     (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_create_function (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_alter_table     (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_alter_enum      (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_rename          (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_set_schema      (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_drop            (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_drop_index      (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_truncate        (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_update          (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_delete          (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_vacuum          (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_cluster         (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_reindex         (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_refresh         (TideLintPass *pass, const TideSqlNode *node);
void tide_lint_set_variable    (TideLintPass *pass, const TideSqlNode *node);
/* INSERT, seen by its first words: seeds are long, and their rows do not matter */
void tide_lint_insert          (TideLintPass *pass, const TideSqlHead *head);
/* What libpg_query does not know, and what it knows and PostgreSQL does not */
void tide_lint_foreign         (TideLintPass *pass, gboolean parsed);

/* Parts of several statements */
void tide_lint_add_column_definition (TideLintPass *pass, TideLintTable *table, const TideSqlNode *definition);
/* A constraint of CREATE TABLE or ALTER TABLE; @column: (nullable): the one it is written behind */
void tide_lint_add_constraint  (TideLintPass *pass, TideLintTable *table, const TideSqlNode *constraint, const char *column,
                                gsize start, gsize length);
/* A view of that name needs nothing any more */
void  tide_lint_forget_view    (TideLintPass *pass, const char *view);
/* (transfer full) (nullable): ", ..." what breaks with @table or, of it, @column */
char *tide_lint_dup_dependents (TideLintPass *pass, TideLintTable *table, const char *column);
/* An earlier statement of this file has put the values of @column (NULL: the rows) of @table elsewhere */
gboolean tide_lint_is_carried  (TideLintPass *pass, TideLintTable *table, const char *column);
/* A later statement of this file makes @table anew from a query: its rows were worked out, and are again */
gboolean tide_lint_is_made_again (TideLintPass *pass, TideLintTable *table);
/* Every column that UPDATE sets came in this file: it held nothing that could be lost, and tells now what chose the rows */
gboolean tide_lint_fills_new_columns (TideLintPass *pass, TideLintTable *table, const TideSqlNode *node);
/* (nullable): the column of which @expression asks nothing but whether it is null; @kind: "IS_NULL" or "IS_NOT_NULL" */
const char *tide_lint_null_test (const TideSqlNode *expression, const char *kind);
/* (transfer full): the texts of a list of Strings, or the names of IndexElems ("" for an expression) */
char **tide_lint_dup_strings   (const TideSqlNode *list);

/* Before and after the statements of a file, and after the last file */
void tide_lint_check_name      (TideLintPass *pass, GPtrArray *migrations, guint index);
void tide_lint_check_file      (TideLintPass *pass);
void tide_lint_check_keys      (TideLintPass *pass, GPtrArray *migrations);

G_END_DECLS
