/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-cast"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* Casts and transforms: named by their types, owned by nobody, made anew when they change. */

/* The cast from a range to its multirange comes with the range. */
static char *
dup_cast_query (int version)
{
  return g_strdup ("SELECT c.oid, pg_catalog.format_type(c.castsource, NULL) || ' AS '"
                   " || pg_catalog.format_type(c.casttarget, NULL) AS name,"
                   " CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'"
                   " ELSE 'WITH FUNCTION ' || c.castfunc::pg_catalog.regprocedure::pg_catalog.text END AS method,"
                   " CASE c.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END AS context"
                   " FROM pg_catalog.pg_cast c WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
                   " WHERE d.classid = 2605 AND d.objid = c.oid AND d.deptype = 'i') ORDER BY 2");
}

static char *
dup_cast_address (const TideSchemaObject *object)
{
  return g_strdup_printf ("CAST (%s)", tide_schema_object_get_name (object));
}

static void
create_cast (TideDdl                *ddl,
             const TideSchemaObject *object)
{
  g_autofree char *address = dup_cast_address (object);
  const char *context = tide_schema_object_get (object, "context");

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s %s%s%s", address, tide_schema_object_get (object, "method"),
                context == NULL ? "" : " ", context == NULL ? "" : context);
}

static const TideAttribute cast_attributes[] = {
  { "method", N_("Method") },
  { "context", N_("Context") },
};

const TideObjectKindInfo tide_kind_cast = {
  .kind = TIDE_OBJECT_CAST,
  .name = "cast",
  .plural = N_("Casts"),
  .icon_name = "object-rotate-right-symbolic",
  .catalog = 2605,
  .attributes = cast_attributes,
  .n_attributes = G_N_ELEMENTS (cast_attributes),
  .query = dup_cast_query,
  .address = dup_cast_address,
  .create = create_cast,
};

static char *
dup_transform_query (int version)
{
  return g_strdup ("SELECT t.oid, pg_catalog.format_type(t.trftype, NULL) || ' LANGUAGE '"
                   " || pg_catalog.quote_ident(l.lanname) AS name,"
                   " " TIDE_KIND_FUNCTION ("t.trffromsql", "regprocedure") " AS from_sql,"
                   " " TIDE_KIND_FUNCTION ("t.trftosql", "regprocedure") " AS to_sql"
                   " FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang ORDER BY 2");
}

static char *
dup_transform_address (const TideSchemaObject *object)
{
  return g_strdup_printf ("TRANSFORM FOR %s", tide_schema_object_get_name (object));
}

static void
create_transform (TideDdl                *ddl,
                  const TideSchemaObject *object)
{
  g_autofree char *address = dup_transform_address (object);
  const char *from_sql = tide_schema_object_get (object, "from_sql");
  const char *to_sql = tide_schema_object_get (object, "to_sql");
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s (", address);
  if (from_sql != NULL)
    g_string_append_printf (sql, "FROM SQL WITH FUNCTION %s", from_sql);
  if (to_sql != NULL)
    g_string_append_printf (sql, "%sTO SQL WITH FUNCTION %s", from_sql == NULL ? "" : ", ", to_sql);
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s)", sql->str);
}

static const TideAttribute transform_attributes[] = {
  { "from_sql", N_("From SQL") },
  { "to_sql", N_("To SQL") },
};

const TideObjectKindInfo tide_kind_transform = {
  .kind = TIDE_OBJECT_TRANSFORM,
  .name = "transform",
  .plural = N_("Transforms"),
  .icon_name = "object-rotate-right-symbolic",
  .catalog = 3576,
  .attributes = transform_attributes,
  .n_attributes = G_N_ELEMENTS (transform_attributes),
  .query = dup_transform_query,
  .address = dup_transform_address,
  .create = create_transform,
};
