/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include "query/tide-completion-catalog.h"

G_BEGIN_DECLS

/**
 * TideSqlCompletion:
 *
 * Proposes SQL in a source view, from the outline that @catalog holds; without one, keywords. Property "temporary" (boxed
 * #TideOutline, nullable, write-only): what the view's own session has besides. Add it to a view's completion:
 * gtk_source_completion_add_provider (gtk_source_view_get_completion (view), provider).
 */
#define TIDE_TYPE_SQL_COMPLETION (tide_sql_completion_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlCompletion, tide_sql_completion, TIDE, SQL_COMPLETION, GObject)

/* @catalog: (transfer none): shared by all tabs of one connection */
GtkSourceCompletionProvider *tide_sql_completion_new (TideCompletionCatalog *catalog);

G_END_DECLS
