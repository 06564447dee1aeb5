/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "query/tide-row-store.h"

G_BEGIN_DECLS

/**
 * TideValueWindow:
 *
 * One value whole: JSON laid out with its numbers as they are, bytea as hex beside its letters, a picture as a picture, all else
 * as text. Of what is longer than a person reads it shows the beginning, and saves or copies all.
 */
#define TIDE_TYPE_VALUE_WINDOW (tide_value_window_get_type ())
G_DECLARE_FINAL_TYPE (TideValueWindow, tide_value_window, TIDE, VALUE_WINDOW, AdwWindow)

void tide_value_window_present (GtkWidget    *parent,
                                TideRowStore *store,
                                guint         row,
                                guint         column);

G_END_DECLS
