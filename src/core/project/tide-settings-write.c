/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-settings"

#include "config.h"

#include "project/tide-settings.h"
#include "tide-error.h"
#include "tide-json.h"

#define HINT "put it right by hand, or move it away"

/* (transfer full): the object that stands in @path; an empty one when there is no such file */
static JsonNode *
read_object (const char  *path,
             GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return json_node_init_object (json_node_alloc (), json_object_new ());
      tide_set_error (error, TIDE_ERROR_INVALID, HINT, "cannot read \"%s\": %s", path, local_error->message);
      return NULL;
    }
  if (!tide_json_load (parser, text, size, &local_error))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, HINT, "\"%s\" is no JSON: %s", path, local_error->message);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, HINT, "\"%s\" does not hold a JSON object", path);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

/* (transfer none) (nullable): the object @name of @parent, made when it is not there; NULL when something else is */
static JsonObject *
ensure_object (JsonObject *parent,
               const char *name)
{
  JsonNode *node = json_object_get_member (parent, name);

  if (node == NULL)
    json_object_set_object_member (parent, name, json_object_new ());
  else if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return json_object_get_object_member (parent, name);
}

static gboolean
write_object (JsonNode    *root,
              const char  *path,
              GError     **error)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) local_error = NULL;

  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  json_generator_to_gstring (generator, text);
  g_string_append_c (text, '\n');
  if (g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &local_error))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, "nothing was changed", "cannot write \"%s\": %s", path, local_error->message);
  return FALSE;
}

gboolean
tide_settings_write_kind (const char  *root,
                          const char  *environment,
                          const char  *url,
                          TideKind     kind,
                          GError     **error)
{
  g_autofree char *path = g_build_filename (root, "tidemark.json", NULL);
  g_autoptr(JsonNode) node = read_object (path, error);
  JsonObject *environments, *object = NULL;

  if (node == NULL)
    return FALSE;
  environments = ensure_object (json_node_get_object (node), "environments");
  if (environments != NULL)
    object = ensure_object (environments, environment);
  if (object == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, HINT, "\"environments\" in \"%s\" is not laid out as it should be", path);
      return FALSE;
    }
  if (url != NULL && !json_object_has_member (object, "url"))
    json_object_set_string_member (object, "url", url);
  json_object_set_string_member (object, "kind", tide_kind_to_string (kind));
  return write_object (node, path, error);
}

/* (transfer none) (nullable): the list "ignore" of "drift", made when it is not there; NULL when something else is */
static JsonArray *
ensure_ignores (JsonObject *root)
{
  JsonObject *drift = ensure_object (root, "drift");
  JsonNode *node = drift != NULL ? json_object_get_member (drift, "ignore") : NULL;

  if (drift == NULL || (node != NULL && !JSON_NODE_HOLDS_ARRAY (node)))
    return NULL;
  if (node == NULL)
    json_object_set_array_member (drift, "ignore", json_array_new ());
  return json_object_get_array_member (drift, "ignore");
}

static gboolean
says (JsonObject *object,
      const char *key,
      const char *value)
{
  return g_strcmp0 (json_object_get_string_member_with_default (object, key, NULL), value) == 0;
}

static void
remove_ignores (JsonArray            *rules,
                const TideIgnoreSpec *rule)
{
  for (guint i = json_array_get_length (rules); i > 0; i--)
    {
      JsonNode *node = json_array_get_element (rules, i - 1);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (object != NULL && says (object, "kind", rule->kind) && says (object, "schema", rule->schema)
          && says (object, "name", rule->name))
        json_array_remove_element (rules, i - 1);
    }
}

static void
add_ignore (JsonArray            *rules,
            const TideIgnoreSpec *rule)
{
  JsonObject *object = json_object_new ();

  if (rule->kind != NULL)
    json_object_set_string_member (object, "kind", rule->kind);
  if (rule->schema != NULL)
    json_object_set_string_member (object, "schema", rule->schema);
  if (rule->name != NULL)
    json_object_set_string_member (object, "name", rule->name);
  json_object_set_string_member (object, "reason", rule->reason);
  json_array_add_object_element (rules, object);
}

gboolean
tide_settings_write_ignore (const char            *root,
                            const TideIgnoreSpec  *rule,
                            gboolean               remove,
                            GError               **error)
{
  g_autofree char *path = g_build_filename (root, "tidemark.json", NULL);
  g_autoptr(JsonNode) node = NULL;
  JsonArray *rules;

  g_return_val_if_fail (remove || rule->reason != NULL, FALSE);

  node = read_object (path, error);
  if (node == NULL)
    return FALSE;
  rules = ensure_ignores (json_node_get_object (node));
  if (rules == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, HINT, "\"drift\" in \"%s\" is not laid out as it should be", path);
      return FALSE;
    }
  /* The same again has a new reason */
  remove_ignores (rules, rule);
  if (!remove)
    add_ignore (rules, rule);
  return write_object (node, path, error);
}
