/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * TideHealthCheckRow:
 *
 * A row with an icon, a title, a text below it and perhaps a button, as AdwActionRow is one. The page has many of them and is to be
 * there at once: this one is made without a template, and its texts are not asked how narrow or wide they would like to be, which
 * shapes them three times more.
 */
#define TIDE_TYPE_HEALTH_CHECK_ROW (tide_health_check_row_get_type ())
G_DECLARE_FINAL_TYPE (TideHealthCheckRow, tide_health_check_row, TIDE, HEALTH_CHECK_ROW, AdwPreferencesRow)

/* @title: without markup */
GtkWidget *tide_health_check_row_new        (const char         *title);
void       tide_health_check_row_add_icon   (TideHealthCheckRow *self,
                                             GtkWidget          *icon);
void       tide_health_check_row_add_button (TideHealthCheckRow *self,
                                             GtkWidget          *button);

G_END_DECLS
