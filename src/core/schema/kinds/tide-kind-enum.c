/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-enum"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

static char *
dup_query (int version)
{
  return g_strdup ("SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typowner AS owner,"
                   " NULLIF(t.typacl, pg_catalog.acldefault('T', t.typowner)) AS privileges,"
                   " (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), E'\\n' ORDER BY e.enumsortorder)"
                   " FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS values"
                   " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                   " WHERE t.typtype = 'e' AND " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname, t.typname");
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("TYPE", object);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *values = tide_kind_join (tide_schema_object_get (object, "values"), ", ");

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s AS ENUM (%s)", address, values);
}

/* Whether @old_values stand in @new_values in the same order: then the rest can be added. */
static gboolean
is_subsequence (char **old_values,
                char **new_values)
{
  for (; *new_values != NULL && *old_values != NULL; new_values++)
    if (g_str_equal (*old_values, *new_values))
      old_values++;
  return *old_values == NULL;
}

/* Whether @text has @label (bare) as a whole word: in 'label', and in '{a,label}' */
static gboolean
mentions (const char *text,
          const char *label)
{
  gsize length = strlen (label);

  for (const char *p = text; p != NULL && (p = strstr (p, label)) != NULL; p++)
    {
      char before = p == text ? ' ' : p[-1];
      char after = p[length];

      if (!g_ascii_isalnum (before) && before != '_' && !g_ascii_isalnum (after) && after != '_')
        return TRUE;
    }
  return FALSE;
}

static gboolean
object_mentions (const TideSchemaObject *object,
                 const char             *label)
{
  guint n = tide_object_kind_get_n_attributes (tide_schema_object_get_kind (object));

  for (guint i = TIDE_N_COMMON_ATTRIBUTES; i < n; i++)
    if (mentions (tide_schema_object_get_value (object, i), label))
      return TRUE;
  return FALSE;
}

/* Whether what stands on the new type has the new label in it. A label cannot be used in the transaction that adds it
 * (https://www.postgresql.org/docs/current/sql-altertype.html). A partition's bound hangs on the column only. */
static gboolean
is_used (const TideSchemaObject *to,
         const char             *value)
{
  g_autofree char *label = g_strndup (value + 1, strlen (value) - 2);
  guint n;
  const TideSchemaObject *const *users =
    tide_schema_get_dependents (tide_schema_object_get_schema (to), to, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *parent = tide_schema_object_get_parent (users[i]);

      if (object_mentions (users[i], label) || (parent != NULL && object_mentions (parent, label)))
        return TRUE;
    }
  return FALSE;
}

/* Whether a table is partitioned by the type: its columns cannot change theirs. */
static gboolean
is_partition_key (const TideSchemaObject *from)
{
  guint n;
  const TideSchemaObject *const *users =
    tide_schema_get_dependents (tide_schema_object_get_schema (from), from, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *parent = tide_schema_object_get_parent (users[i]);

      if (tide_schema_object_get_kind (users[i]) == TIDE_OBJECT_COLUMN
          && mentions (tide_schema_object_get (parent, "partition_key"), tide_schema_object_get_name (users[i])))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_any_added_used (const TideSchemaObject  *to,
                   char                   **old_values,
                   char                   **new_values)
{
  for (guint i = 0; new_values[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) old_values, new_values[i]) && is_used (to, new_values[i]))
      return TRUE;
  return FALSE;
}

static void
add_values (TideDdl     *ddl,
            const char  *address,
            TideHazard   hazards,
            char       **old_values,
            char       **new_values)
{
  for (guint i = 0; new_values[i] != NULL; i++)
    {
      g_autofree char *place = NULL;

      if (*old_values != NULL && g_str_equal (*old_values, new_values[i]))
        {
          old_values++;
          continue;
        }
      if (*old_values != NULL)
        place = g_strdup_printf (" BEFORE %s", *old_values);
      tide_ddl_add (ddl, hazards, "ALTER %s ADD VALUE %s%s", address, new_values[i], place == NULL ? "" : place);
    }
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_auto (GStrv) old_values = tide_kind_split (tide_schema_object_get (from, "values"));
  g_auto (GStrv) new_values = tide_kind_split (tide_schema_object_get (to, "values"));
  g_autofree char *address = dup_address (to);
  gboolean used;

  if (!is_subsequence (old_values, new_values))
    return FALSE;
  /* The safer form rewrites no table, but does not fit into one transaction with what uses the value. */
  used = is_any_added_used (to, old_values, new_values);
  if (used && !tide_ddl_is_safer (ddl) && !is_partition_key (from))
    return FALSE;
  add_values (ddl, address, used ? TIDE_HAZARD_NO_TRANSACTION : TIDE_HAZARD_NONE, old_values, new_values);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "values", N_("Values") },
};

const TideObjectKindInfo tide_kind_enum = {
  .kind = TIDE_OBJECT_ENUM,
  .name = "enum",
  .plural = N_("Enums"),
  .icon_name = "view-list-symbolic",
  .catalog = 1247,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
