/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/* Asks for a name and makes an empty migration in the workspace's project, then opens its file. */
void tide_new_migration_present (GtkWidget     *parent,
                                 TideWorkspace *workspace);

G_END_DECLS
