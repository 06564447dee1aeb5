/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-parts"

#include "config.h"

#include "backup/tide-backup-names.h"
#include "backup/tide-backup-parts.h"
#include "tide-error.h"

/* Of each chosen schema (%s), in their order, whether it is there */
#define SCHEMAS_SQL                                                                                        \
  "SELECT w.number, n.nspname FROM (VALUES %s) w(number, schema)"                                          \
  " LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema ORDER BY 1"

/* Of each chosen table (%s) what is to be dumped: itself, and all partitions below it. As pg_dump has it, a table is whatever
 * can be read like one. Nothing where it is not there. */
#define TABLES_SQL                                                                                         \
  "SELECT w.number, n.nspname, c.relname FROM (VALUES %s) w(number, schema, name)"                         \
  " LEFT JOIN (pg_catalog.pg_class r JOIN pg_catalog.pg_namespace s ON s.oid = r.relnamespace"             \
  " AND r.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')) ON s.nspname = w.schema AND r.relname = w.name"       \
  " LEFT JOIN LATERAL (SELECT r.oid WHERE r.relkind <> 'p' UNION"                                          \
  " SELECT t.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(r.oid) t WHERE r.relkind = 'p') p(oid) ON true" \
  " LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace) ON c.oid = p.oid" \
  " ORDER BY 1, n.nspname COLLATE \"C\", c.relname COLLATE \"C\""

/* What the relations where %s holds need and do not hold themselves. Up to 16383 objects are the server's own; of an extension
 * none is dumped with a part, so it is named itself. What is in a schema that was chosen (%s) comes along,
 * indexes with their tables, and schemas a restore makes. */
#define MISSING_SQL                                                                                        \
  "WITH chosen(oid) AS MATERIALIZED (SELECT c.oid FROM pg_catalog.pg_class c"                              \
  " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE %s),"                                   \
  " part(classid, objid) AS MATERIALIZED (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, oid FROM chosen UNION" \
  " SELECT d.classid, d.objid FROM pg_catalog.pg_depend d JOIN chosen c ON d.refobjid = c.oid"             \
  " WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')),"         \
  " needed(classid, objid) AS (SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_depend d JOIN part p"    \
  " ON d.classid = p.classid AND d.objid = p.objid WHERE d.deptype IN ('n', 'a') AND d.refobjid >= 16384"  \
  " EXCEPT SELECT classid, objid FROM part)"                                                               \
  " SELECT DISTINCT i.type || ' ' || i.identity FROM needed o"                                             \
  " LEFT JOIN pg_catalog.pg_depend e ON e.classid = o.classid AND e.objid = o.objid AND e.deptype = 'e',"  \
  " LATERAL pg_catalog.pg_identify_object(COALESCE(e.refclassid, o.classid), COALESCE(e.refobjid, o.objid), 0) i" \
  " WHERE i.type NOT IN ('schema', 'index') AND (i.schema IS NULL OR NOT i.schema = ANY (ARRAY[%s]::pg_catalog.text[])) ORDER BY 1"

/* "(0,'a'),(1,'b')", or with tables "(0,'a','x')"; NULL where nothing is chosen */
static char *
write_chosen (const TideBackupOptions *options)
{
  const char *const *names = options->tables != NULL ? options->tables : options->schemas;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *schema = options->tables != NULL ? NULL : g_strdup (names[i]);
      g_autofree char *table = NULL;
      g_autofree char *quoted_schema = NULL;
      g_autofree char *quoted_table = NULL;

      if (options->tables != NULL && !tide_backup_names_split (names[i], &schema, &table))
        continue;
      quoted_schema = tide_quote_literal (schema);
      quoted_table = table ? tide_quote_literal (table) : NULL;
      g_string_append_printf (text, "%s(%u,%s%s%s)", text->len ? "," : "", i, quoted_schema, quoted_table ? "," : "",
                              quoted_table ? quoted_table : "");
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static gboolean
set_not_there (const TideBackupOptions  *options,
               gint64                    number,
               GError                  **error)
{
  gboolean is_table = options->tables != NULL;

  tide_set_error (error, TIDE_ERROR_NOT_FOUND, "look at its spelling: capital and small letters count",
                  "there is no %s \"%s\" in the database", is_table ? "table" : "schema",
                  (is_table ? options->tables : options->schemas)[number]);
  return FALSE;
}

gboolean
tide_backup_parts_find (TideSession              *session,
                        const TideBackupOptions  *options,
                        char                   ***tables,
                        GCancellable             *cancellable,
                        GError                  **error)
{
  g_autofree char *chosen = write_chosen (options);
  g_autofree char *sql = chosen ? g_strdup_printf (options->tables ? TABLES_SQL : SCHEMAS_SQL, chosen) : NULL;
  g_autoptr(TideResult) result = sql ? tide_session_query (session, sql, NULL, 0, cancellable, error) : NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  *tables = NULL;
  if (result == NULL)
    return sql == NULL;
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *schema = tide_result_get_value (result, i, 1);
      char *name;

      if (schema == NULL)
        return set_not_there (options, tide_result_get_int64 (result, i, 0), error);
      if (options->tables == NULL)
        continue;
      name = tide_backup_names_join (schema, tide_result_get_value (result, i, 2));
      if (!g_hash_table_contains (seen, name))
        g_strv_builder_add (builder, name);
      g_hash_table_add (seen, name);
    }
  if (options->tables != NULL)
    *tables = g_strv_builder_end (builder);
  return TRUE;
}

/* A condition on relations, and the schemas that come whole, for MISSING_SQL */
static void
write_conditions (const TideBackupOptions  *options,
                  const char               *chosen,
                  char                    **condition,
                  char                    **whole)
{
  g_autoptr(GString) schemas = g_string_new (NULL);

  if (options->tables != NULL)
    *condition = g_strdup_printf ("(n.nspname, c.relname) IN (SELECT schema, name FROM (VALUES %s) w(number, schema, name))", chosen);
  else
    *condition = g_strdup_printf ("n.nspname IN (SELECT schema FROM (VALUES %s) w(number, schema))", chosen);
  for (guint i = 0; options->tables == NULL && options->schemas[i] != NULL; i++)
    {
      g_autofree char *quoted = tide_quote_literal (options->schemas[i]);

      g_string_append_printf (schemas, "%s%s", i > 0 ? "," : "", quoted);
    }
  *whole = g_strdup (schemas->str);
}

gboolean
tide_backup_parts_look_around (TideSession              *session,
                               const TideBackupOptions  *options,
                               char                   ***missing,
                               GCancellable             *cancellable,
                               GError                  **error)
{
  g_autofree char *chosen = write_chosen (options);
  g_autofree char *condition = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *sql = NULL;
  g_autoptr(TideResult) result = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  *missing = NULL;
  if (chosen == NULL || options->contents == TIDE_BACKUP_DATA_ONLY)
    return TRUE;
  write_conditions (options, chosen, &condition, &whole);
  sql = g_strdup_printf (MISSING_SQL, condition, whole);
  result = tide_session_query (session, sql, NULL, 0, cancellable, error);
  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    g_strv_builder_add (builder, tide_result_get_value (result, i, 0));
  *missing = g_strv_builder_end (builder);
  return TRUE;
}
