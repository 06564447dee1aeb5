/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideDriftList:
 *
 * A list model over an array that makes its objects when they are looked at: twenty thousand rows cost no objects.
 * The end of a long list is told a moment later.
 */
#define TIDE_TYPE_DRIFT_LIST (tide_drift_list_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftList, tide_drift_list, TIDE, DRIFT_LIST, GObject)

/* (transfer full): the object of an element of the array */
typedef gpointer (*TideDriftListFunc) (gpointer element,
                                       gpointer owner);

/* @array: held; @owner: held, given to @func */
GListModel *tide_drift_list_new (GType              type,
                                 GPtrArray         *array,
                                 TideDriftListFunc  func,
                                 gpointer           owner);

G_END_DECLS
