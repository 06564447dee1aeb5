/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-history.h"

G_BEGIN_DECLS

/* Empties the schema that @conninfo names (public by default) and replays every migration. Refused
 * (REFUSED) unless tide_kind_may_reset(@kind). (transfer full) (element-type utf8): applied names;
 * NULL also when a migration fails */
GPtrArray *tide_reset_run (TideProject   *project,
                           TideConninfo  *conninfo,
                           TideKind       kind,
                           TideJob       *job,
                           GError       **error);

G_END_DECLS
