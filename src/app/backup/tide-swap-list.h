/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideSwapList:
 *
 * What swaps have left of a database, with the way back: the databases they kept, and whether one that was killed left it
 * closed. Nothing is shown where there is nothing. Stands in a #TideBackupPage, which does what is asked for.
 */
#define TIDE_TYPE_SWAP_LIST (tide_swap_list_get_type ())
G_DECLARE_FINAL_TYPE (TideSwapList, tide_swap_list, TIDE, SWAP_LIST, GtkWidget)

/* Asks the server anew, in the background. @conninfo: (nullable): none is known; @asks_for_name: as tide_kind_asks_for_name() */
void tide_swap_list_read (TideSwapList *self,
                          TideConninfo *conninfo,
                          gboolean      asks_for_name);

G_END_DECLS
