/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-tables"

#include "config.h"

#include "history/tide-deploy.h"
#include "runbook/tide-run-tables.h"
#include "sql/tide-sql-tables.h"

/* pg_total_relation_size() waits for whoever locks a table away from everybody: then the server's own notes must do. */
static const char tables_sql[] =
  "SELECT n.nspname, c.relname,\n"
  "       CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock')\n"
  "            THEN c.relpages * pg_catalog.current_setting('block_size')::bigint\n"
  "            ELSE pg_catalog.pg_total_relation_size(c.oid) END,\n"
  "       c.reltuples::bigint, c.oid\n"
  "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
  " WHERE c.oid IN (SELECT pg_catalog.to_regclass(name) FROM pg_catalog.unnest($1::text[]) name)\n"
  "   AND c.relkind IN ('r', 'p', 'm')\n"
  " ORDER BY 3 DESC, 1, 2";

static void
table_free (gpointer data)
{
  TideRunTable *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

/* (transfer full) (nullable): as an array in text */
static char *
dup_array (GPtrArray *names)
{
  GString *array = g_string_new ("{");

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      g_string_append (array, i == 0 ? "\"" : ",\"");
      for (const char *p = name; *p != '\0'; p++)
        {
          if (*p == '"' || *p == '\\')
            g_string_append_c (array, '\\');
          g_string_append_c (array, *p);
        }
      g_string_append_c (array, '"');
    }
  g_string_append_c (array, '}');
  return g_string_free (array, FALSE);
}

static TideResult *
query (TideSession   *session,
       GPtrArray     *names,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autofree char *array = dup_array (names);
  const char *params[] = { array };

  return tide_session_query (session, tables_sql, params, 1, cancellable, error);
}

char *
tide_run_tables_dup_oids (TideSession  *session,
                          GPtrArray    *plan,
                          GCancellable *cancellable)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(TideResult) result = NULL;
  g_autoptr(GString) oids = g_string_new ("{");

  for (guint i = 0; i < plan->len; i++)
    {
      const TideDeployStep *step = g_ptr_array_index (plan, i);

      g_ptr_array_extend_and_steal (names, tide_sql_list_tables (tide_sql_script_get_text (step->script)));
    }
  result = names->len > 0 ? query (session, names, cancellable, NULL) : NULL;
  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    g_string_append_printf (oids, "%s%s", i == 0 ? "" : ",", tide_result_get_value (result, i, 4));
  if (oids->len == 1)
    return NULL;
  g_string_append_c (oids, '}');
  return g_strdup (oids->str);
}

GPtrArray *
tide_run_tables_read (TideSession   *session,
                      const char    *sql,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(GPtrArray) names = tide_sql_list_tables (sql);
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func (table_free);
  g_autoptr(TideResult) result = names->len > 0 ? query (session, names, cancellable, error) : NULL;

  if (names->len > 0 && result == NULL)
    return NULL;
  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    {
      TideRunTable *table = g_new0 (TideRunTable, 1);

      table->schema = g_strdup (tide_result_get_value (result, i, 0));
      table->name = g_strdup (tide_result_get_value (result, i, 1));
      table->bytes = tide_result_get_int64 (result, i, 2);
      table->rows = tide_result_get_int64 (result, i, 3);
      g_ptr_array_add (tables, table);
    }
  return g_steal_pointer (&tables);
}
