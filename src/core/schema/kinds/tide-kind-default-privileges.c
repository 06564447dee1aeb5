/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-default-privileges"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-grants.h"
#include "schema/tide-privileges.h"
#include "schema/tide-schema-builder.h"
#include "wire/tide-session.h"

enum
{
  OBJECTS = TIDE_N_COMMON_ATTRIBUTES,
  GRANTS,
  ROLE,
};

static const TideAttribute attributes[] = {
  { "objects", N_("Objects"), TIDE_ATTRIBUTE_INTERNAL },
  { "grants", N_("Privileges") },
  { "role", N_("Made by"), TIDE_ATTRIBUTE_INTERNAL },
};

#define OBJECTS_SQL                                                                              \
  "CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'"                        \
  " WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' END"

/* Those of the usual owner are named by what they are for alone. A role that is no more makes nothing. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT d.oid, n.nspname AS schema, pg_catalog.lower(" OBJECTS_SQL ") AS name,"
                   " '(' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole)) || ')' AS signature,"
                   " d.defaclrole AS owner, " OBJECTS_SQL " AS objects, d.defaclacl AS raw_grants,"
                   " pg_catalog.pg_get_userbyid(d.defaclrole) AS role_name"
                   " FROM pg_catalog.pg_default_acl d"
                   " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace"
                   " WHERE d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n')"
                   " AND d.defaclrole IN (SELECT r.oid FROM pg_catalog.pg_roles r)"
                   " ORDER BY 2, 3, 4");
}

static TideObjectKind
get_kind_of (const TideSchemaObject *object)
{
  static const struct
  {
    const char     *objects;
    TideObjectKind  kind;
  } kinds[] = {
    { "TABLES", TIDE_OBJECT_TABLE }, { "SEQUENCES", TIDE_OBJECT_SEQUENCE }, { "FUNCTIONS", TIDE_OBJECT_FUNCTION },
    { "TYPES", TIDE_OBJECT_ENUM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (tide_schema_object_get_value (object, OBJECTS), kinds[i].objects))
      return kinds[i].kind;
  return TIDE_OBJECT_SCHEMA;
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  const char *role = tide_catalog_row_get (row, "role_name");
  const char *all = tide_privileges_get_all (get_kind_of (object));
  g_autoptr (TideGrants) grants = tide_grants_parse_acl (tide_catalog_row_get (row, "raw_grants"), role, all);

  if (tide_schema_object_get_value (object, TIDE_ATTRIBUTE_OWNER) == NULL)
    tide_schema_builder_set_signature (builder, object, NULL);
  else
    tide_schema_builder_set_value (builder, object, ROLE, role);
  tide_schema_builder_set_value (builder, object, TIDE_ATTRIBUTE_OWNER, NULL);
  tide_schema_builder_set_value (builder, object, GRANTS,
                                 tide_schema_builder_take (builder, tide_grants_dup_text (grants)));
}

static char *
dup_address (const TideSchemaObject *object)
{
  const char *role = tide_schema_object_get_value (object, ROLE);
  const char *namespace_ = tide_schema_object_get_namespace (object);
  g_autofree char *role_name = tide_quote_identifier (role == NULL ? "" : role);
  g_autofree char *schema_name = tide_quote_identifier (namespace_ == NULL ? "" : namespace_);

  return g_strconcat ("DEFAULT PRIVILEGES ", role == NULL ? "" : "FOR ROLE ", role == NULL ? "" : role_name,
                      role == NULL ? "" : " ", namespace_ == NULL ? "" : "IN SCHEMA ",
                      namespace_ == NULL ? "" : schema_name, namespace_ == NULL ? "" : " ", NULL);
}

/* (transfer full): what there is where nothing was said: for a schema alone, nothing is added to what holds everywhere */
static char *
dup_standard (const TideSchemaObject *object)
{
  if (tide_schema_object_get_namespace (object) != NULL)
    return g_strdup ("");
  return tide_privileges_dup_default (get_kind_of (object));
}

static void
write_change (TideDdl                *ddl,
              TideDdlPhase            phase,
              const TideSchemaObject *object,
              const char             *from,
              const char             *to)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *prefix = g_strconcat ("ALTER ", address, NULL);
  const char *role = tide_schema_object_get_value (object, ROLE);
  g_autofree char *owner = role == NULL ? g_strdup ("CURRENT_USER") : tide_quote_identifier (role);
  TideGrantTarget target = { prefix, tide_schema_object_get_value (object, OBJECTS), NULL, owner,
                             tide_privileges_get_all (get_kind_of (object)), phase };

  tide_privileges_write_change (ddl, &target, from, from, to);
}

/* In the end: what the script makes is not to get them. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *standard = dup_standard (object);

  write_change (ddl, TIDE_DDL_LAST, object, standard, tide_schema_object_get_value (object, GRANTS));
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *standard = dup_standard (object);

  write_change (ddl, TIDE_DDL_MAIN, object, tide_schema_object_get_value (object, GRANTS), standard);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  write_change (ddl, TIDE_DDL_LAST, to, tide_schema_object_get_value (from, GRANTS),
                tide_schema_object_get_value (to, GRANTS));
  return TRUE;
}

const TideObjectKindInfo tide_kind_default_privileges = {
  .kind = TIDE_OBJECT_DEFAULT_PRIVILEGES,
  .name = "default privileges",
  .plural = N_("Default Privileges"),
  .icon_name = "system-users-symbolic",
  .catalog = 826,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
