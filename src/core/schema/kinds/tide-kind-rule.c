/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-rule"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"
#include "wire/tide-session.h"

enum
{
  DEFINITION = TIDE_N_COMMON_ATTRIBUTES,
  ENABLED,
};

static const TideAttribute attributes[] = {
  { "definition", N_("Definition"), TIDE_ATTRIBUTE_EXPRESSION },
  { "enabled", N_("Enabled") },
};

/* What makes a view a view is the view's. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT r.oid, r.ev_class AS parent, r.rulename AS name,"
                   " " TIDE_CATALOG_OR_VANISHED ("pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')") " AS definition,"
                   " CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'"
                   " WHEN 'A' THEN 'ENABLE ALWAYS' END AS enabled"
                   " FROM pg_catalog.pg_rewrite r"
                   " JOIN pg_catalog.pg_class c ON c.oid = r.ev_class"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   " WHERE r.rulename <> '_RETURN' AND " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname, c.relname, r.rulename");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_schema_object_dup_quoted (tide_schema_object_get_parent (object));

  return g_strdup_printf ("RULE %s ON %s", name, table);
}

static void
write_enabled (TideDdl                *ddl,
               const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_schema_object_dup_quoted (tide_schema_object_get_parent (object));
  const char *state = tide_schema_object_get_value (object, ENABLED);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER TABLE %s %s RULE %s", table, state == NULL ? "ENABLE" : state, name);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s", tide_schema_object_get_value (object, DEFINITION));
  if (tide_schema_object_get_value (object, ENABLED) != NULL)
    write_enabled (ddl, object);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "DROP %s", address);
}

/* Replacing a rule keeps its state. */
static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  if (changed & G_GUINT64_CONSTANT (1) << DEFINITION)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "CREATE OR REPLACE %s",
                  tide_schema_object_get_value (to, DEFINITION) + strlen ("CREATE "));
  if (changed & G_GUINT64_CONSTANT (1) << ENABLED)
    write_enabled (ddl, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_rule = {
  .kind = TIDE_OBJECT_RULE,
  .name = "rule",
  .plural = N_("Rules"),
  .icon_name = "emblem-system-symbolic",
  .catalog = 2618,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
