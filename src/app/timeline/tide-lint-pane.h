/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideLintPane:
 *
 * The warnings on one migration, each with its reason, a safer way and what can be done. Signal: "line" (int): a person wants
 * to see it.
 */
#define TIDE_TYPE_LINT_PANE (tide_lint_pane_get_type ())
G_DECLARE_FINAL_TYPE (TideLintPane, tide_lint_pane, TIDE, LINT_PANE, GtkWidget)

/* @findings: (nullable) (element-type TideLintFinding); returns how many are shown */
guint tide_lint_pane_set_findings (TideLintPane *self,
                                   GPtrArray    *findings,
                                   const char   *migration);

G_END_DECLS
