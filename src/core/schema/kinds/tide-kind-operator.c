/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-operator"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* A query's column: another operator as CREATE OPERATOR names it */
#define OPERATOR_NAME(oid)                                                                             \
  "(SELECT 'OPERATOR(' || pg_catalog.quote_ident(on_.nspname) || '.' || other.oprname || ')'"          \
  " FROM pg_catalog.pg_operator other JOIN pg_catalog.pg_namespace on_ ON on_.oid = other.oprnamespace" \
  " WHERE other.oid = " oid ")"

/* Without shells: what was named as a commutator or negator and is not there yet */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT o.oid, n.nspname AS schema, o.oprname AS name, o.oprowner AS owner,"
                   " '(' || CASE o.oprleft WHEN 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END || ', '"
                   " || CASE o.oprright WHEN 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprright, NULL) END || ')'"
                   " AS signature,"
                   " CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END AS left,"
                   " CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END AS right,"
                   " " TIDE_KIND_FUNCTION ("o.oprcode", "regproc") " AS function,"
                   " " OPERATOR_NAME ("o.oprcom") " AS commutator, " OPERATOR_NAME ("o.oprnegate") " AS negator,"
                   " " TIDE_KIND_FUNCTION ("o.oprrest", "regproc") " AS restrict,"
                   " " TIDE_KIND_FUNCTION ("o.oprjoin", "regproc") " AS join,"
                   " " TIDE_KIND_BOOLEAN ("o.oprcanhash") " AS hashes, " TIDE_KIND_BOOLEAN ("o.oprcanmerge") " AS merges"
                   " FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace"
                   " WHERE o.oprcode <> 0 AND " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname, o.oprname, o.oid");
}

/* (transfer full): an operator's name is not quoted, it has letters of its own */
static char *
dup_name (const TideSchemaObject *object)
{
  g_autofree char *schema = tide_ddl_name (tide_schema_object_get_namespace (object));

  return g_strconcat (schema, ".", tide_schema_object_get_name (object), NULL);
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = dup_name (object);

  return g_strdup_printf ("OPERATOR %s %s", name, tide_schema_object_get_signature (object));
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  static const TideKindOption options[] = {
    { "function", "FUNCTION" }, { "left", "LEFTARG" },      { "right", "RIGHTARG" }, { "commutator", "COMMUTATOR" },
    { "negator", "NEGATOR" },   { "restrict", "RESTRICT" }, { "join", "JOIN" },
  };
  g_autofree char *name = dup_name (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE OPERATOR %s (", name);
  tide_kind_append_options (sql, object, options, G_N_ELEMENTS (options));
  if (tide_schema_object_is (object, "hashes"))
    g_string_append (sql, ",\n  HASHES");
  if (tide_schema_object_is (object, "merges"))
    g_string_append (sql, ",\n  MERGES");
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s\n)", sql->str);
}

/* ALTER OPERATOR sets what the planner estimates with, and little more. */
static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  const char *restriction = tide_schema_object_get (to, "restrict");
  const char *join = tide_schema_object_get (to, "join");

  if (tide_kind_is_changed (to, changed, "function") || tide_kind_is_changed (to, changed, "commutator")
      || tide_kind_is_changed (to, changed, "negator") || tide_kind_is_changed (to, changed, "hashes")
      || tide_kind_is_changed (to, changed, "merges"))
    return FALSE;
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s SET (RESTRICT = %s, JOIN = %s)", address,
                restriction == NULL ? "NONE" : restriction, join == NULL ? "NONE" : join);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "left", "", TIDE_ATTRIBUTE_INTERNAL },
  { "right", "", TIDE_ATTRIBUTE_INTERNAL },
  { "function", N_("Function") },
  { "commutator", N_("Commutator") },
  { "negator", N_("Negator") },
  { "restrict", N_("Restriction estimator") },
  { "join", N_("Join estimator") },
  { "hashes", N_("Hashes") },
  { "merges", N_("Merges") },
};

const TideObjectKindInfo tide_kind_operator = {
  .kind = TIDE_OBJECT_OPERATOR,
  .name = "operator",
  .plural = N_("Operators"),
  .icon_name = "list-add-symbolic",
  .catalog = 2617,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
