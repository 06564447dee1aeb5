/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-archive"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-private.h"
#include "tide-error.h"

static GPtrArray *
make_command (TideRestoreLoad *load,
              const char      *program)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (program));
  g_ptr_array_add (argv, g_strdup ("--exit-on-error"));
  if (load->jobs > 1)
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
  if (strstr (words, "unsupported version") != NULL)
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
  /* The server's own version where it is there: a newer one sets what this server does not know. */
  g_autofree char *program = tide_backup_tool_find ("pg_restore", load->server_version / 10000, NULL, error);
  g_autoptr(GPtrArray) argv = NULL;
  g_autofree char *out = NULL;
  GError *failure = NULL;

  if (program == NULL)
    return FALSE;
  argv = make_command (load, program);
  out = tide_backup_tool_run ((const char *const *) argv->pdata, load->conninfo, NULL,
                              load->job ? tide_job_get_cancellable (load->job) : NULL, &failure);
  if (out != NULL)
    return tide_restore_give_privileges (load, error);
  explain_failure (load, failure, error);
  return FALSE;
}
