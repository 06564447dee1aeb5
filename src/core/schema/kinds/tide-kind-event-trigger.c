/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-event-trigger"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"

enum
{
  EVENT = TIDE_N_COMMON_ATTRIBUTES,
  TAGS,
  FUNCTION,
  ENABLED,
};

static const TideAttribute attributes[] = {
  { "event", N_("Event") },
  { "tags", N_("Commands") },
  { "function", N_("Function") },
  { "enabled", N_("Enabled") },
};

#define BIT(attribute) (G_GUINT64_CONSTANT (1) << (attribute))

static char *
dup_query (int version)
{
  return g_strdup ("SELECT e.oid, e.evtname AS name, e.evtowner AS owner, e.evtevent AS event,"
                   " (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(u.tag), ', ' ORDER BY u.place)"
                   " FROM pg_catalog.unnest(e.evttags) WITH ORDINALITY AS u(tag, place)) AS tags,"
                   " pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) AS function,"
                   " CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'"
                   " WHEN 'A' THEN 'ENABLE ALWAYS' END AS enabled"
                   " FROM pg_catalog.pg_event_trigger e"
                   " JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
                   " ORDER BY 2");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("EVENT TRIGGER ", name, NULL);
}

static void
write_enabled (TideDdl                *ddl,
               const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  const char *state = tide_schema_object_get_value (object, ENABLED);

  tide_ddl_add_at (ddl, TIDE_DDL_LAST, TIDE_HAZARD_NONE, "ALTER %s %s", address, state == NULL ? "ENABLE" : state);
}

/* Disabled until all else is done: it is not for the script that it waits. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  const char *tags = tide_schema_object_get_value (object, TAGS);
  const char *state = tide_schema_object_get_value (object, ENABLED);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s ON %s%s%s%s EXECUTE FUNCTION %s()", address,
                tide_schema_object_get_value (object, EVENT), tags == NULL ? "" : " WHEN TAG IN (",
                tags == NULL ? "" : tags, tags == NULL ? "" : ")", tide_schema_object_get_value (object, FUNCTION));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DISABLE", address);
  if (g_strcmp0 (state, "DISABLE") != 0)
    write_enabled (ddl, object);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  if ((changed & ~BIT (ENABLED)) != 0)
    return FALSE;
  write_enabled (ddl, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_event_trigger = {
  .kind = TIDE_OBJECT_EVENT_TRIGGER,
  .name = "event trigger",
  .plural = N_("Event Triggers"),
  .icon_name = "preferences-system-notifications-symbolic",
  .catalog = 3466,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
