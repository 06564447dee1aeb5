/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-range"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/tide-plan.h"

/* The name that PostgreSQL gives by itself is not told: servers before 14 have no multiranges.
 * (https://www.postgresql.org/docs/current/sql-createtype.html) */
static char *
dup_query (int version)
{
  const char *multirange =
    version < 140000
      ? "NULL::pg_catalog.text"
      : "(SELECT CASE WHEN mn.nspname <> n.nspname OR m.typname <> CASE WHEN pg_catalog.strpos(t.typname, 'range') > 0"
        " THEN pg_catalog.regexp_replace(t.typname, 'range', 'multirange') ELSE t.typname || '_multirange' END"
        " THEN pg_catalog.quote_ident(mn.nspname) || '.' || pg_catalog.quote_ident(m.typname) END"
        " FROM pg_catalog.pg_type m JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace"
        " WHERE m.oid = r.rngmultitypid)";

  return g_strdup_printf (
    "SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typowner AS owner,"
    " NULLIF(t.typacl, pg_catalog.acldefault('T', t.typowner)) AS privileges,"
    " pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,"
    " (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(c.opcname) FROM pg_catalog.pg_opclass c"
    " JOIN pg_catalog.pg_namespace cn ON cn.oid = c.opcnamespace WHERE c.oid = r.rngsubopc AND NOT c.opcdefault)"
    " AS operator_class, CASE WHEN r.rngcollation <> s.typcollation THEN " TIDE_KIND_COLLATION ("r.rngcollation") " END"
    " AS collation, " TIDE_KIND_FUNCTION ("r.rngcanonical", "regproc") " AS canonical,"
    " " TIDE_KIND_FUNCTION ("r.rngsubdiff", "regproc") " AS subtype_diff, %s AS multirange"
    " FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype"
    " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, t.typname", multirange);
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("TYPE", object);
}

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
  static const TideKindOption options[] = {
    { "subtype", "SUBTYPE" },     { "operator_class", "SUBTYPE_OPCLASS" }, { "collation", "COLLATION" },
    { "canonical", "CANONICAL" }, { "subtype_diff", "SUBTYPE_DIFF" },      { "multirange", "MULTIRANGE_TYPE_NAME" },
  };
  g_autofree char *address = dup_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s AS RANGE (", address);
  tide_kind_append_options (sql, object, options, G_N_ELEMENTS (options));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s\n)", sql->str);
}

/* The function that makes its values canonical hangs on it, and it on the function: only together they go. */
static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "DROP %s%s", address,
                tide_schema_object_get (object, "canonical") == NULL ? "" : " CASCADE");
}

/* (transfer full): the name that PostgreSQL gives the multirange of a range of that name */
static char *
dup_multirange_name (const char *name)
{
  const char *part = strstr (name, "range");

  static const char suffix[] = "_multirange";
  int length = MIN (strlen (name), 63 - (sizeof suffix - 1));

  if (part != NULL)
    return g_strdup_printf ("%.*smulti%s", (int) (part - name), name, part);
  while (length > 0 && (name[length] & 0xC0) == 0x80)
    length--;
  return g_strdup_printf ("%.*s%s", length, name, suffix);
}

/* Renames the functions that make values of a range or multirange; @arguments: of each */
static void
rename_constructors (TideDdl           *ddl,
                     const char        *schema,
                     const char        *old_name,
                     const char        *new_name,
                     const char *const *arguments)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER FUNCTION %s.%s(%s) RENAME TO %s", schema, old_name, arguments[i], new_name);
}

static void
rename_multirange (TideDdl    *ddl,
                   const char *schema,
                   const char *old_name,
                   const char *new_range)
{
  g_autofree char *new_bare = dup_multirange_name (new_range);
  g_autofree char *new_name = tide_ddl_name (new_bare);
  g_autofree char *range = tide_ddl_name (new_range);
  g_autofree char *one = g_strdup_printf ("%s.%s", schema, range);
  g_autofree char *many = g_strdup_printf ("VARIADIC %s[]", one);
  const char *const arguments[] = { "", one, many, NULL };

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_BREAKS_CLIENTS, "ALTER TYPE %s.%s RENAME TO %s", schema, old_name,
                new_name);
  rename_constructors (ddl, schema, old_name, new_name, arguments);
}

/* What stands after the schema in `"schema"."name"` */
static const char *
find_bare_name (const char *qualified)
{
  gboolean is_quoted = FALSE;

  for (; *qualified != '.' || is_quoted; qualified++)
    if (*qualified == '"')
      is_quoted = !is_quoted;
  return qualified + 1;
}

/* With what was made along with it and has names of its own: functions, and from 14 on the multirange, which keeps a name that was
 * given to it unless all is set aside */
static void
rename_range (TideDdl                *ddl,
              const TideSchemaObject *object,
              const char             *name)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *schema = tide_ddl_name (tide_schema_object_get_namespace (object));
  g_autofree char *old_name = tide_ddl_name (tide_schema_object_get_name (object));
  g_autofree char *new_name = tide_ddl_name (name);
  g_autofree char *aside = tide_plan_dup_aside_name (object);
  const char *subtype = tide_schema_object_get (object, "subtype");
  const char *multirange = tide_schema_object_get (object, "multirange");
  g_autofree char *two = g_strdup_printf ("%s, %s", subtype, subtype);
  g_autofree char *three = g_strdup_printf ("%s, pg_catalog.text", two);
  const char *const arguments[] = { two, three, NULL };

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s RENAME TO %s", address, new_name);
  rename_constructors (ddl, schema, old_name, new_name, arguments);
  if (multirange == NULL && tide_ddl_get_server_version (ddl) >= 140000)
    {
      g_autofree char *bare = dup_multirange_name (tide_schema_object_get_name (object));
      g_autofree char *quoted = tide_ddl_name (bare);

      rename_multirange (ddl, schema, quoted, name);
    }
  else if (multirange != NULL && g_str_equal (name, aside))
    rename_multirange (ddl, schema, find_bare_name (multirange), name);
}

static const TideAttribute attributes[] = {
  { "subtype", N_("Subtype") },
  { "operator_class", N_("Operator class") },
  { "collation", N_("Collation") },
  { "canonical", N_("Canonical function") },
  { "subtype_diff", N_("Difference function") },
  { "multirange", N_("Multirange type") },
};

const TideObjectKindInfo tide_kind_range = {
  .kind = TIDE_OBJECT_RANGE,
  .name = "range type",
  .plural = N_("Range Types"),
  .icon_name = "object-flip-horizontal-symbolic",
  .catalog = 1247,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .stub = stub,
  .rename = rename_range,
};
