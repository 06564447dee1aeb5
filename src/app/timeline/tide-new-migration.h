/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/* Asks for a name and makes an empty migration in the workspace's project, then opens its file. */
void tide_new_migration_present (GtkWidget     *parent,
                                 TideWorkspace *workspace);

/* The same with @sql in it. @title: (nullable): what it is called unless the person says otherwise; its file is not opened then,
 * for it is whole. @applied_in: (nullable): there it is marked applied at once, since its database has it already. */
void tide_new_migration_present_sql (GtkWidget       *parent,
                                     TideWorkspace   *workspace,
                                     const char      *title,
                                     const char      *sql,
                                     TideEnvironment *applied_in);

G_END_DECLS
