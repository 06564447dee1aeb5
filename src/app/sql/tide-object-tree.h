/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-completion-catalog.h"

G_BEGIN_DECLS

/**
 * TideObjectTree:
 *
 * The schemas, tables, views, functions and types of a database with a search entry, to stand beside the editor. Property:
 * "catalog" (#TideCompletionCatalog, nullable).
 *
 * Signals, for the page to answer:
 *  - "browse" (const char *schema, const char *name): open this relation's data in a tab (TideBrowseView);
 *  - "insert-text" (const char *text): put @text in at the caret, and focus the editor;
 *  - "open-text" (const char *title, const char *sql): show this text in a new tab (a definition that was asked for).
 */
#define TIDE_TYPE_OBJECT_TREE (tide_object_tree_get_type ())
G_DECLARE_FINAL_TYPE (TideObjectTree, tide_object_tree, TIDE, OBJECT_TREE, GtkWidget)

GtkWidget *tide_object_tree_new         (void);
void       tide_object_tree_set_catalog (TideObjectTree        *self,
                                         TideCompletionCatalog *catalog); /* (transfer none) (nullable) */

G_END_DECLS
