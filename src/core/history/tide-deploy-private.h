/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-deploy.h"

G_BEGIN_DECLS

/* How long Prisma's command line waits for the lock */
#define TIDE_DEPLOY_LOCK_WAIT_MS 10000

gboolean       tide_deploy_check_failed (TideTimeline   *timeline,
                                         GError        **error);
GPtrArray     *tide_deploy_list_pending (TideProject    *project,
                                         TideTimeline   *timeline,
                                         const char     *to,
                                         GError        **error);
TideSqlScript *tide_deploy_read_script  (TideMigration  *migration,
                                         GError        **error);
/* A deploy is asked for and confirmed: that a profile's sessions start read-only does not stop it. (transfer full) */
TideConninfo  *tide_deploy_dup_conninfo (TideConninfo   *conninfo);

G_END_DECLS
