/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libpq-fe.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* Why TLS failed. libpq lets go of its side of the handshake before anybody could ask it. */

/* Before a step of connecting, and after it, on the same thread */
void        tide_handshake_begin       (PGconn             *conn);
const char *tide_handshake_get_problem (void);

/* What such a failure means and what to do next */
const char *tide_handshake_find_hint   (const TideConninfo *conninfo,
                                        const char         *reason);

G_END_DECLS
