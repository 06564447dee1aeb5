/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-file"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "sql/tide-sql-file.h"

#include "tide-error.h"
#include "tide-file.h"

typedef struct
{
  char *path;
  char *text;
  char *stamp; /* (nullable): what is expected; then, of what was read or written */
} File;

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->path);
  g_free (file->text);
  g_free (file->stamp);
  g_free (file);
}

/* (transfer full) (nullable): NULL: there is no such file */
static char *
dup_stamp (const char *path)
{
  GStatBuf state;

  if (g_stat (path, &state) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT, (gint64) state.st_mtim.tv_sec, (long) state.st_mtim.tv_nsec,
                          (gint64) state.st_size);
}

static void
take_stamp (File *file,
            char *stamp)
{
  g_free (file->stamp);
  file->stamp = stamp;
}

static gboolean
check_size (const char  *path,
            GError     **error)
{
  GStatBuf state;

  if (g_stat (path, &state) != 0 || state.st_size <= TIDE_SQL_MAX_MEBIBYTES * 1024 * 1024)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_REFUSED, _("run it with “tidemarkctl execute --file” or psql"),
                  _("\"%s\" has %.0f MB; the editor takes up to %d MB"), path, state.st_size / 1e6, TIDE_SQL_MAX_MEBIBYTES);
  return FALSE;
}

static void
load (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  File *file = data;
  GError *error = NULL;
  g_autofree char *text = NULL;
  const char *end;
  gsize length;

  /* Before it is read: what is changed meanwhile is another file. */
  take_stamp (file, dup_stamp (file->path));
  if (!check_size (file->path, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!g_file_get_contents (file->path, &text, &length, &error))
    {
      g_task_return_error (task, tide_error_new (TIDE_ERROR_FAILED, NULL, _("cannot open \"%s\": %s"), file->path, error->message));
      g_error_free (error);
      return;
    }
  if (!g_utf8_validate (text, length, &end))
    {
      g_task_return_error (task, tide_error_new (TIDE_ERROR_INVALID, _("save it as UTF-8 first if it is a text"),
                                                 _("\"%s\" is no UTF-8 text: byte %zu cannot be read"), file->path,
                                                 (gsize) (end - text) + 1));
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&text), g_free);
}

void
tide_sql_file_load_async (const char          *path,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  File *file = g_new0 (File, 1);

  g_task_set_source_tag (task, tide_sql_file_load_async);
  file->path = g_strdup (path);
  g_task_set_task_data (task, file, file_free);
  g_task_run_in_thread (task, load);
}

static void
steal_stamp (GAsyncResult  *result,
             char         **stamp)
{
  File *file = g_task_get_task_data (G_TASK (result));

  *stamp = g_steal_pointer (&file->stamp);
}

char *
tide_sql_file_load_finish (GAsyncResult  *result,
                           char         **stamp,
                           GError       **error)
{
  steal_stamp (result, stamp);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
save (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  File *file = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *stamp = dup_stamp (file->path);

  if (file->stamp != NULL && stamp != NULL && !g_str_equal (stamp, file->stamp))
    g_task_return_error (task, tide_error_new (TIDE_ERROR_BUSY, NULL, _("another program has changed \"%s\" since it was opened"),
                                               file->path));
  else if (tide_file_replace (file->path, file->text, strlen (file->text), &error))
    {
      take_stamp (file, dup_stamp (file->path));
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, tide_error_new (TIDE_ERROR_FAILED, _("choose another folder"), _("cannot save \"%s\": %s"),
                                               file->path, error->message));
}

void
tide_sql_file_save_async (const char          *path,
                          const char          *text,
                          const char          *stamp,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  File *file = g_new0 (File, 1);

  g_task_set_source_tag (task, tide_sql_file_save_async);
  file->path = g_strdup (path);
  file->text = g_strdup (text);
  file->stamp = g_strdup (stamp);
  g_task_set_task_data (task, file, file_free);
  g_task_run_in_thread (task, save);
}

gboolean
tide_sql_file_save_finish (GAsyncResult  *result,
                           char         **stamp,
                           GError       **error)
{
  steal_stamp (result, stamp);
  return g_task_propagate_boolean (G_TASK (result), error);
}
