/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is good to be done now and then, remembered per project in $XDG_STATE_HOME/tidemark/reminders.ini. A project that is seen
 * for the first time starts all clocks: nothing is due before a whole interval has passed. */
typedef enum
{
  TIDE_REMINDER_STATUS,   /* weekly: look at the state of every environment */
  TIDE_REMINDER_VACUUM,   /* monthly */
  TIDE_REMINDER_CLEAN_UP, /* quarterly: of backups */
  N_TIDE_REMINDERS,
} TideReminder;

/* The one that is due for longest, or -1. @now: seconds since the epoch */
int  tide_reminder_find_due (const char   *project,
                             gint64        now);
/* It was done, or a person does not want to hear of it: its clock starts anew */
void tide_reminder_note     (const char   *project,
                             TideReminder  reminder,
                             gint64        now);

G_END_DECLS
