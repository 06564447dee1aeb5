/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-maintain"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"
#include "sql/tide-sql-tree.h"

void
tide_lint_vacuum (TideLintPass      *pass,
                  const TideSqlNode *node)
{
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "rels"));
  const TideSqlNode *relation = tide_sql_node_get (tide_sql_node_as (item, "VacuumRelation"), "relation");

  if (!tide_sql_tree_get_option (node, "options", "full", FALSE))
    return;
  tide_lint_pass_report (pass, TIDE_LINT_VACUUM_FULL, (TideLintNote) {
    .table = relation ? tide_lint_pass_get_table (pass, relation) : NULL,
    .message = g_strdup (relation ? _("VACUUM FULL shuts the table") : _("VACUUM FULL shuts every table of the database in turn")),
    .advice = g_strdup (_("VACUUM without FULL works beside everybody and is nearly always enough; it does not belong into a migration.")) });
}

void
tide_lint_cluster (TideLintPass      *pass,
                   const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (node, "relation");

  tide_lint_pass_report (pass, TIDE_LINT_CLUSTER, (TideLintNote) {
    .table = relation ? tide_lint_pass_get_table (pass, relation) : NULL,
    .message = g_strdup (_("CLUSTER shuts the table")),
    .advice = g_strdup (_("Choose a quiet time, outside of migrations; the order is lost again with every change.")) });
}

void
tide_lint_refresh (TideLintPass      *pass,
                   const TideSqlNode *node)
{
  if (!tide_sql_node_get_boolean (node, "concurrent") && !tide_sql_node_get_boolean (node, "skipData"))
    tide_lint_pass_report (pass, TIDE_LINT_REFRESH_BLOCKS, (TideLintNote) {
      .message = g_strdup_printf (_("fills \"%s\" while nobody can read it"),
                                  tide_sql_node_get_text (tide_sql_node_get (node, "relation"), "relname")),
      .advice = g_strdup (_("Say CONCURRENTLY; the view needs a unique index for it.")) });
}

void
tide_lint_set_variable (TideLintPass      *pass,
                        const TideSqlNode *node)
{
  if (tide_sql_node_is (node, "name", "lock_timeout"))
    pass->has_lock_timeout = TRUE;
}
