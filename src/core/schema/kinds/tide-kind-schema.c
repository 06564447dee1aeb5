/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-schema"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-ddl.h"
#include "schema/tide-grants.h"
#include "schema/tide-privileges.h"
#include "schema/tide-schema-builder.h"

/* Every new database has a schema "public", of a role and with privileges that are not the same in all versions: initdb's, as
 * pg_dump takes them for granted. One that was dropped and made again, as Prisma's reset does it, is no difference either. */
#define PUBLIC_COMMENT "standard public schema"

/* Roles: 10 is initdb's superuser, 6171 pg_database_owner. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT n.oid, n.nspname AS name,"
                   " CASE WHEN n.nspname <> 'public' OR n.nspowner NOT IN (10, 6171) THEN n.nspowner END AS owner,"
                   " CASE WHEN n.nspname <> 'public' THEN n.nspacl END AS privileges,"
                   " CASE WHEN n.nspname = 'public' AND NOT " TIDE_CATALOG_BARE_PUBLIC ("n") " THEN n.nspacl END AS public_privileges,"
                   " pg_catalog.pg_get_userbyid(n.nspowner) AS owner_name, "
                   TIDE_SQL_TRUE ("n.nspowner = 6171") " AS owned_by_database"
                   " FROM pg_catalog.pg_namespace n"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname COLLATE \"C\"");
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  const char *acl = tide_catalog_row_get (row, "public_privileges");
  const char *comment = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_COMMENT);
  g_autoptr (TideGrants) grants = NULL;
  g_autofree char *text = NULL;

  if (!g_str_equal (tide_schema_object_get_name (object), "public"))
    return;
  if (g_strcmp0 (comment, PUBLIC_COMMENT) == 0)
    tide_schema_builder_set_value (builder, object, TIDE_ATTRIBUTE_COMMENT, NULL);
  if (acl == NULL)
    return;
  /* One that was dropped and made again has none either, which says nothing. */
  if (comment == NULL)
    tide_schema_builder_set_value (builder, object, TIDE_ATTRIBUTE_COMMENT, "");
  grants = tide_grants_parse_acl (acl, tide_catalog_row_get (row, "owner_name"), tide_privileges_get_all (TIDE_OBJECT_SCHEMA));
  text = tide_grants_dup_text (grants);
  if (!g_str_equal (text, tide_privileges_get_public_schema (tide_schema_builder_get_server_version (builder))))
    tide_schema_builder_set_value (builder, object, TIDE_ATTRIBUTE_PRIVILEGES,
                                   tide_schema_builder_take (builder, g_steal_pointer (&text)));
}

static const char *
get_standard_comment (const TideSchemaObject *object)
{
  return g_str_equal (tide_schema_object_get_name (object), "public") ? PUBLIC_COMMENT : NULL;
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
  gboolean is_standard = get_standard_comment (object) != NULL && tide_ddl_get_server_version (ddl) >= 150000
                         && tide_schema_object_get_value (object, TIDE_ATTRIBUTE_OWNER) == NULL;

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE SCHEMA %s%s", name, is_standard ? " AUTHORIZATION pg_database_owner" : "");
}

static const TideAttribute attributes[] = {
  { "owned_by_database", "", TIDE_ATTRIBUTE_INTERNAL },
};

const TideObjectKindInfo tide_kind_schema = {
  .kind = TIDE_OBJECT_SCHEMA,
  .name = "schema",
  .plural = N_("Schemas"),
  .icon_name = "folder-symbolic",
  .catalog = 2615,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .get_standard_comment = get_standard_comment,
  .address = dup_address,
  .create = create,
};
