/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "schema/tide-schema.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideLineageBar:
 *
 * Which migration made an object, and which changed it. The history is read when somebody asks for the first time. A migration
 * is a link to what it changed (action "win.compare").
 */
#define TIDE_TYPE_LINEAGE_BAR (tide_lineage_bar_get_type ())
G_DECLARE_FINAL_TYPE (TideLineageBar, tide_lineage_bar, TIDE, LINEAGE_BAR, GtkWidget)

void tide_lineage_bar_set_workspace (TideLineageBar         *self,
                                     TideWorkspace          *workspace);
/* @object: (nullable) */
void tide_lineage_bar_set_object    (TideLineageBar         *self,
                                     const TideSchemaObject *object);

G_END_DECLS
