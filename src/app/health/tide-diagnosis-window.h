/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDiagnosisWindow:
 *
 * What is wrong with the selected environment: each thing with what can be seen of it, and its ways out as buttons that say what they do.
 */
#define TIDE_TYPE_DIAGNOSIS_WINDOW (tide_diagnosis_window_get_type ())
G_DECLARE_FINAL_TYPE (TideDiagnosisWindow, tide_diagnosis_window, TIDE, DIAGNOSIS_WINDOW, AdwWindow)

void tide_diagnosis_window_present (GtkWidget     *parent,
                                    TideWorkspace *workspace);

G_END_DECLS
