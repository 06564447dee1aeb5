/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-json"

#include "config.h"

#include <string.h>

#include "tide-json.h"

/* No file of ours comes near it, and no stack ends before it. */
#define MAX_DEPTH 500

/* The byte behind the string or comment that begins at @at; @at itself where none begins there */
static const char *
skip_opaque (const char *at,
             const char *end)
{
  const char *close;

  if (*at == '"')
    {
      for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
          at++;
      return MIN (at + 1, end);
    }
  /* json-glib takes these, too; nothing is escaped in them */
  if (*at == '\'')
    {
      close = memchr (at + 1, '\'', end - at - 1);
      return close ? close + 1 : end;
    }
  if (end - at >= 2 && at[0] == '/' && at[1] == '/')
    {
      close = memchr (at, '\n', end - at);
      return close ? close + 1 : end;
    }
  if (end - at >= 2 && at[0] == '/' && at[1] == '*')
    {
      close = memmem (at + 2, end - at - 2, "*/", 2);
      return close ? close + 2 : end;
    }
  return at;
}

static gboolean
is_too_deep (const char *text,
             gsize       size)
{
  const char *end = text + size;
  guint depth = 0;

  for (const char *at = text; at < end;)
    {
      const char *next = skip_opaque (at, end);

      if (next != at)
        {
          at = next;
          continue;
        }
      if (*at == '[' || *at == '{')
        depth++;
      else if ((*at == ']' || *at == '}') && depth > 0)
        depth--;
      if (depth > MAX_DEPTH)
        return TRUE;
      at++;
    }
  return FALSE;
}

/**
 * tide_json_load:
 * @parser: a parser
 * @text: the JSON
 * @size: its bytes
 * @error: the parser's, whose signal "error" is then heard too, except for what is nested too deep
 *
 * json-glib calls itself for every level, and a file made for it would end the program.
 *
 * Returns: whether @parser holds the document
 */
gboolean
tide_json_load (JsonParser  *parser,
                const char  *text,
                gsize        size,
                GError     **error)
{
  if (is_too_deep (text, size))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, "it is nested more than %d deep", MAX_DEPTH);
      return FALSE;
    }
  return json_parser_load_from_data (parser, text, size, error);
}

void
tide_json_add_text (JsonBuilder *builder,
                    const char  *name,
                    const char  *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
tide_json_add_strings (JsonBuilder       *builder,
                       const char        *name,
                       const char *const *strings)
{
  json_builder_set_member_name (builder, name);
  if (strings == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_array (builder);
  for (guint i = 0; strings[i] != NULL; i++)
    json_builder_add_string_value (builder, strings[i]);
  json_builder_end_array (builder);
}

void
tide_json_add_texts (JsonBuilder *builder,
                     const char  *name,
                     GPtrArray   *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (texts, i));
  json_builder_end_array (builder);
}

void
tide_json_add_number (JsonBuilder *builder,
                      const char  *name,
                      gint64       number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

char *
tide_json_dup_text (JsonObject *object,
                    const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : NULL;
}

char **
tide_json_dup_strings (JsonObject *object,
                       const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr(GStrvBuilder) strings = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (strings, json_node_get_string (element));
    }
  return g_strv_builder_end (strings);
}

gint64
tide_json_get_number (JsonObject *object,
                      const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
}

JsonObject *
tide_json_read_object (const char *path)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  JsonNode *root = NULL;
  gsize size;

  if (g_file_get_contents (path, &text, &size, NULL) && tide_json_load (parser, text, size, NULL))
    root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root)) : json_object_new ();
}

gboolean
tide_json_write_object (JsonObject  *object,
                        const char  *path,
                        GError     **error)
{
  g_autoptr(JsonNode) root = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (root, object);
  text = json_to_string (root, TRUE);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
