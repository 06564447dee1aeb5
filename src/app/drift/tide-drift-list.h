/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideDriftList:
 *
 * A list model over an array that makes its objects when they are looked at: twenty thousand rows cost no objects.
 * A long list is told in steps: of its beginning first.
 */
#define TIDE_TYPE_DRIFT_LIST (tide_drift_list_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftList, tide_drift_list, TIDE, DRIFT_LIST, GObject)

/* (transfer full): the object of an element of the array */
typedef gpointer (*TideDriftListFunc) (gpointer element,
                                       gpointer owner);

/* @array: held; @owner: held, given to @func */
GListModel *tide_drift_list_new         (GType              type,
                                         GPtrArray         *array,
                                         TideDriftListFunc  func,
                                         gpointer           owner);
/* For a list that is opened before a person's eyes: the few rows that fit a window come first. */
void        tide_drift_list_begin_short (TideDriftList *self);
/* For each frame. Returns whether there is more */
gboolean    tide_drift_list_tell_more   (TideDriftList *self);

G_END_DECLS
