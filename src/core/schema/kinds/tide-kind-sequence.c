/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-sequence"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-catalog.h"
#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

enum
{
  TYPE = TIDE_N_COMMON_ATTRIBUTES,
  START,
  INCREMENT,
  MINIMUM,
  MAXIMUM,
  CACHE,
  CYCLE,
  UNLOGGED,
  OWNED_BY,
  IDENTITY,
};

static const TideAttribute attributes[] = {
  { "type", N_("Type") },
  { "start", N_("Start") },
  { "increment", N_("Increment") },
  { "minimum", N_("Minimum") },
  { "maximum", N_("Maximum") },
  { "cache", N_("Cache") },
  { "cycle", N_("Cycle") },
  { "unlogged", N_("Unlogged") },
  { "owned_by", N_("Owned by") },
  { "identity", N_("Of an identity column") },
};

/* One of an identity column is made and dropped with the identity, and its type is the column's, unless LIKE made it. */
static char *
dup_query (int version)
{
  return g_strdup (
    "SELECT c.oid, n.nspname AS schema, c.relname AS name,"
    " c.relowner AS owner,"
    " NULLIF(c.relacl, pg_catalog.acldefault('s', c.relowner)) AS privileges,"
    " CASE WHEN d.deptype IS DISTINCT FROM 'i' OR s.seqtypid <> (SELECT a.atttypid FROM pg_catalog.pg_attribute a"
    " WHERE a.attrelid = d.refobjid AND a.attnum = d.refobjsubid) THEN pg_catalog.format_type(s.seqtypid, NULL) END AS type,"
    " s.seqstart AS start, s.seqincrement AS increment, s.seqcache AS cache, " TIDE_SQL_TRUE ("s.seqcycle") " AS cycle,"
    " NULLIF(s.seqmin, CASE WHEN s.seqincrement > 0 THEN 1 WHEN s.seqtypid = 21 THEN -32768"
    " WHEN s.seqtypid = 23 THEN -2147483648 ELSE -9223372036854775808 END) AS minimum,"
    " NULLIF(s.seqmax, CASE WHEN s.seqincrement < 0 THEN -1 WHEN s.seqtypid = 21 THEN 32767"
    " WHEN s.seqtypid = 23 THEN 2147483647 ELSE 9223372036854775807 END) AS maximum, "
    TIDE_SQL_TRUE ("c.relpersistence = 'u'") " AS unlogged,"
    " CASE WHEN d.deptype = 'a' THEN (SELECT " TIDE_SQL_QUALIFIED ("tn.nspname", "t.relname") " || '.' || "
    TIDE_SQL_NAME ("a.attname") " FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid WHERE t.oid = d.refobjid AND a.attnum = d.refobjsubid) END AS owned_by, "
    TIDE_SQL_TRUE ("d.deptype = 'i'") " AS identity, d.refobjid, d.refobjsubid"
    " FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_depend d ON d.classid = 1259 AND d.objid = s.seqrelid AND d.objsubid = 0"
    " AND d.refclassid = 1259 AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')"
    " WHERE " TIDE_CATALOG_USER_SCHEMA ("n"));
}

/* A column names the sequence of its identity. One that belongs to a column has the owner of the table, whoever says what. */
static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  TideSchemaObject *column;

  if (tide_catalog_row_get_number (row, "refobjid") != 0)
    tide_schema_builder_set_value (builder, object, TIDE_ATTRIBUTE_OWNER, NULL);
  if (!tide_schema_object_is (object, "identity"))
    return;
  column = tide_table_find_column (builder, tide_catalog_row_get_number (row, "refobjid"),
                                   (int) tide_catalog_row_get_number (row, "refobjsubid"));
  if (column != NULL)
    tide_schema_builder_set (builder, column, "sequence",
                             tide_schema_builder_take (builder, tide_schema_object_dup_quoted (object)));
}

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return tide_schema_object_get_value (object, attribute);
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("SEQUENCE ", name, NULL);
}

static void
append_bound (GString    *options,
              const char *word,
              const char *value)
{
  if (value == NULL)
    g_string_append_printf (options, " NO %s", word);
  else
    g_string_append_printf (options, " %s %s", word, value);
}

char *
tide_sequence_dup_options (const TideSchemaObject *object)
{
  GString *options = g_string_new (NULL);

  if (get (object, TYPE) != NULL && !g_str_equal (get (object, TYPE), "bigint"))
    g_string_append_printf (options, " AS %s", get (object, TYPE));
  g_string_append_printf (options, " START WITH %s INCREMENT BY %s", get (object, START), get (object, INCREMENT));
  append_bound (options, "MINVALUE", get (object, MINIMUM));
  append_bound (options, "MAXVALUE", get (object, MAXIMUM));
  g_string_append_printf (options, " CACHE %s%s", get (object, CACHE), get (object, CYCLE) != NULL ? " CYCLE" : "");
  return g_string_free (options, FALSE);
}

/* (nullable): the column that a sequence belongs to */
static const TideSchemaObject *
find_column (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_COLUMN)
      return others[i];
  return NULL;
}

/* (nullable): the owner of the table that a sequence belongs to; %NULL: the usual one, or it belongs to none */
static const char *
get_owner_by_table (const TideSchemaObject *object)
{
  const TideSchemaObject *column = find_column (object);

  return column == NULL ? NULL : tide_schema_object_get_value (tide_schema_object_get_parent (column), TIDE_ATTRIBUTE_OWNER);
}

/* A sequence must have the owner of the table before it can belong to it. @from: (nullable): what it was */
static void
add_ownership (TideDdl                *ddl,
               const TideSchemaObject *from,
               const TideSchemaObject *object)
{
  const char *owner = get_owner_by_table (object);
  g_autofree char *address = dup_address (object);

  if (owner == NULL && from != NULL && (get_owner_by_table (from) != NULL || get (from, TIDE_ATTRIBUTE_OWNER) != NULL))
    owner = tide_schema_get_owner (tide_schema_object_get_schema (from));
  if (owner != NULL)
    {
      g_autofree char *role = tide_quote_identifier (owner);

      tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_NONE, "ALTER %s OWNER TO %s", address, role);
    }
  tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_NONE, "ALTER %s OWNED BY %s", address, get (object, OWNED_BY));
}

static gint64
get_number (const TideSchemaObject *object,
            guint                   attribute,
            gint64                  otherwise)
{
  return get (object, attribute) == NULL ? otherwise : g_ascii_strtoll (get (object, attribute), NULL, 10);
}

static gboolean
goes_up (const TideSchemaObject *object)
{
  return get_number (object, INCREMENT, 1) > 0;
}

/* That of an identity column has the type of the column, unless it says otherwise. */
static const char *
get_type (const TideSchemaObject *object)
{
  const TideSchemaObject *column = get (object, TYPE) == NULL ? find_column (object) : NULL;

  if (column != NULL)
    return tide_schema_object_get (column, "type");
  return get (object, TYPE) == NULL ? "bigint" : get (object, TYPE);
}

static gint64
get_minimum (const TideSchemaObject *object)
{
  const char *type = get_type (object);
  gint64 lowest = g_str_equal (type, "smallint") ? G_MININT16 : g_str_equal (type, "integer") ? G_MININT32 : G_MININT64;

  return get_number (object, MINIMUM, goes_up (object) ? 1 : lowest);
}

static gint64
get_maximum (const TideSchemaObject *object)
{
  const char *type = get_type (object);
  gint64 highest = g_str_equal (type, "smallint") ? G_MAXINT16 : g_str_equal (type, "integer") ? G_MAXINT32 : G_MAXINT64;

  return get_number (object, MAXIMUM, goes_up (object) ? highest : -1);
}

void
tide_sequence_add_continuation (TideDdl                *ddl,
                                TideDdlPhase            phase,
                                const TideSchemaObject *sequence,
                                const TideSchemaObject *column)
{
  static const char *const types[] = { "smallint", "integer", "bigint", NULL };
  gint64 start = get_number (sequence, START, 1);
  const char *last = goes_up (sequence) ? "max" : "min";
  g_autofree char *quoted = tide_schema_object_dup_quoted (sequence);
  g_autofree char *literal = tide_quote_literal (quoted);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (column));
  g_autofree char *table = tide_table_dup_quoted (column);

  if (!g_strv_contains (types, tide_schema_object_get (column, "type")))
    return;
  tide_ddl_add_at (ddl, phase, TIDE_HAZARD_NONE,
                   "SELECT pg_catalog.setval(%s, pg_catalog.%s(%s)) FROM %s HAVING pg_catalog.%s(%s) BETWEEN %" G_GINT64_FORMAT
                   " AND %" G_GINT64_FORMAT,
                   literal, last, name, table, last, name, goes_up (sequence) ? start : get_minimum (sequence),
                   goes_up (sequence) ? get_maximum (sequence) : start);
}

void
tide_sequence_add_change (TideDdl                *ddl,
                          const TideSchemaObject *from,
                          const TideSchemaObject *to,
                          const char             *options)
{
  gint64 minimum = get_minimum (to);
  gint64 maximum = get_maximum (to);
  gboolean stops = get (from, CYCLE) != NULL && get (to, CYCLE) == NULL && strstr (options, "CYCLE") == NULL;
  g_autofree char *name = tide_schema_object_dup_quoted (to);
  g_autofree char *all = stops ? g_strconcat (options, " NO CYCLE", NULL) : g_strdup (options);
  g_autofree char *body = NULL;
  g_autofree char *quoted = NULL;

  if (minimum <= get_minimum (from) && maximum >= get_maximum (from))
    {
      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER SEQUENCE %s%s", name, all);
      return;
    }
  body = g_strdup_printf ("\nBEGIN\n"
                          "  IF (SELECT last_value BETWEEN %" G_GINT64_FORMAT " AND %" G_GINT64_FORMAT " FROM %s) THEN\n"
                          "    ALTER SEQUENCE %s%s;\n"
                          "  ELSE\n"
                          "    ALTER SEQUENCE %s%s RESTART WITH %s;\n"
                          "  END IF;\n"
                          "END\n",
                          minimum, maximum, name, name, all, name, all, get (to, START));
  quoted = tide_ddl_dollar_quote (body, "do");
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_DATA_LOSS, "DO %s", quoted);
}

/* What belonged to a table, which may go, has the owner of that when it is let go. */
static void
add_independence (TideDdl                *ddl,
                  const TideSchemaObject *from,
                  const TideSchemaObject *to)
{
  g_autofree char *address = dup_address (to);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s OWNED BY NONE", address);
  if (get (to, OWNED_BY) == NULL && get_owner_by_table (from) != NULL && get (to, TIDE_ATTRIBUTE_OWNER) == NULL)
    {
      g_autofree char *role = tide_quote_identifier (tide_schema_get_owner (tide_schema_object_get_schema (from)));

      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s OWNER TO %s", address, role);
    }
}

/* Before PostgreSQL 15 there is but one way for sequences. */
static void
add_persistence (TideDdl                *ddl,
                 const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  if (tide_ddl_get_server_version (ddl) >= 150000)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER %s SET %s", address, get (object, UNLOGGED) != NULL ? "UNLOGGED" : "LOGGED");
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  g_autofree char *options = tide_sequence_dup_options (object);

  if (get (object, IDENTITY) != NULL)
    {
      if ((get (object, UNLOGGED) != NULL)
          != tide_schema_object_is (tide_schema_object_get_parent (find_column (object)), "unlogged"))
        add_persistence (ddl, object);
      if (get (object, TYPE) != NULL)
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER SEQUENCE %s AS %s%s", name, get (object, TYPE),
                      strstr (options, " START WITH"));
      return;
    }
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %sSEQUENCE %s%s", get (object, UNLOGGED) != NULL ? "UNLOGGED " : "", name, options);
  if (get (object, OWNED_BY) == NULL)
    return;
  add_ownership (ddl, NULL, object);
  if (!tide_ddl_is_new_parent (ddl))
    tide_sequence_add_continuation (ddl, TIDE_DDL_LATE, object, find_column (object));
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  if (get (object, IDENTITY) == NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_DATA_LOSS, "DROP %s", address);
}

/* The identity must go before a sequence can have the name of its; the column's own statement then finds it gone. */
static gboolean
add_after_identity (TideDdl                *ddl,
                    const TideSchemaObject *from,
                    const TideSchemaObject *to)
{
  const TideSchemaObject *column = find_column (from);
  g_autofree char *alter = NULL;
  g_autofree char *name = NULL;

  if (column == NULL || tide_schema_find_same (tide_schema_object_get_schema (to), column) == NULL)
    return FALSE;
  alter = tide_table_dup_alter (column, FALSE);
  name = tide_quote_identifier (tide_schema_object_get_name (column));
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_DATA_LOSS, "%s ALTER COLUMN %s DROP IDENTITY IF EXISTS", alter, name);
  tide_kind_disturb_users (ddl);
  create (ddl, to);
  return TRUE;
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  g_autoptr (GString) options = g_string_new (NULL);

  if (TIDE_CHANGED (changed, IDENTITY))
    return get (from, IDENTITY) != NULL && add_after_identity (ddl, from, to);
  if (TIDE_CHANGED (changed, OWNED_BY) && get (from, OWNED_BY) != NULL)
    add_independence (ddl, from, to);
  if (TIDE_CHANGED (changed, TYPE))
    g_string_append_printf (options, " AS %s", get_type (to));
  if (TIDE_CHANGED (changed, START))
    g_string_append_printf (options, " START WITH %s", get (to, START));
  if (TIDE_CHANGED (changed, INCREMENT))
    g_string_append_printf (options, " INCREMENT BY %s", get (to, INCREMENT));
  if (TIDE_CHANGED (changed, MINIMUM) || TIDE_CHANGED (changed, TYPE) || TIDE_CHANGED (changed, INCREMENT))
    append_bound (options, "MINVALUE", get (to, MINIMUM));
  if (TIDE_CHANGED (changed, MAXIMUM) || TIDE_CHANGED (changed, TYPE) || TIDE_CHANGED (changed, INCREMENT))
    append_bound (options, "MAXVALUE", get (to, MAXIMUM));
  if (TIDE_CHANGED (changed, CACHE))
    g_string_append_printf (options, " CACHE %s", get (to, CACHE));
  if (TIDE_CHANGED (changed, CYCLE))
    g_string_append (options, get (to, CYCLE) != NULL ? " CYCLE" : " NO CYCLE");
  if (options->len > 0)
    tide_sequence_add_change (ddl, from, to, options->str);
  if (TIDE_CHANGED (changed, UNLOGGED))
    add_persistence (ddl, to);
  if (TIDE_CHANGED (changed, OWNED_BY) && get (to, OWNED_BY) != NULL)
    add_ownership (ddl, from, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_sequence = {
  .kind = TIDE_OBJECT_SEQUENCE,
  .name = "sequence",
  .plural = N_("Sequences"),
  .icon_name = "view-list-ordered-symbolic",
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
