/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-carried"

#include "config.h"

#include <string.h>

#include "lint/tide-lint-pass.h"

/* Whether what a statement drops was carried over to another place by an earlier one of the same file: then the drop is worth a
 * look, and is no loss at first sight. */

static gboolean
is_column (const TideSqlNode *node,
           const char        *column)
{
  const TideSqlNode *field = tide_sql_node_first (tide_sql_node_get (tide_sql_node_as (node, "ColumnRef"), "fields"));
  const char *name = NULL;

  for (; field != NULL; field = tide_sql_node_next (field))
    name = tide_sql_node_as (field, "String") ? tide_sql_node_get_string (field) : NULL;
  return g_strcmp0 (name, column) == 0;
}

/* Two columns are the same: a row finds its new place by it */
static gboolean
joins_by (const TideSqlNode *expression,
          const char        *column)
{
  const TideSqlNode *left = tide_sql_node_get (expression, "lexpr");
  const TideSqlNode *right = tide_sql_node_get (expression, "rexpr");

  return tide_sql_node_as (left, "ColumnRef") != NULL && tide_sql_node_as (right, "ColumnRef") != NULL
         && (is_column (left, column) || is_column (right, column));
}

/* @column is read for a value, or to find a row. @in_value: below what is set or selected. @by_choice: also where it only
 * decides which rows go over, as those that are put elsewhere tell afterwards */
static gboolean
reads_column (const TideSqlNode *node,
              const char        *column,
              gboolean           in_value,
              gboolean           by_choice)
{
  if (in_value && is_column (node, column))
    return TRUE;
  if (joins_by (tide_sql_node_as (node, "A_Expr"), column))
    return TRUE;
  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    {
      const char *name = tide_sql_node_get_name (child);

      if (reads_column (child, column, in_value || g_str_equal (name, "val") || (by_choice && g_str_equal (name, "whereClause")),
                        by_choice))
        return TRUE;
    }
  return FALSE;
}

/* @in_source: below what rows are taken from, not what they are put into */
static gboolean
reads_table (const TideSqlNode *node,
             const char        *table,
             gboolean           in_source)
{
  if (in_source && tide_sql_node_is (tide_sql_node_as (node, "RangeVar"), "relname", table))
    return TRUE;
  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    {
      const char *name = tide_sql_node_get_name (child);

      if (reads_table (child, table, in_source || g_str_equal (name, "fromClause")))
        return TRUE;
    }
  return FALSE;
}

static gboolean
mentions_column (const TideSqlNode *node,
                 const char        *column)
{
  if (is_column (node, column))
    return TRUE;
  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    if (mentions_column (child, column))
      return TRUE;
  return FALSE;
}

/* An INSERT takes rows over; an UPDATE takes the columns that it names, and the rest of the row stays behind */
static gboolean
reads_every_column (const TideSqlNode *update,
                    TideLintTable     *table)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, table->columns);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!mentions_column (update, name))
      return FALSE;
  return TRUE;
}

gboolean
tide_lint_is_made_again (TideLintPass  *pass,
                         TideLintTable *table)
{
  for (guint i = pass->index + 1; i < tide_sql_script_get_n_statements (pass->script); i++)
    {
      g_autofree char *text = tide_sql_script_dup_statement (pass->script, i);
      g_autoptr(TideSqlTree) tree = strstr (text, table->name) ? tide_sql_tree_parse (text) : NULL;
      const char *kind = NULL;
      const TideSqlNode *root = tree ? tide_sql_tree_get_root (tree, &kind) : NULL;

      if (root != NULL && g_str_equal (kind, "CreateTableAsStmt")
          && tide_sql_node_is (tide_sql_node_get (tide_sql_node_get (root, "into"), "rel"), "relname", table->name))
        return TRUE;
    }
  return FALSE;
}

gboolean
tide_lint_is_carried (TideLintPass  *pass,
                      TideLintTable *table,
                      const char    *column)
{
  for (guint i = 0; i < pass->index; i++)
    {
      g_autofree char *text = tide_sql_script_dup_statement (pass->script, i);
      g_autoptr(TideSqlTree) tree = NULL;
      const char *kind = NULL;
      const TideSqlNode *root;
      gboolean is_update;
      gboolean is_own; /* it updates the very table */

      /* Most statements are not worth a parse. */
      if (strstr (text, table->name) == NULL || (column != NULL && strstr (text, column) == NULL))
        continue;
      tree = tide_sql_tree_parse (text);
      root = tree ? tide_sql_tree_get_root (tree, &kind) : NULL;
      if (root == NULL)
        continue;
      is_update = g_str_equal (kind, "UpdateStmt");
      if (!is_update && !g_str_equal (kind, "InsertStmt") && !g_str_equal (kind, "CreateTableAsStmt"))
        continue;
      is_own = is_update && tide_sql_node_is (tide_sql_node_get (root, "relation"), "relname", table->name);
      if (reads_table (root, table->name, FALSE) || (column != NULL && is_own))
        if (column == NULL ? !is_update || reads_every_column (root, table)
                           : reads_column (root, column, FALSE, !is_update || (is_own && tide_lint_fills_new_columns (pass, table, root))))
          return TRUE;
    }
  return FALSE;
}
