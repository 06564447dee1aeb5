/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-history.h"
#include "history/tide-reset.h"

G_BEGIN_DECLS

/* The ledger as `prisma migrate resolve` would write it, under the lock. Errors as Prisma's P3008,
 * P3011, P3012, P3017. Blocking. */
gboolean tide_resolve_applied     (TideProject   *project,
                                   TideConninfo  *conninfo,
                                   const char    *name,
                                   GCancellable  *cancellable,
                                   GError       **error);
gboolean tide_resolve_rolled_back (TideProject   *project,
                                   TideConninfo  *conninfo,
                                   const char    *name,
                                   GCancellable  *cancellable,
                                   GError       **error);

G_END_DECLS
