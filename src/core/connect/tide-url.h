/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* postgres:// and postgresql:// URLs with everything that Prisma and libpq accept, and libpq's "host=... dbname=..." strings.
 * @warnings: (out) (optional) (element-type utf8): an unknown parameter, one that has no meaning here, ...
 * Errors: INVALID (P1013) and UNSUPPORTED (another database's URL), never quoting a password */
TideConninfo *tide_url_parse   (const char          *url,
                                GPtrArray          **warnings,
                                GError             **error);
/* (transfer full): a URL for it, without the password unless asked */
char         *tide_url_format  (const TideConninfo  *conninfo,
                                gboolean             with_password);
/* (transfer full): @text with every password in it masked, for logs and error messages */
char         *tide_url_redact  (const char          *text);

G_END_DECLS
