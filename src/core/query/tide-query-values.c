/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-values"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

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

/* (transfer full): values by their names, those that were given last behind; an empty object when there is no good file */
static JsonNode *
read_values (const char *path)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  JsonNode *node;
  gsize length;

  if (g_file_get_contents (path, &text, &length, NULL) && tide_json_load (parser, text, length, NULL)
      && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return json_parser_steal_root (parser);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, json_object_new ());
  return node;
}

GHashTable *
tide_query_values_load (const char *folder,
                        const char *place)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *path = dup_path (folder, place);
  g_autoptr(JsonNode) root = read_values (path);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_hash_table_insert (values, g_strdup (name), json_node_dup_string (node));
  return values;
}

static gboolean
put_values (const char  *path,
            GHashTable  *values,
            GError     **error)
{
  g_autoptr(JsonNode) root = read_values (path);
  JsonObject *object = json_node_get_object (root);
  g_autoptr(GList) names = NULL;
  g_autofree char *json = NULL;
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (strlen (value) > LONGEST)
        continue;
      json_object_remove_member (object, name);
      json_object_set_string_member (object, name, value);
    }
  names = json_object_get_members (object);
  for (GList *oldest = names; oldest != NULL && json_object_get_size (object) > MOST; oldest = oldest->next)
    json_object_remove_member (object, oldest->data);
  json = json_to_string (root, TRUE);
  return g_file_set_contents_full (path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error) ||
         tide_error_tell_file (error, "the values are not remembered");
}

/* One at a time: two windows may run at the same moment. */
gboolean
tide_query_values_save (const char  *folder,
                        const char  *place,
                        GHashTable  *values,
                        GError     **error)
{
  g_autofree char *path = dup_path (folder, place);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  gboolean saved;
  int lock;

  g_return_val_if_fail (place != NULL && values != NULL, FALSE);

  g_mkdir_with_parents (parent, 0700);
  lock = g_open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock (lock, LOCK_EX) != 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, "look whether the folder is there, and at its rights",
                      "the values are not remembered: cannot write \"%s\": %s", lock_path, g_strerror (errno));
      if (lock >= 0)
        close (lock);
      return FALSE;
    }
  saved = put_values (path, values, error);
  close (lock);
  return saved;
}

/* Whether @text has one of the words as a part of a name: "auth" in "auth_code", "authCode" and "AUTH", not in "author". A key is
 * a secret as the end of a name, as in "signing_key", and not as a word of SQL. */
static gboolean
has_secret_part (const char *text)
{
  static const char * const parts[] = { "auth", "oauth", "jwt", "otp", "totp", "pin", NULL };
  const char *start = text;

  for (const char *at = text;; at++)
    {
      gboolean camel = at > start && g_ascii_isupper (*at) && g_ascii_islower (at[-1]);
      gsize length = at - start;

      if (g_ascii_isalnum (*at) && !camel)
        continue;
      for (guint i = 0; parts[i] != NULL; i++)
        if (length == strlen (parts[i]) && g_ascii_strncasecmp (start, parts[i], length) == 0)
          return TRUE;
      if (length == 3 && g_ascii_strncasecmp (start, "key", 3) == 0 && start > text && *at != '_' && !camel
          && (start[-1] == '_' || start[-1] == ':' || g_ascii_isalnum (start[-1])))
        return TRUE;
      if (*at == '\0')
        return FALSE;
      start = camel ? at : at + 1;
    }
}

static gboolean
speaks_of_secrets (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (secret_words); i++)
    if (strstr (lower, secret_words[i]) != NULL)
      return TRUE;
  return has_secret_part (text);
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
