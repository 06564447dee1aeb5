/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-composite"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-composite.h"
#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

#define QUOTED(name) "'\"' || pg_catalog.replace(" name ", '\"', '\"\"') || '\" '"

static char *
dup_query (int version)
{
  return g_strdup ("SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typowner AS owner,"
                   " NULLIF(t.typacl, pg_catalog.acldefault('T', t.typowner)) AS privileges, f.fields, f.field_comments"
                   " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                   " JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
                   " AND c.relkind = 'c', LATERAL (SELECT pg_catalog.string_agg("
                   QUOTED ("a.attname") " || pg_catalog.format_type(a.atttypid, a.atttypmod)"
                   " || CASE WHEN a.attcollation <> y.typcollation"
                   " THEN ' COLLATE ' || " TIDE_KIND_COLLATION ("a.attcollation")
                   " ELSE '' END, E'\\n' ORDER BY a.attnum) AS fields,"
                   " pg_catalog.string_agg(" QUOTED ("a.attname") " ||"
                   " pg_catalog.quote_literal(d.description), E'\\n' ORDER BY a.attnum) AS field_comments"
                   " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid"
                   " LEFT JOIN pg_catalog.pg_description d ON d.classoid = 1259"
                   " AND d.objoid = c.oid AND d.objsubid = a.attnum"
                   " WHERE a.attrelid = c.oid AND a.attnum > 0"
                   " AND NOT a.attisdropped) f"
                   " WHERE t.typtype = 'c' AND " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname, t.typname");
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("TYPE", object);
}

/* (transfer full): names of fields that stand in both; none without @from */
static char **
dup_kept_fields (const TideSchemaObject *from,
                 const TideSchemaObject *to)
{
  g_auto (GStrv) old_fields = tide_kind_split (from == NULL ? NULL : tide_schema_object_get (from, "fields"));
  g_auto (GStrv) new_fields = tide_kind_split (tide_schema_object_get (to, "fields"));
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (guint i = 0; old_fields[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_fields[i]);

      if (tide_kind_find_item (new_fields, key) != NULL)
        g_strv_builder_add (kept, key);
    }
  return g_strv_builder_end (kept);
}

static void
comment_fields (TideDdl                *ddl,
                const TideSchemaObject *from,
                const TideSchemaObject *to)
{
  g_auto (GStrv) kept = dup_kept_fields (from, to);
  g_autofree char *column = tide_kind_dup_address ("COLUMN", to);
  g_autofree char *left_of_key = g_strconcat (column, ".", NULL);

  tide_kind_comment_parts (ddl, from == NULL ? NULL : tide_schema_object_get (from, "field_comments"),
                           tide_schema_object_get (to, "field_comments"), kept, left_of_key, "");
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *fields = tide_kind_join (tide_schema_object_get (object, "fields"), ",\n  ");

  if (*fields == '\0')
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s AS ()", address);
  else
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s AS (\n  %s\n)", address, fields);
  comment_fields (ddl, NULL, object);
}

/* ALTER TYPE adds at the end only: whether that gives the order wanted */
static gboolean
is_order_kept (char **old_fields,
               char **new_fields)
{
  guint next = 0;

  for (guint i = 0; old_fields[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_fields[i]);
      const char *wanted = tide_kind_find_item (new_fields, key);

      if (wanted == NULL)
        continue;
      if (wanted != new_fields[next])
        return FALSE;
      next++;
    }
  return TRUE;
}

/* Whether a field goes or changes its type: what names it stands in the way */
static gboolean
is_any_field_lost (char **old_fields,
                   char **new_fields)
{
  for (guint i = 0; old_fields[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) new_fields, old_fields[i]))
      return TRUE;
  return FALSE;
}

/* Whether anything but a function hangs on the type: then a field's type cannot change */
static gboolean
is_stored_by (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *users =
    tide_schema_get_dependents (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (users[i]) == TIDE_OBJECT_COLUMN
        || tide_schema_object_get_kind (users[i]) < TIDE_OBJECT_FUNCTION)
      return TRUE;
  return FALSE;
}

static gboolean
is_any_type_changed (char **old_fields,
                     char **new_fields)
{
  for (guint i = 0; old_fields[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_fields[i]);
      const char *now = tide_kind_find_item (new_fields, key);

      if (now != NULL && !g_str_equal (now, old_fields[i]))
        return TRUE;
    }
  return FALSE;
}

static void
drop_and_alter_fields (TideDdl     *ddl,
                       const char  *address,
                       TideHazard   data_loss,
                       char       **old_fields,
                       char       **new_fields)
{
  for (guint i = 0; old_fields[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_fields[i]);
      const char *now = tide_kind_find_item (new_fields, key);

      if (now == NULL)
        tide_ddl_add (ddl, data_loss | TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s DROP ATTRIBUTE %s CASCADE", address, key);
      else if (!g_str_equal (now, old_fields[i]))
        tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s ALTER ATTRIBUTE %s SET DATA TYPE %s CASCADE", address,
                      key, now + strlen (key) + 1);
    }
}

static void
add_fields (TideDdl     *ddl,
            const char  *address,
            char       **old_fields,
            char       **new_fields)
{
  for (guint i = 0; new_fields[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (new_fields[i]);

      if (tide_kind_find_item (old_fields, key) == NULL)
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s ADD ATTRIBUTE %s CASCADE", address, new_fields[i]);
    }
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_auto (GStrv) old_fields = tide_kind_split (tide_schema_object_get (from, "fields"));
  g_auto (GStrv) new_fields = tide_kind_split (tide_schema_object_get (to, "fields"));
  g_autofree char *address = dup_address (to);
  gboolean is_stored = is_stored_by (from);

  if (!is_order_kept (old_fields, new_fields) || (is_stored && is_any_type_changed (old_fields, new_fields)))
    return FALSE;
  if (is_any_field_lost (old_fields, new_fields))
    tide_kind_disturb_users (ddl);
  drop_and_alter_fields (ddl, address, is_stored ? TIDE_HAZARD_DATA_LOSS : TIDE_HAZARD_NONE, old_fields, new_fields);
  add_fields (ddl, address, old_fields, new_fields);
  comment_fields (ddl, from, to);
  return TRUE;
}

/* --- columns of the type --- */

/* (nullable): the composite type, or the table, whose rows @object, a column, a domain or such a type, has for values */
static const TideSchemaObject *
find_row_type (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *needs =
    tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    {
      TideObjectKind kind = tide_schema_object_get_kind (needs[i]);
      const TideSchemaObject *row_type = kind == TIDE_OBJECT_DOMAIN ? find_row_type (needs[i]) : needs[i];

      if (row_type != NULL && row_type != tide_schema_object_get_parent (object)
          && (tide_schema_object_get_kind (row_type) == TIDE_OBJECT_COMPOSITE
              || tide_schema_object_get_kind (row_type) == TIDE_OBJECT_TABLE))
        return row_type;
    }
  return NULL;
}

/* Whether its values, as text, are the fields that it names and no more: no rows in rows */
static gboolean
is_flat (const TideSchemaObject *row_type)
{
  return tide_schema_object_get_kind (row_type) == TIDE_OBJECT_COMPOSITE && find_row_type (row_type) == NULL;
}

/* Whether both have fields of the same names in the same order */
static gboolean
is_same_shape (char **old_fields,
               char **new_fields)
{
  guint i;

  for (i = 0; old_fields[i] != NULL && new_fields[i] != NULL; i++)
    {
      g_autofree char *old_key = tide_kind_dup_key (old_fields[i]);
      g_autofree char *new_key = tide_kind_dup_key (new_fields[i]);

      if (!g_str_equal (old_key, new_key))
        return FALSE;
    }
  return old_fields[i] == new_fields[i];
}

/* (transfer full): `ROW(("c")."a", NULL)` */
static char *
dup_row (const char  *column,
         char       **old_fields,
         char       **new_fields)
{
  GString *row = g_string_new ("ROW(");

  for (guint i = 0; new_fields[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (new_fields[i]);

      if (i > 0)
        g_string_append (row, ", ");
      if (tide_kind_find_item (old_fields, key) == NULL)
        g_string_append (row, "NULL");
      else
        g_string_append_printf (row, "(%s).%s", column, key);
    }
  return g_string_free (g_string_append_c (row, ')'), FALSE);
}

char *
tide_composite_dup_carried (const TideSchemaObject *column)
{
  g_autofree char *name = tide_ddl_name (tide_schema_object_get_name (column));

  return g_strdup_printf ("(pg_catalog.json_populate_record(NULL::" TIDE_COMPOSITE_CARRIER ","
                          " pg_catalog.json_build_object('value', %s))).value", name);
}

char *
tide_composite_dup_value (const TideSchemaObject *from,
                          const TideSchemaObject *to)
{
  const TideSchemaObject *before = find_row_type (from);
  const TideSchemaObject *after = find_row_type (to);
  gboolean is_any_deep = before != NULL && after != NULL && !(is_flat (before) && is_flat (after));
  g_auto (GStrv) old_fields = tide_kind_split (before == NULL || is_any_deep ? NULL : tide_schema_object_get (before, "fields"));
  g_auto (GStrv) new_fields = tide_kind_split (after == NULL || is_any_deep ? NULL : tide_schema_object_get (after, "fields"));
  const char *type = tide_schema_object_get (to, "type");
  g_autofree char *column = tide_ddl_name (tide_schema_object_get_name (to));
  g_autofree char *row = NULL;

  if (before == NULL || after == NULL || (!is_any_deep && is_same_shape (old_fields, new_fields)))
    return NULL;
  /* By way of text values would change places unseen, and an explicit cast cuts what does not fit into a narrower field; as JSON
   * each goes by the name of its field, however deep it lies, and fails where it does not fit. */
  if (is_any_deep || g_str_has_suffix (type, "]") || is_any_type_changed (old_fields, new_fields))
    return tide_composite_dup_carried (to);
  row = dup_row (column, old_fields, new_fields);
  return g_strdup_printf ("CASE WHEN %s IS DISTINCT FROM NULL THEN %s::%s END", column, row, type);
}

static const TideAttribute attributes[] = {
  { "fields", N_("Attributes") },
  { "field_comments", N_("Comments on attributes") },
};

const TideObjectKindInfo tide_kind_composite = {
  .kind = TIDE_OBJECT_COMPOSITE,
  .name = "composite type",
  .plural = N_("Composite Types"),
  .icon_name = "view-grid-symbolic",
  .catalog = 1247,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
