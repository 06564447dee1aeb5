/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-schema"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"

static char *
dup_query (int version)
{
  return g_strdup ("SELECT n.oid, n.nspname AS name, n.nspowner AS owner,"
                   " NULLIF(n.nspacl, pg_catalog.acldefault('n', n.nspowner)) AS privileges"
                   " FROM pg_catalog.pg_namespace n"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname COLLATE \"C\"");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("SCHEMA ", name, NULL);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE SCHEMA %s", name);
}

const TideObjectKindInfo tide_kind_schema = {
  .kind = TIDE_OBJECT_SCHEMA,
  .name = "schema",
  .plural = N_("Schemas"),
  .icon_name = "folder-symbolic",
  .catalog = 2615,
  .query = dup_query,
  .address = dup_address,
  .create = create,
};
