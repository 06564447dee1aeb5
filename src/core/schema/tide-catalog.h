/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "schema/tide-expression-pool.h"
#include "schema/tide-schema.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * tide_catalog_read:
 * @session: idle, outside a transaction
 *
 * Reads the whole catalog of the session's database: one repeatable-read, read-only transaction with an empty search_path, all
 * statements in one script, then the expressions that are not known yet. PostgreSQL 12 and newer.
 *
 * The usual owner, whose objects say no owner, is the owner of Prisma's ledger where there is one, else of the database: so that
 * a history replayed by another role is no difference.
 *
 * Returns: (transfer full): errors as those of the session; UNSUPPORTED for a server older than 12
 */
TideSchema *tide_catalog_read (TideSession   *session,
                               GCancellable  *cancellable,
                               GError       **error);

/* The same, sharing what expressions read with all who read at the same time */
TideSchema *tide_catalog_read_with (TideSession         *session,
                                    TideExpressionPool  *pool,
                                    GCancellable        *cancellable,
                                    GError             **error);

G_END_DECLS
