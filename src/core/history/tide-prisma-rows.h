/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-ledger-note.h"
#include "project/tide-migration.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

gboolean tide_prisma_prepare_rows  (TideSession          *session,
                                    GCancellable         *cancellable);

/* What writes the rows of Prisma's ledger. (transfer full) */
char    *tide_prisma_build_start   (const char           *id,
                                    const char           *finished_id,
                                    TideMigration        *migration,
                                    const TideLedgerNote *note,
                                    gboolean              is_prepared,
                                    guint                 lock_timeout_ms);
char    *tide_prisma_build_finish  (const char           *id);
char    *tide_prisma_build_give_up (const char           *name);

G_END_DECLS
