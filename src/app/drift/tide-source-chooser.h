/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideSourceChooser:
 *
 * Where one side of a comparison comes from, as a button with a menu: the applied migrations, all of them, any point of the history,
 * the database, another environment, a backup, an SQL file, nothing. Property "source" (string, as tide_schema_source_parse()
 * reads it, or "applied"); changes by the person's choice are notified.
 */
#define TIDE_TYPE_SOURCE_CHOOSER (tide_source_chooser_get_type ())
G_DECLARE_FINAL_TYPE (TideSourceChooser, tide_source_chooser, TIDE, SOURCE_CHOOSER, GtkWidget)

void        tide_source_chooser_set_workspace (TideSourceChooser *self,
                                               TideWorkspace     *workspace);
const char *tide_source_chooser_get_source    (TideSourceChooser *self);
void        tide_source_chooser_set_source    (TideSourceChooser *self,
                                               const char        *source);

G_END_DECLS
