/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-index"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "schema/kinds/tide-index-ddl.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-catalog.h"
#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

enum
{
  METHOD = TIDE_N_COMMON_ATTRIBUTES,
  UNIQUE,
  NULLS_NOT_DISTINCT,
  COLUMNS,
  INCLUDE,
  PREDICATE,
  OPTIONS,
  TABLESPACE,
  STATISTICS,
  CLUSTERED,
  REPLICA_IDENTITY,
  PARTITION_OF,
  INVALID,
};

static const TideAttribute attributes[] = {
  { "method", N_("Method") },
  { "unique", N_("Unique") },
  { "nulls_not_distinct", N_("Nulls not distinct") },
  { "columns", N_("Columns"), TIDE_ATTRIBUTE_EXPRESSION },
  { "include", N_("Included columns") },
  { "predicate", N_("Where"), TIDE_ATTRIBUTE_EXPRESSION },
  { "options", N_("Storage options") },
  { "tablespace", N_("Tablespace") },
  { "statistics", N_("Statistics targets") },
  { "clustered", N_("Clustered") },
  { "replica_identity", N_("Replica identity") },
  { "partition_of", N_("Part of") },
  { "invalid", N_("Invalid") },
};

/* --- reading --- */

/* Parts of a list that the server writes as one text */
#define SEPARATOR "\x01"
#define SQL_SEPARATOR "pg_catalog.chr(1)"

/* Bits of pg_index.indoption */
#define OPTION_DESC 1
#define OPTION_NULLS_FIRST 2

/* What needs a look-up by the server is looked up only where it is not what everyone has: expressions, other operator classes,
 * other collations than the column's, options of operator classes (B-trees have some only where a family has the fifth support
 * function), statistics targets (of expressions). Class bpchar_ops is its type's default, and fits others. */
static char *
dup_query (int version)
{
  return g_strdup_printf (
    "SELECT i.indexrelid AS oid, i.indrelid AS parent, x.relname AS name, m.amname AS method, "
    TIDE_SQL_TRUE ("i.indisunique") " AS unique, %s AS nulls_not_distinct, i.indnkeyatts, i.indkey::pg_catalog.text AS indkey,"
    " i.indoption::pg_catalog.text AS indoption,"
    " CASE WHEN i.indexprs IS NOT NULL OR c.relkind = 'm' THEN (SELECT pg_catalog.string_agg("
    TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_indexdef(i.indexrelid, p, false)") ", " SQL_SEPARATOR " ORDER BY p)"
    " FROM pg_catalog.generate_series(1, i.indnatts) p) END AS parts,"
    " CASE WHEN s.options IS NOT NULL OR i.indclass::pg_catalog.oid[] OPERATOR(pg_catalog.&&) (SELECT pg_catalog.array_agg(oc.oid)"
    " FROM pg_catalog.pg_opclass oc WHERE NOT oc.opcdefault OR oc.opcname = 'bpchar_ops')"
    " THEN (SELECT pg_catalog.string_agg(CASE WHEN s.options IS NULL AND oc.opcdefault AND (oc.opcname <> 'bpchar_ops'"
    " OR a.atttypid IN (1042, 18)) THEN '' WHEN ocn.nspname = 'pg_catalog' THEN oc.opcname"
    " ELSE " TIDE_SQL_QUALIFIED ("ocn.nspname", "oc.opcname") " END, " SQL_SEPARATOR " ORDER BY u.place)"
    " FROM pg_catalog.unnest(i.indclass::pg_catalog.oid[]) WITH ORDINALITY AS u(item, place)"
    " JOIN pg_catalog.pg_opclass oc ON oc.oid = u.item JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace"
    " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = u.place) END AS classes,"
    " CASE WHEN NOT i.indcollation::pg_catalog.oid[] OPERATOR(pg_catalog.<@) '{0,100}'::pg_catalog.oid[]"
    " OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid"
    " AND a.attnum = ANY (i.indkey::pg_catalog.int2[]) AND a.attcollation > 100)"
    " THEN (SELECT pg_catalog.string_agg(CASE WHEN co.oid IS NULL OR co.oid = COALESCE(a.attcollation, 100) THEN ''"
    " ELSE " TIDE_SQL_QUALIFIED ("con.nspname", "co.collname") " END, " SQL_SEPARATOR " ORDER BY u.place)"
    " FROM pg_catalog.unnest(i.indcollation::pg_catalog.oid[]) WITH ORDINALITY AS u(item, place)"
    " LEFT JOIN pg_catalog.pg_collation co ON co.oid = u.item"
    " LEFT JOIN pg_catalog.pg_namespace con ON con.oid = co.collnamespace"
    " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[u.place - 1] AND a.attnum <> 0"
    ") END AS collations, s.options AS class_options, s.targets AS statistics,"
    " " TIDE_SQL_OPTIONS ("x.reloptions") " AS options, " TIDE_SQL_TABLESPACE ("x") " AS tablespace, "
    TIDE_SQL_TRUE ("i.indisclustered") " AS clustered, " TIDE_SQL_TRUE ("i.indisreplident") " AS replica_identity, "
    TIDE_SQL_TRUE ("NOT i.indisvalid") " AS invalid, " TIDE_SQL_WHOLE_INDEX ("x") " AS whole"
    " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
    " JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p', 'm')"
    " JOIN pg_catalog.pg_am m ON m.oid = x.relam"
    " LEFT JOIN LATERAL (SELECT pg_catalog.string_agg(a.attnum || '=' || a.attstattarget, ', ' ORDER BY a.attnum)"
    " FILTER (WHERE a.attstattarget >= 0) AS targets,"
    " pg_catalog.string_agg(a.attnum || '=' || pg_catalog.array_to_string(a.attoptions, ', '), " SQL_SEPARATOR
    " ORDER BY a.attnum) FILTER (WHERE a.attoptions IS NOT NULL) AS options"
    " FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attnum > 0"
    " AND (i.indexprs IS NOT NULL OR x.relam <> 403 OR EXISTS (SELECT FROM pg_catalog.pg_amproc p"
    " JOIN pg_catalog.pg_opfamily f ON f.oid = p.amprocfamily WHERE f.opfmethod = 403 AND p.amprocnum = 5))"
    " AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL"
    " AND (a.attoptions[2] IS NOT NULL OR a.attoptions[1] NOT LIKE 'pg\\_attver=%%'))) s ON true"
    " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"
    " AND i.indrelid >= 16384",
    version >= 150000 ? TIDE_SQL_TRUE ("i.indnullsnotdistinct") : "NULL");
}

/* The lists that stand beside the columns, split; NULL where there is none */
typedef struct
{
  char **parts;
  char **classes;
  char **collations;
  char **class_options; /* "2=siglen=32" */
} Lists;

static char **
split (const char *text)
{
  return text == NULL ? NULL : g_strsplit (text, SEPARATOR, -1);
}

static void
lists_clear (Lists *self)
{
  g_strfreev (self->parts);
  g_strfreev (self->classes);
  g_strfreev (self->collations);
  g_strfreev (self->class_options);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lists, lists_clear)

/* "" where there is nothing to say (of one empty item, splitting makes none) */
static const char *
get_item (char  **list,
          guint   i)
{
  return list == NULL || i >= g_strv_length (list) ? "" : list[i];
}

static void
append_column (GString           *columns,
               TideSchemaBuilder *builder,
               guint32            table,
               int                number,
               const char        *part)
{
  TideSchemaObject *column = tide_table_find_column (builder, table, number);
  g_autofree char *name = column == NULL ? NULL : tide_quote_identifier (tide_schema_object_get_name (column));

  if (columns->len > 0)
    g_string_append (columns, ", ");
  g_string_append (columns, name != NULL ? name : part);
}

static void
append_class (GString     *columns,
              const Lists *lists,
              guint        i)
{
  g_autofree char *number = g_strdup_printf ("%u=", i + 1);

  if (*get_item (lists->collations, i) != '\0')
    g_string_append_printf (columns, " COLLATE %s", get_item (lists->collations, i));
  if (*get_item (lists->classes, i) != '\0')
    g_string_append_printf (columns, " %s", get_item (lists->classes, i));
  for (char **option = lists->class_options; option != NULL && *option != NULL; option++)
    if (g_str_has_prefix (*option, number))
      g_string_append_printf (columns, " (%s)", *option + strlen (number));
}

static void
append_order (GString *columns,
              int      option)
{
  if ((option & OPTION_DESC) != 0)
    g_string_append (columns, " DESC");
  if ((option & OPTION_DESC) != 0 && (option & OPTION_NULLS_FIRST) == 0)
    g_string_append (columns, " NULLS LAST");
  else if ((option & OPTION_DESC) == 0 && (option & OPTION_NULLS_FIRST) != 0)
    g_string_append (columns, " NULLS FIRST");
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  guint32 table = tide_catalog_row_get_number (row, "parent");
  guint n_keys = tide_catalog_row_get_number (row, "indnkeyatts");
  g_auto (TideNumbers) numbers = { NULL };
  g_auto (TideNumbers) options = { NULL };
  g_auto (Lists) lists = { split (tide_catalog_row_get (row, "parts")), split (tide_catalog_row_get (row, "classes")),
                           split (tide_catalog_row_get (row, "collations")), split (tide_catalog_row_get (row, "class_options")) };
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) include = g_string_new (NULL);

  tide_table_complete_part (builder, object, PARTITION_OF, row);
  tide_numbers_parse (&numbers, tide_catalog_row_get (row, "indkey"));
  tide_numbers_parse (&options, tide_catalog_row_get (row, "indoption"));
  for (guint i = 0; i < numbers.n; i++)
    {
      append_column (i < n_keys ? columns : include, builder, table, numbers.numbers[i],
                     get_item (lists.parts, i));
      if (i >= n_keys)
        continue;
      append_class (columns, &lists, i);
      append_order (columns, options.numbers[i]);
    }
  tide_schema_builder_set_value (builder, object, COLUMNS,
                                 tide_schema_builder_take (builder, g_string_free (g_steal_pointer (&columns), FALSE)));
  if (include->len > 0)
    tide_schema_builder_set_value (builder, object, INCLUDE,
                                   tide_schema_builder_take (builder, g_string_free (g_steal_pointer (&include), FALSE)));
}

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return tide_schema_object_get_value (object, attribute);
}

/* --- writing --- */

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("INDEX ", name, NULL);
}

/* Statistics targets of its expressions: "1=100, 3=50" */
static void
add_statistics (TideDdl                *ddl,
                const TideSchemaObject *object,
                const char             *targets,
                gboolean                reset)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  g_auto (GStrv) items = g_strsplit (targets == NULL ? "" : targets, ", ", -1);

  for (char **item = items; *item != NULL; item++)
    {
      const char *equals = strchr (*item, '=');

      if (equals != NULL)
        tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS %s", name, (int) (equals - *item), *item,
                      reset ? "-1" : equals + 1);
    }
}

static char *
dup_create (const TideSchemaObject *object,
            gboolean                concurrently)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_table_dup_quoted (object);
  g_autofree char *method = tide_quote_identifier (get (object, METHOD));
  g_autofree char *options = tide_options_dup_list (get (object, OPTIONS));
  GString *sql = g_string_new ("CREATE ");

  g_string_append_printf (sql, "%sINDEX %s%s ON %s%s USING %s (%s)", get (object, UNIQUE) != NULL ? "UNIQUE " : "",
                          concurrently ? "CONCURRENTLY " : "", name, tide_table_is_partitioned (object) ? "ONLY " : "", table, method,
                          get (object, COLUMNS));
  if (get (object, INCLUDE) != NULL)
    g_string_append_printf (sql, " INCLUDE (%s)", get (object, INCLUDE));
  if (get (object, NULLS_NOT_DISTINCT) != NULL)
    g_string_append (sql, " NULLS NOT DISTINCT");
  if (*options != '\0')
    g_string_append_printf (sql, " WITH (%s)", options);
  if (get (object, TABLESPACE) != NULL)
    {
      g_autofree char *tablespace = tide_quote_identifier (get (object, TABLESPACE));

      g_string_append_printf (sql, " TABLESPACE %s", tablespace);
    }
  if (get (object, PREDICATE) != NULL)
    g_string_append_printf (sql, " WHERE %s", get (object, PREDICATE));
  return g_string_free (sql, FALSE);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  gboolean concurrently = tide_ddl_is_safer (ddl) && !tide_table_is_partitioned (object);
  g_autofree char *sql = dup_create (object, concurrently);
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  TideHazard hazards = get (object, UNIQUE) != NULL ? TIDE_HAZARD_FAILS_ON_DATA : TIDE_HAZARD_NONE;

  /* A partition that is attached gets all valid or not indexes of the whole: one that is to stay without comes after. */
  tide_ddl_add_at (ddl, get (object, INVALID) != NULL && tide_table_is_partitioned (object) ? TIDE_DDL_LATE : TIDE_DDL_MAIN,
                   hazards | (concurrently ? TIDE_HAZARD_NO_TRANSACTION : TIDE_HAZARD_LONG_LOCK), "%s", sql);
  add_statistics (ddl, object, get (object, STATISTICS), FALSE);
  if (get (object, CLUSTERED) != NULL)
    tide_index_add_clustered (ddl, object, TRUE);
  if (get (object, REPLICA_IDENTITY) != NULL)
    tide_index_add_replica_identity (ddl, object, TRUE);
  if (get (object, PARTITION_OF) != NULL)
    tide_index_add_attach (ddl, object, name);
}

/* One that is part of another goes with that one. */
static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  gboolean concurrently = tide_ddl_is_safer (ddl) && !tide_table_is_partitioned (object);
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  tide_ddl_add (ddl, concurrently ? TIDE_HAZARD_NO_TRANSACTION : TIDE_HAZARD_LOCK, "DROP INDEX %s%s",
                  concurrently ? "CONCURRENTLY " : "", name);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *name = tide_schema_object_dup_quoted (to);

  for (guint i = METHOD; i <= PREDICATE; i++)
    if (TIDE_CHANGED (changed, i))
      return FALSE;
  if (TIDE_CHANGED (changed, PARTITION_OF) && !tide_index_can_change_part (from, to, get (from, PARTITION_OF)))
    return FALSE;
  if (TIDE_CHANGED (changed, INVALID) && get (to, INVALID) == NULL && !tide_table_is_partitioned (to))
    return FALSE;
  if (TIDE_CHANGED (changed, OPTIONS) || TIDE_CHANGED (changed, TABLESPACE))
    tide_index_add_storage_change (ddl, name, from, to);
  if (TIDE_CHANGED (changed, STATISTICS))
    {
      add_statistics (ddl, from, get (from, STATISTICS), TRUE);
      add_statistics (ddl, to, get (to, STATISTICS), FALSE);
    }
  if (TIDE_CHANGED (changed, CLUSTERED))
    tide_index_add_clustered (ddl, to, get (to, CLUSTERED) != NULL);
  if (TIDE_CHANGED (changed, REPLICA_IDENTITY))
    tide_index_add_replica_identity (ddl, to, get (to, REPLICA_IDENTITY) != NULL);
  if (TIDE_CHANGED (changed, PARTITION_OF) && get (to, PARTITION_OF) != NULL)
    tide_index_add_attach (ddl, to, name);
  return TRUE;
}

const TideObjectKindInfo tide_kind_index = {
  .kind = TIDE_OBJECT_INDEX,
  .name = "index",
  .plural = N_("Indexes"),
  .icon_name = "view-sort-ascending-symbolic",
  .catalog = 1259,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .order = TIDE_ROWS_BY_NAME,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
