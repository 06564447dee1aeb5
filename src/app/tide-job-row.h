/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "job/tide-job.h"

G_BEGIN_DECLS

/**
 * TideJobRow:
 *
 * A job as the popover shows it: title, step, progress, and the one button that fits its state: cancel,
 * or dismiss. Property: "job". Signal: "dismiss" (the person has seen how it ended).
 */
#define TIDE_TYPE_JOB_ROW (tide_job_row_get_type ())
G_DECLARE_FINAL_TYPE (TideJobRow, tide_job_row, TIDE, JOB_ROW, GtkListBoxRow)

GtkWidget *tide_job_row_new     (TideJob    *job);
TideJob   *tide_job_row_get_job (TideJobRow *self); /* (transfer none) */

G_END_DECLS
