/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-catalog"

#include "config.h"

#include "backup/tide-backup-catalog.h"
#include "backup/tide-backup-names.h"

/* What pg_dump takes the rows of: ordinary tables and partitions, but those that belong to an extension. */
#define TABLES_SQL                                                                                    \
  "SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_total_relation_size(c.oid),"                     \
  " pg_catalog.pg_table_size(c.oid), c.reltuples::pg_catalog.int8,"                                   \
  " pg_catalog.row_security_active(c.oid), pg_catalog.has_table_privilege(c.oid, 'SELECT')"           \
  " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"              \
  " WHERE c.relkind = 'r' AND c.relpersistence <> 't'"                                                \
  " AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"                                    \
  " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass" \
  " AND d.objid = c.oid AND d.deptype = 'e')"                                                         \
  " ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\""

#define DATABASE_SQL                                                                                  \
  "SELECT d.datname, pg_catalog.current_setting('server_version'), " TIDE_BACKUP_LOCALE_COLUMNS            \
  " FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()"

#define EXTENSIONS_SQL                                                                                \
  "SELECT extname || ' ' || extversion FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1"

/* The bootstrap superuser is in no dependency, so the owners are asked for as well. */
#define ROLES_SQL                                                                                     \
  "SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' AND (r.oid IN ("             \
  "SELECT d.refobjid FROM pg_catalog.pg_shdepend d WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass" \
  " AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))" \
  " OR r.oid IN (SELECT c.relowner FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
  " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')) ORDER BY 1"

static void
table_free (gpointer data)
{
  TideBackupTable *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

/* (transfer full): a set of all that are named, each written in one way */
static GHashTable *
collect_names (const TideBackupOptions *options)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; options->tables != NULL && options->tables[i] != NULL; i++)
    {
      g_autofree char *schema = NULL;
      g_autofree char *table = NULL;

      if (tide_backup_names_split (options->tables[i], &schema, &table))
        g_hash_table_add (names, tide_backup_names_join (schema, table));
    }
  return names;
}

static gboolean
is_wanted (const TideBackupOptions *options,
           GHashTable              *names,
           const char              *schema,
           const char              *name)
{
  g_autofree char *full = tide_backup_names_join (schema, name);

  if (options->contents == TIDE_BACKUP_SCHEMA_ONLY)
    return FALSE;
  if (options->schemas != NULL)
    return g_strv_contains (options->schemas, schema);
  return options->tables == NULL || g_hash_table_contains (names, full);
}

static TideBackupTable *
read_table (const TideResult *result,
            guint             row)
{
  TideBackupTable *table = g_new0 (TideBackupTable, 1);

  table->oid = tide_result_get_int64 (result, row, 0);
  table->schema = g_strdup (tide_result_get_value (result, row, 1));
  table->name = g_strdup (tide_result_get_value (result, row, 2));
  table->bytes = tide_result_get_int64 (result, row, 3);
  table->data_bytes = tide_result_get_int64 (result, row, 4);
  table->estimate = tide_result_get_int64 (result, row, 5);
  table->filtered = tide_result_get_boolean (result, row, 6);
  table->readable = tide_result_get_boolean (result, row, 7);
  return table;
}

GPtrArray *
tide_backup_catalog_read_tables (TideSession              *session,
                                 const TideBackupOptions  *options,
                                 GCancellable             *cancellable,
                                 GError                  **error)
{
  g_autoptr(TideResult) result = tide_session_query (session, TABLES_SQL, NULL, 0, cancellable, error);
  g_autoptr(GHashTable) names = collect_names (options);
  GPtrArray *tables;

  if (result == NULL)
    return NULL;
  tables = g_ptr_array_new_with_free_func (table_free);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    if (is_wanted (options, names, tide_result_get_value (result, i, 1), tide_result_get_value (result, i, 2)))
      g_ptr_array_add (tables, read_table (result, i));
  return tables;
}

gboolean
tide_backup_catalog_count_rows (TideSession   *session,
                                const char    *schema,
                                const char    *name,
                                gint64        *rows,
                                GCancellable  *cancellable,
                                GError       **error)
{
  g_autofree char *quoted_schema = tide_quote_identifier (schema);
  g_autofree char *quoted_name = tide_quote_identifier (name);
  g_autofree char *sql = g_strdup_printf ("SELECT pg_catalog.count(*) FROM ONLY %s.%s", quoted_schema, quoted_name);
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, cancellable, error);

  if (result == NULL)
    return FALSE;
  *rows = tide_result_get_int64 (result, 0, 0);
  return TRUE;
}

static char **
query_strings (TideSession   *session,
               const char    *sql,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, cancellable, error);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (result == NULL)
    return NULL;
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    g_strv_builder_add (builder, tide_result_get_value (result, i, 0));
  return g_strv_builder_end (builder);
}

void
tide_backup_catalog_take_locale (TideResult   *result,
                                 guint         column,
                                 TideManifest *manifest)
{
  manifest->encoding = g_strdup (tide_result_get_value (result, 0, column));
  manifest->collate = g_strdup (tide_result_get_value (result, 0, column + 1));
  manifest->ctype = g_strdup (tide_result_get_value (result, 0, column + 2));
  manifest->locale_provider = g_strdup (tide_result_get_value (result, 0, column + 3));
  manifest->locale = g_strdup (tide_result_get_value (result, 0, column + 4));
  manifest->locale_rules = g_strdup (tide_result_get_value (result, 0, column + 5));
}

gboolean
tide_backup_catalog_describe (TideSession   *session,
                              TideManifest  *manifest,
                              GCancellable  *cancellable,
                              GError       **error)
{
  g_autoptr(TideResult) result = tide_session_query (session, DATABASE_SQL, NULL, 0, cancellable, error);
  g_auto(GStrv) extensions = result ? query_strings (session, EXTENSIONS_SQL, cancellable, error) : NULL;
  g_auto(GStrv) roles = extensions ? query_strings (session, ROLES_SQL, cancellable, error) : NULL;

  if (roles == NULL)
    return FALSE;
  manifest->database = g_strdup (tide_result_get_value (result, 0, 0));
  manifest->server_version = g_strdup (tide_result_get_value (result, 0, 1));
  tide_backup_catalog_take_locale (result, 2, manifest);
  g_strfreev (manifest->extensions);
  manifest->extensions = g_steal_pointer (&extensions);
  g_strfreev (manifest->roles);
  manifest->roles = g_steal_pointer (&roles);
  return TRUE;
}

/* As pg_dump does for its own: no limit that is meant for quick statements may end it half-way. */
gboolean
tide_backup_catalog_prepare (TideSession              *session,
                             const TideBackupOptions  *options,
                             GCancellable             *cancellable,
                             GError                  **error)
{
  g_autofree char *sql = g_strdup_printf ("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
                                          " SET lock_timeout = %u; SET row_security = off; SET search_path = ''",
                                          options->lock_wait_ms);
  g_autoptr(GPtrArray) results = tide_session_run (session, sql, cancellable, error);

  return results != NULL;
}
