/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "runbook/tide-checklist-item.h"

G_BEGIN_DECLS

/* A line of a checklist: what was checked by itself, with its evidence, or a box to tick */
GtkWidget *tide_check_item_row_new (TideChecklistItem *item);

G_END_DECLS
