/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* Gives the database that is kept as @kept its name in @conninfo back, as a job of @workspace. Asks over @widget first, with
 * @heading and @body; @by_name: its name has to be typed. A failure is shown over @widget, too */
void  tide_swap_back_async  (GtkWidget            *widget,
                             TideWorkspace        *workspace,
                             TideConninfo         *conninfo,
                             const char           *kept,
                             const char           *heading,
                             const char           *body,
                             gboolean              by_name,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data);
/* (transfer full) (nullable): as what the database is kept that had the name. NULL: nothing was swapped. @asked: (out): a
 * person had said yes */
char *tide_swap_back_finish (GtkWidget            *widget,
                             GAsyncResult         *result,
                             gboolean             *asked);

G_END_DECLS
