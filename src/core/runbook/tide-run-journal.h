/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideRunJournal:
 *
 * The log file of one run, PROJECT/logs/migration_YYYYMMDD_HHMMSS.log: a line for whatever happens, on the disk's way
 * before the next thing does, readable by this user alone, without secrets. It is locked while the run lasts, by the kernel:
 * so a run that was killed is told from one that is under way. May be written by several threads.
 */
typedef struct _TideRunJournal TideRunJournal;

/* Makes @folder and a file in it that was not there. Errors: FAILED (with the reason) */
TideRunJournal *tide_run_journal_new       (const char      *folder,
                                            const char      *secret, /* (nullable): never written */
                                            GError         **error);
void            tide_run_journal_free      (TideRunJournal  *self);
const char     *tide_run_journal_get_path  (TideRunJournal  *self);
const char     *tide_run_journal_get_name  (TideRunJournal  *self); /* "migration_20251122_101500" */
/* (transfer full): @text as it may be kept: secrets and passwords in URLs hidden, control characters made visible */
char           *tide_run_journal_clean     (TideRunJournal  *self,
                                            const char      *text);
/* @tag: of the step; @text: lines */
void            tide_run_journal_write     (TideRunJournal  *self,
                                            const char      *tag,
                                            const char      *text);
/* (nullable): why not all of it could be written */
const char     *tide_run_journal_get_problem (TideRunJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunJournal, tide_run_journal_free)

G_END_DECLS
