/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-constraint"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-index-ddl.h"
#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-catalog.h"
#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

enum
{
  TYPE = TIDE_N_COMMON_ATTRIBUTES,
  COLUMNS,
  INCLUDE,
  NULLS_NOT_DISTINCT,
  PERIOD,
  EXPRESSION,
  DEFINITION,
  REFERENCES,
  FOREIGN_COLUMNS,
  MATCH,
  ON_UPDATE,
  ON_DELETE,
  SET_COLUMNS,
  DEFERRABLE,
  DEFERRED,
  NO_INHERIT,
  NOT_VALID,
  NOT_ENFORCED,
  OPTIONS,
  TABLESPACE,
  CLUSTERED,
  REPLICA_IDENTITY,
  PARTITION_OF,
  INVALID,
  INDEX_COMMENT,
  VALID_IN,
};

static const TideAttribute attributes[] = {
  { "type", N_("Type") },
  { "columns", N_("Columns") },
  { "include", N_("Included columns") },
  { "nulls_not_distinct", N_("Nulls not distinct") },
  { "period", N_("Over a period") },
  { "expression", N_("Check"), TIDE_ATTRIBUTE_EXPRESSION },
  { "definition", N_("Definition"), TIDE_ATTRIBUTE_EXPRESSION },
  { "references", N_("References") },
  { "foreign_columns", N_("Referenced columns") },
  { "match", N_("Match") },
  { "on_update", N_("On update") },
  { "on_delete", N_("On delete") },
  { "set_columns", N_("Columns set on delete") },
  { "deferrable", N_("Deferrable") },
  { "deferred", N_("Initially deferred") },
  { "no_inherit", N_("Not inherited") },
  { "not_valid", N_("Not validated") },
  { "not_enforced", N_("Not enforced") },
  { "options", N_("Storage options") },
  { "tablespace", N_("Tablespace") },
  { "clustered", N_("Clustered") },
  { "replica_identity", N_("Replica identity") },
  { "partition_of", N_("Part of") },
  { "invalid", N_("Invalid") },
  { "index_comment", N_("Comment on the index") },
  { "valid_in", N_("Valid in") },
};

/* --- reading --- */

#define ACTION(column) \
  "CASE " column " WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END"

/* Whether a foreign key is to a table that is no object: the system's, or an extension's */
#define NOT_READ                                                                                                         \
  "k.contype = 'f' AND (k.confrelid < 16384 OR k.confrelid IN (SELECT e.objid FROM pg_catalog.pg_depend e"               \
  " WHERE e.refclassid = 3079 AND e.classid = 1259 AND e.deptype = 'e'))"

/* The tables below that hold a check that was not validated as one that was */
#define VALID_IN_SQL                                                                                                     \
  "WITH RECURSIVE below(oid) AS (SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = k.conrelid"         \
  " UNION SELECT h.inhrelid FROM pg_catalog.pg_inherits h JOIN below ON h.inhparent = below.oid)"                        \
  " SELECT pg_catalog.string_agg(" TIDE_SQL_QUALIFIED ("vn.nspname", "v.relname") ", E'\\n' ORDER BY vn.nspname, v.relname)" \
  " FROM below JOIN pg_catalog.pg_constraint vk ON vk.conrelid = below.oid AND vk.conname = k.conname AND vk.contype = 'c'" \
  " AND vk.convalidated AND NOT vk.conislocal JOIN pg_catalog.pg_class v ON v.oid = below.oid"                           \
  " JOIN pg_catalog.pg_namespace vn ON vn.oid = v.relnamespace"

/* A foreign key of a partition that came with the whole's is not one of its own, nor is a check that came from a parent. */
static char *
dup_query (int version)
{
  return g_strdup_printf (
    "SELECT k.oid, CASE WHEN k.contype IN ('p', 'u', 'x') THEN '1259 ' || k.conindid END AS alias, k.conrelid AS parent, k.conname AS name,"
    " k.contype::pg_catalog.text AS contype, pg_catalog.strpos('puxcf', k.contype::pg_catalog.text) AS rank, k.conkey, k.confrelid,"
    " k.confkey, i.indkey::pg_catalog.text AS indkey,"
    " CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check'"
    " ELSE 'exclusion' END AS type,"
    " CASE WHEN k.contype = 'x' THEN " TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_constraintdef(k.oid)") " END AS definition,"
    " CASE WHEN " NOT_READ " THEN (SELECT " TIDE_SQL_QUALIFIED ("rn.nspname", "r.relname") " FROM pg_catalog.pg_class r"
    " JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = k.confrelid) END AS references,"
    " CASE WHEN " NOT_READ " THEN (SELECT pg_catalog.string_agg(" TIDE_SQL_NAME ("a.attname")
    ", ', ' ORDER BY f.place) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS f(number, place)"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = f.number) END AS foreign_columns,"
    " CASE k.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' END AS match,"
    " " ACTION ("k.confupdtype") " AS on_update, " ACTION ("k.confdeltype") " AS on_delete,"
    " %s AS confdelsetcols, " TIDE_SQL_TRUE ("k.condeferrable") " AS deferrable, "
    TIDE_SQL_TRUE ("k.condeferred") " AS deferred, "
    TIDE_SQL_TRUE ("k.connoinherit AND k.contype = 'c'") " AS no_inherit, "
    TIDE_SQL_TRUE ("NOT k.convalidated%s") " AS not_valid, %s AS not_enforced, %s AS period, %s AS nulls_not_distinct,"
    " " TIDE_SQL_OPTIONS ("x.reloptions") " AS options, " TIDE_SQL_TABLESPACE ("x") " AS tablespace, "
    TIDE_SQL_TRUE ("i.indisclustered") " AS clustered, " TIDE_SQL_TRUE ("i.indisreplident") " AS replica_identity, "
    TIDE_SQL_TRUE ("NOT i.indisvalid") " AS invalid, " TIDE_SQL_WHOLE_INDEX ("x") " AS whole,"
    " CASE WHEN k.contype = 'c' AND NOT k.convalidated AND NOT k.connoinherit THEN (" VALID_IN_SQL ") END AS valid_in"
    " FROM pg_catalog.pg_constraint k"
    " LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = CASE WHEN k.contype IN ('p', 'u', 'x') THEN k.conindid END"
    " LEFT JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
    " WHERE (k.contype IN ('p', 'u', 'x') OR k.contype = 'f' AND k.conparentid = 0 OR k.contype = 'c' AND k.conislocal)"
    " AND k.conrelid >= 16384",
    version >= 150000 ? "k.confdelsetcols" : "NULL", version >= 180000 ? " AND k.conenforced" : "",
    version >= 180000 ? TIDE_SQL_TRUE ("NOT k.conenforced") : "NULL", version >= 180000 ? TIDE_SQL_TRUE ("k.conperiod") : "NULL",
    version >= 150000 ? TIDE_SQL_TRUE ("i.indnullsnotdistinct") : "NULL");
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  guint32 table = tide_catalog_row_get_number (row, "parent");
  guint32 foreign = tide_catalog_row_get_number (row, "confrelid");
  TideSchemaObject *referenced;
  g_auto (TideNumbers) columns = { NULL };
  g_auto (TideNumbers) foreign_columns = { NULL };
  g_auto (TideNumbers) set_columns = { NULL };
  g_auto (TideNumbers) index_columns = { NULL };

  tide_table_complete_part (builder, object, PARTITION_OF, row);
  if (*tide_catalog_row_get (row, "contype") == 'c' || *tide_catalog_row_get (row, "contype") == 'x')
    return;
  tide_numbers_parse (&columns, tide_catalog_row_get (row, "conkey"));
  tide_numbers_parse (&foreign_columns, tide_catalog_row_get (row, "confkey"));
  tide_numbers_parse (&set_columns, tide_catalog_row_get (row, "confdelsetcols"));
  tide_numbers_parse (&index_columns, tide_catalog_row_get (row, "indkey"));
  tide_schema_builder_set_value (builder, object, COLUMNS,
                                 tide_schema_builder_take (builder, tide_table_dup_columns (builder, table, &columns, 0, columns.n)));
  tide_schema_builder_set_value (builder, object, INCLUDE,
                                 tide_schema_builder_take (builder, tide_table_dup_columns (builder, table, &index_columns,
                                                                                            columns.n, index_columns.n)));
  tide_schema_builder_set_value (builder, object, SET_COLUMNS,
                                 tide_schema_builder_take (builder, tide_table_dup_columns (builder, table, &set_columns,
                                                                                            0, set_columns.n)));
  referenced = foreign == 0 || tide_schema_object_get_value (object, REFERENCES) != NULL
                 ? NULL : tide_schema_builder_find (builder, 1259, foreign, 0);
  if (referenced != NULL)
    {
      tide_schema_builder_set_value (builder, object, REFERENCES,
                                     tide_schema_builder_take (builder, tide_schema_object_dup_quoted (referenced)));
      tide_schema_builder_set_value (builder, object, FOREIGN_COLUMNS,
                                     tide_schema_builder_take (builder, tide_table_dup_columns (builder, foreign, &foreign_columns,
                                                                                                0, foreign_columns.n)));
    }
}

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return tide_schema_object_get_value (object, attribute);
}

static gboolean
is_type (const TideSchemaObject *object,
         const char             *type)
{
  return g_strcmp0 (get (object, TYPE), type) == 0;
}

static gboolean
is_key (const TideSchemaObject *object)
{
  return is_type (object, "primary key") || is_type (object, "unique");
}

/* --- writing --- */

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_table_dup_quoted (object);

  return g_strdup_printf ("CONSTRAINT %s ON %s", name, table);
}

/* `"public"."users_pkey"`: the index it stands on */
static char *
dup_index (const TideSchemaObject *object)
{
  g_autofree char *schema = tide_quote_identifier (tide_schema_object_get_namespace (object));
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  return g_strconcat (schema, ".", name, NULL);
}

static void
append_key (GString                *sql,
            const TideSchemaObject *object)
{
  g_autofree char *options = tide_options_dup_list (get (object, OPTIONS));

  g_string_append_printf (sql, "%s%s (%s%s)", is_type (object, "primary key") ? "PRIMARY KEY" : "UNIQUE",
                          get (object, NULLS_NOT_DISTINCT) != NULL ? " NULLS NOT DISTINCT" : "", get (object, COLUMNS),
                          get (object, PERIOD) != NULL ? " WITHOUT OVERLAPS" : "");
  if (get (object, INCLUDE) != NULL)
    g_string_append_printf (sql, " INCLUDE (%s)", get (object, INCLUDE));
  if (*options != '\0')
    g_string_append_printf (sql, " WITH (%s)", options);
  if (get (object, TABLESPACE) != NULL)
    {
      g_autofree char *tablespace = tide_quote_identifier (get (object, TABLESPACE));

      g_string_append_printf (sql, " USING INDEX TABLESPACE %s", tablespace);
    }
}

/* `"a", PERIOD "b"` */
static char *
dup_period (const char *columns)
{
  const char *last = g_strrstr (columns, ", \"");

  return last == NULL ? g_strconcat ("PERIOD ", columns, NULL)
                      : g_strdup_printf ("%.*s, PERIOD %s", (int) (last - columns), columns, last + 2);
}

static void
append_foreign_key (GString                *sql,
                    const TideSchemaObject *object)
{
  gboolean period = get (object, PERIOD) != NULL;
  g_autofree char *columns = period ? dup_period (get (object, COLUMNS)) : g_strdup (get (object, COLUMNS));
  g_autofree char *foreign = period ? dup_period (get (object, FOREIGN_COLUMNS)) : g_strdup (get (object, FOREIGN_COLUMNS));

  g_string_append_printf (sql, "FOREIGN KEY (%s) REFERENCES %s (%s)", columns, get (object, REFERENCES), foreign);
  if (get (object, MATCH) != NULL)
    g_string_append_printf (sql, " MATCH %s", get (object, MATCH));
  if (get (object, ON_UPDATE) != NULL)
    g_string_append_printf (sql, " ON UPDATE %s", get (object, ON_UPDATE));
  if (get (object, ON_DELETE) != NULL)
    g_string_append_printf (sql, " ON DELETE %s", get (object, ON_DELETE));
  if (get (object, SET_COLUMNS) != NULL)
    g_string_append_printf (sql, " (%s)", get (object, SET_COLUMNS));
}

/* The definition of an exclusion tells of deferring itself. */
static void
append_timing (GString                *sql,
               const TideSchemaObject *object)
{
  if (is_type (object, "exclusion"))
    return;
  if (get (object, DEFERRABLE) != NULL)
    g_string_append (sql, " DEFERRABLE");
  if (get (object, DEFERRED) != NULL)
    g_string_append (sql, " INITIALLY DEFERRED");
  if (get (object, NOT_ENFORCED) != NULL)
    g_string_append (sql, " NOT ENFORCED");
}

/* `CONSTRAINT "name" CHECK (...)`, without NOT VALID */
static char *
dup_definition (const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, "CONSTRAINT %s ", name);
  if (is_key (object))
    append_key (sql, object);
  else if (is_type (object, "foreign key"))
    append_foreign_key (sql, object);
  else if (is_type (object, "check"))
    g_string_append_printf (sql, "CHECK (%s)%s", get (object, EXPRESSION), get (object, NO_INHERIT) != NULL ? " NO INHERIT" : "");
  else
    g_string_append (sql, get (object, DEFINITION));
  append_timing (sql, object);
  return g_string_free (sql, FALSE);
}

/* Of keys of the same columns in one CREATE TABLE the server makes only one. */
static gboolean
is_second_key (const TideSchemaObject *object)
{
  const TideSchemaObject *other = tide_schema_object_get_first_child (tide_schema_object_get_parent (object));

  for (; is_key (object) && other != object; other = tide_schema_object_get_next (other))
    if (tide_schema_object_get_kind (other) == TIDE_OBJECT_CONSTRAINT && is_key (other)
        && g_strcmp0 (get (other, COLUMNS), get (object, COLUMNS)) == 0)
      return TRUE;
  return FALSE;
}

static char *
inline_element (const TideSchemaObject *object)
{
  if ((!is_key (object) && !is_type (object, "check")) || is_second_key (object))
    return NULL;
  if (is_key (object) && (get (object, PARTITION_OF) != NULL || tide_table_is_partitioned (object)))
    return NULL;
  if (get (object, NOT_VALID) != NULL || get (object, CLUSTERED) != NULL || get (object, REPLICA_IDENTITY) != NULL
      || get (object, INDEX_COMMENT) != NULL)
    return NULL;
  return dup_definition (object);
}

/* Keys of a partitioned table are made for it alone: its partitions bring theirs. */
static gboolean
is_for_one (const TideSchemaObject *object)
{
  return !is_type (object, "foreign key") && !is_type (object, "check");
}

static void
add_index_comment (TideDdl                *ddl,
                   const TideSchemaObject *object)
{
  g_autofree char *index = dup_index (object);
  g_autofree char *text = get (object, INDEX_COMMENT) == NULL ? g_strdup ("NULL") : tide_quote_literal (get (object, INDEX_COMMENT));

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "COMMENT ON INDEX %s IS %s", index, text);
}

static void
add_index_settings (TideDdl                *ddl,
                    const TideSchemaObject *object)
{
  g_autofree char *index = dup_index (object);

  if (is_type (object, "exclusion") && get (object, TABLESPACE) != NULL)
    {
      g_autofree char *tablespace = tide_quote_identifier (get (object, TABLESPACE));

      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER INDEX %s SET TABLESPACE %s", index, tablespace);
    }
  if (get (object, CLUSTERED) != NULL)
    tide_index_add_clustered (ddl, object, TRUE);
  if (get (object, REPLICA_IDENTITY) != NULL)
    tide_index_add_replica_identity (ddl, object, TRUE);
  if (get (object, INDEX_COMMENT) != NULL)
    add_index_comment (ddl, object);
  if (get (object, PARTITION_OF) != NULL)
    tide_index_add_attach (ddl, object, index);
}

/* The index is built while others write, and becomes the constraint's. */
static void
add_key_safely (TideDdl                *ddl,
                const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, TRUE);
  g_autofree char *table = tide_table_dup_quoted (object);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *options = tide_options_dup_list (get (object, OPTIONS));
  g_autofree char *tablespace = get (object, TABLESPACE) == NULL ? NULL : tide_quote_identifier (get (object, TABLESPACE));
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) constraint = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s)", name, table, get (object, COLUMNS));
  if (get (object, INCLUDE) != NULL)
    g_string_append_printf (sql, " INCLUDE (%s)", get (object, INCLUDE));
  if (get (object, NULLS_NOT_DISTINCT) != NULL)
    g_string_append (sql, " NULLS NOT DISTINCT");
  if (*options != '\0')
    g_string_append_printf (sql, " WITH (%s)", options);
  if (tablespace != NULL)
    g_string_append_printf (sql, " TABLESPACE %s", tablespace);
  append_timing (constraint, object);
  tide_ddl_add (ddl, TIDE_HAZARD_NO_TRANSACTION | TIDE_HAZARD_FAILS_ON_DATA, "%s", sql->str);
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ADD CONSTRAINT %s %s USING INDEX %s%s", alter, name,
                is_type (object, "primary key") ? "PRIMARY KEY" : "UNIQUE", name, constraint->str);
}

/* Proved afterwards, while others read and write. A partitioned table's foreign key cannot be (before PostgreSQL 18). */
static gboolean
can_validate_later (TideDdl                *ddl,
                    const TideSchemaObject *object)
{
  if (!tide_ddl_is_safer (ddl) || get (object, NOT_VALID) != NULL || get (object, NOT_ENFORCED) != NULL)
    return FALSE;
  return is_type (object, "check") || (is_type (object, "foreign key") && !tide_table_is_partitioned (object));
}

static void
add_validation (TideDdl                *ddl,
                TideDdlPhase            phase,
                const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  tide_ddl_add_at (ddl, phase, TIDE_HAZARD_FAILS_ON_DATA, "%s VALIDATE CONSTRAINT %s", alter, name);
}

char *
tide_constraint_dup_for_partition (const TideSchemaObject *object,
                                   const TideSchemaObject *partition)
{
  g_autofree char *definition = dup_definition (object);
  g_autofree char *name = tide_schema_object_dup_quoted (partition);
  g_auto (GStrv) valid = tide_kind_split (get (object, VALID_IN));
  gboolean is_valid = get (object, NOT_VALID) == NULL || g_strv_contains ((const char *const *) valid, name);

  return g_strconcat (definition, is_valid ? "" : " NOT VALID", NULL);
}

/* Where the tables below hold it validated; @from: (nullable): where they do already */
static void
add_validation_below (TideDdl                *ddl,
                      const TideSchemaObject *from,
                      const TideSchemaObject *to)
{
  g_auto (GStrv) before = tide_kind_split (from == NULL ? NULL : get (from, VALID_IN));
  g_auto (GStrv) after = tide_kind_split (get (to, VALID_IN));
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (to));

  for (guint i = 0; after[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) before, after[i]))
      tide_ddl_add_at (ddl, TIDE_DDL_LAST, TIDE_HAZARD_FAILS_ON_DATA, "ALTER TABLE ONLY %s VALIDATE CONSTRAINT %s", after[i], name);
}

/* Whether a table below that is there in the end must hold it as not validated again, which can be said of none */
static gboolean
is_invalidated_below (const TideSchemaObject *from,
                      const TideSchemaObject *to)
{
  g_auto (GStrv) before = tide_kind_split (get (from, VALID_IN));
  g_auto (GStrv) after = tide_kind_split (get (to, VALID_IN));
  TideSchema *schema = tide_schema_object_get_schema (to);
  guint first;
  guint end;

  if (*before == NULL || get (to, NOT_VALID) == NULL)
    return FALSE;
  tide_schema_get_range (schema, TIDE_OBJECT_TABLE, &first, &end);
  for (guint i = first; i < end; i++)
    {
      g_autofree char *name = tide_schema_object_dup_quoted (tide_schema_get_object (schema, i));

      if (g_strv_contains ((const char *const *) before, name) && !g_strv_contains ((const char *const *) after, name))
        return TRUE;
    }
  return FALSE;
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, is_for_one (object));
  g_autofree char *definition = dup_definition (object);
  gboolean later = can_validate_later (ddl, object);
  TideDdlPhase phase = is_type (object, "foreign key") && tide_ddl_is_late_whole (ddl) ? TIDE_DDL_LAST : TIDE_DDL_MAIN;

  if (tide_ddl_is_safer (ddl) && is_key (object) && get (object, PERIOD) == NULL && !tide_table_is_partitioned (object))
    add_key_safely (ddl, object);
  else if (later || get (object, NOT_VALID) != NULL)
    tide_ddl_add_at (ddl, phase, TIDE_HAZARD_LOCK, "%s ADD %s NOT VALID", alter, definition);
  else
    tide_ddl_add_at (ddl, phase, TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "%s ADD %s", alter, definition);
  if (later)
    add_validation (ddl, TIDE_DDL_LAST, object);
  add_validation_below (ddl, NULL, object);
  add_index_settings (ddl, object);
}

/* What stands on an index that is part of another goes with that one. */
static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP CONSTRAINT %s", alter, name);
}

/* --- changing --- */

static gboolean
can_alter (TideDdl                *ddl,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           guint64                 changed)
{
  for (guint i = TYPE; i <= SET_COLUMNS; i++)
    if (TIDE_CHANGED (changed, i))
      return FALSE;
  if (TIDE_CHANGED (changed, NO_INHERIT) || (TIDE_CHANGED (changed, NOT_VALID) && get (to, NOT_VALID) != NULL))
    return FALSE;
  if (TIDE_CHANGED (changed, NOT_ENFORCED) && !is_type (to, "foreign key"))
    return FALSE;
  if (TIDE_CHANGED (changed, PARTITION_OF) && !tide_index_can_change_part (from, to, get (from, PARTITION_OF)))
    return FALSE;
  if (TIDE_CHANGED (changed, VALID_IN) && is_invalidated_below (from, to))
    return FALSE;
  return is_type (to, "foreign key") || (!TIDE_CHANGED (changed, DEFERRABLE) && !TIDE_CHANGED (changed, DEFERRED));
}

static void
add_enforcement (TideDdl                *ddl,
                 const TideSchemaObject *to,
                 guint64                 changed)
{
  g_autofree char *alter = tide_table_dup_alter (to, FALSE);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (to));

  if (TIDE_CHANGED (changed, DEFERRABLE) || TIDE_CHANGED (changed, DEFERRED))
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ALTER CONSTRAINT %s %s", alter, name,
                  get (to, DEFERRABLE) == NULL ? "NOT DEFERRABLE"
                  : get (to, DEFERRED) != NULL ? "DEFERRABLE INITIALLY DEFERRED"
                                               : "DEFERRABLE INITIALLY IMMEDIATE");
  if (TIDE_CHANGED (changed, NOT_ENFORCED))
    tide_ddl_add (ddl, TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "%s ALTER CONSTRAINT %s %s", alter, name,
                  get (to, NOT_ENFORCED) == NULL ? "ENFORCED" : "NOT ENFORCED");
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *index = dup_index (to);

  if (!can_alter (ddl, from, to, changed))
    return FALSE;
  add_enforcement (ddl, to, changed);
  if (TIDE_CHANGED (changed, NOT_VALID))
    add_validation (ddl, TIDE_DDL_MAIN, to);
  if (TIDE_CHANGED (changed, VALID_IN))
    add_validation_below (ddl, from, to);
  if (TIDE_CHANGED (changed, OPTIONS) || TIDE_CHANGED (changed, TABLESPACE))
    tide_index_add_storage_change (ddl, index, from, to);
  if (TIDE_CHANGED (changed, CLUSTERED))
    tide_index_add_clustered (ddl, to, get (to, CLUSTERED) != NULL);
  if (TIDE_CHANGED (changed, REPLICA_IDENTITY))
    tide_index_add_replica_identity (ddl, to, get (to, REPLICA_IDENTITY) != NULL);
  if (TIDE_CHANGED (changed, INDEX_COMMENT))
    add_index_comment (ddl, to);
  if (TIDE_CHANGED (changed, PARTITION_OF) && get (to, PARTITION_OF) != NULL)
    tide_index_add_attach (ddl, to, index);
  return TRUE;
}

static void
write_rename (TideDdl                *ddl,
              const TideSchemaObject *object,
              const char             *name)
{
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);
  g_autofree char *before = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *after = tide_quote_identifier (name);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s RENAME CONSTRAINT %s TO %s", alter, before, after);
}

const TideObjectKindInfo tide_kind_constraint = {
  .kind = TIDE_OBJECT_CONSTRAINT,
  .name = "constraint",
  .plural = N_("Constraints"),
  .icon_name = "changes-prevent-symbolic",
  .catalog = 2606,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .order = TIDE_ROWS_BY_PARENT,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
  .rename = write_rename,
  .inline_element = inline_element,
};
