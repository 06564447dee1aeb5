/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A strip beside the texts that shows where in them lines differ, and which part is in view; a press goes there. */
#define TIDE_TYPE_CHANGE_MAP (tide_change_map_get_type ())
G_DECLARE_FINAL_TYPE (TideChangeMap, tide_change_map, TIDE, CHANGE_MAP, GtkWidget)

GtkWidget *tide_change_map_new       (GtkAdjustment *adjustment);
/* @columns: (element-type GPtrArray) of TideCompareLine */
void       tide_change_map_set_lines (TideChangeMap *self,
                                      GPtrArray     *columns);

G_END_DECLS
