/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideButtonContent:
 *
 * What stands in a button: an icon and a word, which is shortened and at last left out where there is little room. The
 * button is called by the whole word all the same. Properties: "icon-name", "label" (strings).
 */
#define TIDE_TYPE_BUTTON_CONTENT (tide_button_content_get_type ())
G_DECLARE_FINAL_TYPE (TideButtonContent, tide_button_content, TIDE, BUTTON_CONTENT, GtkWidget)

void tide_button_content_set (TideButtonContent *self,
                              const char        *icon_name,
                              const char        *label);

G_END_DECLS
