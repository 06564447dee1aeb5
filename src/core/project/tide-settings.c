/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-settings"

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "project/tide-settings-private.h"
#include "tide-error.h"
#include "tide-json.h"

#define HINT "see the example of tidemark.json in the manual"

GError *
tide_settings_new_error (const char *file,
                         int         line,
                         char       *message)
{
  g_autofree char *owned = message;
  GError *error = tide_error_new (TIDE_ERROR_INVALID, HINT, "%s", owned);

  tide_error_take_string (&tide_error_get_fields (error)->file, g_strdup (file));
  tide_error_get_fields (error)->line = line;
  return error;
}

static void
environment_spec_free (TideEnvironmentSpec *self)
{
  g_free (self->name);
  g_free (self->url);
  g_free (self);
}

static void
contact_free (TideContact *self)
{
  g_free (self->role);
  g_free (self->name);
  g_free (self->reach);
  g_free (self);
}

static void
ignore_spec_free (TideIgnoreSpec *self)
{
  g_free (self->kind);
  g_free (self->schema);
  g_free (self->name);
  g_free (self->reason);
  g_free (self);
}

TideEnvironmentSpec *
tide_environment_spec_new (const char *name,
                           const char *url,
                           TideKind    kind)
{
  TideEnvironmentSpec *self = g_new0 (TideEnvironmentSpec, 1);

  self->name = g_strdup (name);
  self->url = g_strdup (url);
  self->kind = kind;
  return self;
}

TideSettings *
tide_settings_new (void)
{
  TideSettings *self = g_new0 (TideSettings, 1);

  self->environments = g_ptr_array_new_with_free_func ((GDestroyNotify) environment_spec_free);
  self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) contact_free);
  self->ignores = g_ptr_array_new_with_free_func ((GDestroyNotify) ignore_spec_free);
  self->hooks.health = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return self;
}

void
tide_settings_free (TideSettings *self)
{
  g_ptr_array_unref (self->environments);
  g_ptr_array_unref (self->contacts);
  g_ptr_array_unref (self->ignores);
  g_strfreev (self->hooks.stop);
  g_strfreev (self->hooks.start);
  g_strfreev (self->hooks.seed);
  g_ptr_array_unref (self->hooks.health);
  g_free (self->backups.folder);
  g_free (self->backups.format);
  g_free (self);
}

static void
warn_unknown_keys (TideSettingsContext *context,
                   JsonObject        *object,
                   const char *const *known,
                   const char        *where)
{
  g_autoptr(GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      g_ptr_array_add (context->warnings,
                       tide_settings_new_error (context->file, 0,
                                  g_strdup_printf ("%s has the unknown key \"%s\"", where, (char *) l->data)));
}

/* (transfer none) (nullable): the string @key of @object; FALSE when it is something else */
static gboolean
read_string (TideSettingsContext *context,
             JsonObject  *object,
             const char  *key,
             const char  *where,
             const char **value,
             GError     **error)
{
  JsonNode *node = json_object_get_member (object, key);

  *value = NULL;
  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0,
                                           g_strdup_printf ("\"%s\" of %s must be a string", key, where)));
      return FALSE;
    }
  *value = json_node_get_string (node);
  return TRUE;
}

/* The file is meant to be committed */
static void
warn_password (TideSettingsContext *context,
               const char *url,
               const char *where)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, NULL);
  const char *password = uri ? g_uri_get_password (uri) : NULL;

  if (password != NULL && *password != '\0')
    g_ptr_array_add (context->warnings,
                     tide_settings_new_error (context->file, 0,
                                g_strdup_printf ("the URL of %s holds a password, which belongs in the keyring or in .env",
                                                 where)));
}

static gboolean
read_environment (TideSettingsContext *context,
                  TideSettings  *self,
                  const char    *name,
                  JsonNode      *node,
                  GError       **error)
{
  static const char *const known[] = { "url", "kind", "verify", NULL };
  g_autofree char *where = g_strdup_printf ("environment \"%s\"", name);
  TideKind kind = TIDE_KIND_UNKNOWN;
  const char *url, *word;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup_printf ("%s must be an object", where)));
      return FALSE;
    }
  object = json_node_get_object (node);
  if (!read_string (context, object, "url", where, &url, error)
      || !read_string (context, object, "kind", where, &word, error))
    return FALSE;
  if (url == NULL || *url == '\0')
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup_printf ("%s has no \"url\"", where)));
      return FALSE;
    }
  if (word != NULL && !tide_kind_from_string (word, &kind))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0,
                                           g_strdup_printf ("\"kind\" of %s is \"%s\"; it must be development, staging "
                                                            "or production", where, word)));
      return FALSE;
    }
  warn_password (context, url, where);
  warn_unknown_keys (context, object, known, where);
  g_ptr_array_add (self->environments, tide_environment_spec_new (name, url, kind));
  tide_settings_read_verify (context, object, g_ptr_array_index (self->environments, self->environments->len - 1));
  return TRUE;
}

static gboolean
read_environments (TideSettingsContext *context,
                   TideSettings  *self,
                   JsonNode      *node,
                   GError       **error)
{
  g_autoptr(GList) members = NULL;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("\"environments\" must be an object")));
      return FALSE;
    }
  object = json_node_get_object (node);
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    if (!read_environment (context, self, l->data, json_object_get_member (object, l->data), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_contact (TideSettingsContext *context,
              TideSettings  *self,
              JsonNode      *node,
              GError       **error)
{
  static const char *const known[] = { "role", "name", "reach", NULL };
  const char *where = "a contact";
  const char *role, *name, *reach;
  TideContact *contact;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("each of \"contacts\" must be an object")));
      return FALSE;
    }
  object = json_node_get_object (node);
  if (!read_string (context, object, "role", where, &role, error)
      || !read_string (context, object, "name", where, &name, error)
      || !read_string (context, object, "reach", where, &reach, error))
    return FALSE;

  warn_unknown_keys (context, object, known, where);
  contact = g_new0 (TideContact, 1);
  contact->role = g_strdup (role ? role : "");
  contact->name = g_strdup (name ? name : "");
  contact->reach = g_strdup (reach ? reach : "");
  g_ptr_array_add (self->contacts, contact);
  return TRUE;
}

static gboolean
read_contacts (TideSettingsContext *context,
               TideSettings  *self,
               JsonNode      *node,
               GError       **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("\"contacts\" must be a list")));
      return FALSE;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_contact (context, self, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

/* One without a reason, or that hides everything, is a mistake. */
static gboolean
read_ignore (TideSettingsContext *context,
             TideSettings  *self,
             JsonNode      *node,
             GError       **error)
{
  static const char *const known[] = { "kind", "schema", "name", "reason", NULL };
  const char *where = "a rule of \"ignore\"";
  const char *values[G_N_ELEMENTS (known) - 1];
  TideIgnoreSpec *rule;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("each rule of \"ignore\" must be an object")));
      return FALSE;
    }
  object = json_node_get_object (node);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (!read_string (context, object, known[i], where, &values[i], error))
      return FALSE;
  warn_unknown_keys (context, object, known, where);
  if (values[3] == NULL || (values[0] == NULL && values[1] == NULL && values[2] == NULL))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0,
                                           g_strdup_printf ("%s needs a \"reason\" and at least one of \"kind\", \"schema\" "
                                                            "and \"name\"", where)));
      return FALSE;
    }
  rule = g_new (TideIgnoreSpec, 1);
  *rule = (TideIgnoreSpec) { g_strdup (values[0]), g_strdup (values[1]), g_strdup (values[2]), g_strdup (values[3]) };
  g_ptr_array_add (self->ignores, rule);
  return TRUE;
}

static gboolean
read_drift (TideSettingsContext *context,
            TideSettings  *self,
            JsonNode      *node,
            GError       **error)
{
  static const char *const known[] = { "ignore", NULL };
  JsonNode *rules;
  JsonArray *array;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("\"drift\" must be an object")));
      return FALSE;
    }
  warn_unknown_keys (context, json_node_get_object (node), known, "\"drift\"");
  rules = json_object_get_member (json_node_get_object (node), "ignore");
  if (rules == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (rules))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("\"ignore\" of \"drift\" must be a list")));
      return FALSE;
    }
  array = json_node_get_array (rules);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_ignore (context, self, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_count (TideSettingsContext *context,
            JsonObject  *object,
            const char  *key,
            guint       *count,
            GError     **error)
{
  JsonNode *node = json_object_get_member (object, key);
  gint64 number = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;

  if (node == NULL)
    return TRUE;
  if (number < 0 || number > G_MAXINT)
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0,
                                           g_strdup_printf ("\"%s\" of \"keep\" must be a number of backups", key)));
      return FALSE;
    }
  *count = number;
  return TRUE;
}

static gboolean
read_keep (TideSettingsContext *context,
           TideBackupsSpec  *self,
           JsonNode         *node,
           GError          **error)
{
  static const char *const known[] = { "last", "daily", "weekly", "monthly", NULL };
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("\"keep\" of \"backups\" must be an object")));
      return FALSE;
    }
  object = json_node_get_object (node);
  warn_unknown_keys (context, object, known, "\"keep\"");
  return read_count (context, object, "last", &self->last, error)
         && read_count (context, object, "daily", &self->daily, error)
         && read_count (context, object, "weekly", &self->weekly, error)
         && read_count (context, object, "monthly", &self->monthly, error);
}

static gboolean
read_backups (TideSettingsContext *context,
              TideBackupsSpec  *self,
              JsonNode         *node,
              GError          **error)
{
  static const char *const known[] = { "folder", "format", "keep", NULL };
  const char *where = "\"backups\"";
  const char *folder, *format;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_propagate_error (error, tide_settings_new_error (context->file, 0, g_strdup ("\"backups\" must be an object")));
      return FALSE;
    }
  object = json_node_get_object (node);
  if (!read_string (context, object, "folder", where, &folder, error)
      || !read_string (context, object, "format", where, &format, error))
    return FALSE;
  warn_unknown_keys (context, object, known, where);
  self->folder = g_strdup (folder);
  self->format = g_strdup (format);
  return !json_object_has_member (object, "keep")
         || read_keep (context, self, json_object_get_member (object, "keep"), error);
}

/* (transfer full): json-glib tells the line in its message alone: "<data>:3:12: Parse error: ..." */
static GError *
new_parse_error (const char   *file,
                 const GError *problem)
{
  const char *colon = strchr (problem->message, ':');
  const char *reason = strstr (problem->message, ": ");
  int line = colon ? (int) g_ascii_strtoll (colon + 1, NULL, 10) : 0;

  return tide_settings_new_error (file, line, g_strdup_printf ("tidemark.json is not valid JSON: %s",
                                                 line > 0 && reason ? reason + 2 : problem->message));
}

/**
 * tide_settings_parse:
 * @text: what a tidemark.json holds
 * @size: its bytes, or -1
 * @file: its name, for errors
 * @warnings: (element-type GError): gets unknown keys and passwords
 * @error: INVALID with @file, and the line where the JSON itself is broken
 *
 * Returns: (transfer full) (nullable): what it says
 */
TideSettings *
tide_settings_parse (const char  *text,
                     gssize       size,
                     const char  *file,
                     GPtrArray   *warnings,
                     GError     **error)
{
  static const char *const known[] = { "$schema", "environments", "hooks", "backups", "contacts", "drift", NULL };
  g_autoptr(TideSettings) self = tide_settings_new ();
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) problem = NULL;
  TideSettingsContext context = { file, text, size, warnings };
  JsonObject *object;
  JsonNode *root;

  if (!tide_json_load (parser, text, size, &problem))
    {
      g_propagate_error (error, new_parse_error (file, problem));
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_propagate_error (error, tide_settings_new_error (file, 1, g_strdup ("tidemark.json must hold one object")));
      return NULL;
    }

  object = json_node_get_object (root);
  warn_unknown_keys (&context, object, known, "tidemark.json");
  if (json_object_has_member (object, "environments")
      && !read_environments (&context, self, json_object_get_member (object, "environments"), error))
    return NULL;
  if (json_object_has_member (object, "contacts")
      && !read_contacts (&context, self, json_object_get_member (object, "contacts"), error))
    return NULL;
  if (json_object_has_member (object, "backups")
      && !read_backups (&context, &self->backups, json_object_get_member (object, "backups"), error))
    return NULL;
  if (json_object_has_member (object, "drift")
      && !read_drift (&context, self, json_object_get_member (object, "drift"), error))
    return NULL;
  tide_settings_read_hooks (&context, &self->hooks, json_object_get_member (object, "hooks"));
  return g_steal_pointer (&self);
}
