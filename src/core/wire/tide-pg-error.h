/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libpq-fe.h>

#include "tide-error.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* What libpq says about a failure, as a GError of this program. (transfer full) */
GError *tide_pg_error_from_result (const PGresult     *source,
                                   const char         *script);
GError *tide_pg_error_unreachable (PGconn             *conn,
                                   const TideConninfo *conninfo);
GError *tide_pg_error_no_host     (const TideConninfo *conninfo,
                                   const GError       *cause);
GError *tide_pg_error_timed_out   (const TideConninfo *conninfo,
                                   guint               seconds);
GError *tide_pg_error_lost        (PGconn             *conn,
                                   const TideConninfo *conninfo,
                                   const GError       *cause);

G_END_DECLS
