/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lint/tide-lint-finding.h"
#include "project/tide-project.h"

G_BEGIN_DECLS

/* (transfer full): @text with the fixes of (element-type TideLintFinding) @findings that are not accepted; where two touch the
 * same place the first counts. @follow_up (out) (transfer full) (nullable): SQL for a later migration; @n (out): how many */
char     *tide_lint_fix_text          (const char     *text,
                                       gsize           size,
                                       GPtrArray      *findings,
                                       char          **follow_up,
                                       guint          *n);
/* Whether @name is applied, or was begun, nowhere: every environment of @project is asked, the database that counts where none is
 * named (DATABASE_URL), and @url. Blocking.
 * Errors: REFUSED (it is applied: a file that has run is never changed), or why a database could not be asked */
gboolean  tide_lint_check_not_applied (TideProject    *project,
                                       const char     *url, /* (nullable) */
                                       const char     *name,
                                       GCancellable   *cancellable,
                                       GError        **error);
/* Writes @text over the file of @migration, all or nothing, if it still is what was read. Errors: BUSY (somebody has changed it) */
gboolean  tide_lint_write_migration   (TideMigration  *migration,
                                       const char     *text,
                                       GError        **error);
/* (transfer full): the text of @migration with the comment that accepts @finding where it belongs */
char     *tide_lint_accept_text       (const char            *text,
                                       const TideLintFinding *finding,
                                       const char            *because);

G_END_DECLS
