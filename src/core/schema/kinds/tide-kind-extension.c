/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-extension"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* An extension lives in no schema; what it brings lives in "installed_in". That of the template databases is not told. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT e.oid, e.extname AS name, e.extowner AS owner, e.extversion AS version,"
                   " n.nspname AS installed_in, " TIDE_KIND_BOOLEAN ("e.extrelocatable") " AS relocatable"
                   " FROM pg_catalog.pg_extension e"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                   " WHERE e.oid >= 16384 ORDER BY e.extname");
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("EXTENSION", object);
}

/* Without its version: a server offers the ones that were packaged for it, as pg_dump knows. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *schema = tide_ddl_name (tide_schema_object_get (object, "installed_in"));

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s WITH SCHEMA %s", address, schema);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  g_autofree char *schema = tide_ddl_name (tide_schema_object_get (to, "installed_in"));
  g_autofree char *version = tide_ddl_literal (tide_schema_object_get (to, "version"));

  if (tide_kind_is_changed (to, changed, "installed_in"))
    {
      if (!tide_schema_object_is (from, "relocatable"))
        return FALSE;
      tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s SET SCHEMA %s", address, schema);
    }
  if (tide_kind_is_changed (to, changed, "version"))
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER %s UPDATE TO %s", address, version);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "installed_in", N_("Schema") },
  { "version", N_("Version") },
  { "relocatable", "", TIDE_ATTRIBUTE_INTERNAL },
};

const TideObjectKindInfo tide_kind_extension = {
  .kind = TIDE_OBJECT_EXTENSION,
  .name = "extension",
  .plural = N_("Extensions"),
  .icon_name = "application-x-addon-symbolic",
  .catalog = 3079,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
