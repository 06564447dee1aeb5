/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-request"

#include "config.h"

#include "backup/tide-backup-request.h"

static void
request_clear (TideBackupRequest *self)
{
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->schemas, g_strfreev);
  g_clear_pointer (&self->tables, g_strfreev);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->environment, g_free);
  g_clear_pointer (&self->purpose, g_free);
  g_clear_pointer (&self->migration, g_free);
}

TideBackupRequest *
tide_backup_request_new (TideConninfo *conninfo)
{
  TideBackupRequest *self = g_atomic_rc_box_new0 (TideBackupRequest);

  self->conninfo = tide_conninfo_ref (conninfo);
  return self;
}

TideBackupRequest *
tide_backup_request_ref (TideBackupRequest *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_backup_request_unref (TideBackupRequest *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) request_clear);
}

const TideBackupOptions *
tide_backup_request_get_options (TideBackupRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->options.schemas = (const char *const *) self->schemas;
  self->options.tables = (const char *const *) self->tables;
  self->options.folder = self->folder;
  self->options.environment = self->environment;
  self->options.purpose = self->purpose;
  self->options.migration = self->migration;
  return &self->options;
}
