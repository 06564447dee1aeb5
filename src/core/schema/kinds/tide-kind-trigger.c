/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-trigger"

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
  CONSTRAINT,
  PARENT_ENABLED,
};

static const TideAttribute attributes[] = {
  { "definition", N_("Definition"), TIDE_ATTRIBUTE_EXPRESSION },
  { "enabled", N_("Enabled") },
  { "constraint", N_("Constraint"), TIDE_ATTRIBUTE_INTERNAL },
  { "parent_enabled", N_("Enabled above"), TIDE_ATTRIBUTE_INTERNAL },
};

#define ENABLED_SQL(value) "CASE " value " WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END"

/* A partition's copy of its parent's trigger is an object only where it is enabled otherwise, and has no definition then. Before
 * 13 copies are internal and known by what they depend on. */
#define QUERY                                                                                              \
  "SELECT t.oid, t.tgrelid AS parent, t.tgname AS name,"                                                   \
  " CASE WHEN u.oid IS NULL THEN " TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_triggerdef(t.oid, false)") " END AS definition," \
  " " ENABLED_SQL ("t.tgenabled") " AS enabled,"                                                           \
  " CASE WHEN t.tgconstraint <> 0 THEN 'true' END AS \"constraint\","                                      \
  " CASE WHEN u.oid IS NOT NULL THEN COALESCE(" ENABLED_SQL ("u.tgenabled") ", 'ENABLE') END AS parent_enabled" \
  " FROM pg_catalog.pg_trigger t"                                                                          \
  " JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid"                                                       \
  " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"                                              \
  " %s"                                                                                                    \
  " WHERE " TIDE_CATALOG_USER_SCHEMA ("n")                                                                 \
  " AND (NOT t.tgisinternal AND u.oid IS NULL OR u.tgenabled <> t.tgenabled)"                              \
  " ORDER BY n.nspname, c.relname, t.tgname"

static char *
dup_query (int version)
{
  return g_strdup_printf (QUERY, version >= 130000
                          ? "LEFT JOIN pg_catalog.pg_trigger u ON u.oid = t.tgparentid"
                          : "LEFT JOIN pg_catalog.pg_depend d ON d.classid = 2620 AND d.objid = t.oid"
                            " AND d.refclassid = 2620 AND d.deptype IN ('P', 'i')"
                            " LEFT JOIN pg_catalog.pg_trigger u ON u.oid = d.refobjid");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_schema_object_dup_quoted (tide_schema_object_get_parent (object));

  return g_strdup_printf ("TRIGGER %s ON %s", name, table);
}

/* A copy is there once its table is a partition. */
static void
write_enabled (TideDdl                *ddl,
               TideDdlPhase            phase,
               const TideSchemaObject *object,
               const char             *state)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_schema_object_dup_quoted (tide_schema_object_get_parent (object));

  tide_ddl_add_at (ddl, phase, TIDE_HAZARD_LOCK, "ALTER TABLE %s %s TRIGGER %s", table,
                   state == NULL ? "ENABLE" : state, name);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  const char *definition = tide_schema_object_get_value (object, DEFINITION);
  const char *enabled = tide_schema_object_get_value (object, ENABLED);

  if (definition != NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s", definition);
  if (definition == NULL || enabled != NULL)
    write_enabled (ddl, definition == NULL ? TIDE_DDL_LAST : TIDE_DDL_MAIN, object, enabled);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  const TideSchemaObject *after = tide_ddl_get_other_parent (ddl);

  /* A copy goes with what it is a copy of, when its table leaves. */
  if (tide_schema_object_get_value (object, DEFINITION) == NULL
      && (after == NULL
          || g_strcmp0 (tide_schema_object_get (table, "partition_of"), tide_schema_object_get (after, "partition_of")) != 0))
    return;
  if (tide_schema_object_get_value (object, DEFINITION) == NULL)
    write_enabled (ddl, TIDE_DDL_MAIN, object, tide_schema_object_get_value (object, PARENT_ENABLED));
  else
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "DROP %s", address);
}

/* CREATE OR REPLACE is not older than 14, and not for constraint triggers. It also forgets the state. Either way partitions follow
 * their parent, also those that were told otherwise. */
static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  const char *definition = tide_schema_object_get_value (to, DEFINITION);
  const char *enabled = tide_schema_object_get_value (to, ENABLED);
  gboolean is_redefined = (changed & G_GUINT64_CONSTANT (1) << DEFINITION) != 0;

  if (!is_redefined)
    {
      write_enabled (ddl, definition == NULL ? TIDE_DDL_LAST : TIDE_DDL_MAIN, to, enabled);
      tide_ddl_disturbs (ddl, TIDE_OBJECT_TRIGGER);
      return TRUE;
    }
  if (tide_ddl_get_server_version (ddl) < 140000 || definition == NULL || !g_str_has_prefix (definition, "CREATE TRIGGER ")
      || tide_schema_object_get_value (from, DEFINITION) == NULL || tide_schema_object_get_value (from, CONSTRAINT) != NULL)
    return FALSE;
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "CREATE OR REPLACE %s", definition + strlen ("CREATE "));
  if (enabled != NULL)
    write_enabled (ddl, TIDE_DDL_MAIN, to, enabled);
  tide_ddl_disturbs (ddl, TIDE_OBJECT_TRIGGER);
  return TRUE;
}

const TideObjectKindInfo tide_kind_trigger = {
  .kind = TIDE_OBJECT_TRIGGER,
  .name = "trigger",
  .plural = N_("Triggers"),
  .icon_name = "media-playlist-consecutive-symbolic",
  .catalog = 2620,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
