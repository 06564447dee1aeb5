/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* Highlights @buffer as SQL, in colours that follow the system's light and dark. Reads files the first time: call it when there
 * is a text to show. Calling it again changes nothing. */
void tide_sql_buffer_prepare (GtkSourceBuffer *buffer);

G_END_DECLS
