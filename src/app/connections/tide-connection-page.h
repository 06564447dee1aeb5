/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "connect/tide-profile.h"

G_BEGIN_DECLS

/**
 * TideConnectionPage:
 *
 * What there is to know of a saved connection: it connects, and shows the facts, or why it could not.
 */
#define TIDE_TYPE_CONNECTION_PAGE (tide_connection_page_get_type ())
G_DECLARE_FINAL_TYPE (TideConnectionPage, tide_connection_page, TIDE, CONNECTION_PAGE, GtkWidget)

void tide_connection_page_set_profile (TideConnectionPage *self,
                                       TideProfile        *profile); /* (nullable) */
void tide_connection_page_refresh     (TideConnectionPage *self);

G_END_DECLS
