/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-package"

#include "config.h"

#include <json-glib/json-glib.h>

#include "project/tide-node-text.h"
#include "project/tide-package.h"
#include "tide-json.h"

static char *
dup_string (JsonObject *object,
            const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_dup_string (node);
}

void
tide_package_read (const char  *folder,
                   char       **name,
                   char       **schema)
{
  g_autofree char *path = g_build_filename (folder, "package.json", NULL);
  gsize size = 0;
  g_autofree char *text = tide_node_text_read (path, &size, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  JsonObject *object;
  JsonNode *prisma;

  if (name != NULL)
    *name = NULL;
  if (schema != NULL)
    *schema = NULL;
  if (text == NULL || !tide_json_load (parser, text, size, NULL))
    return;
  if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return;

  object = json_node_get_object (json_parser_get_root (parser));
  if (name != NULL)
    *name = dup_string (object, "name");
  prisma = json_object_get_member (object, "prisma");
  if (schema != NULL && prisma != NULL && JSON_NODE_HOLDS_OBJECT (prisma))
    *schema = dup_string (json_node_get_object (prisma), "schema");
}
