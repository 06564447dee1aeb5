/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* What the wizard lets a person choose from */
typedef struct
{
  char    *schema;
  char    *name;
  gint64   bytes;          /* with those of its partitions */
  gboolean is_partitioned;
  gint64   n_partitions;  /* that hold rows, however far below it */
} TideBackupChoiceTable;

typedef struct
{
  gint64     bytes;   /* of the whole database */
  GPtrArray *tables;  /* (element-type TideBackupChoiceTable): by schema and name */
} TideBackupChoice;

/* Blocking */
TideBackupChoice *tide_backup_choice_read (TideConninfo  *conninfo,
                                GCancellable  *cancellable,
                                GError       **error);
void         tide_backup_choice_free (TideBackupChoice   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBackupChoice, tide_backup_choice_free)

G_END_DECLS
