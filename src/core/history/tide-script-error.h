/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-migration.h"
#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

void     tide_script_error_place   (GError               *error,
                                    const TideMigration  *migration,
                                    const TideSqlScript  *script,
                                    gsize                 sent_from,
                                    guint                 first);
void     tide_script_error_advise  (GError               *error,
                                    const char           *advice);
gboolean tide_script_check_runs    (const TideMigration  *migration,
                                    const TideSqlScript  *script,
                                    GError              **error);

G_END_DECLS
