/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideReminderBar:
 *
 * A quiet line that reminds of what is good to be done now and then, with a button that goes there; dismissed, it is gone until the
 * next time. Nothing is shown where nothing is due, or where the preferences do not want it.

 */
#define TIDE_TYPE_REMINDER_BAR (tide_reminder_bar_get_type ())
G_DECLARE_FINAL_TYPE (TideReminderBar, tide_reminder_bar, TIDE, REMINDER_BAR, GtkWidget)

void tide_reminder_bar_set_project (TideReminderBar *self,
                                    TideProject     *project); /* (nullable) */

G_END_DECLS
