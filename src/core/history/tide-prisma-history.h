/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-history.h"

G_BEGIN_DECLS

/* The variable with which Prisma's users switch its advisory lock off */
#define TIDE_PRISMA_DISABLE_LOCK "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"

/**
 * TidePrismaHistory:
 *
 * The ledger `_prisma_migrations` as Prisma 6 and 7 write and read it, and their advisory lock. The
 * table is found and made by the session's search path, as there.
 */
#define TIDE_TYPE_PRISMA_HISTORY (tide_prisma_history_get_type ())
G_DECLARE_FINAL_TYPE (TidePrismaHistory, tide_prisma_history, TIDE, PRISMA_HISTORY, GObject)

/* (transfer full): @disable_lock (nullable): the value of TIDE_PRISMA_DISABLE_LOCK; @schemas
 * (nullable): those that the datasource lists */
TideHistory *tide_prisma_history_new (const char        *disable_lock,
                                      const char *const *schemas);

G_END_DECLS
