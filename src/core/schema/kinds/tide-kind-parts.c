/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-parts"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-kind-parts.h"

/* Past what is quoted: a doubled quote is two quoted texts side by side. Backslashes are always doubled by the server. */
static const char *
skip_quoted (const char *p)
{
  const char *end = strchr (p + 1, *p);

  return end == NULL ? p + strlen (p) : end + 1;
}

/* The end of the item that starts at @p: a line break inside quotes or parentheses belongs to it. */
static const char *
find_end (const char *p)
{
  int depth = 0;

  while (*p != '\0' && !(*p == '\n' && depth <= 0))
    {
      if (*p == '\'' || *p == '"')
        {
          p = skip_quoted (p);
          continue;
        }
      depth += (*p == '(') - (*p == ')');
      p++;
    }
  return p;
}

char **
tide_kind_split (const char *list)
{
  g_autoptr (GStrvBuilder) items = g_strv_builder_new ();

  while (list != NULL && *list != '\0')
    {
      const char *end = find_end (list);
      g_autofree char *item = g_strndup (list, end - list);

      g_strv_builder_add (items, item);
      list = *end == '\0' ? end : end + 1;
    }
  return g_strv_builder_end (items);
}

char *
tide_kind_join (const char *list,
                const char *separator)
{
  g_auto (GStrv) items = tide_kind_split (list);

  return g_strjoinv (separator, items);
}

char *
tide_kind_dup_key (const char *item)
{
  const char *end = item;

  while (*end != '\0' && *end != ' ')
    end = *end == '"' || *end == '\'' ? skip_quoted (end) : end + 1;
  return g_strndup (item, end - item);
}

const char *
tide_kind_find_item (char       **items,
                     const char  *key)
{
  for (guint i = 0; items[i] != NULL; i++)
    {
      g_autofree char *its_key = tide_kind_dup_key (items[i]);

      if (g_str_equal (its_key, key))
        return items[i];
    }
  return NULL;
}

char *
tide_kind_dup_address (const char             *words,
                       const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat (words, " ", name, NULL);
}

void
tide_kind_append_options (GString                *sql,
                          const TideSchemaObject *object,
                          const TideKindOption   *options,
                          guint                   n_options)
{
  for (guint i = 0; i < n_options; i++)
    {
      const char *value = tide_schema_object_get (object, options[i].attribute);

      if (value != NULL)
        g_string_append_printf (sql, "%s%s = %s", g_str_has_suffix (sql->str, "(") ? "\n  " : ",\n  ", options[i].word,
                                value);
    }
}

gboolean
tide_kind_is_changed (const TideSchemaObject *object,
                      guint64                 changed,
                      const char             *name)
{
  int index = tide_object_kind_find_attribute (tide_schema_object_get_kind (object), name);

  g_return_val_if_fail (index >= 0, FALSE);

  return (changed & G_GUINT64_CONSTANT (1) << index) != 0;
}

gboolean
tide_kind_is_secret (const char *name,
                     const char *value)
{
  return g_regex_match_simple (TIDE_KIND_SECRET, name, G_REGEX_CASELESS, 0)
         || g_regex_match_simple (TIDE_KIND_SECRET_VALUE, value, G_REGEX_CASELESS, 0);
}

char *
tide_kind_dup_options (const char *options)
{
  g_autofree char *list = tide_kind_join (g_strcmp0 (options, TIDE_VALUE_UNREADABLE) == 0 ? NULL : options, ", ");

  return *list == '\0' ? g_steal_pointer (&list) : g_strdup_printf (" OPTIONS (%s)", list);
}

TideHazard
tide_kind_options_hazard (const char *options)
{
  if (options == NULL)
    return TIDE_HAZARD_NONE;
  return g_str_equal (options, TIDE_VALUE_UNREADABLE) || strstr (options, "'" TIDE_KIND_REDACTED "'") != NULL
           ? TIDE_HAZARD_SECRET : TIDE_HAZARD_NONE;
}

static void
append_option (GString    *sql,
               const char *verb,
               const char *item)
{
  g_string_append_printf (sql, "%s%s %s", sql->len == 0 ? "" : ", ", verb, item);
}

char *
tide_kind_dup_options_change (const char *from,
                              const char *to,
                              TideHazard *hazards)
{
  g_auto (GStrv) old_items = tide_kind_split (from);
  g_auto (GStrv) new_items = tide_kind_split (to);
  g_autoptr (GString) sql = g_string_new (NULL);

  *hazards = TIDE_HAZARD_NONE;
  for (guint i = 0; old_items[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_items[i]);

      if (tide_kind_find_item (new_items, key) == NULL)
        append_option (sql, "DROP", key);
    }
  for (guint i = 0; new_items[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (new_items[i]);
      const char *before = tide_kind_find_item (old_items, key);

      if (g_strcmp0 (before, new_items[i]) == 0)
        continue;
      append_option (sql, before == NULL ? "ADD" : "SET", new_items[i]);
      if (g_str_has_suffix (new_items[i], " '" TIDE_KIND_REDACTED "'"))
        *hazards = TIDE_HAZARD_SECRET;
    }
  return sql->len > 0 ? g_strdup_printf (" OPTIONS (%s)", sql->str) : g_strdup ("");
}

void
tide_kind_alter_options (TideDdl                *ddl,
                         const char             *address,
                         const TideSchemaObject *from,
                         const TideSchemaObject *to)
{
  TideHazard hazards;
  g_autofree char *options = tide_kind_dup_options_change (tide_schema_object_get (from, "options"),
                                                           tide_schema_object_get (to, "options"), &hazards);

  if (*options != '\0')
    tide_ddl_add (ddl, hazards, "ALTER %s%s", address, options);
}

void
tide_kind_comment_parts (TideDdl    *ddl,
                         const char *from_list,
                         const char *to_list,
                         char      **kept,
                         const char *left_of_key,
                         const char *right_of_key)
{
  g_auto (GStrv) old_items = tide_kind_split (from_list);
  g_auto (GStrv) new_items = tide_kind_split (to_list);
  const char *const *keys = (const char *const *) kept;

  for (guint i = 0; old_items[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_items[i]);

      if (g_strv_contains (keys, key) && tide_kind_find_item (new_items, key) == NULL)
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "COMMENT ON %s%s%s IS NULL", left_of_key, key, right_of_key);
    }
  for (guint i = 0; new_items[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (new_items[i]);

      if (!g_strv_contains (keys, key) || g_strcmp0 (tide_kind_find_item (old_items, key), new_items[i]) != 0)
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "COMMENT ON %s%s%s IS %s", left_of_key, key, right_of_key,
                      new_items[i] + strlen (key) + 1);
    }
}

void
tide_kind_depend (TideSchemaBuilder    *builder,
                  TideSchemaObject     *object,
                  const TideCatalogRow *row,
                  const char           *column)
{
  g_auto (GStrv) items = tide_kind_split (tide_catalog_row_get (row, column));

  for (guint i = 0; items[i] != NULL; i++)
    {
      char *p = items[i];
      guint32 catalog = g_ascii_strtoull (p, &p, 10);
      guint32 oid = g_ascii_strtoull (p, &p, 10);
      int position = g_ascii_strtoll (p, &p, 10);
      TideSchemaObject *on = tide_schema_builder_find (builder, catalog, oid, position);

      if (on != NULL)
        tide_schema_builder_depend (builder, object, on);
    }
}

void
tide_kind_disturb_users (TideDdl *ddl)
{
  static const TideObjectKind kinds[] = {
    TIDE_OBJECT_FUNCTION, TIDE_OBJECT_DEFAULT, TIDE_OBJECT_VIEW,    TIDE_OBJECT_MATERIALIZED_VIEW, TIDE_OBJECT_CONSTRAINT,
    TIDE_OBJECT_INDEX,    TIDE_OBJECT_RULE,    TIDE_OBJECT_TRIGGER, TIDE_OBJECT_POLICY,            TIDE_OBJECT_STATISTICS,
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    tide_ddl_disturbs (ddl, kinds[i]);
}
