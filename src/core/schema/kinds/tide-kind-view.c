/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-view"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-view-parts.h"
#include "schema/tide-entries.h"

enum
{
  DEFAULTS = TIDE_VIEW_N_ATTRIBUTES,
  OF_ITSELF,
};

static const TideAttribute attributes[] = {
  { "definition", N_("Definition"), TIDE_ATTRIBUTE_EXPRESSION },
  { "columns", N_("Columns") },
  { "options", N_("Options") },
  { "given_options", N_("Options"), TIDE_ATTRIBUTE_INTERNAL },
  { "column_comments", N_("Comments of columns") },
  { "column_privileges", N_("Privileges on columns") },
  { "column_defaults", N_("Defaults of columns"), TIDE_ATTRIBUTE_EXPRESSION },
  { "of_itself", N_("Defined by itself"), TIDE_ATTRIBUTE_INTERNAL },
};

static char *
dup_query (int version)
{
  return g_strdup ("SELECT " TIDE_VIEW_CELLS ","
                   " (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || '='"
                   " || pg_catalog.pg_get_expr(d.adbin, d.adrelid), E'\\n' ORDER BY a.attnum)"
                   " FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a"
                   " ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
                   " WHERE d.adrelid = c.oid) AS column_defaults,"
                   " CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d"
                   " ON d.classid = 2618 AND d.objid = w.oid AND d.refclassid = 1259 AND d.refobjid = c.oid AND d.refobjsubid > 0"
                   " WHERE w.ev_class = c.oid AND w.rulename = '_RETURN') THEN 'true' END AS of_itself"
                   " FROM pg_catalog.pg_class c"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   " WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY 2, 3");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("VIEW ", name, NULL);
}

static void
write_definition (TideDdl                *ddl,
                  TideHazard              hazards,
                  const char             *verb,
                  const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *options = tide_view_dup_options (object);

  tide_ddl_add (ddl, hazards, "%s %s %sAS\n%s", verb, address, options,
                tide_schema_object_get_value (object, TIDE_VIEW_DEFINITION));
}

static void
write_default (const char *key,
               const char *old,
               const char *value,
               gpointer    user_data)
{
  GString *actions = user_data;

  if (value == NULL)
    g_string_append_printf (actions, "%s ALTER COLUMN %s DROP DEFAULT", actions->len == 0 ? "" : ",", key);
  else
    g_string_append_printf (actions, "%s ALTER COLUMN %s SET DEFAULT %s", actions->len == 0 ? "" : ",", key, value);
}

/* ALTER VIEW takes one action at a time, ALTER TABLE many. */
static void
write_defaults (TideDdl                *ddl,
                const TideSchemaObject *from,
                const TideSchemaObject *to)
{
  g_autofree char *name = tide_schema_object_dup_quoted (to);
  g_autoptr (GString) actions = g_string_new (NULL);

  tide_entries_compare (from == NULL ? NULL : tide_schema_object_get_value (from, DEFAULTS),
                        tide_schema_object_get_value (to, DEFAULTS), write_default, actions);
  if (actions->len > 0)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER TABLE %s%s", name, actions->str);
}

static void
write_stub (TideDdl                *ddl,
            const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *stand_in = tide_view_dup_stand_in (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s AS %s", address, stand_in);
}

/* A view may read itself once it is there: nobody can select from it, but it is kept. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  gboolean is_there = tide_ddl_is_over_stub (ddl);

  if (!is_there && tide_schema_object_get_value (object, OF_ITSELF) != NULL)
    {
      write_stub (ddl, object);
      is_there = TRUE;
    }
  write_definition (ddl, TIDE_HAZARD_NONE, is_there ? "CREATE OR REPLACE" : "CREATE", object);
  write_defaults (ddl, NULL, object);
  tide_view_write_columns (ddl, NULL, object);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "DROP %s", address);
}

/* CREATE OR REPLACE keeps the columns that are there, and may add others behind them. */
static gboolean
keeps_columns (const TideSchemaObject *from,
               const TideSchemaObject *to)
{
  const char *before = tide_schema_object_get_value (from, TIDE_VIEW_COLUMNS);
  const char *after = tide_schema_object_get_value (to, TIDE_VIEW_COLUMNS);
  gsize length = before == NULL ? 0 : strlen (before);

  if (length == 0 || after == NULL)
    return length == 0;
  return strncmp (before, after, length) == 0 && (after[length] == '\0' || after[length] == '\n');
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  const guint64 redefined = G_GUINT64_CONSTANT (1) << TIDE_VIEW_DEFINITION | G_GUINT64_CONSTANT (1) << TIDE_VIEW_COLUMNS;

  if ((changed & redefined) != 0)
    {
      if (!keeps_columns (from, to))
        return FALSE;
      write_definition (ddl, TIDE_HAZARD_LOCK, "CREATE OR REPLACE", to);
    }
  else
    tide_view_write_options (ddl, "VIEW", from, to);
  write_defaults (ddl, from, to);
  tide_view_write_columns (ddl, from, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_view = {
  .kind = TIDE_OBJECT_VIEW,
  .name = "view",
  .plural = N_("Views"),
  .icon_name = "view-reveal-symbolic",
  .catalog = 1259,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = tide_view_complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
  .stub = write_stub,
};
