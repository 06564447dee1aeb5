/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* Highlights @buffer as SQL, in colours that follow the system's light and dark. Reads files the first time: call it when there
 * is a text to show. Calling it again changes nothing. */
void               tide_sql_buffer_prepare      (GtkSourceBuffer *buffer);
/* Whether a prepared buffer is highlighted. Without, it is not even read for that, and a key costs nothing more. Not while it changes */
void               tide_sql_buffer_set_coloured (GtkSourceBuffer *buffer,
                                                 gboolean         coloured);
/* (transfer none): the language itself */
GtkSourceLanguage *tide_sql_buffer_get_language (void);

G_END_DECLS
