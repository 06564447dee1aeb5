/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/**
 * TideSqlColours:
 *
 * The colours of a text that is too large for the highlighting of GtkSourceView, which reads on in the main thread behind each
 * key. Here only what is seen is coloured: a thread finds what it is made of, and tags change where something else stands now.
 */
#define TIDE_TYPE_SQL_COLOURS (tide_sql_colours_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlColours, tide_sql_colours, TIDE, SQL_COLOURS, GObject)

TideSqlColours *tide_sql_colours_new        (GtkSourceView     *view); /* borrowed: it outlives the colours */
/* With a language whose styles they have, they begin; without one, they end, and leave nothing behind. Not while the text changes */
void            tide_sql_colours_set_active (TideSqlColours    *self,
                                             GtkSourceLanguage *language);

G_END_DECLS
