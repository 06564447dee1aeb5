/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A command exactly as it runs, in a fixed-width font, with Copy. @argv: zero-terminated */
GtkWidget *tide_command_view_new       (const char *const *argv);
/* Lines that are there already, to be copied as they are */
GtkWidget *tide_command_view_new_lines (const char *const *lines);

G_END_DECLS
