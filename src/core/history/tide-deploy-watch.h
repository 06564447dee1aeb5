/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-migration.h"
#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

/* A statement of a migration that begins or has ended */
typedef struct
{
  TideMigration *migration;
  TideSqlScript *script;
  guint          statement;    /* its index in @script */
  gboolean       is_whole;     /* it is the whole file, which begins and commits by itself */
  int            backend_pid;  /* of the session that runs it: for pg_blocking_pids() */
  gboolean       has_ended;
  const char    *command;      /* (nullable): of one that has ended: its tag, "CREATE TABLE"; NULL: it failed */
  gint64         microseconds; /* that it took */
} TideDeployEvent;

/* Called in the thread that deploys */
typedef void (*TideDeployWatch) (const TideDeployEvent *event,
                                 gpointer               user_data);

G_END_DECLS
