/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "runbook/tide-runbook.h"

G_BEGIN_DECLS

/* (transfer floating): the migrations that will be applied: how each runs, its warnings, the tables it touches and their size, and
 * its SQL. @pending: (element-type TideRunMigration) */
GtkWidget *tide_pending_view_new (GPtrArray *pending);

G_END_DECLS
