/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-verify.h"

G_BEGIN_DECLS

/* The third and the fourth step of the ladder: restores @backup into a database of the private PostgreSQL, and counts there.
 * FALSE: cancelled */
gboolean tide_verify_restore (TideBackup   *backup,
                              int           level,
                              TideVerdict  *verdict,
                              TideJob      *job,
                              GError      **error);

G_END_DECLS
