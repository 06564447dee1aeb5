/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-base-type"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* Array types belong to their elements; a shell is a pseudo-type until it is defined. */
static char *
dup_query (int version)
{
  return g_strdup_printf (
    "SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typowner AS owner,"
    " NULLIF(t.typacl, pg_catalog.acldefault('T', t.typowner)) AS privileges,"
    " " TIDE_KIND_BOOLEAN ("NOT t.typisdefined") " AS shell,"
    " " TIDE_KIND_FUNCTION ("t.typinput", "regproc") " AS input,"
    " " TIDE_KIND_FUNCTION ("t.typoutput", "regproc") " AS output,"
    " " TIDE_KIND_FUNCTION ("t.typreceive", "regproc") " AS receive,"
    " " TIDE_KIND_FUNCTION ("t.typsend", "regproc") " AS send,"
    " " TIDE_KIND_FUNCTION ("t.typmodin", "regproc") " AS typmod_in,"
    " " TIDE_KIND_FUNCTION ("t.typmodout", "regproc") " AS typmod_out,"
    " " TIDE_KIND_FUNCTION ("t.typanalyze", "regproc") " AS analyze, %s AS subscript,"
    " CASE t.typlen WHEN -1 THEN 'variable' ELSE t.typlen::pg_catalog.text END AS length,"
    " " TIDE_KIND_BOOLEAN ("t.typbyval") " AS by_value,"
    " CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END AS alignment,"
    " CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END AS storage,"
    " CASE WHEN t.typcategory <> 'U' THEN pg_catalog.quote_literal(t.typcategory::pg_catalog.text) END AS category,"
    " " TIDE_KIND_BOOLEAN ("t.typispreferred") " AS preferred,"
    " COALESCE(pg_catalog.pg_get_expr(t.typdefaultbin, 0), pg_catalog.quote_literal(t.typdefault)) AS default,"
    " CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END AS element,"
    " CASE WHEN t.typdelim <> ',' THEN pg_catalog.quote_literal(t.typdelim::pg_catalog.text) END AS delimiter,"
    " " TIDE_KIND_BOOLEAN ("t.typcollation <> 0") " AS collatable"
    " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
    " WHERE (t.typtype = 'b' OR NOT t.typisdefined) AND " TIDE_CATALOG_USER_SCHEMA ("n")
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)"
    " ORDER BY n.nspname, t.typname",
    version < 140000 ? "NULL::pg_catalog.text" : TIDE_KIND_FUNCTION ("t.typsubscript", "regproc"));
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("TYPE", object);
}

/* How CREATE TYPE calls an attribute; a boolean one is written as "true" */
static const TideKindOption options[] = {
  { "length", "INTERNALLENGTH" }, { "input", "INPUT" },           { "output", "OUTPUT" },         { "receive", "RECEIVE" },
  { "send", "SEND" },             { "typmod_in", "TYPMOD_IN" },   { "typmod_out", "TYPMOD_OUT" },
  { "analyze", "ANALYZE" },       { "subscript", "SUBSCRIPT" },   { "collatable", "COLLATABLE" },
  { "default", "DEFAULT" },       { "element", "ELEMENT" },       { "category", "CATEGORY" },
  { "preferred", "PREFERRED" },   { "delimiter", "DELIMITER" },   { "alignment", "ALIGNMENT" },
  { "storage", "STORAGE" },       { "by_value", "PASSEDBYVALUE" },
};

/* A shell: the functions that the type needs can name it. */
static void
stub (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s", address);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (tide_schema_object_is (object, "shell"))
    {
      stub (ddl, object);
      return;
    }
  g_string_append_printf (sql, "CREATE %s (", address);
  tide_kind_append_options (sql, object, options, G_N_ELEMENTS (options));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s\n)", sql->str);
}

static gboolean
has_columns (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *users =
    tide_schema_get_dependents (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (users[i]) == TIDE_OBJECT_COLUMN)
      return TRUE;
  return FALSE;
}

/* The functions that read and write its values hang on it, and it on them: only together they go. A column that was not moved
 * to another type goes as well. */
static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | (has_columns (object) ? TIDE_HAZARD_DATA_LOSS : TIDE_HAZARD_NONE), "DROP %s%s",
                address, tide_schema_object_is (object, "shell") ? "" : " CASCADE");
}

/* What ALTER TYPE ... SET knows, from 13 on */
static gboolean
is_settable (const char *attribute)
{
  static const char *const settable[] = { "receive", "send", "typmod_in", "typmod_out", "analyze", "subscript", "storage",
                                          NULL };

  return g_strv_contains (settable, attribute);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (tide_kind_is_changed (to, changed, "shell") || tide_ddl_get_server_version (ddl) < 130000)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = tide_schema_object_get (to, options[i].attribute);

      if (!tide_kind_is_changed (to, changed, options[i].attribute))
        continue;
      if (!is_settable (options[i].attribute))
        return FALSE;
      g_string_append_printf (sql, "%s%s = %s", sql->len == 0 ? "" : ", ", options[i].word, value == NULL ? "NONE" : value);
    }
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER %s SET (%s)", address, sql->str);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "shell", N_("Shell") },
  { "input", N_("Input function") },
  { "output", N_("Output function") },
  { "receive", N_("Receive function") },
  { "send", N_("Send function") },
  { "typmod_in", N_("Modifier input function") },
  { "typmod_out", N_("Modifier output function") },
  { "analyze", N_("Analyze function") },
  { "subscript", N_("Subscript function") },
  { "length", N_("Length") },
  { "by_value", N_("Passed by value") },
  { "alignment", N_("Alignment") },
  { "storage", N_("Storage") },
  { "category", N_("Category") },
  { "preferred", N_("Preferred") },
  { "default", N_("Default") },
  { "element", N_("Element") },
  { "delimiter", N_("Delimiter") },
  { "collatable", N_("Collatable") },
};

const TideObjectKindInfo tide_kind_base_type = {
  .kind = TIDE_OBJECT_BASE_TYPE,
  .name = "base type",
  .plural = N_("Base Types"),
  .icon_name = "package-x-generic-symbolic",
  .catalog = 1247,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .stub = stub,
  .alter = alter,
};
