/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-deploy.h"

G_BEGIN_DECLS

/* Empties the schemas of the datasource, else the one that @conninfo names (public by default), and replays every migration.
 * Refused (REFUSED) unless tide_kind_may_reset(@kind). (transfer full) (nullable): what was applied, and the migration that
 * failed; %NULL: it was not emptied, or nothing could be replayed */
TideDeployReport *tide_reset_run (TideProject   *project,
                                  TideConninfo  *conninfo,
                                  TideKind       kind,
                                  TideJob       *job,
                                  GError       **error);

G_END_DECLS
