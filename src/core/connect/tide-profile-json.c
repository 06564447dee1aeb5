/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-profile"

#include "config.h"

#include "connect/tide-profile-json.h"
#include "tide-error.h"

/* Members are named as the properties are. What a newer version may have added is left alone. */

static gboolean
read_value (GParamSpec *pspec,
            JsonNode   *node,
            GValue     *value)
{
  TideKind kind;

  g_value_init (value, pspec->value_type);
  if (pspec->value_type == TIDE_TYPE_KIND)
    {
      if (json_node_get_value_type (node) != G_TYPE_STRING ||
          !tide_kind_from_string (json_node_get_string (node), &kind))
        return FALSE;
      g_value_set_enum (value, kind);
      return TRUE;
    }
  if (pspec->value_type == G_TYPE_STRING && json_node_get_value_type (node) == G_TYPE_STRING)
    g_value_set_string (value, json_node_get_string (node));
  else if (pspec->value_type == G_TYPE_BOOLEAN && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_value_set_boolean (value, json_node_get_boolean (node));
  else if (pspec->value_type == G_TYPE_UINT && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      gint64 number = json_node_get_int (node);

      if (number < 0 || number > G_PARAM_SPEC_UINT (pspec)->maximum)
        return FALSE;
      g_value_set_uint (value, number);
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_member (TideProfile  *self,
             GParamSpec   *pspec,
             JsonNode     *node,
             GError      **error)
{
  g_auto(GValue) value = G_VALUE_INIT;

  if (read_value (pspec, node, &value))
    {
      g_object_set_property (G_OBJECT (self), pspec->name, &value);
      return TRUE;
    }
  tide_set_error (error, TIDE_ERROR_INVALID, "mend the file, or move it away to start anew",
                  "the profile \"%s\" has a wrong value for \"%s\"", tide_profile_get_id (self), pspec->name);
  return FALSE;
}

static const char *
find_id (JsonNode *node)
{
  JsonNode *id = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), "id") : NULL;

  return id != NULL && json_node_get_value_type (id) == G_TYPE_STRING ? json_node_get_string (id) : NULL;
}

TideProfile *
tide_profile_from_json (JsonNode  *node,
                        GError   **error)
{
  const char *id = find_id (node);
  g_autoptr(TideProfile) self = NULL;
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  if (id == NULL || *id == '\0')
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "mend the file, or move it away to start anew",
                      "a profile has no \"id\"");
      return NULL;
    }
  self = g_object_new (TIDE_TYPE_PROFILE, "id", id, NULL);
  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      JsonNode *member = json_object_get_member (json_node_get_object (node), pspecs[i]->name);

      if (member != NULL && !(pspecs[i]->flags & G_PARAM_CONSTRUCT_ONLY) &&
          !read_member (self, pspecs[i], member, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

static void
write_member (TideProfile *self,
              GParamSpec  *pspec,
              JsonObject  *object)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (self), pspec->name, &value);
  if (g_param_value_defaults (pspec, &value))
    json_object_remove_member (object, pspec->name);
  else if (pspec->value_type == G_TYPE_STRING)
    json_object_set_string_member (object, pspec->name, g_value_get_string (&value));
  else if (pspec->value_type == G_TYPE_BOOLEAN)
    json_object_set_boolean_member (object, pspec->name, g_value_get_boolean (&value));
  else if (pspec->value_type == G_TYPE_UINT)
    json_object_set_int_member (object, pspec->name, g_value_get_uint (&value));
  else
    json_object_set_string_member (object, pspec->name, tide_kind_to_string (g_value_get_enum (&value)));
}

void
tide_profile_write_json (TideProfile *self,
                         JsonObject  *object)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    write_member (self, pspecs[i], object);
}
