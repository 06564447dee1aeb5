/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-create"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"

char **
tide_lint_dup_strings (const TideSqlNode *list)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();

  for (const TideSqlNode *item = tide_sql_node_first (list); item != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *element = tide_sql_node_as (item, "IndexElem");

      g_ptr_array_add (texts, g_strdup (element ? tide_sql_node_get_text (element, "name") : tide_sql_node_get_string (item)));
    }
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_steal (texts, NULL);
}

static void
check_json (TideLintPass      *pass,
            const char        *column,
            const TideSqlNode *type)
{
  gsize start = pass->statement->start + tide_sql_node_get_integer (type, "location");
  const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (type, "names"));

  if (tide_sql_node_next (name) != NULL || !g_str_equal (tide_sql_node_get_string (name), "json")
      || g_ascii_strncasecmp (pass->text + start, "json", 4) != 0)
    return;
  tide_lint_pass_report (pass, TIDE_LINT_JSON, (TideLintNote) {
    .start = start, .length = 4,
    .message = g_strdup_printf (_("\"%s\" is json"), column),
    .advice = g_strdup (_("Take jsonb, unless blanks and the order of keys matter (@db.JsonB, Prisma's default).")),
    .fix = g_strdup ("JSONB"), .fix_start = start, .fix_length = 4 });
}

static void
check_foreign_type (TideLintPass      *pass,
                    const TideSqlNode *type)
{
  static const char *const types[][2] = {
    { "datetime", "TIMESTAMP(3)" }, { "tinyint", "SMALLINT" }, { "mediumint", "INTEGER" }, { "tinytext", "TEXT" },
    { "mediumtext", "TEXT" }, { "longtext", "TEXT" }, { "blob", "BYTEA" }, { "longblob", "BYTEA" }, { "mediumblob", "BYTEA" },
    { "nvarchar", "TEXT" }, { "double", "DOUBLE PRECISION" }, { "uniqueidentifier", "UUID" },
  };
  const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (type, "names"));
  gsize start = pass->statement->start + tide_sql_node_get_integer (type, "location");
  const char *word = tide_sql_node_get_string (name);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (tide_sql_node_next (name) == NULL && g_str_equal (word, types[i][0])
        && g_ascii_strncasecmp (pass->text + start, word, strlen (word)) == 0)
      tide_lint_pass_report (pass, TIDE_LINT_MYSQL_TYPE, (TideLintNote) {
        .start = start, .length = strlen (word),
        .message = g_strdup_printf (_("there is no type \"%s\""), word),
        .advice = g_strdup_printf (_("PostgreSQL's is %s."), types[i][1]),
        .fix = tide_sql_node_get (type, "typmods") == NULL ? g_strdup (types[i][1]) : NULL,
        .fix_start = start, .fix_length = strlen (word) });
}

void
tide_lint_add_column_definition (TideLintPass      *pass,
                                 TideLintTable     *table,
                                 const TideSqlNode *definition)
{
  const char *name = tide_sql_node_get_text (definition, "colname");
  const TideSqlNode *type = tide_sql_node_get (definition, "typeName");
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (definition, "constraints"));
  TideLintColumn *column = tide_lint_table_add_column (table, name, tide_lint_type_new (type), pass->file);

  if (pass->reports)
    {
      check_json (pass, name, type);
      check_foreign_type (pass, type);
    }
  for (; item != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *constraint = tide_sql_node_as (item, "Constraint");
      gsize start = pass->statement->start + tide_sql_node_get_integer (constraint, "location");

      if (tide_sql_node_is (constraint, "contype", "CONSTR_NOTNULL") || tide_sql_node_is (constraint, "contype", "CONSTR_PRIMARY"))
        column->not_null = TRUE;
      if (tide_sql_node_is (constraint, "contype", "CONSTR_DEFAULT"))
        column->valued = pass->file;
      tide_lint_add_constraint (pass, table, constraint, name, start, 0);
    }
}

void
tide_lint_create_table (TideLintPass      *pass,
                        const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (node, "relation");
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "tableElts"));
  const char *schema = tide_sql_node_get_text (relation, "schemaname");
  const char *name = tide_sql_node_get_text (relation, "relname");
  TideLintTable *table;

  /* IF NOT EXISTS of one that is there does nothing */
  if (tide_sql_node_get_boolean (node, "if_not_exists") && tide_lint_state_find_table (pass->state, schema, name) != NULL)
    return;
  tide_lint_forget_view (pass, name);
  table = tide_lint_state_make_table (pass->state, schema, name, pass->file);
  for (; item != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *constraint = tide_sql_node_as (item, "Constraint");

      if (tide_sql_node_as (item, "ColumnDef") != NULL)
        tide_lint_add_column_definition (pass, table, tide_sql_node_as (item, "ColumnDef"));
      else if (constraint != NULL)
        tide_lint_add_constraint (pass, table, constraint, NULL,
                                  pass->statement->start + tide_sql_node_get_integer (constraint, "location"), 0);
    }
}

static void
make_filled_table (TideLintPass      *pass,
                   const TideSqlNode *relation)
{
  const char *name = tide_sql_node_get_text (relation, "relname");

  tide_lint_forget_view (pass, name);
  tide_lint_state_make_table (pass->state, tide_sql_node_get_text (relation, "schemaname"), name, pass->file)->filled = pass->file;
}

void
tide_lint_create_table_as (TideLintPass      *pass,
                           const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (tide_sql_node_get (node, "into"), "rel");

  if (tide_sql_node_is (node, "objtype", "OBJECT_TABLE"))
    make_filled_table (pass, relation);
  else
    tide_lint_create_view (pass, node);
}

/* SELECT ... INTO makes a table, too */
void
tide_lint_select (TideLintPass      *pass,
                  const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (tide_sql_node_get (node, "intoClause"), "rel");

  if (relation == NULL)
    return;
  make_filled_table (pass, relation);
}

/* Every table that the query of a view reads, and so needs */
static void
note_tables (TideLintPass      *pass,
             const TideSqlNode *node,
             const char        *view)
{
  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    {
      TideLintTable *table = g_str_equal (tide_sql_node_get_name (child), "RangeVar")
                             ? tide_lint_state_find_table (pass->state, tide_sql_node_get_text (child, "schemaname"),
                                                           tide_sql_node_get_text (child, "relname"))
                             : NULL;

      if (table != NULL && !g_ptr_array_find_with_equal_func (table->views, view, g_str_equal, NULL))
        g_ptr_array_add (table->views, g_strdup (view));
      note_tables (pass, child, view);
    }
}

void
tide_lint_create_view (TideLintPass      *pass,
                       const TideSqlNode *node)
{
  const TideSqlNode *relation = tide_sql_node_get (node, "view");

  if (relation == NULL)
    relation = tide_sql_node_get (tide_sql_node_get (node, "into"), "rel");
  /* OR REPLACE: what the one before has read is needed no longer */
  tide_lint_forget_view (pass, tide_sql_node_get_text (relation, "relname"));
  note_tables (pass, tide_sql_node_get (node, "query"), tide_sql_node_get_text (relation, "relname"));
}

void
tide_lint_create_function (TideLintPass      *pass,
                           const TideSqlNode *node)
{
  const TideSqlNode *option = tide_sql_node_first (tide_sql_node_get (node, "options"));
  const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (node, "funcname"));
  gboolean is_volatile = TRUE;

  for (; option != NULL; option = tide_sql_node_next (option))
    {
      const TideSqlNode *element = tide_sql_node_as (option, "DefElem");

      if (tide_sql_node_is (element, "defname", "volatility"))
        is_volatile = g_str_equal (tide_sql_node_get_string (tide_sql_node_get (element, "arg")), "volatile");
    }
  while (name != NULL && tide_sql_node_next (name) != NULL)
    name = tide_sql_node_next (name);
  if (is_volatile)
    g_hash_table_add (pass->state->volatile_functions, g_strdup (tide_sql_node_get_string (name)));
  else
    g_hash_table_remove (pass->state->volatile_functions, tide_sql_node_get_string (name));
}
