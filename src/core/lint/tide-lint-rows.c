/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-rows"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"

void
tide_lint_insert (TideLintPass      *pass,
                  const TideSqlHead *head)
{
  g_autofree char *names[2] = { NULL, NULL };
  TideLintTable *table;
  guint n = 0;

  if (!tide_sql_head_has (head, 0, "insert", "into", NULL))
    return;
  for (guint i = 2; i < head->n_tokens && n < 2; i++)
    {
      const TideSqlToken *token = &head->tokens[i];
      gboolean quoted = token->type == TIDE_SQL_TOKEN_QUOTED_NAME;

      if (token->type == TIDE_SQL_TOKEN_OPERATOR && pass->text[token->start] == '.')
        continue;
      if (token->unterminated || (!quoted && token->type != TIDE_SQL_TOKEN_WORD))
        break;
      if (n == 1 && pass->text[token->start - 1] != '.')
        break;
      names[n++] = quoted ? g_strndup (pass->text + token->start + 1, token->length - 2)
                          : g_ascii_strdown (pass->text + token->start, token->length);
    }
  if (n == 0)
    return;
  table = n == 2 ? tide_lint_pass_get_named (pass, names[0], names[1]) : tide_lint_pass_get_named (pass, NULL, names[0]);
  table->filled = pass->file;
  tide_lint_table_forget_former (table, NULL);
  table->emptied = TIDE_LINT_BEFORE;
  if (!tide_sql_statement_mentions (pass->text, pass->statement, "select"))
    return;
  tide_lint_pass_work (pass, table, FALSE);
}

gboolean
tide_lint_fills_new_columns (TideLintPass      *pass,
                             TideLintTable     *table,
                             const TideSqlNode *node)
{
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "targetList"));

  for (; item != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *target = tide_sql_node_as (item, "ResTarget");
      TideLintColumn *column = tide_lint_table_find_column (table, tide_sql_node_get_text (target, "name"));

      if (column == NULL || column->born != pass->file)
        return FALSE;
    }
  return TRUE;
}

/* Which columns have values now: a new one has some, one of before has one in every row when no row without one is left out */
static void
note_values (TideLintPass      *pass,
             TideLintTable     *table,
             const TideSqlNode *node)
{
  const TideSqlNode *where = tide_sql_node_get (node, "whereClause");
  gboolean all = where == NULL && tide_sql_node_get (node, "fromClause") == NULL;
  const char *filled = tide_lint_null_test (where, "IS_NULL");
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "targetList"));

  for (; item != NULL; item = tide_sql_node_next (item))
    {
      TideLintColumn *column = tide_lint_table_find_column (table, tide_sql_node_get_text (tide_sql_node_as (item, "ResTarget"), "name"));

      if (column != NULL && (column->born == pass->file || all || g_strcmp0 (filled, column->name) == 0))
        column->valued = pass->file;
    }
}

/* Many rows at once: without WHERE for certain, else where the table is known to be large */
static void
report_many (TideLintPass  *pass,
             TideLintTable *table,
             gboolean       all,
             gboolean       is_update)
{
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);

  if (!all && tide_lint_pass_get_size (pass, table) != TIDE_LINT_SIZE_LARGE)
    return;
  tide_lint_pass_report (pass, TIDE_LINT_LARGE_UPDATE, (TideLintNote) {
    .table = table, .lower = all ? 0 : 1,
    .message = g_strdup_printf (is_update ? _("changes %s, which may be many rows, in one transaction")
                                          : _("deletes from %s, which is large, in one transaction"), shown),
    .advice = g_strdup (_("Run it as a batched job, which commits as it goes and can be paused: tidemarkctl batch.")) });
}

void
tide_lint_update (TideLintPass      *pass,
                  const TideSqlNode *node)
{
  TideLintTable *table = tide_lint_pass_get_table (pass, tide_sql_node_get (node, "relation"));
  gboolean all = tide_sql_node_get (node, "whereClause") == NULL && tide_sql_node_get (node, "fromClause") == NULL;
  gboolean fills = tide_lint_fills_new_columns (pass, table, node);
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);

  note_values (pass, table, node);
  tide_lint_table_forget_former (table, NULL);
  if (tide_lint_pass_is_new (pass, table))
    return;
  if (all && !fills)
    tide_lint_pass_report (pass, TIDE_LINT_UPDATE_ALL, (TideLintNote) {
      .table = table,
      .message = g_strdup_printf (_("changes every row of %s"), shown),
      .advice = g_strdup (_("Say WHERE, also to make it safe to run twice: WHERE column IS DISTINCT FROM the new value.")) });
  else
    report_many (pass, table, all, TRUE);
  tide_lint_pass_work (pass, table, FALSE);
}

void
tide_lint_delete (TideLintPass      *pass,
                  const TideSqlNode *node)
{
  TideLintTable *table = tide_lint_pass_get_table (pass, tide_sql_node_get (node, "relation"));
  gboolean all = tide_sql_node_get (node, "whereClause") == NULL && tide_sql_node_get (node, "usingClause") == NULL;
  gboolean carried = all && pass->reports && tide_lint_is_carried (pass, table, NULL);
  const char *never_null = tide_lint_null_test (tide_sql_node_get (node, "whereClause"), "IS_NULL");
  TideLintColumn *column = never_null ? tide_lint_table_find_column (table, never_null) : NULL;
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);

  if (column != NULL)
    column->valued = pass->file;
  if (tide_lint_pass_is_new (pass, table))
    return;
  if (all)
    tide_lint_pass_report (pass, TIDE_LINT_DELETE_ALL, (TideLintNote) {
      .table = table, .lower = carried ? 1 : 0,
      .message = g_strdup_printf (_("deletes every row of %s"), shown),
      .advice = g_strdup (carried ? _("Rows are copied above: prove that nothing is missing before this runs, after a backup.")
                                  : _("Say WHERE. If all are meant, a backup first; TRUNCATE is quicker, and says so.")) });
  else
    report_many (pass, table, FALSE, FALSE);
  if (all)
    table->emptied = pass->file;
  tide_lint_pass_work (pass, table, FALSE);
}

/* (transfer full): the tables with a foreign key to @table, which TRUNCATE CASCADE empties too */
static char *
dup_followers (TideLintPass  *pass,
               TideLintTable *table)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, pass->state->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TideLintTable *other = value;

      for (guint i = 0; other != table && i < other->keys->len; i++)
        if (g_str_equal (((TideLintForeignKey *) g_ptr_array_index (other->keys, i))->target, table->key))
          {
            g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", other->name);
            break;
          }
    }
  return g_strdup (text->str);
}

void
tide_lint_truncate (TideLintPass      *pass,
                    const TideSqlNode *node)
{
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "relations"));
  gboolean cascades = tide_sql_node_is (node, "behavior", "DROP_CASCADE");

  for (; item != NULL; item = tide_sql_node_next (item))
    {
      TideLintTable *table = tide_lint_pass_get_table (pass, tide_sql_node_as (item, "RangeVar"));
      g_autofree char *shown = tide_lint_pass_dup_name (pass, table);
      g_autofree char *followers = cascades ? dup_followers (pass, table) : g_strdup ("");
      gboolean carried = !cascades && pass->reports && tide_lint_is_carried (pass, table, NULL);
      char *message;

      if (tide_lint_pass_is_new (pass, table))
        continue;
      if (*followers != '\0')
        message = g_strdup_printf (_("empties %s, and with it: %s"), shown, followers);
      else
        message = g_strdup_printf (cascades ? _("empties %s and every table with a foreign key to it") : _("empties %s"), shown);
      tide_lint_pass_report (pass, TIDE_LINT_TRUNCATE, (TideLintNote) {
        .table = table, .lower = carried ? 1 : 0, .message = message,
        .advice = g_strdup (cascades ? _("Name the tables that are to be emptied, without CASCADE, after a backup.")
                            : carried ? _("Rows are copied above: prove that nothing is missing before this runs, after a backup.")
                                      : _("Make a backup first, or DELETE what has to go with WHERE.")) });
      tide_lint_pass_lock (pass, table);
      table->emptied = pass->file;
    }
}
