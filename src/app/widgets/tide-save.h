/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks where to, and writes there without holding up the window: all of it, or the old file stays. A failure is told in a
 * dialog under @heading. @name: what the file is called unless the person says otherwise */
void tide_save_bytes (GtkWidget  *parent,
                      const char *title,
                      const char *name,
                      GBytes     *bytes,
                      const char *heading);

G_END_DECLS
