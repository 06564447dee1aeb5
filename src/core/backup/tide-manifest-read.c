/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-manifest"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <json-glib/json-glib.h>

#include "backup/tide-manifest-private.h"
#include "tide-error.h"
#include "tide-json.h"

/* A manifest lies where others may put files: what it says is checked before it is believed. */

/* (transfer none) (nullable): the first member that is not of its type is told in @wrong */
static const char *
get_string (JsonObject  *object,
            const char  *name,
            const char **wrong)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  *wrong = name;
  return NULL;
}

static gint64
get_int (JsonObject  *object,
         const char  *name,
         gint64       least,
         gint64       most,
         const char **wrong)
{
  JsonNode *node = json_object_get_member (object, name);
  gint64 value;

  if (node == NULL)
    return MAX (least, 0);
  value = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : G_MININT64;
  if (value >= least && value <= most)
    return value;
  *wrong = name;
  return 0;
}

static gboolean
get_boolean (JsonObject  *object,
             const char  *name,
             const char **wrong)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  *wrong = name;
  return FALSE;
}

static gint64
get_time (JsonObject  *object,
          const char  *name,
          const char **wrong)
{
  const char *text = get_string (object, name, wrong);
  g_autoptr(GDateTime) moment = text ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (text != NULL && moment == NULL)
    *wrong = name;
  return moment ? g_date_time_to_unix (moment) * G_USEC_PER_SEC + g_date_time_get_microsecond (moment) : 0;
}

static JsonArray *
get_array (JsonObject  *object,
           const char  *name,
           const char **wrong)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  *wrong = name;
  return NULL;
}

static void
take_strings (JsonObject   *object,
              const char   *name,
              char       ***field,
              const char  **wrong)
{
  JsonArray *array = get_array (object, name, wrong);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
      else
        *wrong = name;
    }
  g_strfreev (*field);
  *field = g_strv_builder_end (builder);
}

/* Beside the manifest or below it, nowhere else. */
static gboolean
is_inside (const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);

  if (*path == '\0' || g_path_is_absolute (path))
    return FALSE;
  return !g_strv_contains ((const char *const *) parts, "..");
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static JsonObject *
get_element (JsonArray *array,
             guint      index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
read_files (TideManifest  *self,
            JsonObject    *root,
            const char   **wrong)
{
  JsonArray *array = get_array (root, "files", wrong);

  for (guint i = 0; array != NULL && *wrong == NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = get_element (array, i);
      const char *path = object ? get_string (object, "path", wrong) : NULL;
      const char *sha256 = object ? get_string (object, "sha256", wrong) : NULL;

      if (path == NULL || sha256 == NULL || !is_inside (path) || !is_sha256 (sha256))
        *wrong = "files";
      else
        tide_manifest_add_file (self, path, get_int (object, "bytes", 0, G_MAXINT64, wrong), sha256);
    }
}

static void
read_tables (TideManifest  *self,
             JsonObject    *root,
             const char   **wrong)
{
  JsonArray *array = get_array (root, "tables", wrong);

  for (guint i = 0; array != NULL && *wrong == NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = get_element (array, i);
      const char *schema = object ? get_string (object, "schema", wrong) : NULL;
      const char *name = object ? get_string (object, "name", wrong) : NULL;
      TideManifestTable *table;

      if (schema == NULL || name == NULL)
        {
          *wrong = "tables";
          return;
        }
      table = tide_manifest_add_table (self, schema, name);
      table->rows = get_int (object, "rows", -1, G_MAXINT64, wrong);
      table->exact = get_boolean (object, "exact", wrong);
      table->bytes = get_int (object, "bytes", 0, G_MAXINT64, wrong);
    }
}

static void
read_words (TideManifest  *self,
            JsonObject    *root,
            const char   **wrong)
{
  const char *kind = get_string (root, "kind", wrong);

  if (!tide_backup_format_from_string (get_string (root, "format", wrong), &self->format))
    *wrong = "format";
  if (kind != NULL && !tide_kind_from_string (kind, &self->kind))
    *wrong = "kind";
  self->database = g_strdup (get_string (root, "database", wrong));
  self->host_label = g_strdup (get_string (root, "host", wrong));
  self->environment = g_strdup (get_string (root, "environment", wrong));
  self->purpose = g_strdup (get_string (root, "for", wrong));
  self->migration = g_strdup (get_string (root, "migration", wrong));
  self->lsn = g_strdup (get_string (root, "lsn", wrong));
  self->tool_version = g_strdup (get_string (root, "tool_version", wrong));
  self->server_version = g_strdup (get_string (root, "server_version", wrong));
  self->encoding = g_strdup (get_string (root, "encoding", wrong));
  self->collate = g_strdup (get_string (root, "collate", wrong));
  self->ctype = g_strdup (get_string (root, "ctype", wrong));
  self->locale_provider = g_strdup (get_string (root, "locale_provider", wrong));
  self->locale = g_strdup (get_string (root, "locale", wrong));
  self->locale_rules = g_strdup (get_string (root, "locale_rules", wrong));
  self->globals = g_strdup (get_string (root, "globals", wrong));
  if (self->database == NULL)
    *wrong = "database";
  if (self->globals != NULL && !is_inside (self->globals))
    *wrong = "globals";
}

static void
read_members (TideManifest  *self,
              JsonObject    *root,
              const char   **wrong)
{
  read_words (self, root, wrong);
  self->created_at = get_time (root, "created_at", wrong);
  self->seconds = get_int (root, "seconds", 0, G_MAXINT64, wrong);
  self->level = get_int (root, "level", 0, 4, wrong);
  self->verified_at = get_time (root, "verified_at", wrong);
  self->pinned = get_boolean (root, "pinned", wrong);
  take_strings (root, "command", &self->options, wrong);
  take_strings (root, "problems", &self->problems, wrong);
  take_strings (root, "extensions", &self->extensions, wrong);
  take_strings (root, "roles", &self->roles, wrong);
  read_files (self, root, wrong);
  read_tables (self, root, wrong);
  if (*wrong == NULL && self->files->len == 0)
    *wrong = "files";
}

static JsonParser *
load (const char  *path,
      GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) problem = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (g_file_get_contents (path, &text, &size, &problem) && tide_json_load (parser, text, size, &problem))
    return g_steal_pointer (&parser);
  if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, NULL, "there is no manifest \"%s\"", path);
  else
    tide_set_error (error, TIDE_ERROR_INVALID, "move it away: the backup can still be verified and restored without it",
                    "cannot read the manifest \"%s\": %s", path, problem->message);
  return NULL;
}

/**
 * tide_manifest_read:
 * @path: a manifest
 * @error: %TIDE_ERROR_NOT_FOUND; %TIDE_ERROR_INVALID with what is wrong in it; %TIDE_ERROR_UNSUPPORTED when a newer
 *   version of this program wrote it
 *
 * Returns: (transfer full) (nullable): what it says
 */
TideManifest *
tide_manifest_read (const char  *path,
                    GError     **error)
{
  g_autoptr(TideManifest) self = tide_manifest_new ();
  g_autoptr(JsonParser) parser = NULL;
  const char *wrong = NULL;
  JsonObject *root;
  JsonNode *node;

  g_return_val_if_fail (path != NULL, NULL);

  parser = load (path, error);
  if (parser == NULL)
    return NULL;
  node = json_parser_get_root (parser);
  root = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (root == NULL || !json_object_has_member (root, "tidemark_backup"))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, NULL, "\"%s\" is no manifest of a backup", path);
      return NULL;
    }
  self->version = get_int (root, "tidemark_backup", 1, G_MAXINT, &wrong);
  if (self->version > TIDE_MANIFEST_VERSION)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "use a newer version of this program",
                      "the manifest \"%s\" has the layout %d, and this program knows %d", path, self->version,
                      TIDE_MANIFEST_VERSION);
      return NULL;
    }
  read_members (self, root, &wrong);
  if (wrong == NULL)
    return g_steal_pointer (&self);
  tide_set_error (error, TIDE_ERROR_INVALID, "move it away: the backup can still be verified and restored without it",
                  "the manifest \"%s\" has a wrong or missing \"%s\"", path, wrong);
  return NULL;
}
