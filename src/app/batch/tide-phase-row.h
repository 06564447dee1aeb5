/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TidePhaseRow:
 *
 * One part of a change: its SQL, what it does, and a button that makes its migration, shows the one that is there, or opens the
 * batches, as soon as it is due. All environments of the project are asked, and what they do not tell is said. Signal: "changed"
 * (whether the next part is due may be another answer now).
 */
#define TIDE_TYPE_PHASE_ROW (tide_phase_row_get_type ())
G_DECLARE_FINAL_TYPE (TidePhaseRow, tide_phase_row, TIDE, PHASE_ROW, GtkBox)

/* @phases: (element-type TidePhase) */
GtkWidget *tide_phase_row_new    (TideWorkspace *workspace,
                                  GPtrArray     *phases,
                                  guint          index);
/* @due: whether all parts before this one are done everywhere, as far as that is known. @anew: look for rows that are not
 * filled again. Returns: whether the next part is due, too */
gboolean   tide_phase_row_update (TidePhaseRow  *self,
                                  gboolean       due,
                                  gboolean       anew);

G_END_DECLS
