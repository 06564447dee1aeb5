/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-schema"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-filter.h"
#include "backup/tide-restore-private.h"
#include "backup/tide-restore-schema.h"
#include "backup/tide-restore-stream.h"
#include "tide-error.h"

#define PIECE_SIZE (256 * 1024)

/* The same text goes through twice: one lets everything through, the other knows no role and says which it missed. */
typedef struct
{
  TideRestoreFilter *keeper;
  TideRestoreFilter *asker;
  GString           *kept;
  GString           *ignored;
} Filters;

static void
filters_clear (Filters *self)
{
  g_clear_pointer (&self->keeper, tide_restore_filter_free);
  g_clear_pointer (&self->asker, tide_restore_filter_free);
  if (self->kept != NULL)
    g_string_free (self->kept, TRUE);
  if (self->ignored != NULL)
    g_string_free (self->ignored, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filters, filters_clear)

static void
filters_init (Filters *self)
{
  g_autoptr(GHashTable) nobody = g_hash_table_new (g_str_hash, g_str_equal);

  self->keeper = tide_restore_filter_new (NULL, NULL, FALSE, FALSE);
  self->asker = tide_restore_filter_new (nobody, nobody, FALSE, FALSE);
  self->kept = g_string_new (NULL);
  self->ignored = g_string_new (NULL);
  tide_restore_filter_leave_rows_out (self->keeper);
  tide_restore_filter_leave_rows_out (self->asker);
}

static gboolean
filters_feed (Filters    *self,
              const char *data,
              gsize       length,
              GError    **error)
{
  g_string_truncate (self->ignored, 0);
  return tide_restore_filter_feed (self->keeper, data, length, self->kept, error)
         && tide_restore_filter_feed (self->asker, data, length, self->ignored, error);
}

static void
add_all (GHashTable *set,
         GHashTable *names)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (set, g_strdup (name));
}

/* (transfer full): what was kept */
static char *
filters_finish (Filters     *self,
                GHashTable **roles,
                GError     **error)
{
  if (!tide_restore_filter_finish (self->keeper, self->kept, error)
      || !tide_restore_filter_finish (self->asker, self->ignored, error))
    return NULL;
  *roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_all (*roles, tide_restore_filter_get_missing_owners (self->asker));
  add_all (*roles, tide_restore_filter_get_missing_grantees (self->asker));
  return g_string_free (g_steal_pointer (&self->kept), FALSE);
}

char *
tide_restore_filter_schema (const char  *text,
                            GHashTable **roles,
                            GError     **error)
{
  g_auto(Filters) filters = { 0 };

  filters_init (&filters);
  return filters_feed (&filters, text, strlen (text), error) ? filters_finish (&filters, roles, error) : NULL;
}

static char *
read_plain (TideBackup    *backup,
            GHashTable   **roles,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(TideRestoreStream) stream = tide_restore_stream_open (backup->path, backup->format, error);
  g_autofree char *buffer = g_malloc (PIECE_SIZE);
  g_auto(Filters) filters = { 0 };
  gssize n;

  if (stream == NULL)
    return NULL;
  filters_init (&filters);
  while ((n = tide_restore_stream_read (stream, buffer, PIECE_SIZE, error)) > 0)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) || !filters_feed (&filters, buffer, n, error))
      return NULL;
  return n == 0 ? filters_finish (&filters, roles, error) : NULL;
}

/**
 * tide_restore_read_schema:
 * @backup: a backup
 * @roles: (out) (transfer full) (element-type utf8): the roles that it names
 * @cancellable: (nullable): ends it
 * @error: %TIDE_ERROR_INVALID, %TIDE_ERROR_UNSUPPORTED, %TIDE_ERROR_REFUSED, %TIDE_ERROR_NOT_FOUND (no pg_restore)
 *
 * Returns: (transfer full) (nullable): the SQL, to be run by one call of tide_session_run()
 */
char *
tide_restore_read_schema (TideBackup    *backup,
                          GHashTable   **roles,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autofree char *text = NULL;

  if (backup->format == TIDE_BACKUP_FORMAT_CLUSTER)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "name the backup of one database",
                      "\"%s\" is of a whole server, which holds many schemas", backup->path);
      return NULL;
    }
  if (!tide_backup_format_is_archive (backup->format))
    return read_plain (backup, roles, cancellable, error);
  text = tide_restore_read_archive (backup, 0, (const char *[]) { "--schema-only", "--file=-", NULL }, cancellable, error);
  return text != NULL ? tide_restore_filter_schema (text, roles, error) : NULL;
}

char *
tide_restore_dump_schema (TideConninfo       *conninfo,
                          int                 server_version,
                          const char *const  *arguments,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autofree char *program = tide_backup_tool_find ("pg_dump", server_version / 10000, NULL, error);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();

  if (program == NULL)
    return NULL;
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (char *) "--schema-only");
  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) arguments[i]);
  g_ptr_array_add (argv, NULL);
  return tide_backup_tool_run ((const char *const *) argv->pdata, conninfo, NULL, cancellable, error);
}
