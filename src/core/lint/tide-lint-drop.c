/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-drop"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"

static void
append_one (GString    *text,
            const char *what)
{
  g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ", ", what);
}

char *
tide_lint_dup_dependents (TideLintPass  *pass,
                          TideLintTable *table,
                          const char    *column)
{
  const TideLintTableFact *fact = pass->context ? tide_lint_context_find (pass->context, table->schema, table->name) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; fact != NULL && i < fact->dependents->len; i++)
    {
      const TideLintDependent *dependent = g_ptr_array_index (fact->dependents, i);

      if (column == NULL || g_strcmp0 (dependent->column, column) == 0)
        if (strstr (text->str, dependent->what) == NULL)
          append_one (text, dependent->what);
    }
  for (guint i = 0; fact == NULL && column == NULL && i < table->views->len; i++)
    {
      g_autofree char *view = g_strdup_printf (_("view %s"), (char *) g_ptr_array_index (table->views, i));

      append_one (text, view);
    }
  return text->len == 0 ? g_strdup ("") : g_strdup_printf (_(", which breaks: %s"), text->str);
}

/* Schema and name of what a DROP names */
static void
get_names (const TideSqlNode  *object,
           const char        **schema,
           const char        **name)
{
  const TideSqlNode *part = tide_sql_node_first (tide_sql_node_get (tide_sql_node_as (object, "List"), "items"));

  *schema = "";
  *name = tide_sql_node_get_string (part);
  while (part != NULL && (part = tide_sql_node_next (part)) != NULL)
    {
      *schema = *name;
      *name = tide_sql_node_get_string (part);
    }
}

void
tide_lint_forget_view (TideLintPass *pass,
                       const char   *view)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, pass->state->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GPtrArray *views = ((TideLintTable *) value)->views;
      guint index;

      if (g_ptr_array_find_with_equal_func (views, view, g_str_equal, &index))
        g_ptr_array_remove_index (views, index);
    }
}

/* What still needs @table as the history has it: views, and foreign keys of other tables. The server refuses without CASCADE */
static char *
dup_needed_by (TideLintPass  *pass,
               TideLintTable *table)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < table->views->len; i++)
    append_one (text, g_ptr_array_index (table->views, i));
  g_hash_table_iter_init (&iter, pass->state->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TideLintTable *other = value;

      for (guint i = 0; other != table && i < other->keys->len; i++)
        {
          const TideLintForeignKey *key = g_ptr_array_index (other->keys, i);

          if (g_str_equal (key->target, table->key))
            append_one (text, *key->name ? key->name : other->name);
        }
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static void
report_needed (TideLintPass  *pass,
               TideLintTable *table,
               const char    *shown)
{
  g_autofree char *needed = dup_needed_by (pass, table);

  if (needed != NULL)
    tide_lint_pass_report (pass, TIDE_LINT_DROP_NEEDED, (TideLintNote) {
      .message = g_strdup_printf (_("drops %s, which %s needs"), shown, needed),
      .advice = g_strdup (_("Drop what needs it first.")) });
}

/* IF EXISTS of a table that no migration has made: it is there only where somebody made it by hand */
static gboolean
is_unheard_of (TideLintPass *pass,
               const char   *schema,
               const char   *name)
{
  return tide_lint_state_find_table (pass->state, schema, name) == NULL && g_hash_table_size (pass->state->tables) > 0;
}

static void
drop_table (TideLintPass      *pass,
            const TideSqlNode *node,
            const char        *schema,
            const char        *name)
{
  gboolean cascades = tide_sql_node_is (node, "behavior", "DROP_CASCADE");
  gboolean unheard_of = tide_sql_node_get_boolean (node, "missing_ok") && is_unheard_of (pass, schema, name);
  TideLintTable *table = tide_lint_pass_get_named (pass, schema, name);
  gboolean is_gone = unheard_of && pass->context != NULL && tide_lint_context_find (pass->context, table->schema, name) == NULL;
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);
  g_autofree char *breaks = tide_lint_dup_dependents (pass, table, NULL);

  if (!cascades)
    report_needed (pass, table, shown);
  if (!tide_lint_pass_is_new (pass, table) && !is_gone)
    {
      gboolean carried = pass->reports && tide_lint_is_carried (pass, table, NULL);
      gboolean again = pass->reports && !carried && tide_lint_is_made_again (pass, table);

      tide_lint_pass_report (pass, TIDE_LINT_DROP_TABLE, (TideLintNote) {
        .table = table, .lower = carried || again || (unheard_of && pass->context == NULL) ? 1 : 0,
        .message = g_strdup_printf (cascades ? _("drops %s and whatever needs it%s") : _("drops %s%s"), shown, breaks),
        .advice = g_strdup (carried
                            ? _("Rows are copied above: prove that nothing is missing before this runs, and drop it in a later migration.")
                            : again
                            ? _("It is made again below, from a query: look whether anything else was ever put into it.")
                            : _("Take it out of the schema and deploy that first; rename it, wait, and drop it in a later migration, after a backup.")) });
      g_hash_table_add (pass->changed, g_strdup (table->key));
    }
  tide_lint_state_drop_table (pass->state, table);
}

/* A type, a function, a sequence ... with CASCADE: columns and defaults may go along */
static void
drop_cascade (TideLintPass *pass)
{
  tide_lint_pass_report (pass, TIDE_LINT_DROP_CASCADE, (TideLintNote) {
    .message = g_strdup (_("drops whatever needs it")),
    .advice = g_strdup (_("Leave out CASCADE: the server then names what needs it, and each can be dropped or mended by name.")) });
}

static void
drop_schema (TideLintPass      *pass,
             const TideSqlNode *node)
{
  const TideSqlNode *object = tide_sql_node_first (tide_sql_node_get (node, "objects"));

  /* Without CASCADE only an empty one goes */
  for (; object != NULL && tide_sql_node_is (node, "behavior", "DROP_CASCADE"); object = tide_sql_node_next (object))
    tide_lint_pass_report (pass, TIDE_LINT_DROP_SCHEMA, (TideLintNote) {
      .message = g_strdup_printf (_("drops the schema \"%s\" with everything in it"), tide_sql_node_get_string (object)),
      .advice = g_strdup (_("Name what is to go, one by one, and drop the empty schema without CASCADE.")) });
}

void
tide_lint_drop (TideLintPass      *pass,
                const TideSqlNode *node)
{
  const TideSqlNode *object = tide_sql_node_first (tide_sql_node_get (node, "objects"));
  gboolean is_table = tide_sql_node_is (node, "removeType", "OBJECT_TABLE");
  gboolean is_view = tide_sql_node_is (node, "removeType", "OBJECT_VIEW") || tide_sql_node_is (node, "removeType", "OBJECT_MATVIEW");

  if (tide_sql_node_is (node, "removeType", "OBJECT_INDEX"))
    {
      tide_lint_drop_index (pass, node);
      return;
    }
  if (tide_sql_node_is (node, "removeType", "OBJECT_SCHEMA"))
    {
      drop_schema (pass, node);
      return;
    }
  if (!is_table && !is_view && tide_sql_node_is (node, "behavior", "DROP_CASCADE"))
    drop_cascade (pass);
  for (; object != NULL && (is_table || is_view); object = tide_sql_node_next (object))
    {
      const char *schema;
      const char *name;

      get_names (object, &schema, &name);
      if (is_table)
        drop_table (pass, node, schema, name);
      else
        tide_lint_forget_view (pass, name);
    }
}
