/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "backup/tide-check-node.h"

G_BEGIN_DECLS

/**
 * TideCheckList:
 *
 * A tree of #TideCheckNode with check boxes and a search, which narrows it to a flat list of the leaves that fit.
 * Property "root" (#TideCheckNode, nullable): its children are shown.
 */
#define TIDE_TYPE_CHECK_LIST (tide_check_list_get_type ())
G_DECLARE_FINAL_TYPE (TideCheckList, tide_check_list, TIDE, CHECK_LIST, GtkWidget)

void tide_check_list_set_root (TideCheckList *self,
                               TideCheckNode *root); /* (nullable) */

G_END_DECLS
