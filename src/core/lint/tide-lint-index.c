/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-index"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"
#include "sql/tide-sql-tree.h"

/* The end of @word in the head of the statement: where CONCURRENTLY goes */
static gsize
find_behind (TideLintPass *pass,
             const char   *word)
{
  TideSqlHead head;

  tide_sql_head_init (&head, pass->text, pass->statement);
  for (guint i = 0; i < head.n_tokens; i++)
    if (tide_sql_head_is (&head, i, word))
      return head.tokens[i].start + head.tokens[i].length;
  return 0;
}

/* CONCURRENTLY, which can be put in where the file is this statement alone */
static void
offer_concurrently (TideLintPass *pass,
                    TideLintNote *note,
                    const char   *behind)
{
  if (!tide_lint_pass_is_alone (pass))
    {
      note->advice = g_strdup (_("Move it to a migration of its own, with CONCURRENTLY."));
      return;
    }
  note->advice = g_strdup (_("Say CONCURRENTLY: it takes longer, and nobody waits. When it fails, drop the invalid index it leaves."));
  note->fix_start = find_behind (pass, behind);
  note->fix = note->fix_start > 0 ? g_strdup (" CONCURRENTLY") : NULL;
}

static void
check_concurrently (TideLintPass *pass,
                    const char   *words)
{
  if (pass->in_transaction)
    tide_lint_pass_report (pass, TIDE_LINT_CONCURRENTLY_IN_TRANSACTION, (TideLintNote) {
      .message = g_strdup_printf (_("%s stands between BEGIN and COMMIT"), words),
      .advice = g_strdup (_("Move it to a migration of its own.")) });
  else if (!tide_lint_pass_is_alone (pass) && !pass->told_concurrently)
    tide_lint_pass_report (pass, TIDE_LINT_CONCURRENTLY_WITH_OTHERS, (TideLintNote) {
      .message = g_strdup_printf (_("%s shares its file with other statements"), words),
      .advice = g_strdup (_("Move each to a migration of its own.")) });
  /* Once for the file: it is to be taken apart */
  pass->told_concurrently |= !pass->in_transaction;
}

static void
report_build (TideLintPass   *pass,
              TideLintTable  *table,
              char          **columns,
              gboolean        is_unique,
              gboolean        nulls_alike)
{
  g_autofree char *name = tide_lint_pass_dup_name (pass, table);
  g_autofree char *list = g_strjoinv (", ", columns);
  gboolean can_fail = is_unique && (nulls_alike || !tide_lint_pass_is_all_null (pass, table, columns))
                      && !tide_lint_pass_is_unique (pass, table, columns, nulls_alike);
  TideLintNote note = { .table = table };

  note.message = can_fail ? g_strdup_printf (_("makes %s unique in %s"), list, name)
                          : g_strdup_printf (_("builds an index on %s while nobody can write to it"), name);
  offer_concurrently (pass, &note, "index");
  tide_lint_pass_report (pass, can_fail ? TIDE_LINT_ADD_UNIQUE : TIDE_LINT_INDEX_BLOCKS_WRITES, note);
}

void
tide_lint_create_index (TideLintPass      *pass,
                        const TideSqlNode *node)
{
  TideLintTable *table = tide_lint_pass_get_table (pass, tide_sql_node_get (node, "relation"));
  g_auto(GStrv) columns = tide_lint_dup_strings (tide_sql_node_get (node, "indexParams"));
  gboolean is_unique = tide_sql_node_get_boolean (node, "unique");
  const char *name = tide_sql_node_get_text (node, "idxname");

  if (tide_sql_node_get_boolean (node, "concurrent"))
    check_concurrently (pass, "CREATE INDEX CONCURRENTLY");
  else if (!tide_lint_pass_is_new (pass, table))
    {
      report_build (pass, table, columns, is_unique, tide_sql_node_get_boolean (node, "nulls_not_distinct"));
      tide_lint_pass_work (pass, table, TRUE);
    }
  /* Only an index that goes by order finds the rows of a key */
  if (tide_sql_node_is (node, "accessMethod", "btree") || tide_sql_node_is (node, "accessMethod", "hash")
      || tide_sql_node_is (node, "accessMethod", ""))
    tide_lint_table_add_index (table, *name ? name : NULL, g_steal_pointer (&columns), is_unique,
                               tide_sql_node_get (node, "whereClause") != NULL);
}

static TideLintTable *
find_table_of_index (TideLintPass *pass,
                     const char   *index)
{
  TideLintTable *table = tide_lint_state_find_by_index (pass->state, index);
  const TideLintTableFact *fact;

  if (table != NULL || pass->context == NULL)
    return table;
  fact = tide_lint_context_find_by_index (pass->context, index);
  return fact ? tide_lint_pass_get_named (pass, fact->schema, fact->name) : NULL;
}

/* One index of DROP INDEX */
static void
drop_index (TideLintPass *pass,
            const char   *name,
            gboolean      concurrently)
{
  TideLintTable *table = find_table_of_index (pass, name);
  TideLintNote note = { .table = table };

  if (table == NULL)
    return;
  tide_lint_pass_drop_index (pass, table, name);
  /* With nothing locked */
  if (concurrently)
    tide_lint_table_forget_former (table, NULL);
  if (concurrently || tide_lint_pass_is_new (pass, table))
    return;
  note.message = g_strdup_printf (_("drops \"%s\" with its table locked"), name);
  offer_concurrently (pass, &note, "index");
  tide_lint_pass_report (pass, TIDE_LINT_DROP_INDEX_BLOCKS, note);
}

void
tide_lint_drop_index (TideLintPass      *pass,
                      const TideSqlNode *node)
{
  const TideSqlNode *object = tide_sql_node_first (tide_sql_node_get (node, "objects"));
  gboolean concurrently = tide_sql_node_get_boolean (node, "concurrent");

  if (concurrently)
    check_concurrently (pass, "DROP INDEX CONCURRENTLY");
  for (; object != NULL; object = tide_sql_node_next (object))
    {
      const TideSqlNode *part = tide_sql_node_first (tide_sql_node_get (tide_sql_node_as (object, "List"), "items"));

      while (part != NULL && tide_sql_node_next (part) != NULL)
        part = tide_sql_node_next (part);
      drop_index (pass, tide_sql_node_get_string (part), concurrently);
    }
}

void
tide_lint_reindex (TideLintPass      *pass,
                   const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (node, "relation");
  const char *kind = tide_sql_node_get_text (node, "kind");
  TideLintNote note = { .message = g_strdup (_("builds indexes anew while nobody can write")) };

  if (tide_sql_tree_get_option (node, "params", "concurrently", FALSE))
    {
      g_free (note.message);
      check_concurrently (pass, "REINDEX CONCURRENTLY");
      return;
    }
  if (g_str_equal (kind, "REINDEX_OBJECT_TABLE"))
    note.table = tide_lint_pass_get_table (pass, relation);
  else if (g_str_equal (kind, "REINDEX_OBJECT_INDEX"))
    note.table = find_table_of_index (pass, tide_sql_node_get_text (relation, "relname"));
  offer_concurrently (pass, &note, g_str_equal (kind, "REINDEX_OBJECT_TABLE") ? "table" : "index");
  tide_lint_pass_report (pass, TIDE_LINT_REINDEX, note);
}
