/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-ledger-note.h"
#include "project/tide-migration.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* What writes the rows of Prisma's ledger. (transfer full) */
char *tide_prisma_build_start   (TideSession          *session,
                                 const char           *id,
                                 const char           *finished_id,
                                 TideMigration        *migration,
                                 const TideLedgerNote *note);
char *tide_prisma_build_finish  (const char           *id);
char *tide_prisma_build_give_up (const char           *name);

G_END_DECLS
