/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-archive"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-private.h"
#include "job/tide-tool.h"
#include "tide-error.h"

/* A pg_restore that writes text for us to judge, in a thread of its own */
typedef struct
{
  TideRestoreLoad *load;
  const char      *program;
  int              fd;      /* to write into */
  GError          *error;
} Writer;

/* @text_path: (nullable): writes the SQL there and restores nothing */
static GPtrArray *
make_command (TideRestoreLoad *load,
              const char      *program,
              const char      *text_path)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (program));
  g_ptr_array_add (argv, g_strdup ("--exit-on-error"));
  if (text_path != NULL)
    g_ptr_array_add (argv, g_strconcat ("--file=", text_path, NULL));
  else if (load->jobs > 1)
    g_ptr_array_add (argv, g_strdup_printf ("--jobs=%d", load->jobs));
  else
    g_ptr_array_add (argv, g_strdup ("--single-transaction"));
  if (load->clean)
    {
      g_ptr_array_add (argv, g_strdup ("--clean"));
      g_ptr_array_add (argv, g_strdup ("--if-exists"));
    }
  if (load->no_owner)
    g_ptr_array_add (argv, g_strdup ("--no-owner"));
  if (load->no_privileges)
    g_ptr_array_add (argv, g_strdup ("--no-privileges"));
  if (load->list_path != NULL)
    g_ptr_array_add (argv, g_strconcat ("--use-list=", load->list_path, NULL));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (load->backup->path));
  g_ptr_array_add (argv, NULL);
  return argv;
}

static void
explain_failure (TideRestoreLoad *load,
                 GError          *failure,
                 GError         **error)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);
  const char *words = fields != NULL && fields->detail != NULL ? fields->detail : failure->message;
  const char *what = strstr (words, "ERROR:  ");
  GError *better;

  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_TOOL))
    {
      g_propagate_error (error, failure);
      return;
    }
  if (strstr (words, "unsupported version") != NULL && tide_backup_format_is_sound (load->backup->path, load->backup->format))
    better = tide_error_new (TIDE_ERROR_UNSUPPORTED,
                             "install the PostgreSQL client programs of the version that made it, or a newer one",
                             "\"%s\" was made by a newer pg_dump: %s", load->backup->path, failure->message);
  else if (what != NULL)
    {
      g_autofree char *line = g_strndup (what + strlen ("ERROR:  "), strcspn (what + strlen ("ERROR:  "), "\n"));

      better = tide_error_new (TIDE_ERROR_SERVER, "nothing of it was kept", "\"%s\" cannot be restored: %s", load->backup->path, line);
      tide_error_get_fields (better)->detail = g_strdup (words);
    }
  else
    {
      better = tide_error_new (TIDE_ERROR_TOOL, "nothing of it was kept", "\"%s\" cannot be restored: %s", load->backup->path,
                               failure->message);
      if (fields->detail != NULL)
        tide_error_get_fields (better)->detail = g_strdup (fields->detail);
    }
  g_error_free (failure);
  g_propagate_error (error, better);
}

static gpointer
write_text (gpointer data)
{
  Writer *self = data;
  const TideToolOptions options = { .descriptors = (const int[]) { self->fd, -1 } };
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", self->fd);
  g_autoptr(GPtrArray) argv = make_command (self->load, self->program, path);
  g_autofree char *out = tide_backup_tool_run ((const char *const *) argv->pdata, NULL, &options,
                                               self->load->job ? tide_job_get_cancellable (self->load->job) : NULL,
                                               &self->error);

  /* The last end to write into: who reads finds the end of the text. */
  close (self->fd);
  return NULL;
}

/* Through our own reading of plain dumps, which leaves out what an older server does not know. A pipe without a name is opened
 * by its number without waiting for the other end, which may never come. */
static gboolean
load_through_filter (TideRestoreLoad  *load,
                     const char       *program,
                     GError          **error)
{
  Writer writer = { .load = load, .program = program };
  g_autofree char *path = NULL;
  GThread *thread;
  int ends[2];
  gboolean done;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot make a pipe: %s", g_strerror (errno));
      return FALSE;
    }
  path = g_strdup_printf ("/dev/fd/%d", ends[0]);
  writer.fd = ends[1];
  thread = g_thread_new ("restore-text", write_text, &writer);
  done = tide_restore_load_text (load, path, TIDE_BACKUP_FORMAT_PLAIN, error);
  /* Nobody reads any more: whoever still writes ends. */
  close (ends[0]);
  g_thread_join (thread);
  /* Ours is the better word: pg_restore only found nobody reading. */
  if (done && writer.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&writer.error));
      done = FALSE;
    }
  g_clear_error (&writer.error);
  return done && tide_restore_give_roles (load, error);
}

/* "pg_restore (PostgreSQL) 17.5": it says SET transaction_timeout, which servers learnt with 17. */
static gboolean
is_too_new (const char *version,
            int         server_version)
{
  const char *number = version ? strpbrk (version, "0123456789") : NULL;

  return number != NULL && atoi (number) >= 17 && server_version < 170000;
}

/**
 * tide_restore_load_archive:
 * @load: what to restore, an archive, and where
 * @error: %TIDE_ERROR_SERVER, %TIDE_ERROR_TOOL, %TIDE_ERROR_UNSUPPORTED, %G_IO_ERROR_CANCELLED
 *
 * With one job in one transaction; with several what was made before a failure stays, for the caller to drop.
 *
 * Returns: whether it is all there
 */
gboolean
tide_restore_load_archive (TideRestoreLoad  *load,
                           GError          **error)
{
  /* The server's own version where that reads it: a newer one sets what this server does not know. */
  int major = MAX (load->server_version / 10000, tide_backup_format_read_major (load->backup->path, load->backup->format));
  g_autofree char *version = NULL;
  g_autofree char *program = tide_backup_tool_find ("pg_restore", major, &version, error);
  g_autoptr(GPtrArray) argv = NULL;
  g_autofree char *out = NULL;
  GError *failure = NULL;

  if (program == NULL)
    return FALSE;
  if (is_too_new (version, load->server_version))
    return load_through_filter (load, program, error);
  argv = make_command (load, program, NULL);
  out = tide_backup_tool_run ((const char *const *) argv->pdata, load->conninfo, NULL,
                              load->job ? tide_job_get_cancellable (load->job) : NULL, &failure);
  if (out != NULL)
    return tide_restore_give_roles (load, error);
  explain_failure (load, failure, error);
  return FALSE;
}
