/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-request"

#include "config.h"

#include "backup/tide-restore-request.h"

static void
request_clear (TideRestoreRequest *self)
{
  g_clear_pointer (&self->backup, tide_backup_unref);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->into, g_free);
  g_clear_pointer (&self->only, g_strfreev);
  g_clear_pointer (&self->environment, g_free);
  g_clear_pointer (&self->folder, g_free);
}

static gboolean
make_fresh_backup (TideRestoreRequest  *self,
                   TideJob             *job,
                   GError             **error)
{
  const TideBackupOptions options = {
    .folder = self->folder, .environment = self->environment, .kind = self->kind, .exact_rows_below = self->exact_below,
  };
  g_autoptr(TideBackup) backup = tide_restore_keep_present (self->conninfo, &options, job, error);

  return backup != NULL;
}

TideRestoreRequest *
tide_restore_request_new (TideBackup   *backup,
                          TideConninfo *conninfo)
{
  TideRestoreRequest *self = g_atomic_rc_box_new0 (TideRestoreRequest);

  self->backup = tide_backup_ref (backup);
  self->conninfo = tide_conninfo_ref (conninfo);
  return self;
}

TideRestoreRequest *
tide_restore_request_ref (TideRestoreRequest *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_restore_request_unref (TideRestoreRequest *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) request_clear);
}

TideRestoreReport *
tide_restore_request_run (TideRestoreRequest  *self,
                          TideJob             *job,
                          GError             **error)
{
  TideRestoreOptions options;

  g_return_val_if_fail (self != NULL, NULL);

  options = self->options;
  options.into = self->into;
  options.only = (const char *const *) self->only;
  if (options.mode == TIDE_RESTORE_IN_PLACE && !make_fresh_backup (self, job, error))
    return NULL;
  return tide_restore_run (self->backup, self->conninfo, &options, job, error);
}
