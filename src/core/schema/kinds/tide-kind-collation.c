/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-collation"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* Collations and conversions: how text is sorted, and how it is read. Made anew when they change. */

/* Where a locale that is not of libc stands: with those of libc before 15, by two names since */
static char *
dup_collation_query (int version)
{
  const char *locale = version < 150000   ? "c.collcollate::pg_catalog.text"
                       : version < 170000 ? "COALESCE(c.colliculocale, c.collcollate)"
                                          : "COALESCE(c.colllocale, c.collcollate)";

  return g_strdup_printf (
    "SELECT c.oid, n.nspname AS schema, c.collname AS name, c.collowner AS owner,"
    " CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN 'default' ELSE 'libc' END AS provider,"
    " CASE WHEN c.collprovider <> 'c' OR c.collcollate = c.collctype THEN pg_catalog.quote_literal(%s) END AS locale,"
    " CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype THEN"
    " pg_catalog.quote_literal(c.collcollate::pg_catalog.text) END AS lc_collate, CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype"
    " THEN pg_catalog.quote_literal(c.collctype::pg_catalog.text) END AS lc_ctype,"
    " CASE WHEN NOT c.collisdeterministic THEN 'false' END AS deterministic, %s AS rules"
    " FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace"
    " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, c.collname",
    locale, version < 160000 ? "NULL::pg_catalog.text" : "pg_catalog.quote_literal(c.collicurules)");
}

static char *
dup_collation_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("COLLATION", object);
}

static void
create_collation (TideDdl                *ddl,
                  const TideSchemaObject *object)
{
  static const TideKindOption options[] = {
    { "provider", "PROVIDER" }, { "deterministic", "DETERMINISTIC" }, { "locale", "LOCALE" },
    { "lc_collate", "LC_COLLATE" }, { "lc_ctype", "LC_CTYPE" }, { "rules", "RULES" },
  };
  g_autofree char *address = dup_collation_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s (", address);
  tide_kind_append_options (sql, object, options, G_N_ELEMENTS (options));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s\n)", sql->str);
}

static const TideAttribute collation_attributes[] = {
  { "provider", N_("Provider") },
  { "locale", N_("Locale"), TIDE_ATTRIBUTE_LOCALE },
  { "lc_collate", N_("Sort order") },
  { "lc_ctype", N_("Character classes") },
  { "deterministic", N_("Deterministic") },
  { "rules", N_("Rules") },
};

const TideObjectKindInfo tide_kind_collation = {
  .kind = TIDE_OBJECT_COLLATION,
  .name = "collation",
  .plural = N_("Collations"),
  .icon_name = "view-sort-ascending-symbolic",
  .catalog = 3456,
  .attributes = collation_attributes,
  .n_attributes = G_N_ELEMENTS (collation_attributes),
  .query = dup_collation_query,
  .address = dup_collation_address,
  .create = create_collation,
};

static char *
dup_conversion_query (int version)
{
  return g_strdup ("SELECT c.oid, n.nspname AS schema, c.conname AS name, c.conowner AS owner,"
                   " pg_catalog.pg_encoding_to_char(c.conforencoding) AS source,"
                   " pg_catalog.pg_encoding_to_char(c.contoencoding) AS target,"
                   " c.conproc::pg_catalog.regproc::pg_catalog.text AS function,"
                   " " TIDE_KIND_BOOLEAN ("c.condefault") " AS default"
                   " FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, c.conname");
}

static char *
dup_conversion_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("CONVERSION", object);
}

static void
create_conversion (TideDdl                *ddl,
                   const TideSchemaObject *object)
{
  g_autofree char *address = dup_conversion_address (object);
  g_autofree char *source = tide_ddl_literal (tide_schema_object_get (object, "source"));
  g_autofree char *target = tide_ddl_literal (tide_schema_object_get (object, "target"));

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s%s FOR %s TO %s FROM %s",
                tide_schema_object_is (object, "default") ? "DEFAULT " : "", address, source, target,
                tide_schema_object_get (object, "function"));
}

static const TideAttribute conversion_attributes[] = {
  { "source", N_("From encoding") },
  { "target", N_("To encoding") },
  { "function", N_("Function") },
  { "default", N_("Default") },
};

const TideObjectKindInfo tide_kind_conversion = {
  .kind = TIDE_OBJECT_CONVERSION,
  .name = "conversion",
  .plural = N_("Conversions"),
  .icon_name = "view-sort-ascending-symbolic",
  .catalog = 2607,
  .attributes = conversion_attributes,
  .n_attributes = G_N_ELEMENTS (conversion_attributes),
  .query = dup_conversion_query,
  .address = dup_conversion_address,
  .create = create_conversion,
};
