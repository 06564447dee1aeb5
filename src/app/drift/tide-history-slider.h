/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drift/tide-drift-sides.h"

G_BEGIN_DECLS

/**
 * TideHistorySlider:
 *
 * Walks the history where a side is a point of it, and is not seen elsewhere. When the sides are the points before and after
 * one migration, both go along: what each migration changed. Property "sides" (#TideDriftSides).
 */
#define TIDE_TYPE_HISTORY_SLIDER (tide_history_slider_get_type ())
G_DECLARE_FINAL_TYPE (TideHistorySlider, tide_history_slider, TIDE, HISTORY_SLIDER, GtkWidget)

G_END_DECLS
