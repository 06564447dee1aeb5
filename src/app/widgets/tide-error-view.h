/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideErrorView:
 *
 * An error where it happened, filling the place of what could not be shown: a heading, the message, all its
 * fields ready to be copied, and what to do next as buttons. Properties: "heading" (string), "error" (boxed
 * #GError, nullable), "action-label" (string, nullable: no button). Signal: "action" (the button was pressed).
 */
#define TIDE_TYPE_ERROR_VIEW (tide_error_view_get_type ())
G_DECLARE_FINAL_TYPE (TideErrorView, tide_error_view, TIDE, ERROR_VIEW, GtkWidget)

void tide_error_view_set_error (TideErrorView *self,
                                const GError  *error);

G_END_DECLS
