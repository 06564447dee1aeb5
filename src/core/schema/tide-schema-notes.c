/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-notes"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/tide-grants.h"
#include "schema/tide-schema-diff.h"
#include "wire/tide-session.h"

static int
get_major (TideSchema *schema)
{
  return tide_schema_get_server_version (schema) / 10000;
}

/* Counts in @needs, by role as SQL writes it, what on @object is only possible with the role */
static void
count_roles (const TideSchemaObject *object,
             GHashTable             *needs)
{
  const char *owner = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_OWNER);
  const char *privileges = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_PRIVILEGES);
  g_autoptr (TideGrants) grants = tide_grants_parse (privileges == NULL ? "" : privileges);
  g_autoptr (GPtrArray) roles = g_ptr_array_new_with_free_func (g_free);

  if (owner != NULL)
    g_ptr_array_add (roles, tide_quote_identifier (owner));
  for (guint i = 0; i < tide_grants_get_length (grants); i++)
    {
      const char *who = tide_grants_get (grants, i)->who;

      if (!g_str_equal (who, TIDE_GRANTS_OWNER) && !g_str_equal (who, TIDE_GRANTS_PUBLIC)
          && (roles->len == 0 || !g_str_equal (who, g_ptr_array_index (roles, 0))))
        g_ptr_array_add (roles, g_strdup (who));
    }
  for (guint i = 0; i < roles->len; i++)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (needs, g_ptr_array_index (roles, i)));

      g_hash_table_insert (needs, g_strdup (g_ptr_array_index (roles, i)), GUINT_TO_POINTER (n + 1));
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

/* What differs on one side and needs roles that the server of the other one has not: the SQL for that would fail there. */
static void
note_missing_roles (const TideSchemaDiff *self,
                    gboolean              left,
                    GPtrArray            *notes)
{
  TideSchema *there = left ? tide_schema_diff_get_from (self) : tide_schema_diff_get_to (self);
  GPtrArray *changes = tide_schema_diff_get_changes (self);
  g_autoptr (GHashTable) needs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) roles = NULL;

  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);
      const TideSchemaObject *object = left ? change->to : change->from;

      if (object != NULL)
        count_roles (object, needs);
    }
  roles = g_list_sort (g_hash_table_get_keys (needs), compare_names);
  for (GList *role = roles; role != NULL; role = role->next)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (needs, role->data));

      if (tide_schema_has_role (there, role->data))
        continue;
      if (left)
        g_ptr_array_add (notes, g_strdup_printf (g_dngettext (NULL,
          "role %s is not on the server of the left, but owns or may use %u object that differs: create it there before the SQL is run",
          "role %s is not on the server of the left, but owns or may use %u objects that differ: create it there before the SQL is run",
          n), (const char *) role->data, n));
      else
        g_ptr_array_add (notes, g_strdup_printf (g_dngettext (NULL,
          "role %s is not on the server of the right, but owns or may use %u object that differs: create it there before the SQL is run",
          "role %s is not on the server of the right, but owns or may use %u objects that differ: create it there before the SQL is run",
          n), (const char *) role->data, n));
    }
}

/* Other differences of majors lie in the server itself; which version of an extension is there, a person may care for. */
static void
note_extensions (const TideSchemaDiff *self,
                 GPtrArray            *notes)
{
  TideSchema *from = tide_schema_diff_get_from (self);
  TideSchema *to = tide_schema_diff_get_to (self);
  guint first;
  guint end;

  if (get_major (from) == get_major (to))
    return;
  tide_schema_get_range (from, TIDE_OBJECT_EXTENSION, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *extension = tide_schema_get_object (from, i);
      const TideSchemaObject *other = tide_schema_diff_get_counterpart (self, extension);
      const char *version = tide_schema_object_get (extension, "version");
      const char *other_version = other == NULL ? version : tide_schema_object_get (other, "version");

      if (g_strcmp0 (version, other_version) != 0)
        g_ptr_array_add (notes,
                         g_strdup_printf (_("extension \"%s\" is version %s on the left, of PostgreSQL %d, and %s on the right, of %d: each"
                                            " brings its own, so that is not counted as a difference"),
                                          tide_schema_object_get_name (extension), version, get_major (from), other_version,
                                          get_major (to)));
    }
}

GPtrArray *
tide_schema_diff_list_notes (const TideSchemaDiff *self)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);

  note_missing_roles (self, TRUE, notes);
  note_missing_roles (self, FALSE, notes);
  note_extensions (self, notes);
  return notes;
}
