/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "drift/tide-drift-comparison.h"

G_BEGIN_DECLS

/**
 * TideScriptView:
 *
 * The SQL from one side to the other, with what it endangers marked, and whether it is proved. Properties: "revert" (boolean): the
 * way back is shown; "plain" (boolean): there is one way, and nothing to do but to copy it. Its buttons are actions of the group
 * "drift" (copy-sql, adopt, revert).
 */
#define TIDE_TYPE_SCRIPT_VIEW (tide_script_view_get_type ())
G_DECLARE_FINAL_TYPE (TideScriptView, tide_script_view, TIDE, SCRIPT_VIEW, GtkWidget)

void     tide_script_view_set_comparison (TideScriptView        *self,
                                          TideDriftComparison   *comparison); /* (nullable) */
/* What is known of the proof of the script that is shown: @proof (nullable) when it is done, @error (nullable) when it could not be
 * tried; neither: it is under way */
void     tide_script_view_set_proof      (TideScriptView        *self,
                                          const TideSchemaProof *proof,
                                          const GError          *error);
gboolean tide_script_view_is_revert      (TideScriptView        *self);
/* (transfer full): the SQL as it is shown */
char    *tide_script_view_dup_text       (TideScriptView        *self);

G_END_DECLS
