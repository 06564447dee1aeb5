/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "project/tide-migration.h"

G_BEGIN_DECLS

/* What the details pane says about a migration's file; made in a thread, since files may be large or far away */
typedef struct
{
  char *sql;     /* valid UTF-8, cut at TIDE_MIGRATION_TEXT_LIMIT bytes; NULL when it cannot be read */
  char *cut;     /* (nullable): how much of it is shown, for a person */
  char *summary; /* "2 tables, 5 statements" */
  char *mode;    /* how it runs, and why */
} TideMigrationText;

#define TIDE_MIGRATION_TEXT_LIMIT (1024 * 1024)

void               tide_migration_text_load_async  (TideMigration       *migration,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
TideMigrationText *tide_migration_text_load_finish (GAsyncResult        *result,
                                                    GError             **error);
void               tide_migration_text_free        (TideMigrationText   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideMigrationText, tide_migration_text_free)

G_END_DECLS
