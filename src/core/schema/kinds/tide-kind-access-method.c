/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-access-method"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

static char *
dup_query (int version)
{
  return g_strdup ("SELECT a.oid, a.amname AS name, CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS type,"
                   " a.amhandler::pg_catalog.regproc::pg_catalog.text AS handler"
                   " FROM pg_catalog.pg_am a WHERE a.oid >= 16384 ORDER BY a.amname");
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("ACCESS METHOD", object);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s TYPE %s HANDLER %s", address, tide_schema_object_get (object, "type"),
                tide_schema_object_get (object, "handler"));
}

static const TideAttribute attributes[] = {
  { "type", N_("Type") },
  { "handler", N_("Handler") },
};

const TideObjectKindInfo tide_kind_access_method = {
  .kind = TIDE_OBJECT_ACCESS_METHOD,
  .name = "access method",
  .plural = N_("Access Methods"),
  .icon_name = "drive-harddisk-symbolic",
  .catalog = 2601,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
};
