/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-restore.h"
#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* The file or folder to restore, recognised by what it holds. Complete once it was read and is something to restore. */
#define TIDE_TYPE_RESTORE_SOURCE_PAGE (tide_restore_source_page_get_type ())
G_DECLARE_FINAL_TYPE (TideRestoreSourcePage, tide_restore_source_page, TIDE, RESTORE_SOURCE_PAGE, TideWizardPage)

/* Reads it, in the background */
void        tide_restore_source_page_set_path   (TideRestoreSourcePage *self,
                                                 const char            *path);
TideBackup *tide_restore_source_page_get_backup (TideRestoreSourcePage *self); /* (transfer none) (nullable) */
/* (transfer none) (nullable) (element-type TideTocEntry): empty for SQL text */
GPtrArray  *tide_restore_source_page_get_toc    (TideRestoreSourcePage *self);

G_END_DECLS
