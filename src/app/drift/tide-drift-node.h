/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drift/tide-drift-outline.h"

G_BEGIN_DECLS

/**
 * TideDriftNode:
 *
 * A row of the tree of differences: a schema, a kind, an object, or one difference in an object. Properties, read-only: "title",
 * "icon-name", "counts" (string, "+2 −1 ~3", empty for a single difference), "sign" (string, "+", "−", "~"; empty for a group), "style"
 * (string: the CSS class that goes with the sign).
 */
#define TIDE_TYPE_DRIFT_NODE (tide_drift_node_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftNode, tide_drift_node, TIDE, DRIFT_NODE, GObject)

typedef gboolean (*TideDriftFilter) (const TideDriftEntry *entry,
                                     gpointer              data);

/* (transfer full): the schemas, with what @filter (nullable) lets through in them */
GListModel             *tide_drift_node_list_schemas (TideDriftOutline *outline,
                                                      TideDriftFilter   filter,
                                                      gpointer          data);
/* (transfer full) (nullable): the rows below, made on demand */
GListModel             *tide_drift_node_list_children (TideDriftNode   *self);
const TideDriftEntry   *tide_drift_node_get_entry    (TideDriftNode    *self); /* (nullable): of an object or a difference in it */
const TideSchemaChange *tide_drift_node_get_change   (TideDriftNode    *self); /* (nullable): of a difference */
const TideSchemaObject *tide_drift_node_get_object   (TideDriftNode    *self); /* (nullable): that, or the part of it that differs */

G_END_DECLS
