/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "query/tide-outline.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_NODE_SCHEMA,
  TIDE_NODE_GROUP,     /* "Tables" of a schema */
  TIDE_NODE_RELATION,
  TIDE_NODE_COLUMN,
  TIDE_NODE_KEY,
  TIDE_NODE_PART,      /* an index, a constraint, a trigger, a policy */
  TIDE_NODE_FUNCTION,
  TIDE_NODE_TYPE,
} TideObjectNodeKind;

/**
 * TideObjectNode:
 *
 * A row of the tree of objects, made when it is first shown. Properties, read-only: "label", "detail", "icon-name" (strings).
 */
#define TIDE_TYPE_OBJECT_NODE (tide_object_node_get_type ())
G_DECLARE_FINAL_TYPE (TideObjectNode, tide_object_node, TIDE, OBJECT_NODE, GObject)

/* (transfer full): the schemas of @outline */
GListModel         *tide_object_node_list_schemas  (TideOutline    *outline);
/* (transfer full): all that is called like @text, best first */
GListModel         *tide_object_node_search        (TideOutline    *outline,
                                                    const char     *text);
/* (transfer full) (nullable): what is below it */
GListModel         *tide_object_node_list_children (TideObjectNode *self);
TideObjectNodeKind  tide_object_node_get_kind      (TideObjectNode *self);
const char         *tide_object_node_get_label     (TideObjectNode *self);
/* (nullable): NULL: nothing whose rows can be looked at */
const TideOutlineRelation *tide_object_node_get_relation (TideObjectNode *self);
const TideOutlineFunction *tide_object_node_get_function (TideObjectNode *self); /* (nullable) */
const TideOutlineType     *tide_object_node_get_type_entry (TideObjectNode *self); /* (nullable) */
/* (transfer full) (nullable): of a key or a part: it is known without asking; NULL: of all others */
char               *tide_object_node_dup_definition (TideObjectNode *self);
/* (transfer full): its name as SQL takes it, with the schema where it needs one */
char               *tide_object_node_dup_sql       (TideObjectNode *self);

G_END_DECLS
