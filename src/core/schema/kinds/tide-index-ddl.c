/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-index-ddl"

#include "config.h"

#include "schema/kinds/tide-index-ddl.h"
#include "schema/kinds/tide-table-ddl.h"
#include "schema/tide-plan.h"
#include "wire/tide-session.h"

void
tide_index_add_clustered (TideDdl                *ddl,
                          const TideSchemaObject *object,
                          gboolean                clustered)
{
  g_autofree char *table = tide_table_dup_quoted (object);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  if (clustered)
    tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "ALTER TABLE %s CLUSTER ON %s", table, name);
  else
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER TABLE %s SET WITHOUT CLUSTER", table);
}

void
tide_index_add_replica_identity (TideDdl                *ddl,
                                 const TideSchemaObject *object,
                                 gboolean                is_identity)
{
  g_autofree char *table = tide_table_dup_quoted (object);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  if (is_identity)
    tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %s", table, name);
  else if (tide_schema_object_get (tide_schema_object_get_parent (object), "replica_identity") == NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER TABLE ONLY %s REPLICA IDENTITY DEFAULT", table);
}

void
tide_index_add_attach (TideDdl                *ddl,
                       const TideSchemaObject *object,
                       const char             *index)
{
  const TideSchemaObject *whole = tide_plan_find_inherited (object);
  TideDdlPhase phase = tide_table_get_attach_phase (ddl, tide_schema_object_get_parent (object));

  /* One that is to stay without parts comes late itself. */
  if (phase == TIDE_DDL_JOIN && whole != NULL && tide_schema_object_is (whole, "invalid"))
    phase = TIDE_DDL_LATE;
  tide_ddl_add_at (ddl, phase, TIDE_HAZARD_LOCK, "ALTER INDEX %s ATTACH PARTITION %s", tide_schema_object_get (object, "partition_of"),
                   index);
}

void
tide_index_add_storage_change (TideDdl                *ddl,
                               const char             *index,
                               const TideSchemaObject *from,
                               const TideSchemaObject *to)
{
  g_autofree char *address = g_strconcat ("ALTER INDEX ", index, NULL);
  const char *tablespace = tide_schema_object_get (to, "tablespace");

  if (g_strcmp0 (tide_schema_object_get (from, "tablespace"), tablespace) != 0)
    {
      g_autofree char *name = tide_quote_identifier (tablespace == NULL ? "pg_default" : tablespace);

      tide_ddl_add (ddl, TIDE_HAZARD_LONG_LOCK, "%s SET TABLESPACE %s", address, name);
    }
  tide_options_add_change (ddl, address, tide_schema_object_get (from, "options"), tide_schema_object_get (to, "options"));
}

gboolean
tide_index_can_change_part (const TideSchemaObject *from,
                            const TideSchemaObject *to,
                            const char             *whole_from)
{
  const TideSchemaObject *table_from = tide_schema_object_get_parent (from);
  const TideSchemaObject *table_to = tide_schema_object_get_parent (to);

  if (whole_from == NULL)
    return TRUE;
  return g_strcmp0 (tide_schema_object_get (table_from, "partition_of"), tide_schema_object_get (table_to, "partition_of")) != 0;
}
