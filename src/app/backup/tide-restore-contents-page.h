/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* What of a backup is restored. Complete when there is something. */
#define TIDE_TYPE_RESTORE_CONTENTS_PAGE (tide_restore_contents_page_get_type ())
G_DECLARE_FINAL_TYPE (TideRestoreContentsPage, tide_restore_contents_page, TIDE, RESTORE_CONTENTS_PAGE, TideWizardPage)

/* (element-type TideTocEntry): empty when nothing can be chosen. The same one again leaves what was chosen. */
void   tide_restore_contents_page_set_toc  (TideRestoreContentsPage *self,
                                            GPtrArray               *toc);
/* (transfer full) (nullable): what to give as "only"; NULL: all of it */
char **tide_restore_contents_page_dup_only (TideRestoreContentsPage *self);

G_END_DECLS
