/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-values"

#include "config.h"

#include <errno.h>
#include <string.h>

#include "query/tide-query-mask.h"
#include "query/tide-query-values.h"
#include "tide-error.h"
#include "tide-json.h"

/* What is longer was pasted, and is found where it came from. */
#define LONGEST 4096
#define MOST    500

/* In names and in statements. Rather one value too many is typed again than one secret kept. */
static const char * const secret_words[] = {
  "pass", "pwd", "secret", "token", "credential", "private", "apikey", "api_key", "crypt", "salt", "bearer", "cvc", "cvv",
};

static char *
dup_path (const char *folder,
          const char *place)
{
  g_autofree char *parent = folder ? g_strdup (folder) : g_build_filename (g_get_user_state_dir (), "tidemark", "values", NULL);
  g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, place, -1);
  g_autofree char *name = g_strconcat (key, ".json", NULL);

  return g_build_filename (parent, name, NULL);
}

GHashTable *
tide_query_values_load (const char *folder,
                        const char *place)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *path = dup_path (folder, place);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || !tide_json_load (parser, text, length, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return values;
  json_object_iter_init (&iter, json_node_get_object (json_parser_get_root (parser)));
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_hash_table_insert (values, g_strdup (name), json_node_dup_string (node));
  return values;
}

static char *
dup_json (GHashTable *values)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  json_node_take_object (node, object);
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);
  return json_to_string (node, TRUE);
}

gboolean
tide_query_values_save (const char  *folder,
                        const char  *place,
                        GHashTable  *values,
                        GError     **error)
{
  g_autofree char *path = dup_path (folder, place);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr(GHashTable) all = NULL;
  g_autofree char *json = NULL;
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_return_val_if_fail (place != NULL && values != NULL, FALSE);

  if (g_mkdir_with_parents (parent, 0700) != 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot make \"%s\": %s", parent, g_strerror (errno));
      return FALSE;
    }
  all = tide_query_values_load (folder, place);
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (strlen (value) <= LONGEST && (g_hash_table_size (all) < MOST || g_hash_table_contains (all, name)))
      g_hash_table_insert (all, g_strdup (name), g_strdup (value));
  json = dup_json (all);
  return g_file_set_contents_full (path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
speaks_of_secrets (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (secret_words); i++)
    if (strstr (lower, secret_words[i]) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
tide_query_values_is_secret (const char *name,
                             const char *value,
                             const char *statement)
{
  g_autofree char *quoted = NULL;
  g_autofree char *masked = NULL;

  g_return_val_if_fail (name != NULL && value != NULL && statement != NULL, TRUE);

  if (speaks_of_secrets (name) || speaks_of_secrets (statement))
    return TRUE;
  /* As it would stand in a statement: a URL or a conninfo with a password in it */
  quoted = g_strconcat ("'", value, "'", NULL);
  masked = tide_query_mask (quoted);
  return !g_str_equal (quoted, masked);
}
