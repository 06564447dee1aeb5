/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideObjectFolds:
 *
 * Which rows of a tree of #TideObjectNode stand open, and which one is selected: a catalog that was read again makes other rows of the
 * same names.
 */
typedef struct _TideObjectFolds TideObjectFolds;

TideObjectFolds *tide_object_folds_note    (GtkSingleSelection *selection);
void             tide_object_folds_restore (TideObjectFolds    *self,
                                            GtkSingleSelection *selection);
void             tide_object_folds_free    (TideObjectFolds    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideObjectFolds, tide_object_folds_free)

G_END_DECLS
