/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "connect/tide-target.h"
#include "job/tide-job.h"
#include "project/tide-project.h"
#include "tide-arguments.h"
#include "tide-command.h"
#include "tide-console.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideCli:
 *
 * One call of the program, as the commands see it: what was asked for, the project and the database
 * that are meant, where to write, and the job that carries progress and cancelling.
 */
int            tide_cli_main            (char         **argv);

TideArguments *tide_cli_get_arguments   (TideCli       *self);
TideConsole   *tide_cli_get_console     (TideCli       *self);
TideJob       *tide_cli_get_job         (TideCli       *self);
GCancellable  *tide_cli_get_cancellable (TideCli       *self);
gboolean       tide_cli_wants_json      (TideCli       *self);
TideProject   *tide_cli_load_project    (TideCli       *self,
                                         GError       **error);
gboolean       tide_cli_may_load_project (TideCli      *self,
                                         TideProject  **project,
                                         GError       **error);
TideTarget    *tide_cli_resolve_target  (TideCli       *self,
                                         TideProject   *project,
                                         GError       **error);
TideTarget    *tide_cli_resolve_environment (TideCli   *self,
                                         TideProject   *project,
                                         const char    *env,
                                         GError       **error);
/* (transfer full): " --env staging" or " --url URL", as it was said in this call, without its password; else "" */
char          *tide_cli_dup_target_words (TideCli      *self);
void           tide_cli_warn_of_password (TideCli      *self,
                                         TideConninfo  *conninfo);
void           tide_cli_print_json      (TideCli       *self,
                                         JsonBuilder   *builder);

G_END_DECLS
