/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideBrowseView:
 *
 * The rows of a table or a view, a page at a time in the order of its key; more come as one scrolls. Reads over a read-only
 * connection of its own.
 */
#define TIDE_TYPE_BROWSE_VIEW (tide_browse_view_get_type ())
G_DECLARE_FINAL_TYPE (TideBrowseView, tide_browse_view, TIDE, BROWSE_VIEW, GtkWidget)

GtkWidget *tide_browse_view_new (TideConninfo *conninfo,
                                 const char   *schema,
                                 const char   *name);

G_END_DECLS
