/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint"

#include "config.h"

#include <string.h>

#include "history/tide-script-error.h"
#include "lint/tide-lint-accept.h"
#include "lint/tide-lint-pass.h"
#include "lint/tide-lint.h"
#include "tide-error.h"

typedef void (*StatementFunc) (TideLintPass      *pass,
                               const TideSqlNode *node);

static const struct
{
  const char    *kind;
  StatementFunc  func;
} kinds[] = {
  { "CreateStmt", tide_lint_create_table },
  { "CreateTableAsStmt", tide_lint_create_table_as },
  { "SelectStmt", tide_lint_select },
  { "IndexStmt", tide_lint_create_index },
  { "ViewStmt", tide_lint_create_view },
  { "CreateFunctionStmt", tide_lint_create_function },
  { "AlterTableStmt", tide_lint_alter_table },
  { "AlterEnumStmt", tide_lint_alter_enum },
  { "RenameStmt", tide_lint_rename },
  { "AlterObjectSchemaStmt", tide_lint_set_schema },
  { "DropStmt", tide_lint_drop },
  { "TruncateStmt", tide_lint_truncate },
  { "UpdateStmt", tide_lint_update },
  { "DeleteStmt", tide_lint_delete },
  { "VacuumStmt", tide_lint_vacuum },
  { "ClusterStmt", tide_lint_cluster },
  { "ReindexStmt", tide_lint_reindex },
  { "RefreshMatViewStmt", tide_lint_refresh },
  { "VariableSetStmt", tide_lint_set_variable },
};

/* What a statement that one of @kinds looks at begins with; all others need no tree */
static gboolean
may_matter (const TideSqlHead *head)
{
  static const char *const words[] = {
    "create", "alter", "drop", "truncate", "update", "delete", "with", "vacuum", "cluster", "reindex", "refresh", "set",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (tide_sql_head_is (head, 0, words[i]))
      return TRUE;
  return FALSE;
}

static void
walk_statement (TideLintPass *pass)
{
  g_autofree char *text = NULL;
  g_autoptr(TideSqlTree) tree = NULL;
  const TideSqlNode *root;
  const char *kind;
  TideSqlHead head;

  tide_sql_head_init (&head, pass->text, pass->statement);
  if (tide_sql_head_is (&head, 0, "insert"))
    tide_lint_insert (pass, &head);
  pass->moment += tide_lint_runs_code (&head);
  if (!may_matter (&head) && !(tide_sql_head_is (&head, 0, "select") && tide_sql_statement_mentions (pass->text, pass->statement, "into")))
    return;

  text = tide_sql_script_dup_statement (pass->script, pass->index);
  tree = tide_sql_tree_parse (text);
  tide_lint_foreign (pass, tree != NULL);
  if (tree == NULL)
    return;
  root = tide_sql_tree_get_root (tree, &kind);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      kinds[i].func (pass, root);
}

/* BEGIN and COMMIT of the file itself; a file without them is one transaction, or each statement is one of its own */
static void
follow_transaction (TideLintPass *pass)
{
  TideSqlHead head;

  if (tide_sql_script_get_run_mode (pass->script) != TIDE_SQL_RUN_ATOMIC && !pass->in_transaction)
    pass->transaction++;
  if ((tide_sql_script_get_traits (pass->script, pass->index) & TIDE_SQL_TRAIT_CONTROLS) == 0)
    return;
  tide_sql_head_init (&head, pass->text, pass->statement);
  pass->in_transaction = tide_sql_head_is (&head, 0, "begin") || tide_sql_head_is (&head, 0, "start")
                         || (tide_sql_head_is (&head, head.n_tokens - 1, "chain")
                             && !tide_sql_head_is (&head, head.n_tokens - 2, "no"));
  pass->transaction++;
}

/* What deploying refuses before it starts, in the same words */
static void
check_runs (TideLintPass  *pass,
            TideMigration *migration)
{
  const GError *problem = tide_migration_get_problem (migration);
  g_autoptr(GError) refused = NULL;
  const TideErrorFields *fields;

  if (problem == NULL && tide_script_check_runs (migration, pass->script, &refused))
    return;
  problem = problem ? problem : refused;
  fields = tide_error_get_fields (problem);
  for (guint i = 0; fields->line > 0 && i < tide_sql_script_get_n_statements (pass->script) && pass->statement == NULL; i++)
    if (tide_sql_script_get_statement (pass->script, i)->line == fields->line)
      {
        pass->statement = tide_sql_script_get_statement (pass->script, i);
        pass->index = i;
      }
  (pass->statement ? tide_lint_pass_report : tide_lint_pass_report_file) (pass, TIDE_LINT_CANNOT_RUN, (TideLintNote) {
    .message = g_strdup (problem->message), .advice = g_strdup (fields->hint) });
  pass->statement = NULL;
}

static void
walk_file (TideLintPass  *pass,
           TideMigration *file_of,
           const char    *text,
           gsize          size,
           GPtrArray     *migrations,
           int            file)
{
  const char *migration = file_of ? tide_migration_get_name (file_of) : NULL;
  g_autoptr(TideSqlScript) script = tide_sql_script_new (text, size);
  guint transaction;

  pass->migration = migration;
  pass->text = text;
  pass->size = size;
  pass->script = script;
  pass->file = file;
  pass->reports = file >= pass->first;
  pass->in_transaction = tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_ATOMIC;
  pass->transaction++;
  pass->moment++;
  pass->has_lock_timeout = pass->told_concurrently = FALSE;
  g_hash_table_remove_all (pass->changed);
  pass->statement = pass->rewrote = NULL;
  pass->index = 0;
  tide_lint_accept_read (pass);
  if (file_of != NULL)
    {
      tide_lint_check_name (pass, migrations, file);
      check_runs (pass, file_of);
    }
  for (guint i = 0; i < tide_sql_script_get_n_statements (script); i++)
    {
      pass->index = i;
      pass->statement = tide_sql_script_get_statement (script, i);
      transaction = pass->transaction;
      follow_transaction (pass);
      pass->moment += pass->transaction != transaction;
      walk_statement (pass);
    }
  tide_lint_check_file (pass);
  pass->script = NULL;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const TideLintFinding *left = *(const TideLintFinding *const *) a;
  const TideLintFinding *right = *(const TideLintFinding *const *) b;
  int names = left->migration != NULL && right->migration != NULL
              ? tide_migration_compare_names (left->migration, right->migration) : 0;

  if (names != 0)
    return names;
  if (left->start != right->start)
    return left->start < right->start ? -1 : 1;
  return (int) right->severity - (int) left->severity;
}

static GPtrArray *
walk (GPtrArray       *migrations,
      guint            first,
      const char      *text,
      gsize            size,
      TideLintContext *context,
      GCancellable    *cancellable)
{
  guint n = migrations ? migrations->len : 0;
  g_autoptr(TideLintState) state = tide_lint_state_new (context ? tide_lint_context_get_schema (context) : NULL);
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_lint_finding_unref);
  g_autoptr(GHashTable) changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) accepted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TideLintPass pass = { .context = context, .state = state, .findings = findings, .first = first,
                        .changed = changed, .accepted = accepted };

  for (guint i = 0; i < n; i++)
    {
      TideMigration *migration = g_ptr_array_index (migrations, i);

      if (g_cancellable_is_cancelled (cancellable))
        return NULL;
      walk_file (&pass, migration, tide_migration_get_sql (migration) ? tide_migration_get_sql (migration) : "",
                 tide_migration_get_sql_size (migration), migrations, i);
    }
  if (text != NULL)
    walk_file (&pass, NULL, text, size, migrations, n);
  else
    tide_lint_check_keys (&pass, migrations);
  g_ptr_array_sort (findings, compare_places);
  return g_steal_pointer (&findings);
}

GPtrArray *
tide_lint_history (GPtrArray       *migrations,
                   guint            first,
                   TideLintContext *context,
                   GCancellable    *cancellable)
{
  g_return_val_if_fail (migrations != NULL, NULL);

  return walk (migrations, first, NULL, 0, context, cancellable);
}

GPtrArray *
tide_lint_text (const char      *text,
                gssize           size,
                GPtrArray       *before,
                TideLintContext *context,
                GCancellable    *cancellable)
{
  g_return_val_if_fail (text != NULL, NULL);

  return walk (before, before ? before->len : 0, text, size < 0 ? strlen (text) : (gsize) size, context, cancellable);
}
