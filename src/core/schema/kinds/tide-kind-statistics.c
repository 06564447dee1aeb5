/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-statistics"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-ddl.h"

enum
{
  KINDS = TIDE_N_COMMON_ATTRIBUTES,
  COLUMNS,
  TABLE,
  TARGET,
};

static const TideAttribute attributes[] = {
  { "kinds", N_("Kinds") },
  { "columns", N_("Columns"), TIDE_ATTRIBUTE_EXPRESSION },
  { "table", N_("Table") },
  { "target", N_("Statistics target") },
};

/* The server keeps columns in the order of the table, which means nothing, and expressions behind them. */
#define SORTED_COLUMNS \
  "(SELECT COALESCE(pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE \"C\"), '')" \
  " FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys))"

/* Those of one expression alone have no kinds to choose; all three are what one gets without a word. */
static char *
dup_query (int version)
{
  return g_strdup_printf (
    "SELECT s.oid, n.nspname AS schema, s.stxname AS name, s.stxowner AS owner,"
    " (SELECT CASE WHEN pg_catalog.count(*) = 3 THEN NULL ELSE pg_catalog.string_agg(CASE k WHEN 'd' THEN 'ndistinct'"
    " WHEN 'f' THEN 'dependencies' ELSE 'mcv' END, ', ' ORDER BY k) END"
    " FROM pg_catalog.unnest(s.stxkind) k WHERE k IN ('d', 'f', 'm')) AS kinds,"
    " %s AS columns, " TIDE_SQL_QUALIFIED ("cn.nspname", "c.relname") " AS table, %s AS target"
    " FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace"
    " JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace"
    " WHERE " TIDE_CATALOG_USER_SCHEMA ("n")
    " ORDER BY n.nspname COLLATE \"C\", s.stxname COLLATE \"C\"",
    version >= 140000 ? SORTED_COLUMNS " || pg_catalog.substr(" TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_statisticsobjdef_columns(s.oid)")
                        ", 1 + pg_catalog.length(" SORTED_COLUMNS "))"
                      : SORTED_COLUMNS,
    version >= 170000 ? "s.stxstattarget" : version >= 130000 ? "NULLIF(s.stxstattarget, -1)" : "NULL");
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

  return g_strconcat ("STATISTICS ", name, NULL);
}

static void
add_target (TideDdl                *ddl,
            const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s SET STATISTICS %s", address, get (object, TARGET) == NULL ? "-1" : get (object, TARGET));
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  g_autofree char *kinds = get (object, KINDS) == NULL ? g_strdup ("") : g_strdup_printf (" (%s)", get (object, KINDS));

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE STATISTICS %s%s ON %s FROM %s", name, kinds, get (object, COLUMNS), get (object, TABLE));
  if (get (object, TARGET) != NULL)
    add_target (ddl, object);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  if (TIDE_CHANGED (changed, KINDS) || TIDE_CHANGED (changed, COLUMNS) || TIDE_CHANGED (changed, TABLE))
    return FALSE;
  if (TIDE_CHANGED (changed, TARGET))
    add_target (ddl, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_statistics = {
  .kind = TIDE_OBJECT_STATISTICS,
  .name = "statistics",
  .plural = N_("Extended Statistics"),
  .icon_name = "accessories-calculator-symbolic",
  .catalog = 3381,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
