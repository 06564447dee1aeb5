/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-domain"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

#define QUOTED(name) "'\"' || pg_catalog.replace(" name ", '\"', '\"\"') || '\"'"
#define NOT_VALID    " NOT VALID"

/* From 17 on NOT NULL is a constraint with a name, too: told where it is not the one that the server gives. */
static char *
dup_query (int version)
{
  const char *not_null_name =
    version < 170000 ? "NULL::pg_catalog.text"
                     : "(SELECT k.conname FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid"
                       " AND k.contype = 'n' AND k.conname <>"
                       " (t.typname || '_not_null'))";

  return g_strdup_printf (
    "SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typowner AS owner,"
    " NULLIF(t.typacl, pg_catalog.acldefault('T', t.typowner)) AS privileges,"
    " pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type,"
    " CASE WHEN t.typcollation <> b.typcollation"
    " THEN " TIDE_KIND_COLLATION ("t.typcollation") " END AS collation,"
    " COALESCE(pg_catalog.pg_get_expr(t.typdefaultbin, 0), pg_catalog.quote_literal(t.typdefault)) AS default,"
    " " TIDE_KIND_BOOLEAN ("t.typnotnull") " AS not_null, %s AS not_null_name,"
    " f.constraints, f.constraint_comments, (SELECT pg_catalog.string_agg(d.refclassid || ' '"
    " || d.refobjid, E'\\n') FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_constraint k"
    " ON k.oid = d.objid WHERE d.classid = 2606"
    " AND k.contypid = t.oid AND d.refobjid <> t.oid) AS needs"
    " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
    " JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype, LATERAL (SELECT"
    " pg_catalog.string_agg('CONSTRAINT ' || " QUOTED ("k.conname") " || ' '"
    " || pg_catalog.pg_get_constraintdef(k.oid), E'\\n' ORDER BY k.conname) AS constraints,"
    " pg_catalog.string_agg(" QUOTED ("k.conname") " || ' ' ||"
    " pg_catalog.quote_literal(pg_catalog.obj_description(k.oid, 'pg_constraint')), E'\\n' ORDER BY k.conname)"
    " AS constraint_comments FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid"
    " AND k.contype = 'c') f"
    " WHERE t.typtype = 'd' AND " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, t.typname",
    not_null_name);
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  tide_kind_depend (builder, object, row, "needs");
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("DOMAIN", object);
}

static char *
dup_not_null (const TideSchemaObject *object)
{
  const char *name = tide_schema_object_get (object, "not_null_name");
  g_autofree char *quoted = name == NULL ? NULL : tide_ddl_name (name);

  return quoted == NULL ? g_strdup ("NOT NULL") : g_strdup_printf ("CONSTRAINT %s NOT NULL", quoted);
}

/* (transfer full): `"name"` of `CONSTRAINT "name" CHECK (...)` */
static char *
dup_constraint_name (const char *constraint)
{
  return tide_kind_dup_key (constraint + strlen ("CONSTRAINT "));
}

static const char *
find_constraint (char       **constraints,
                 const char  *name)
{
  for (guint i = 0; constraints[i] != NULL; i++)
    {
      g_autofree char *its_name = dup_constraint_name (constraints[i]);

      if (g_str_equal (its_name, name))
        return constraints[i];
    }
  return NULL;
}

/* Whether @to is @from, once it is validated */
static gboolean
is_validated (const char *from,
              const char *to)
{
  gsize length = strlen (to);

  return from != NULL && strncmp (from, to, length) == 0 && g_str_equal (from + length, NOT_VALID);
}

/* Whether the constraint @before stays as it is; its validation may come */
static gboolean
is_kept (const char *before,
         const char *now)
{
  return now != NULL && (g_str_equal (now, before) || is_validated (before, now));
}

/* (transfer full): names of constraints that stay; none without @from */
static char **
dup_kept_constraints (const TideSchemaObject *from,
                      const TideSchemaObject *to)
{
  g_auto (GStrv) old_constraints = tide_kind_split (from == NULL ? NULL : tide_schema_object_get (from, "constraints"));
  g_auto (GStrv) new_constraints = tide_kind_split (tide_schema_object_get (to, "constraints"));
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (guint i = 0; old_constraints[i] != NULL; i++)
    {
      g_autofree char *name = dup_constraint_name (old_constraints[i]);

      if (is_kept (old_constraints[i], find_constraint (new_constraints, name)))
        g_strv_builder_add (kept, name);
    }
  return g_strv_builder_end (kept);
}

static void
comment_constraints (TideDdl                *ddl,
                     const TideSchemaObject *from,
                     const TideSchemaObject *to)
{
  g_auto (GStrv) kept = dup_kept_constraints (from, to);
  g_autofree char *address = dup_address (to);
  g_autofree char *right_of_key = g_strconcat (" ON ", address, NULL);

  tide_kind_comment_parts (ddl, from == NULL ? NULL : tide_schema_object_get (from, "constraint_comments"),
                           tide_schema_object_get (to, "constraint_comments"), kept, "CONSTRAINT ",
                           right_of_key);
}

/* A domain over a domain is given the default of that; DEFAULT NULL would be one, too. */
static gboolean
is_over_default (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_DOMAIN && tide_schema_object_get (on[i], "default") != NULL)
      return TRUE;
  return FALSE;
}

/* CREATE DOMAIN knows no NOT VALID: such constraints are added afterwards. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_auto (GStrv) constraints = tide_kind_split (tide_schema_object_get (object, "constraints"));
  const char *collation = tide_schema_object_get (object, "collation");
  const char *value = tide_schema_object_get (object, "default");
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s AS %s", address, tide_schema_object_get (object, "type"));
  if (collation != NULL)
    g_string_append_printf (sql, " COLLATE %s", collation);
  if (value != NULL)
    g_string_append_printf (sql, " DEFAULT %s", value);
  if (tide_schema_object_is (object, "not_null"))
    {
      g_autofree char *not_null = dup_not_null (object);

      g_string_append_printf (sql, " %s", not_null);
    }
  for (guint i = 0; constraints[i] != NULL; i++)
    if (!g_str_has_suffix (constraints[i], NOT_VALID))
      g_string_append_printf (sql, "\n  %s", constraints[i]);
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s", sql->str);
  if (value == NULL && is_over_default (object))
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DROP DEFAULT", address);
  for (guint i = 0; constraints[i] != NULL; i++)
    if (g_str_has_suffix (constraints[i], NOT_VALID))
      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s ADD %s", address, constraints[i]);
  comment_constraints (ddl, NULL, object);
}

static void
drop_constraints (TideDdl     *ddl,
                  const char  *address,
                  char       **old_constraints,
                  char       **new_constraints)
{
  for (guint i = 0; old_constraints[i] != NULL; i++)
    {
      g_autofree char *name = dup_constraint_name (old_constraints[i]);
      const char *now = find_constraint (new_constraints, name);

      if (!is_kept (old_constraints[i], now))
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DROP CONSTRAINT %s", address, name);
    }
}

static void
add_constraints (TideDdl     *ddl,
                 const char  *address,
                 char       **old_constraints,
                 char       **new_constraints)
{
  TideHazard checks = TIDE_HAZARD_FAILS_ON_DATA | TIDE_HAZARD_LONG_LOCK;

  for (guint i = 0; new_constraints[i] != NULL; i++)
    {
      g_autofree char *name = dup_constraint_name (new_constraints[i]);
      const char *before = find_constraint (old_constraints, name);
      gboolean valid = !g_str_has_suffix (new_constraints[i], NOT_VALID);

      if (g_strcmp0 (before, new_constraints[i]) == 0)
        continue;
      if (!is_validated (before, new_constraints[i]))
        tide_ddl_add (ddl, valid && !tide_ddl_is_safer (ddl) ? checks : TIDE_HAZARD_NONE, "ALTER %s ADD %s%s", address,
                      new_constraints[i], valid && tide_ddl_is_safer (ddl) ? NOT_VALID : "");
      if (valid && (is_validated (before, new_constraints[i]) || tide_ddl_is_safer (ddl)))
        tide_ddl_add_at (ddl, TIDE_DDL_LAST, checks, "ALTER %s VALIDATE CONSTRAINT %s", address, name);
    }
}

static void
alter_not_null (TideDdl                *ddl,
                const char             *address,
                const TideSchemaObject *from,
                const TideSchemaObject *to)
{
  g_autofree char *not_null = dup_not_null (to);

  if (tide_schema_object_is (from, "not_null"))
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DROP NOT NULL", address);
  if (!tide_schema_object_is (to, "not_null"))
    return;
  tide_ddl_add (ddl, TIDE_HAZARD_FAILS_ON_DATA | TIDE_HAZARD_LONG_LOCK,
                tide_schema_object_get (to, "not_null_name") == NULL ? "ALTER %s SET %s" : "ALTER %s ADD %s", address,
                not_null);
}

static void
alter_default (TideDdl                *ddl,
               const char             *address,
               const TideSchemaObject *to)
{
  const char *value = tide_schema_object_get (to, "default");

  if (value == NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DROP DEFAULT", address);
  else
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s SET DEFAULT %s", address, value);
}

/* Whether rows hold values of @type, a domain or what holds one, inside of others: the server looks at a domain's values, when a
 * constraint comes, only where they are those of a column. @is_inside: @type itself lies in another */
static gboolean
is_stored_inside (const TideSchemaObject *type,
                  gboolean                is_inside)
{
  guint n;
  const TideSchemaObject *const *users = tide_schema_get_dependents (tide_schema_object_get_schema (type), type, &n);

  for (guint i = 0; i < n; i++)
    switch (tide_schema_object_get_kind (users[i]))
      {
      case TIDE_OBJECT_COLUMN:
        if (tide_schema_object_get_parent (users[i]) == type)
          break;
        if (is_inside || g_str_has_suffix (tide_schema_object_get (users[i], "type"), "[]")
            || is_stored_inside (tide_schema_object_get_parent (users[i]), TRUE))
          return TRUE;
        break;
      case TIDE_OBJECT_DOMAIN:
        if (is_stored_inside (users[i], is_inside || g_str_has_suffix (tide_schema_object_get (users[i], "type"), "[]")))
          return TRUE;
        break;
      case TIDE_OBJECT_COMPOSITE:
      case TIDE_OBJECT_RANGE:
        if (is_stored_inside (users[i], TRUE))
          return TRUE;
        break;
      default:
        break;
      }
  return FALSE;
}

/* Whether a constraint comes that rows are looked at for */
static gboolean
is_narrowed (const TideSchemaObject *from,
             const TideSchemaObject *to,
             char                  **old_constraints,
             char                  **new_constraints)
{
  if (tide_schema_object_is (to, "not_null") && !tide_schema_object_is (from, "not_null"))
    return TRUE;
  for (guint i = 0; new_constraints[i] != NULL; i++)
    if (!g_str_has_suffix (new_constraints[i], NOT_VALID) && !g_strv_contains ((const char *const *) old_constraints, new_constraints[i]))
      return TRUE;
  return FALSE;
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_auto (GStrv) old_constraints = tide_kind_split (tide_schema_object_get (from, "constraints"));
  g_auto (GStrv) new_constraints = tide_kind_split (tide_schema_object_get (to, "constraints"));
  g_autofree char *address = dup_address (to);

  if (tide_kind_is_changed (to, changed, "type") || tide_kind_is_changed (to, changed, "collation")
      || (is_narrowed (from, to, old_constraints, new_constraints) && is_stored_inside (from, FALSE)))
    return FALSE;
  drop_constraints (ddl, address, old_constraints, new_constraints);
  if (tide_kind_is_changed (to, changed, "default"))
    alter_default (ddl, address, to);
  if (tide_kind_is_changed (to, changed, "not_null") || tide_kind_is_changed (to, changed, "not_null_name"))
    alter_not_null (ddl, address, from, to);
  add_constraints (ddl, address, old_constraints, new_constraints);
  comment_constraints (ddl, from, to);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "type", N_("Type") },
  { "collation", N_("Collation") },
  { "default", N_("Default"), TIDE_ATTRIBUTE_EXPRESSION },
  { "not_null", N_("Not null") },
  { "not_null_name", N_("Name of the not-null constraint"), TIDE_ATTRIBUTE_OF_MAJOR },
  { "constraints", N_("Constraints"), TIDE_ATTRIBUTE_EXPRESSION },
  { "constraint_comments", N_("Comments on constraints") },
};

const TideObjectKindInfo tide_kind_domain = {
  .kind = TIDE_OBJECT_DOMAIN,
  .name = "domain",
  .plural = N_("Domains"),
  .icon_name = "object-select-symbolic",
  .catalog = 1247,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
