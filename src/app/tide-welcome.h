/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What stands where nothing is open: three ways to begin, as actions of the window. */
#define TIDE_TYPE_WELCOME (tide_welcome_get_type ())
G_DECLARE_FINAL_TYPE (TideWelcome, tide_welcome, TIDE, WELCOME, GtkWidget)

G_END_DECLS
