/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"
#include "timeline/tide-timeline-item.h"

G_BEGIN_DECLS

/* What a person can do to a migration in an environment. Each asks first, in a dialog that names the database and its
 * kind, then runs as a job of the workspace; failures are shown over @parent, and the environment is read again. */

/* Applies what is pending, up to and including @to (nullable: all) */
void tide_timeline_apply            (GtkWidget       *parent,
                                     TideWorkspace   *workspace,
                                     TideEnvironment *environment,
                                     const char      *to);
void tide_timeline_mark_applied     (GtkWidget       *parent,
                                     TideWorkspace   *workspace,
                                     TideEnvironment *environment,
                                     const char      *name);
void tide_timeline_mark_rolled_back (GtkWidget       *parent,
                                     TideWorkspace   *workspace,
                                     TideEnvironment *environment,
                                     const char      *name);

/* To the clipboard ("copy-sql", "copy-name"), into the editor ("open-sql"), or the file manager ("open-folder") */
void tide_timeline_take_along       (GtkWidget        *widget,
                                     TideTimelineItem *item,
                                     const char       *where);

G_END_DECLS
