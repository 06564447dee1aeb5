/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-command"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-command.h"
#include "backup/tide-backup-names.h"
#include "backup/tide-backup-tool.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define MAX_JOBS 8
#define DEFAULT_GZIP 6

static gboolean
refuse (GError     **error,
        const char  *what,
        const char  *hint)
{
  tide_set_error (error, TIDE_ERROR_USAGE, hint, "%s", what);
  return FALSE;
}

static gboolean
check_names (const TideBackupOptions  *options,
             GError                  **error)
{
  for (guint i = 0; options->schemas != NULL && options->schemas[i] != NULL; i++)
    if (*options->schemas[i] == '\0')
      return refuse (error, "a schema has an empty name", NULL);
  for (guint i = 0; options->tables != NULL && options->tables[i] != NULL; i++)
    {
      g_autofree char *schema = NULL;
      g_autofree char *table = NULL;

      if (!tide_backup_names_split (options->tables[i], &schema, &table))
        {
          tide_set_error (error, TIDE_ERROR_USAGE, "write it as SCHEMA.TABLE, a schema with a dot in double quotes", "\"%s\" does not name a table",
                          options->tables[i]);
          return FALSE;
        }
    }
  return TRUE;
}

/* A manifest is JSON, and so are the names in it. */
static gboolean
check_path (const TideBackupOptions  *options,
            GError                  **error)
{
  const char *path = options->path != NULL ? options->path : options->folder;

  if (path == NULL || (options->path != NULL && options->folder != NULL))
    return refuse (error, "one of the file and the folder of the backup must be named", NULL);
  if (!g_utf8_validate (path, -1, NULL))
    return refuse (error, "the backup's name is not UTF-8", "choose another name");
  if (options->path != NULL && (g_str_has_suffix (path, "/") || g_str_has_suffix (path, ".partial") ||
                                g_str_has_suffix (path, ".json") || g_str_has_suffix (path, ".roles.sql")))
    return refuse (error, "a backup's name cannot end with \"/\", \".partial\", \".json\" or \".roles.sql\"",
                   "these belong to what lies beside a backup");
  return TRUE;
}

/**
 * tide_backup_options_check:
 * @options: what is asked for
 * @error: %TIDE_ERROR_USAGE with what cannot be had together
 *
 * Tells what pg_dump would refuse (https://www.postgresql.org/docs/current/app-pgdump.html) or silently ignore.
 *
 * Returns: whether it can be tried
 */
gboolean
tide_backup_options_check (const TideBackupOptions  *options,
                           GError                  **error)
{
  TideBackupFormat format;

  g_return_val_if_fail (options != NULL, FALSE);

  format = tide_backup_command_format (options);
  if (format > TIDE_BACKUP_FORMAT_TAR)
    return refuse (error, "such files can be restored, but not made", "choose custom, directory, plain, gzip or tar");
  if (options->exact_rows_below < 0)
    return refuse (error, "the size up to which rows are counted cannot be negative", NULL);
  if (options->compression < -1 || options->compression > 9)
    return refuse (error, "the compression must be from 0 to 9", NULL);
  if (format == TIDE_BACKUP_FORMAT_TAR && options->compression > 0)
    return refuse (error, "a tar archive cannot be compressed", "choose custom or directory, which are");
  if (format == TIDE_BACKUP_FORMAT_PLAIN && options->compression > 0)
    return refuse (error, "plain SQL is not compressed", "choose gzip");
  if (format == TIDE_BACKUP_FORMAT_GZIP && options->compression == 0)
    return refuse (error, "gzip without compression is plain SQL", "choose plain");
  if (options->jobs < 0)
    return refuse (error, "the number of jobs cannot be negative", NULL);
  if (format != TIDE_BACKUP_FORMAT_DIRECTORY && options->jobs > 1)
    return refuse (error, "only the directory format can be made by several jobs", "choose directory");
  if (options->verify_level < 0 || options->verify_level > 4)
    return refuse (error, "the level of proof must be from 1 to 4", NULL);
  if (options->schemas != NULL && options->tables != NULL)
    return refuse (error, "schemas and tables cannot be chosen together", "pg_dump would leave the schemas out");
  return check_names (options, error) && check_path (options, error);
}

TideBackupFormat
tide_backup_command_format (const TideBackupOptions *options)
{
  return options->format == TIDE_BACKUP_FORMAT_UNKNOWN ? TIDE_BACKUP_FORMAT_CUSTOM : options->format;
}

static void G_GNUC_PRINTF (2, 3)
add (GPtrArray  *argv,
     const char *format,
     ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (argv, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
add_format (GPtrArray               *argv,
            const TideBackupOptions *options)
{
  TideBackupFormat format = tide_backup_command_format (options);
  int compression = options->compression;

  if (format == TIDE_BACKUP_FORMAT_GZIP)
    {
      add (argv, "--format=plain");
      compression = compression < 0 ? DEFAULT_GZIP : compression;
    }
  else
    {
      add (argv, "--format=%s", tide_backup_format_to_string (format));
    }
  if (compression >= 0 && format != TIDE_BACKUP_FORMAT_PLAIN && format != TIDE_BACKUP_FORMAT_TAR)
    add (argv, "--compress=%d", compression);
  if (format == TIDE_BACKUP_FORMAT_DIRECTORY)
    add (argv, "--jobs=%d", options->jobs > 0 ? options->jobs : (int) MIN (g_get_num_processors (), MAX_JOBS));
}

/* In double quotes pg_dump's patterns take every character as it is. */
static void
add_names (GPtrArray               *argv,
           const TideBackupOptions *options)
{
  for (guint i = 0; options->schemas != NULL && options->schemas[i] != NULL; i++)
    {
      g_autofree char *schema = tide_quote_identifier (options->schemas[i]);

      add (argv, "--schema=%s", schema);
    }
  for (guint i = 0; options->tables != NULL && options->tables[i] != NULL; i++)
    {
      g_autofree char *schema = NULL;
      g_autofree char *table = NULL;
      g_autofree char *quoted_schema = NULL;
      g_autofree char *quoted_table = NULL;

      if (!tide_backup_names_split (options->tables[i], &schema, &table))
        continue;
      quoted_schema = tide_quote_identifier (schema);
      quoted_table = tide_quote_identifier (table);
      add (argv, "--table=%s.%s", quoted_schema, quoted_table);
    }
}

static void
add_contents (GPtrArray               *argv,
              const TideBackupOptions *options)
{
  if (options->contents == TIDE_BACKUP_SCHEMA_ONLY)
    add (argv, "--schema-only");
  if (options->contents == TIDE_BACKUP_DATA_ONLY)
    add (argv, "--data-only");
  if (options->no_owner)
    add (argv, "--no-owner");
  if (options->no_privileges)
    add (argv, "--no-privileges");
  if (options->no_large_objects)
    add (argv, "--no-blobs");
  if (options->lock_wait_ms > 0)
    add (argv, "--lock-wait-timeout=%u", options->lock_wait_ms);
}

static GPtrArray *
start_command (const TideBackupOptions *options,
               const char              *tool,
               const char              *file)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  add (argv, "%s", tool);
  add_format (argv, options);
  add_contents (argv, options);
  add_names (argv, options);
  add (argv, "--file=%s", file);
  return argv;
}

char **
tide_backup_command_new (const TideBackupOptions *options,
                         const char              *tool,
                         const char              *file,
                         const char              *snapshot)
{
  GPtrArray *argv = start_command (options, tool, file);

  /* We flush, after our own check of what is there. */
  add (argv, "--no-sync");
  if (snapshot != NULL)
    add (argv, "--snapshot=%s", snapshot);
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (argv, FALSE);
}

char **
tide_backup_command_to_type (const TideBackupOptions *options,
                             const char              *file,
                             TideConninfo            *conninfo)
{
  GPtrArray *argv = start_command (options, "pg_dump", file);
  g_autofree char *dbname = tide_backup_tool_dup_dbname (conninfo);

  add (argv, "--dbname=%s", dbname);
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (argv, FALSE);
}
