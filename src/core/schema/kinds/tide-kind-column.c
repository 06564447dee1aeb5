/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-column"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-ddl.h"
#include "schema/kinds/tide-table-parents.h"
#include "schema/kinds/tide-table-type.h"
#include "wire/tide-session.h"

enum
{
  TYPE = TIDE_N_COMMON_ATTRIBUTES,
  COLLATION,
  NOT_NULL,
  NOT_NULL_NAME,
  GENERATED,
  VIRTUAL,
  IDENTITY,
  SEQUENCE,
  STORAGE,
  COMPRESSION,
  STATISTICS,
  OPTIONS,
  FOREIGN_OPTIONS,
  INHERITED,
  ORDER,
  HAS_PARENT,
  TYPE_STORAGE,
  IN_KEY,
};

static const TideAttribute attributes[] = {
  { "type", N_("Type"), TIDE_ATTRIBUTE_TYPE },
  { "collation", N_("Collation") },
  { "not_null", N_("Not null") },
  { "not_null_name", N_("Name of the not-null constraint"), TIDE_ATTRIBUTE_OF_MAJOR },
  { "generated", N_("Generated"), TIDE_ATTRIBUTE_EXPRESSION },
  { "virtual", N_("Virtual") },
  { "identity", N_("Identity") },
  { "sequence", N_("Sequence of the identity") },
  { "storage", N_("Storage") },
  { "compression", N_("Compression") },
  { "statistics", N_("Statistics target") },
  { "options", N_("Options") },
  { "foreign_options", N_("Options of the foreign column") },
  { "inherited", N_("Inherited") },
  { "order", N_("Position"), TIDE_ATTRIBUTE_POSITION },
  { "has_parent", "", TIDE_ATTRIBUTE_INTERNAL },
  { "type_storage", "", TIDE_ATTRIBUTE_INTERNAL },
  { "in_key", "", TIDE_ATTRIBUTE_INTERNAL },
};

/* --- reading --- */

#define STORAGE_NAME(column) \
  "CASE " column " WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN' WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END"

/* The name is told only where it is not the one that the server would choose; a not-null constraint is a matter of its column. */
#define NOT_NULL_CONSTRAINTS                                                                         \
  " LEFT JOIN pg_catalog.pg_constraint k ON k.contype = 'n' AND k.conrelid = a.attrelid AND k.conkey[1] = a.attnum" \
  " AND pg_catalog.length(c.relname || a.attname) < 53"                                              \
  " AND k.conname <> pg_catalog.left(c.relname || '_' || a.attname || '_not_null', 63)"

/* The server holds the columns that a table is partitioned by, also those in expressions, as parts of the table itself. */
#define IN_PARTITION_KEY                                                                             \
  "EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = a.attrelid AND d.objsubid = a.attnum" \
  " AND d.refclassid = 1259 AND d.refobjid = a.attrelid AND d.refobjsubid = 0 AND d.deptype = 'i')"

/* "sequence" is told by the sequence. Most rows of pg_attribute are of indexes and the like: it is quicker to find those of each
 * table than to look at all. */
static char *
dup_query (int version)
{
  return g_strdup_printf (
    "SELECT a.attrelid AS oid, a.attrelid AS parent, a.attnum AS position, a.attname AS name, a.attacl AS privileges,"
    " pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,"
    " CASE WHEN a.attcollation <> t.typcollation THEN (SELECT " TIDE_SQL_QUALIFIED ("l.nspname", "o.collname")
    " FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace l ON l.oid = o.collnamespace"
    " WHERE o.oid = a.attcollation) END AS collation, "
    TIDE_SQL_TRUE ("a.attnotnull") " AS not_null,%s"
    " CASE WHEN a.attgenerated <> '' THEN (SELECT pg_catalog.pg_get_expr(g.adbin, g.adrelid) FROM pg_catalog.pg_attrdef g"
    " WHERE g.adrelid = a.attrelid AND g.adnum = a.attnum) END AS generated,"
    " CASE WHEN a.attgenerated <> '' THEN (SELECT '2604 ' || g.oid FROM pg_catalog.pg_attrdef g"
    " WHERE g.adrelid = a.attrelid AND g.adnum = a.attnum) END AS alias,"
    " CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,"
    " CASE WHEN a.attstorage <> t.typstorage THEN " STORAGE_NAME ("a.attstorage") " END AS storage,"
    " %s AS compression, %s AS statistics,"
    " CASE WHEN a.attoptions[2] IS NOT NULL OR a.attoptions[1] NOT LIKE 'pg\\_attver=%%' THEN "
    TIDE_SQL_OPTIONS ("ARRAY(SELECT v FROM pg_catalog.unnest(a.attoptions) v WHERE v NOT LIKE 'pg\\_attver=%%')") " END AS options,"
    " CASE WHEN a.attfdwoptions IS NOT NULL THEN " TIDE_KIND_OPTIONS ("a.attfdwoptions") " END AS foreign_options, "
    TIDE_SQL_TRUE ("NOT a.attislocal AND NOT c.relispartition") " AS inherited, a.attnum AS order, "
    TIDE_SQL_TRUE ("a.attinhcount > 0") " AS has_parent, " STORAGE_NAME ("t.typstorage") " AS type_storage, "
    TIDE_SQL_TRUE ("c.relkind = 'p' AND " IN_PARTITION_KEY) " AS in_key"
    " FROM pg_catalog.pg_class c CROSS JOIN LATERAL (SELECT * FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
    " AND a.attnum > 0 AND NOT a.attisdropped OFFSET 0) a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
    "%s"
    " WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384",
    version >= 180000 ? " k.conname AS not_null_name, " TIDE_SQL_TRUE ("a.attgenerated = 'v'") " AS virtual," : "",
    version >= 140000 ? "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END" : "NULL",
    version >= 170000 ? "a.attstattarget" : "NULLIF(a.attstattarget, -1)", version >= 180000 ? NOT_NULL_CONSTRAINTS : "");
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

  return g_strconcat ("COLUMN ", name, NULL);
}

static void
append_not_null (GString                *element,
                 const TideSchemaObject *object)
{
  if (get (object, NOT_NULL) == NULL)
    return;
  if (get (object, NOT_NULL_NAME) != NULL)
    {
      g_autofree char *name = tide_quote_identifier (get (object, NOT_NULL_NAME));

      g_string_append_printf (element, " CONSTRAINT %s", name);
    }
  g_string_append (element, " NOT NULL");
}

/* A merged column may not say again (before PostgreSQL 16) what its parent's says. */
static gboolean
is_generated_by_parent (const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  const TideSchemaObject *parent = NULL;

  if (get (object, INHERITED) == NULL && tide_schema_object_get (table, "inherits") != NULL)
    parent = tide_column_find_inherited (object);
  return parent != NULL && g_strcmp0 (get (parent, GENERATED), get (object, GENERATED)) == 0 && !tide_table_inherits_later (table);
}

/* (transfer full): what makes it: its name, type and so on */
static char *
dup_element (const TideSchemaObject *object,
             gboolean                with_not_null,
             gboolean                with_options)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  GString *element = g_string_new (name);

  g_string_append_printf (element, " %s", get (object, TYPE));
  if (get (object, FOREIGN_OPTIONS) != NULL && with_options)
    {
      g_autofree char *options = tide_kind_dup_options (get (object, FOREIGN_OPTIONS));

      g_string_append (element, options);
    }
  if (get (object, COMPRESSION) != NULL)
    g_string_append_printf (element, " COMPRESSION %s", get (object, COMPRESSION));
  if (get (object, COLLATION) != NULL)
    g_string_append_printf (element, " COLLATE %s", get (object, COLLATION));
  if (get (object, GENERATED) != NULL && !is_generated_by_parent (object))
    g_string_append_printf (element, " GENERATED ALWAYS AS (%s) %s", get (object, GENERATED),
                            get (object, VIRTUAL) != NULL ? "VIRTUAL" : "STORED");
  if (get (object, IDENTITY) != NULL)
    {
      g_autofree char *identity = tide_column_dup_identity (object);

      g_string_append (element, identity);
    }
  if (with_not_null)
    append_not_null (element, object);
  return g_string_free (element, FALSE);
}

static char *
inline_element (const TideSchemaObject *object)
{
  g_autofree char *name = NULL;
  GString *element;

  if (get (object, INHERITED) != NULL)
    return g_strdup ("");
  if (tide_schema_object_get (tide_schema_object_get_parent (object), "of_type") == NULL)
    return dup_element (object, TRUE, TRUE);
  name = tide_quote_identifier (tide_schema_object_get_name (object));
  element = g_string_new (name);
  g_string_append (element, " WITH OPTIONS");
  append_not_null (element, object);
  return g_string_free (element, FALSE);
}

static void
add_storage (TideDdl                *ddl,
             const TideSchemaObject *object)
{
  g_autofree char *alter = tide_column_dup_alter (object, TRUE);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET STORAGE %s", alter,
                get (object, STORAGE) != NULL ? get (object, STORAGE) : get (object, TYPE_STORAGE));
}

static void
add_statistics (TideDdl                *ddl,
                const TideSchemaObject *object)
{
  g_autofree char *alter = tide_column_dup_alter (object, TRUE);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET STATISTICS %s", alter,
                get (object, STATISTICS) != NULL ? get (object, STATISTICS) : "-1");
}

static gboolean
has_default (const TideSchemaObject *object)
{
  const TideSchemaObject *child = tide_schema_object_get_first_child (object);

  return child != NULL && tide_schema_object_get_kind (child) == TIDE_OBJECT_DEFAULT;
}

/* What a column that @parent gave has otherwise than that, which may be yet to be changed */
static void
add_difference_from_parent (TideDdl                *ddl,
                            const TideSchemaObject *object,
                            const TideSchemaObject *parent)
{
  g_autofree char *alter = tide_column_dup_alter (object, TRUE);

  if (get (object, NOT_NULL) != NULL && get (parent, NOT_NULL) == NULL)
    tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s SET NOT NULL", alter);
  else if (get (object, NOT_NULL) == NULL && get (parent, NOT_NULL) != NULL && tide_ddl_get_server_version (ddl) < 180000)
    tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s DROP NOT NULL", alter);
}

/* Whether the table of @object would have from its parent a default that it has not itself */
static gboolean
gets_default_unasked (const TideSchemaObject *object)
{
  const TideSchemaObject *parent
    = tide_table_is_partition (object) || has_default (object) ? NULL : tide_column_find_inherited (object);

  return parent != NULL && has_default (parent);
}

/* Adds what cannot stand in CREATE TABLE; of a column that a parent gave, what it has beyond that */
void
tide_column_add_settings (TideDdl                *ddl,
                          const TideSchemaObject *object)
{
  const TideSchemaObject *parent = get (object, INHERITED) == NULL ? NULL : tide_column_find_inherited (object);

  if (parent != NULL)
    add_difference_from_parent (ddl, object, parent);
  if (gets_default_unasked (object))
    {
      g_autofree char *alter = tide_column_dup_alter (object, TRUE);

      tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s DROP DEFAULT", alter);
    }
  if (g_strcmp0 (get (object, STORAGE), parent == NULL ? NULL : get (parent, STORAGE)) != 0)
    add_storage (ddl, object);
  if (get (object, STATISTICS) != NULL)
    add_statistics (ddl, object);
  if (get (object, OPTIONS) != NULL)
    {
      g_autofree char *alter = tide_column_dup_alter (object, TRUE);

      tide_options_add_change (ddl, alter, NULL, get (object, OPTIONS));
    }
  if (parent != NULL && get (object, FOREIGN_OPTIONS) != NULL)
    {
      g_autofree char *alter = tide_column_dup_alter (object, TRUE);
      TideHazard hazards;
      g_autofree char *options = tide_kind_dup_options_change (NULL, get (object, FOREIGN_OPTIONS), &hazards);

      tide_ddl_add_at (ddl, TIDE_DDL_LATE, hazards, "%s%s", alter, options);
    }
}

/* A parent's ALTER TABLE gives and takes it */
static gboolean
comes_from_parent (const TideSchemaObject *object)
{
  return get (object, HAS_PARENT) != NULL && (get (object, INHERITED) != NULL || tide_table_is_partition (object));
}

/* Whether @table (nullable), the other side of that of @object, is no partition of the same whole: the two meet when it has all columns,
 * and part before it loses any */
static gboolean
changes_whole (const TideSchemaObject *table,
               const TideSchemaObject *object)
{
  return table != NULL && g_strcmp0 (tide_schema_object_get (table, "partition_of"),
                                     tide_schema_object_get (tide_schema_object_get_parent (object), "partition_of")) != 0;
}

/* What it is generated from has to be in the table that gives it, too. */
static void
add_sources (TideDdl                *ddl,
             const TideSchemaObject *object,
             const char             *alter)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; get (object, GENERATED) != NULL && i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COLUMN)
      {
        g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (on[i]));

        tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ADD COLUMN IF NOT EXISTS %s %s%s%s", alter, name, get (on[i], TYPE),
                      get (on[i], COLLATION) == NULL ? "" : " COLLATE ", get (on[i], COLLATION) == NULL ? "" : get (on[i], COLLATION));
      }
}

/* Whether @object is of a domain, or one over a domain, that may refuse what a new column holds: NULL or its default */
static gboolean
is_of_strict_domain (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n && !g_str_has_suffix (tide_schema_object_get (object, "type"), "[]"); i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_DOMAIN
        && (tide_schema_object_is (on[i], "not_null") || tide_schema_object_get (on[i], "constraints") != NULL
            || is_of_strict_domain (on[i])))
      return TRUE;
  return FALSE;
}

/* (nullable): the default that ADD COLUMN cannot say, as it would fail on it */
static const char *
get_late_default (const TideSchemaObject *object)
{
  const char *expression
    = has_default (object) ? tide_schema_object_get (tide_schema_object_get_first_child (object), "expression") : NULL;

  return expression == NULL || tide_default_fits (object, expression) ? NULL : expression;
}

/* @before: (nullable): the column that it takes over */
static void
add_column (TideDdl                *ddl,
            const TideSchemaObject *object,
            const char             *alter,
            const TideSchemaObject *before)
{
  const char *later = get_late_default (object);
  const char *elements = later == NULL ? tide_ddl_get_elements (ddl) : NULL;
  g_autofree char *element = dup_element (object, before == NULL, before == NULL);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  TideHazard hazards = TIDE_HAZARD_LOCK | tide_kind_options_hazard (before == NULL ? get (object, FOREIGN_OPTIONS) : NULL);

  if (get (object, GENERATED) != NULL && get (object, VIRTUAL) == NULL)
    hazards |= TIDE_HAZARD_REWRITE | TIDE_HAZARD_FAILS_ON_DATA;
  else if (get (object, IDENTITY) != NULL || (elements != NULL && tide_default_is_written (elements)))
    hazards |= TIDE_HAZARD_REWRITE | (tide_column_may_run_out (object) ? TIDE_HAZARD_FAILS_ON_DATA : 0);
  else if (get (object, NOT_NULL) != NULL && elements == NULL)
    hazards |= TIDE_HAZARD_FAILS_ON_DATA;
  if (before == NULL && is_of_strict_domain (object))
    hazards |= TIDE_HAZARD_REWRITE | TIDE_HAZARD_FAILS_ON_DATA;
  tide_ddl_add (ddl, hazards, "%s ADD COLUMN %s%s%s", alter, element, elements == NULL ? "" : " ",
                elements == NULL ? "" : elements);
  if (later != NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ALTER COLUMN %s SET DEFAULT %s", alter, name, later);
  if (before != NULL && get (object, GENERATED) == NULL && !tide_table_is_foreign (object))
    tide_column_add_taking_over (ddl, alter, object, before);
  if (before != NULL && get (object, NOT_NULL) != NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "%s ALTER COLUMN %s SET NOT NULL", alter, name);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_ddl_get_other_parent (ddl);
  const char *elements = tide_ddl_get_elements (ddl);
  g_autofree char *giver = table == NULL ? NULL : tide_column_dup_giver (table, object);

  if (giver != NULL)
    {
      g_autofree char *alter = g_strconcat ("ALTER TABLE ", giver, NULL);

      add_sources (ddl, object, alter);
      add_column (ddl, object, alter, tide_schema_object_find_column (table, tide_schema_object_get_name (object)));
    }
  else if (!comes_from_parent (object) || changes_whole (table, object))
    {
      g_autofree char *alter = tide_table_dup_alter (object, FALSE);
      const TideSchemaObject *before = table == NULL ? NULL : tide_schema_object_find_column (table, tide_schema_object_get_name (object));

      add_column (ddl, object, alter, before != NULL && tide_column_is_before_its_place (before, object) ? before : NULL);
    }
  else if (elements != NULL)
    {
      g_autofree char *alter = tide_column_dup_alter (object, TRUE);

      tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s SET %s", alter, elements);
    }
  tide_column_add_settings (ddl, object);
}

/* Its own, but a parent has it too: that must have gone first. Not of what is set aside, which no parent knows by that name.
 * @table: (nullable): what its table becomes */
static gboolean
goes_after_parents (const TideSchemaObject *object,
                    const TideSchemaObject *table)
{
  const TideSchemaObject *after = table == NULL ? NULL : tide_schema_object_find_column (table, tide_schema_object_get_name (object));

  return get (object, HAS_PARENT) != NULL && get (object, INHERITED) == NULL
         && (after == NULL || !tide_column_is_taken_over (object, after));
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_ddl_get_other_parent (ddl);
  g_autofree char *alter = tide_table_dup_alter (object, tide_ddl_is_kept_below (ddl));
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  /* What its values are made from stays. */
  TideHazard hazards = TIDE_HAZARD_LOCK | TIDE_HAZARD_BREAKS_CLIENTS | (get (object, GENERATED) == NULL ? TIDE_HAZARD_DATA_LOSS : 0);

  if (!comes_from_parent (object) || changes_whole (table, object) || tide_column_stays_behind (object, table))
    tide_ddl_add_at (ddl, goes_after_parents (object, table) ? TIDE_DDL_LATE : TIDE_DDL_MAIN, hazards, "%s DROP COLUMN %s", alter, name);
}

/* --- changing --- */

/* What comes first, so that NOT NULL can go */
static void
add_before_nullability (TideDdl                *ddl,
                        const TideSchemaObject *from,
                        const TideSchemaObject *to,
                        guint64                 changed)
{
  g_autofree char *alter = tide_column_dup_alter (to, FALSE);

  if (TIDE_CHANGED (changed, IDENTITY) && get (to, IDENTITY) == NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP IDENTITY IF EXISTS", alter);
  if (TIDE_CHANGED (changed, GENERATED) && get (to, GENERATED) == NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP EXPRESSION", alter);
}

static void
add_settings (TideDdl                *ddl,
              const TideSchemaObject *from,
              const TideSchemaObject *to,
              guint64                 changed)
{
  g_autofree char *only = tide_column_dup_alter (to, TRUE);
  gboolean is_retyped = TIDE_CHANGED (changed, TYPE) || TIDE_CHANGED (changed, COLLATION);

  /* What it was told of both is forgotten with its type. */
  if (TIDE_CHANGED (changed, STORAGE) || (is_retyped && get (to, STORAGE) != NULL))
    add_storage (ddl, to);
  if (TIDE_CHANGED (changed, COMPRESSION) || (is_retyped && get (to, COMPRESSION) != NULL))
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET COMPRESSION %s", only,
                  get (to, COMPRESSION) == NULL ? "DEFAULT" : get (to, COMPRESSION));
  if (TIDE_CHANGED (changed, STATISTICS))
    add_statistics (ddl, to);
  if (TIDE_CHANGED (changed, OPTIONS))
    tide_options_add_change (ddl, only, get (from, OPTIONS), get (to, OPTIONS));
  if (TIDE_CHANGED (changed, FOREIGN_OPTIONS))
    {
      TideHazard hazards;
      g_autofree char *options = tide_kind_dup_options_change (get (from, FOREIGN_OPTIONS), get (to, FOREIGN_OPTIONS), &hazards);

      tide_ddl_add (ddl, hazards, "%s%s", only, options);
    }
}

static gboolean
can_alter (TideDdl                *ddl,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           guint64                 changed)
{
  int version = tide_ddl_get_server_version (ddl);

  if (TIDE_CHANGED (changed, VIRTUAL) || (TIDE_CHANGED (changed, TYPE) && get (from, GENERATED) != NULL && get (to, GENERATED) != NULL))
    return FALSE;
  if (!TIDE_CHANGED (changed, GENERATED))
    return TRUE;
  if (get (from, GENERATED) == NULL)
    return FALSE;
  return get (to, GENERATED) == NULL ? version >= 130000 && get (from, VIRTUAL) == NULL : version >= 170000;
}

/* Whether a parent's ALTER TYPE is that of @to too, also where its table has it as its own besides */
static gboolean
is_typed_by_parent (const TideSchemaObject *from,
                    const TideSchemaObject *to)
{
  if (comes_from_parent (from) && comes_from_parent (to) && get (from, INHERITED) == NULL)
    return tide_column_keeps_whole (from, to);
  return get (from, HAS_PARENT) != NULL && get (to, HAS_PARENT) != NULL && tide_column_stays_with_parent (from, to);
}

static void
add_type (TideDdl                *ddl,
          const TideSchemaObject *from,
          const TideSchemaObject *to,
          gboolean                moves)
{
  if (is_typed_by_parent (from, to))
    {
      tide_column_disturb_users (ddl, from, to, moves);
      return;
    }
  if (get (from, IDENTITY) != NULL && get (to, IDENTITY) != NULL)
    tide_column_add_narrowed_bounds (ddl, from, to);
  tide_column_add_type (ddl, from, to, moves);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  gboolean follows = comes_from_parent (from) && comes_from_parent (to) && tide_column_keeps_whole (from, to);

  /* A table is partitioned by columns as they are: it is to be made anew. */
  if (get (from, IN_KEY) != NULL && (TIDE_CHANGED (changed, TYPE) || TIDE_CHANGED (changed, COLLATION)))
    return FALSE;
  if (tide_column_is_taken_over (from, to) || (!follows && !can_alter (ddl, from, to, changed)))
    return FALSE;
  if (!follows)
    add_before_nullability (ddl, from, to, changed);
  if (TIDE_CHANGED (changed, TYPE) || TIDE_CHANGED (changed, COLLATION))
    add_type (ddl, from, to, TIDE_CHANGED (changed, TYPE) && g_str_equal (get (from, TYPE), get (to, TYPE)));
  if (!follows && TIDE_CHANGED (changed, GENERATED) && get (to, GENERATED) != NULL)
    {
      g_autofree char *alter = tide_column_dup_alter (to, FALSE);

      tide_ddl_add (ddl, TIDE_HAZARD_REWRITE, "%s SET EXPRESSION AS (%s)", alter, get (to, GENERATED));
    }
  tide_column_add_nullability (ddl, from, to, TIDE_CHANGED (changed, NOT_NULL), TIDE_CHANGED (changed, NOT_NULL_NAME));
  if (!follows)
    tide_column_add_identity (ddl, from, to);
  add_settings (ddl, from, to, changed);
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

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_BREAKS_CLIENTS, "%s RENAME COLUMN %s TO %s", alter, before, after);
}

const TideObjectKindInfo tide_kind_column = {
  .kind = TIDE_OBJECT_COLUMN,
  .name = "column",
  .plural = N_("Columns"),
  .icon_name = "tide-column-symbolic",
  .catalog = 1259,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .order = TIDE_ROWS_BY_PARENT,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
  .rename = write_rename,
  .inline_element = inline_element,
};
