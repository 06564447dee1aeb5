/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-settings"

#include "config.h"

#include <string.h>

#include "project/tide-settings-private.h"

#define TIMEOUT_KEY "timeout_seconds"
#define LONGEST_TIMEOUT_S (24 * 60 * 60)

/* The line of the first "@key" behind the first "@before" (nullable); 0: not found. The parser keeps no places. */
static int
find_line (TideSettingsContext *context,
           const char          *before,
           const char          *key)
{
  gsize size = context->size < 0 ? strlen (context->text) : (gsize) context->size;
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", key);
  g_autofree char *quoted_before = g_strdup_printf ("\"%s\"", before ? before : key);
  const char *end = context->text + size;
  const char *from = g_strstr_len (context->text, size, quoted_before);
  const char *found = from ? g_strstr_len (from, end - from, quoted) : NULL;
  int line = 1;

  for (const char *p = context->text; found != NULL && p < found; p++)
    line += *p == '\n';
  return found ? line : 0;
}

static void
warn (TideSettingsContext *context,
      const char          *before,
      const char          *key,
      char                *message)
{
  g_ptr_array_add (context->warnings, tide_settings_new_error (context->file, find_line (context, before, key), message));
}

/* (transfer full) (nullable): the words of a command */
static char **
read_argv (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  if (array == NULL || json_array_get_length (array) == 0)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *word = json_array_get_element (array, i);

      if (json_node_get_value_type (word) != G_TYPE_STRING || (i == 0 && *json_node_get_string (word) == '\0'))
        return NULL;
      g_strv_builder_add (words, json_node_get_string (word));
    }
  return g_strv_builder_end (words);
}

static void
read_hook (TideSettingsContext *context,
           JsonObject          *object,
           const char          *key,
           char              ***argv)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  *argv = read_argv (node);
  if (*argv == NULL)
    warn (context, "hooks", key, g_strdup_printf ("the hook \"%s\" must be a list of words, [\"pm2\", \"stop\", \"all\"]: no shell "
                                                  "runs it, and it is left out", key));
}

/* One command, or a list of them */
static void
read_health (TideSettingsContext *context,
             GPtrArray           *commands,
             JsonNode            *node)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  char **single = array ? read_argv (node) : NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (single != NULL)
    {
      g_ptr_array_add (commands, single);
      return;
    }
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      char **argv = read_argv (json_array_get_element (array, i));

      if (argv != NULL)
        g_ptr_array_add (commands, argv);
      else
        array = NULL;
    }
  if (array == NULL)
    warn (context, "hooks", "health", g_strdup ("\"health\" of \"hooks\" must be a list of commands, each a list of words: no "
                                                "shell runs them, and what is something else is left out"));
}

static void
read_timeout (TideSettingsContext *context,
              TideHooksSpec       *hooks,
              JsonNode            *node)
{
  gint64 seconds = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (seconds >= 1 && seconds <= LONGEST_TIMEOUT_S)
    hooks->timeout_s = seconds;
  else
    warn (context, "hooks", TIMEOUT_KEY,
          g_strdup_printf ("\"" TIMEOUT_KEY "\" of \"hooks\" must be a whole number from 1 to %d, and is left out", LONGEST_TIMEOUT_S));
}

void
tide_settings_read_hooks (TideSettingsContext *context,
                          TideHooksSpec       *hooks,
                          JsonNode            *node)
{
  static const char *const known[] = { "stop", "start", "seed", "health", TIMEOUT_KEY, NULL };
  g_autoptr(GList) members = NULL;
  JsonObject *object;

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      warn (context, NULL, "hooks", g_strdup ("\"hooks\" must be an object, and is left out"));
      return;
    }
  object = json_node_get_object (node);
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      warn (context, "hooks", l->data, g_strdup_printf ("\"hooks\" has the unknown key \"%s\"", (char *) l->data));
  read_hook (context, object, "stop", &hooks->stop);
  read_hook (context, object, "start", &hooks->start);
  read_hook (context, object, "seed", &hooks->seed);
  read_health (context, hooks->health, json_object_get_member (object, "health"));
  read_timeout (context, hooks, json_object_get_member (object, TIMEOUT_KEY));
}

void
tide_settings_read_verify (TideSettingsContext *context,
                           JsonObject          *object,
                           TideEnvironmentSpec *environment)
{
  JsonNode *node = json_object_get_member (object, "verify");
  gint64 level = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;

  if (node == NULL)
    return;
  if (level >= 1 && level <= 4)
    environment->verify = level;
  else
    warn (context, environment->name, "verify",
          g_strdup_printf ("\"verify\" of environment \"%s\" must be a level from 1 to 4, and is left out", environment->name));
}
