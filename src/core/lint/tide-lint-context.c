/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-context"

#include "config.h"

#include <string.h>

#include "lint/tide-lint-context.h"
#include "project/tide-migration.h"
#include "sql/tide-sql-lexer.h"

struct _TideLintContext
{
  gatomicrefcount  ref_count;
  char            *schema;
  GHashTable      *tables;  /* "schema.name" -> TideLintTableFact, owned */
  GHashTable      *indexes; /* name -> TideLintTableFact, borrowed */
};

G_DEFINE_BOXED_TYPE (TideLintContext, tide_lint_context, tide_lint_context_ref, tide_lint_context_unref)

/* The size is asked of the file system only where no VACUUM has counted pages yet, for that waits for whoever locks the table.
 * $1: every name in the SQL. What has one of them, and the tables of the indexes that have, is wanted; the rest of the catalog
 * is reached by its indexes only. What each row tells is its first column:
 *   s schema | t schema table rows bytes | c table-oid name type not-null | i table-oid name unique columns...
 *   k table-oid definition | d table-oid column what */
static const char facts_sql[] =
  "WITH named AS MATERIALIZED (\n"
  "  SELECT c.oid, c.relkind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
  "  WHERE c.relname = ANY ($1::pg_catalog.name[]) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'\n"
  "), wanted AS MATERIALIZED (\n"
  "  SELECT oid FROM named WHERE relkind IN ('r', 'p')\n"
  "  UNION SELECT i.indrelid FROM named JOIN pg_catalog.pg_index i ON i.indexrelid = named.oid\n"
  "), leaves AS MATERIALIZED (\n"
  "  SELECT w.oid AS root, c.oid, c.reltuples, c.relkind, c.relpages FROM wanted w\n"
  "  CROSS JOIN LATERAL (SELECT w.oid UNION SELECT relid FROM pg_catalog.pg_partition_tree (w.oid) WHERE isleaf) p (oid)\n"
  "  JOIN pg_catalog.pg_class c ON c.oid = p.oid\n"
  "), depends AS MATERIALIZED (\n"
  "  SELECT d.refobjid AS root, d.refobjsubid AS number, d.classid, d.objid, r.ev_class\n"
  "  FROM wanted w JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = w.oid\n"
  "  LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid\n"
  "  LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid\n"
  "  WHERE d.deptype = 'n' AND (r.ev_class <> w.oid OR k.conrelid <> w.oid\n"
  "        OR d.classid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,\n"
  "                         'pg_catalog.pg_trigger'::pg_catalog.regclass, 'pg_catalog.pg_publication_rel'::pg_catalog.regclass))\n"
  "  UNION SELECT w.oid, 0, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, NULL\n"
  "  FROM wanted w JOIN pg_catalog.pg_class c ON c.oid = w.oid, pg_catalog.pg_proc p\n"
  "  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n"
  "  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND p.prokind IN ('f', 'p')\n"
  "    AND pg_catalog.strpos (p.prosrc, c.relname) > 0\n"
  ")\n"
  "SELECT 's', pg_catalog.current_schema ()::text, NULL, NULL, NULL, NULL\n"
  "UNION ALL SELECT 't', l.root::text, n.nspname, c.relname, pg_catalog.sum (l.reltuples)::bigint::text,\n"
  "  pg_catalog.sum (CASE WHEN l.relkind = 'p' THEN 0 WHEN l.relpages > 0\n"
  "    THEN l.relpages::bigint * pg_catalog.current_setting ('block_size')::bigint ELSE pg_catalog.pg_relation_size (l.oid) END)::text\n"
  "  FROM leaves l JOIN pg_catalog.pg_class c ON c.oid = l.root JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
  "  WHERE l.relkind <> 'p' OR l.root = l.oid GROUP BY l.root, n.nspname, c.relname\n"
  "UNION ALL SELECT 'c', a.attrelid::text, a.attname, pg_catalog.format_type (a.atttypid, a.atttypmod), a.attnotnull::text, NULL\n"
  "  FROM wanted JOIN pg_catalog.pg_attribute a ON a.attrelid = wanted.oid WHERE a.attnum > 0 AND NOT a.attisdropped\n"
  "UNION ALL SELECT 'i', i.indrelid::text, c.relname, (i.indisunique AND i.indisvalid AND i.indpred IS NULL)::text, pg_catalog.array_to_string (ARRAY (\n"
  "    SELECT coalesce (a.attname, '') FROM pg_catalog.unnest (i.indkey::int2[]) WITH ORDINALITY k (number, place)\n"
  "    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number\n"
  "    WHERE k.place <= i.indnkeyatts ORDER BY k.place), E'\\n'), NULL\n"
  "  FROM wanted JOIN pg_catalog.pg_index i ON i.indrelid = wanted.oid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n"
  "UNION ALL SELECT 'k', k.conrelid::text, pg_catalog.pg_get_constraintdef (k.oid), NULL, NULL, NULL\n"
  "  FROM wanted JOIN pg_catalog.pg_constraint k ON k.conrelid = wanted.oid WHERE k.contype = 'c' AND k.convalidated\n"
  "UNION ALL SELECT DISTINCT 'd', d.root::text, a.attname, CASE WHEN d.ev_class IS NOT NULL\n"
  "    THEN pg_catalog.pg_describe_object ('pg_catalog.pg_class'::pg_catalog.regclass, d.ev_class, 0)\n"
  "    ELSE pg_catalog.pg_describe_object (d.classid, d.objid, 0) END, NULL, NULL\n"
  "  FROM depends d LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.root AND a.attnum = d.number AND d.number > 0\n";

static void
column_free (gpointer data)
{
  TideLintColumnFact *self = data;

  g_free (self->name);
  g_free (self->type);
  g_free (self);
}

static void
index_free (gpointer data)
{
  TideLintIndexFact *self = data;

  g_free (self->name);
  g_strfreev (self->columns);
  g_free (self);
}

static void
dependent_free (gpointer data)
{
  TideLintDependent *self = data;

  g_free (self->column);
  g_free (self->what);
  g_free (self);
}

static void
table_free (gpointer data)
{
  TideLintTableFact *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->indexes);
  g_ptr_array_unref (self->checks);
  g_ptr_array_unref (self->dependents);
  g_free (self);
}

static TideLintTableFact *
add_table (TideLintContext *self,
           TideResult      *result,
           guint            row)
{
  TideLintTableFact *table = g_new0 (TideLintTableFact, 1);

  table->schema = g_strdup (tide_result_get_value (result, row, 2));
  table->name = g_strdup (tide_result_get_value (result, row, 3));
  table->rows = tide_result_get_int64 (result, row, 4);
  table->bytes = tide_result_get_int64 (result, row, 5);
  /* Before the first ANALYZE nothing is known, but a table without a page has no row */
  if (table->bytes == 0)
    table->rows = 0;
  else if (table->rows <= 0)
    table->rows = -1;
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->indexes = g_ptr_array_new_with_free_func (index_free);
  table->checks = g_ptr_array_new_with_free_func (g_free);
  table->dependents = g_ptr_array_new_with_free_func (dependent_free);
  g_hash_table_replace (self->tables, g_strconcat (table->schema, ".", table->name, NULL), table);
  return table;
}

static void
add_part (TideLintContext   *self,
          TideLintTableFact *table,
          char               kind,
          TideResult        *result,
          guint              row)
{
  const char *first = tide_result_get_value (result, row, 2);
  const char *second = tide_result_get_value (result, row, 3);

  if (kind == 'c')
    {
      TideLintColumnFact column = { g_strdup (first), g_strdup (second),
                                    g_str_equal (tide_result_get_value (result, row, 4), "true") };

      g_ptr_array_add (table->columns, g_memdup2 (&column, sizeof column));
    }
  else if (kind == 'i')
    {
      TideLintIndexFact index = { g_strdup (first), g_strsplit (tide_result_get_value (result, row, 4), "\n", -1),
                                  g_str_equal (second, "true") };

      g_ptr_array_add (table->indexes, g_memdup2 (&index, sizeof index));
      g_hash_table_replace (self->indexes, index.name, table);
    }
  else if (kind == 'k')
    {
      g_ptr_array_add (table->checks, g_strdup (first));
    }
  else if (second != NULL)
    {
      TideLintDependent dependent = { g_strdup (first), g_strdup (second) };

      g_ptr_array_add (table->dependents, g_memdup2 (&dependent, sizeof dependent));
    }
}

static TideLintContext *
new_from_result (TideResult *result)
{
  TideLintContext *self = g_new0 (TideLintContext, 1);
  g_autoptr(GHashTable) by_oid = g_hash_table_new (g_str_hash, g_str_equal);

  g_atomic_ref_count_init (&self->ref_count);
  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, table_free);
  self->indexes = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *kind = tide_result_get_value (result, i, 0);
      const char *oid = tide_result_get_value (result, i, 1);

      if (*kind == 't')
        g_hash_table_insert (by_oid, (gpointer) oid, add_table (self, result, i));
      else if (*kind == 's')
        self->schema = g_strdup (oid ? oid : "public");
    }
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      char kind = *tide_result_get_value (result, i, 0);
      const char *oid = tide_result_get_value (result, i, 1);
      TideLintTableFact *table = oid ? g_hash_table_lookup (by_oid, oid) : NULL;

      if (kind != 's' && kind != 't' && table != NULL)
        add_part (self, table, kind, result, i);
    }
  return self;
}

/* Every name that @text may mean, as the server folds it */
static void
collect_names (GHashTable *names,
               const char *text,
               gssize      size)
{
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_lexer_init (&lexer, text, size);
  while (tide_sql_lexer_next (&lexer, &token))
    if (token.type == TIDE_SQL_TOKEN_WORD)
      g_hash_table_add (names, g_ascii_strdown (text + token.start, token.length));
    else if (token.type == TIDE_SQL_TOKEN_QUOTED_NAME && token.length >= 2)
      {
        g_auto(GStrv) halves = NULL;
        g_autofree char *inside = g_strndup (text + token.start + 1, token.length - 2);

        halves = g_strsplit (inside, "\"\"", -1);
        g_hash_table_add (names, g_strjoinv ("\"", halves));
      }
}

static void
append_element (GString    *array,
                const char *name)
{
  g_string_append (array, array->len > 1 ? ",\"" : "\"");
  for (; *name != '\0'; name++)
    {
      if (*name == '"' || *name == '\\')
        g_string_append_c (array, '\\');
      g_string_append_c (array, *name);
    }
  g_string_append_c (array, '"');
}

static TideLintContext *
read_named (TideSession   *session,
            GHashTable    *names,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GString) array = g_string_new ("{");
  g_autoptr(TideResult) result = NULL;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (strlen (name) < 64 && g_utf8_validate (name, -1, NULL))
      append_element (array, name);
  g_string_append_c (array, '}');
  result = tide_session_query (session, facts_sql, (const char *const[]) { array->str }, 1, cancellable, error);
  return result ? new_from_result (result) : NULL;
}

TideLintContext *
tide_lint_context_read (TideSession   *session,
                        GPtrArray     *migrations,
                        guint          first,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_val_if_fail (TIDE_IS_SESSION (session), NULL);

  for (guint i = first; i < migrations->len; i++)
    {
      TideMigration *migration = g_ptr_array_index (migrations, i);

      if (tide_migration_get_sql (migration) != NULL)
        collect_names (names, tide_migration_get_sql (migration), tide_migration_get_sql_size (migration));
    }
  return read_named (session, names, cancellable, error);
}

TideLintContext *
tide_lint_context_read_for_text (TideSession   *session,
                                 const char    *text,
                                 gssize         size,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_val_if_fail (TIDE_IS_SESSION (session), NULL);

  collect_names (names, text, size);
  return read_named (session, names, cancellable, error);
}

TideLintContext *
tide_lint_context_ref (TideLintContext *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_lint_context_unref (TideLintContext *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->indexes);
  g_hash_table_unref (self->tables);
  g_free (self->schema);
  g_free (self);
}

const TideLintTableFact *
tide_lint_context_find (const TideLintContext *self,
                        const char            *schema,
                        const char            *name)
{
  gboolean has_schema = schema != NULL && *schema != '\0';
  g_autofree char *key = g_strconcat (has_schema ? schema : self->schema, ".", name, NULL);

  return g_hash_table_lookup (self->tables, key);
}

const TideLintTableFact *
tide_lint_context_find_by_index (const TideLintContext *self,
                                 const char            *name)
{
  return g_hash_table_lookup (self->indexes, name);
}

const char *
tide_lint_context_get_schema (const TideLintContext *self)
{
  return self->schema;
}
