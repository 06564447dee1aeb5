/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-notes"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-extension.h"
#include "schema/tide-grants.h"
#include "schema/tide-schema-diff.h"
#include "wire/tide-session.h"

static int
get_major (TideSchema *schema)
{
  return tide_schema_get_server_version (schema) / 10000;
}

/* Those of @who in a list of grants */
static void
add_roles (GHashTable *roles,
           const char *who)
{
  const char *by;
  char *role = tide_grants_dup_role (who, &by);

  if (by != NULL)
    g_hash_table_add (roles, g_strdup (by));
  if (g_str_equal (role, TIDE_GRANTS_OWNER))
    g_free (role);
  else
    g_hash_table_add (roles, role);
}

/* Whom a list of grants names, one a line */
static void
add_grantees (GHashTable *roles,
              const char *lines)
{
  g_autoptr (TideGrants) grants = tide_grants_parse (lines == NULL ? "" : lines);

  for (guint i = 0; i < tide_grants_get_length (grants); i++)
    add_roles (roles, tide_grants_get (grants, i)->who);
}

/* Names, quoted where they have to be, with commas between; not PUBLIC */
static void
add_names (GHashTable *roles,
           const char *names)
{
  while (names != NULL && *names != '\0')
    {
      GString *name = g_string_new (NULL);
      gboolean is_quoted = FALSE;

      for (; *names != '\0' && (is_quoted || *names != ','); names++)
        if (*names == '"' && is_quoted && names[1] == '"')
          g_string_append_c (name, *names++);
        else if (*names == '"')
          is_quoted = !is_quoted;
        else
          g_string_append_c (name, *names);
      if (!g_str_equal (name->str, TIDE_GRANTS_PUBLIC))
        g_hash_table_add (roles, tide_quote_identifier (name->str));
      g_string_free (name, TRUE);
      names += strspn (names, ", ");
    }
}

/* (transfer full): the roles, as SQL writes them, without which @object cannot be */
static GHashTable *
list_roles (const TideSchemaObject *object)
{
  GHashTable *roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *owner = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_OWNER);

  if (owner != NULL)
    g_hash_table_add (roles, tide_quote_identifier (owner));
  add_grantees (roles, tide_schema_object_get_value (object, TIDE_ATTRIBUTE_PRIVILEGES));
  switch (tide_schema_object_get_kind (object))
    {
    case TIDE_OBJECT_POLICY:
      add_names (roles, tide_schema_object_get (object, "roles"));
      break;
    case TIDE_OBJECT_USER_MAPPING:
      add_names (roles, tide_schema_object_get_name (object));
      break;
    case TIDE_OBJECT_DEFAULT_PRIVILEGES:
      if (tide_schema_object_get (object, "role") != NULL)
        g_hash_table_add (roles, tide_quote_identifier (tide_schema_object_get (object, "role")));
      add_grantees (roles, tide_schema_object_get (object, "grants"));
      break;
    default:
      break;
    }
  return roles;
}

/* Counts in @needs, by role, the objects that are only possible with it */
static void
count_roles (const TideSchemaObject *object,
             GHashTable             *needs)
{
  g_autoptr (GHashTable) roles = list_roles (object);
  GHashTableIter iter;
  gpointer role;

  g_hash_table_iter_init (&iter, roles);
  while (g_hash_table_iter_next (&iter, &role, NULL))
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (needs, role));

      g_hash_table_insert (needs, g_strdup (role), GUINT_TO_POINTER (n + 1));
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

/* Other differences of majors lie in the server itself; which version of an extension is there, a person may care for. The SQL
 * leads to no older one. */
static void
note_extensions (const TideSchemaDiff *self,
                 GPtrArray            *notes)
{
  TideSchema *from = tide_schema_diff_get_from (self);
  TideSchema *to = tide_schema_diff_get_to (self);
  guint first;
  guint end;

  tide_schema_get_range (from, TIDE_OBJECT_EXTENSION, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *extension = tide_schema_get_object (from, i);
      const TideSchemaObject *other = tide_schema_diff_get_counterpart (self, extension);
      const char *version = tide_schema_object_get (extension, "version");
      const char *other_version = other == NULL ? version : tide_schema_object_get (other, "version");

      if (g_strcmp0 (version, other_version) == 0)
        continue;
      if (get_major (from) != get_major (to))
        g_ptr_array_add (notes,
                         g_strdup_printf (_("extension \"%s\" is version %s on the left, of PostgreSQL %d, and %s on the right, of %d: each"
                                            " brings its own, so that is not counted as a difference"),
                                          tide_schema_object_get_name (extension), version, get_major (from), other_version,
                                          get_major (to)));
      else if (tide_extension_is_newer (version, other_version))
        g_ptr_array_add (notes,
                         g_strdup_printf (_("extension \"%s\" is version %s on the left and %s on the right: there is no way back to an older one but to"
                                            " drop it with all that stands on it, so the SQL leaves it as it is"),
                                          tide_schema_object_get_name (extension), version, other_version));
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
