/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-entries"

#include "config.h"

#include <string.h>

#include "schema/tide-array.h"
#include "schema/tide-entries.h"
#include "wire/tide-session.h"

typedef struct
{
  char *key;
  char *value;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->key);
  g_free (self->value);
  g_free (self);
}

/* Length up to @stop outside of quotes, or to the end. E'' strings double their quotes here too. */
static gsize
get_span (const char *text,
          char        stop)
{
  char quote = '\0';
  const char *p;

  for (p = text; *p != '\0' && (quote != '\0' || *p != stop); p++)
    if (quote == '\0' && (*p == '"' || *p == '\''))
      quote = *p;
    else if (*p == quote)
      quote = '\0';
  return p - text;
}

gsize
tide_entries_get_key_length (const char *entry)
{
  return get_span (entry, '=');
}

gsize
tide_entries_get_name_length (const char *text)
{
  return MIN (get_span (text, '='), get_span (text, ' '));
}

static GPtrArray *
parse (const char *text)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);

  while (text != NULL && *text != '\0')
    {
      gsize length = get_span (text, '\n');
      gsize key_length = MIN (tide_entries_get_key_length (text), length);
      gsize skipped = MIN (key_length + 1, length);
      Entry *entry = g_new0 (Entry, 1);

      entry->key = g_strndup (text, key_length);
      entry->value = g_strndup (text + skipped, length - skipped);
      g_ptr_array_add (entries, entry);
      text += length + (text[length] == '\n' ? 1 : 0);
    }
  return entries;
}

static const char *
find (GPtrArray  *entries,
      const char *key)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->key, key))
        return entry->value;
    }
  return NULL;
}

void
tide_entries_compare (const char    *from,
                      const char    *to,
                      TideEntryFunc  func,
                      gpointer       user_data)
{
  g_autoptr (GPtrArray) before = parse (from);
  g_autoptr (GPtrArray) after = parse (to);

  for (guint i = 0; i < before->len; i++)
    {
      const Entry *entry = g_ptr_array_index (before, i);

      if (find (after, entry->key) == NULL)
        func (entry->key, entry->value, NULL, user_data);
    }
  for (guint i = 0; i < after->len; i++)
    {
      const Entry *entry = g_ptr_array_index (after, i);
      const char *old = find (before, entry->key);

      if (g_strcmp0 (old, entry->value) != 0)
        func (entry->key, old, entry->value, user_data);
    }
}

gboolean
tide_entries_keep_order (const char *from,
                         const char *to)
{
  g_autoptr (GPtrArray) before = parse (from);
  g_autoptr (GPtrArray) after = parse (to);
  guint place = 0;

  for (guint i = 0; i < before->len; i++)
    {
      const Entry *entry = g_ptr_array_index (before, i);

      if (find (after, entry->key) == NULL)
        continue;
      if (!g_str_equal (((const Entry *) g_ptr_array_index (after, place))->key, entry->key))
        return FALSE;
      place++;
    }
  return TRUE;
}

/* @make: (transfer full): the SQL of a value */
static char *
from_array (const char *array,
            char *    (*make) (const char *key,
                               const char *value))
{
  g_autoptr (GPtrArray) elements = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  if (array == NULL)
    return NULL;
  elements = tide_array_parse (array);
  lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < elements->len; i++)
    {
      const char *element = g_ptr_array_index (elements, i);
      const char *equals = strchr (element, '=');
      g_autofree char *key = equals == NULL ? g_strdup (element) : g_strndup (element, equals - element);
      g_autofree char *value = make (key, equals == NULL ? "" : equals + 1);

      g_ptr_array_add (lines, g_strconcat (key, "=", value, NULL));
    }
  if (lines->len == 0)
    return NULL;
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static char *
make_literal (const char *key,
              const char *value)
{
  return tide_quote_literal (value);
}

/* Settings that are lists of names, each of which is quoted in the catalog where it must be (variable_is_guc_list_quote() of
 * PostgreSQL): as one literal they would become one name. */
static gboolean
is_list_of_names (const char *setting)
{
  static const char *const names[] = { "local_preload_libraries", "search_path", "session_preload_libraries",
                                       "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories", NULL };

  return g_strv_contains (names, setting);
}

static char *
make_names (const char *value)
{
  GString *list = g_string_new (NULL);

  do
    {
      gsize length = get_span (value, ',');
      g_autofree char *name = g_strstrip (g_strndup (value, length));
      g_autofree char *literal = NULL;
      gsize name_length = strlen (name);

      if (name_length >= 2 && name[0] == '"' && name[name_length - 1] == '"')
        {
          g_auto (GStrv) parts = NULL;

          name[name_length - 1] = '\0';
          parts = g_strsplit (name + 1, "\"\"", -1);
          g_free (name);
          name = g_strjoinv ("\"", parts);
        }
      literal = tide_quote_literal (name);
      g_string_append_printf (list, "%s%s", list->len == 0 ? "" : ", ", literal);
      value += length + (value[length] == ',' ? 1 : 0);
    }
  while (*value != '\0');
  return g_string_free (list, FALSE);
}

static char *
make_setting (const char *key,
              const char *value)
{
  return is_list_of_names (key) ? make_names (value) : tide_quote_literal (value);
}

char *
tide_entries_from_options (const char *array)
{
  return from_array (array, make_literal);
}

char *
tide_entries_from_settings (const char *array)
{
  return from_array (array, make_setting);
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp ((*(const Entry *const *) a)->key, (*(const Entry *const *) b)->key);
}

static char *
join (GPtrArray  *entries,
      const char *separator)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);

      g_string_append_printf (text, "%s%s=%s", i == 0 ? "" : separator, entry->key, entry->value);
    }
  return g_string_free (text, FALSE);
}

char *
tide_entries_sort (const char *entries)
{
  g_autoptr (GPtrArray) parsed = parse (entries);

  g_ptr_array_sort (parsed, compare_keys);
  return entries == NULL ? NULL : join (parsed, "\n");
}

char *
tide_entries_join (const char *entries,
                   const char *separator)
{
  g_autoptr (GPtrArray) parsed = parse (entries);

  return join (parsed, separator);
}
