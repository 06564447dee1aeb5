/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-manifest"

#include "config.h"

#include <json-glib/json-glib.h>

#include "backup/tide-manifest-private.h"
#include "tide-error.h"

G_DEFINE_BOXED_TYPE (TideManifest, tide_manifest, tide_manifest_ref, tide_manifest_unref)

static void
file_free (gpointer data)
{
  TideManifestFile *self = data;

  g_free (self->path);
  g_free (self->sha256);
  g_free (self);
}

static void
table_free (gpointer data)
{
  TideManifestTable *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

/**
 * tide_manifest_new:
 *
 * Returns: (transfer full): one of the present layout that says nothing, to be filled
 */
TideManifest *
tide_manifest_new (void)
{
  TideManifest *self = g_new0 (TideManifest, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->version = TIDE_MANIFEST_VERSION;
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->tables = g_ptr_array_new_with_free_func (table_free);
  self->options = g_new0 (char *, 1);
  self->extensions = g_new0 (char *, 1);
  self->roles = g_new0 (char *, 1);
  self->problems = g_new0 (char *, 1);
  return self;
}

TideManifest *
tide_manifest_ref (TideManifest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_manifest_unref (TideManifest *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->tool_version);
  g_free (self->server_version);
  g_free (self->host_label);
  g_free (self->database);
  g_free (self->environment);
  g_free (self->encoding);
  g_free (self->collate);
  g_free (self->ctype);
  g_free (self->locale_provider);
  g_free (self->locale);
  g_free (self->locale_rules);
  g_free (self->lsn);
  g_free (self->purpose);
  g_free (self->migration);
  g_free (self->globals);
  g_strfreev (self->options);
  g_strfreev (self->extensions);
  g_strfreev (self->roles);
  g_strfreev (self->problems);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->tables);
  g_free (self);
}

/**
 * tide_manifest_dup_path:
 * @backup: a file or folder
 *
 * Returns: (transfer full): where its manifest lies or would lie, beside it
 */
char *
tide_manifest_dup_path (const char *backup)
{
  g_return_val_if_fail (backup != NULL, NULL);

  return g_strconcat (backup, ".json", NULL);
}

TideManifestFile *
tide_manifest_add_file (TideManifest *self,
                        const char   *path,
                        gint64        bytes,
                        const char   *sha256)
{
  TideManifestFile *file = g_new0 (TideManifestFile, 1);

  file->path = g_strdup (path);
  file->bytes = bytes;
  file->sha256 = g_strdup (sha256);
  g_ptr_array_add (self->files, file);
  return file;
}

TideManifestTable *
tide_manifest_add_table (TideManifest *self,
                         const char   *schema,
                         const char   *name)
{
  TideManifestTable *table = g_new0 (TideManifestTable, 1);

  table->schema = g_strdup (schema);
  table->name = g_strdup (name);
  table->rows = -1;
  g_ptr_array_add (self->tables, table);
  return table;
}

/**
 * tide_manifest_get_bytes:
 * @self: a manifest
 *
 * Returns: the bytes of all its files
 */
gint64
tide_manifest_get_bytes (const TideManifest *self)
{
  gint64 bytes = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->files->len; i++)
    bytes += ((TideManifestFile *) g_ptr_array_index (self->files, i))->bytes;
  return bytes;
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder,
             const char  *name,
             gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_time (JsonBuilder *builder,
          const char  *name,
          gint64       time)
{
  g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr(GDateTime) moment = second ? g_date_time_add (second, time % G_USEC_PER_SEC) : NULL;
  g_autofree char *text = moment ? g_date_time_format (moment, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;

  if (time != 0)
    add_string (builder, name, text);
}

static void
add_strings (JsonBuilder *builder,
             const char  *name,
             char       **values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

static void
add_files (JsonBuilder *builder,
           GPtrArray   *files)
{
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (guint i = 0; i < files->len; i++)
    {
      const TideManifestFile *file = g_ptr_array_index (files, i);

      json_builder_begin_object (builder);
      add_string (builder, "path", file->path);
      add_int (builder, "bytes", file->bytes);
      add_string (builder, "sha256", file->sha256);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_tables (JsonBuilder *builder,
            GPtrArray   *tables)
{
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tables->len; i++)
    {
      const TideManifestTable *table = g_ptr_array_index (tables, i);

      json_builder_begin_object (builder);
      add_string (builder, "schema", table->schema);
      add_string (builder, "name", table->name);
      add_int (builder, "rows", table->rows);
      add_boolean (builder, "exact", table->exact);
      add_int (builder, "bytes", table->bytes);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_members (JsonBuilder        *builder,
             const TideManifest *self)
{
  add_int (builder, "tidemark_backup", self->version);
  add_string (builder, "format", tide_backup_format_to_string (self->format));
  add_string (builder, "database", self->database);
  add_string (builder, "host", self->host_label);
  add_string (builder, "environment", self->environment);
  add_string (builder, "kind", tide_kind_to_string (self->kind));
  add_string (builder, "for", self->purpose);
  add_string (builder, "migration", self->migration);
  add_time (builder, "created_at", self->created_at);
  add_int (builder, "seconds", self->seconds);
  add_string (builder, "lsn", self->lsn);
  add_string (builder, "tool_version", self->tool_version);
  add_string (builder, "server_version", self->server_version);
  add_string (builder, "encoding", self->encoding);
  add_string (builder, "collate", self->collate);
  add_string (builder, "ctype", self->ctype);
  add_string (builder, "locale_provider", self->locale_provider);
  add_string (builder, "locale", self->locale);
  add_string (builder, "locale_rules", self->locale_rules);
  add_strings (builder, "command", self->options);
  add_int (builder, "level", self->level);
  add_time (builder, "verified_at", self->verified_at);
  add_strings (builder, "problems", self->problems);
  add_boolean (builder, "pinned", self->pinned);
  add_strings (builder, "extensions", self->extensions);
  add_strings (builder, "roles", self->roles);
  add_string (builder, "globals", self->globals);
  add_files (builder, self->files);
  add_tables (builder, self->tables);
}

/**
 * tide_manifest_write:
 * @self: a manifest
 * @path: where to; see tide_manifest_dup_path()
 * @error: %TIDE_ERROR_FAILED
 *
 * Writes it so that a crash leaves the old one or the new one, both whole, readable by this user alone.
 *
 * Returns: whether it is on the disk
 */
gboolean
tide_manifest_write (const TideManifest  *self,
                     const char          *path,
                     GError             **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) problem = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  json_builder_begin_object (builder);
  add_members (builder, self);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  line = g_strconcat (text, "\n", NULL);
  if (g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &problem))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot write the manifest \"%s\": %s", path, problem->message);
  return FALSE;
}

char *
tide_manifest_dup_host_label (TideConninfo *conninfo)
{
  const char *host = tide_conninfo_get (conninfo, "host");
  const char *port = tide_conninfo_get (conninfo, "port");

  g_return_val_if_fail (conninfo != NULL, NULL);

  return g_strdup_printf ("%s:%s", host ? host : "local", port ? port : "5432");
}

gboolean
tide_manifest_is_of (const TideManifest *self,
                     TideConninfo       *conninfo)
{
  g_autofree char *label = tide_manifest_dup_host_label (conninfo);

  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (self->database, tide_conninfo_get (conninfo, "dbname")) == 0 && g_strcmp0 (self->host_label, label) == 0;
}

gboolean
tide_manifest_is_whole (const TideManifest *self)
{
  static const char *const parts[] = { "--schema-only", "--data-only", "--schema=", "--table=", "--exclude" };

  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; self->options != NULL && self->options[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (parts); j++)
      if (g_str_has_prefix (self->options[i], parts[j]))
        return FALSE;
  return TRUE;
}
