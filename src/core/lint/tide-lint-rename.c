/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-rename"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"
#include "sql/tide-sql-enum.h"

static void
rename_table (TideLintPass  *pass,
              TideLintTable *table,
              const char    *to)
{
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);
  TideLintTable *old = tide_lint_state_find_table (pass->state, table->schema, to);
  gboolean is_known = tide_lint_pass_get_size (pass, table) != TIDE_LINT_SIZE_EMPTY;

  /* Made a moment ago to take the place of one that was dropped: SQLite's way, and that of some hand-written moves */
  if (!tide_lint_pass_is_new (pass, table) && is_known)
    tide_lint_pass_report (pass, TIDE_LINT_RENAME_TABLE, (TideLintNote) {
      .table = table,
      .message = g_strdup_printf (_("renames %s to \"%s\""), shown, to),
      .advice = g_strdup (_("In Prisma, @@map gives the model a new name and leaves the table as it is. "
                            "Else leave a view under the old name until no program uses it.")) });
  if (old != NULL && old != table)
    tide_lint_state_drop_table (pass->state, old);
  tide_lint_pass_lock (pass, table);
  tide_lint_state_rename_table (pass->state, table, NULL, to);
}

static void
rename_column (TideLintPass  *pass,
               TideLintTable *table,
               const char    *from,
               const char    *to)
{
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);
  TideLintColumn *column = tide_lint_table_find_column (table, from);

  if (!tide_lint_pass_is_new (pass, table) && (column == NULL || column->born != pass->file))
    tide_lint_pass_report (pass, TIDE_LINT_RENAME_COLUMN, (TideLintNote) {
      .table = table,
      .message = g_strdup_printf (_("renames \"%s\" of %s to \"%s\""), from, shown, to),
      .advice = g_strdup (_("In Prisma, @map gives the field a new name and leaves the column as it is. "
                            "Else add the new column, keep both filled, and drop the old one later.")) });
  tide_lint_pass_lock (pass, table);
  tide_lint_table_rename_column (table, from, to);
}

/* ALTER INDEX and ALTER TABLE both rename an index */
static void
rename_index (TideLintPass *pass,
              const char   *from,
              const char   *to)
{
  TideLintTable *table = tide_lint_state_find_by_index (pass->state, from);

  for (guint i = 0; table != NULL && i < table->indexes->len; i++)
    {
      TideLintIndex *index = g_ptr_array_index (table->indexes, i);

      if (g_strcmp0 (index->name, from) == 0)
        {
          g_free (index->name);
          index->name = g_strdup (to);
          return;
        }
    }
}

static void
rename_constraint (TideLintTable *table,
                   const char    *from,
                   const char    *to)
{
  for (guint i = 0; i < table->keys->len; i++)
    {
      TideLintForeignKey *key = g_ptr_array_index (table->keys, i);

      if (g_strcmp0 (key->name, from) == 0)
        {
          g_free (key->name);
          key->name = g_strdup (to);
        }
    }
}

void
tide_lint_rename (TideLintPass      *pass,
                  const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (node, "relation");
  const char *kind = tide_sql_node_get_text (node, "renameType");
  const char *from = tide_sql_node_get_text (node, "subname");
  const char *to = tide_sql_node_get_text (node, "newname");
  const char *name = tide_sql_node_get_text (relation, "relname");

  if (g_str_equal (kind, "OBJECT_TYPE"))
    {
      const TideSqlNode *part = tide_sql_node_first (tide_sql_node_get (tide_sql_node_as (tide_sql_node_get (node, "object"), "List"), "items"));

      while (part != NULL && tide_sql_node_next (part) != NULL)
        part = tide_sql_node_next (part);
      tide_lint_state_rename_type (pass->state, tide_sql_node_get_string (part), to);
    }
  if (relation == NULL)
    return;
  if (g_str_equal (kind, "OBJECT_TABLE") && tide_lint_state_find_by_index (pass->state, name) != NULL)
    rename_index (pass, name, to);
  else if (g_str_equal (kind, "OBJECT_TABLE"))
    rename_table (pass, tide_lint_pass_get_table (pass, relation), to);
  else if (g_str_equal (kind, "OBJECT_COLUMN") && tide_sql_node_is (node, "relationType", "OBJECT_TABLE"))
    rename_column (pass, tide_lint_pass_get_table (pass, relation), from, to);
  else if (g_str_equal (kind, "OBJECT_INDEX"))
    rename_index (pass, name, to);
  else if (g_str_equal (kind, "OBJECT_TABCONSTRAINT"))
    {
      rename_constraint (tide_lint_pass_get_table (pass, relation), from, to);
      rename_index (pass, from, to);
    }
}

void
tide_lint_set_schema (TideLintPass      *pass,
                      const TideSqlNode *node)
{
  TideLintTable *table;
  g_autofree char *shown = NULL;

  if (!tide_sql_node_is (node, "objectType", "OBJECT_TABLE"))
    return;
  table = tide_lint_pass_get_table (pass, tide_sql_node_get (node, "relation"));
  shown = tide_lint_pass_dup_name (pass, table);
  if (!tide_lint_pass_is_new (pass, table))
    tide_lint_pass_report (pass, TIDE_LINT_MOVE_TABLE, (TideLintNote) {
      .table = table,
      .message = g_strdup_printf (_("moves %s to the schema \"%s\""), shown, tide_sql_node_get_text (node, "newschema")),
      .advice = g_strdup (_("Leave a view under the old name until no program uses it.")) });
  tide_lint_pass_lock (pass, table);
  tide_lint_state_rename_table (pass->state, table, tide_sql_node_get_text (node, "newschema"), NULL);
}

void
tide_lint_alter_enum (TideLintPass      *pass,
                      const TideSqlNode *node)
{
  const char *old = tide_sql_node_get_text (node, "oldVal");
  const char *new = tide_sql_node_get_text (node, "newVal");
  g_autofree char *label = NULL;
  gboolean stepwise;
  int use;

  if (*old != '\0')
    {
      tide_lint_pass_report (pass, TIDE_LINT_RENAME_ENUM_VALUE, (TideLintNote) {
        .message = g_strdup_printf (_("renames the value '%s' to '%s'"), old, new),
        .advice = g_strdup (_("Add the new value, move the rows over, and leave the old one; in Prisma, @map renames it in the schema alone.")) });
      return;
    }
  /* Statement by statement it runs here, and not with a Prisma that sends the file in one piece */
  stepwise = tide_sql_script_get_run_mode (pass->script) == TIDE_SQL_RUN_STEPWISE;
  use = pass->in_transaction || stepwise ? tide_sql_enum_find_use (pass->script, pass->index, &label) : -1;
  for (int i = pass->index + 1; i < use; i++)
    if (tide_sql_script_get_traits (pass->script, i) & TIDE_SQL_TRAIT_CONTROLS)
      use = -1;
  if (use >= 0)
    {
      const TideSqlStatement *statement = tide_sql_script_get_statement (pass->script, use);

      tide_lint_pass_report (pass, TIDE_LINT_ENUM_VALUE_IN_TRANSACTION, (TideLintNote) {
        .start = statement->start, .length = statement->length, .lower = stepwise && !pass->in_transaction ? 1 : 0,
        .reason = stepwise ? _("The file cannot run as one transaction, so what ran before stays when it fails; "
                               "Prisma before 7.4 sends a file in one piece, and the server refuses it (55P04).") : NULL,
        .message = g_strdup_printf (_("uses '%s', which the same file adds"), label),
        .advice = g_strdup (_("Put what uses it into a later migration.")) });
    }
}
