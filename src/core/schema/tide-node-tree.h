/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

/* Stored expressions as the server keeps them: trees of nodes as text, which name objects by OID */

/* (transfer full) (element-type gint64 TideSchemaObject): the objects of @schema that trees may name */
GHashTable *tide_node_tree_list_names   (const TideSchema       *schema);
/* Whether two of them, of servers of one major version, are certainly the same expression: every OID must lead to the same
 * object on both sides. %FALSE: they differ, or it cannot be told. */
gboolean    tide_node_tree_equal        (const char             *left,
                                         const char             *right,
                                         GHashTable             *left_names,
                                         GHashTable             *right_names);
/* Whether columns of the same numbers have the same names in two relations */
gboolean    tide_node_tree_same_columns (const TideSchemaObject *left,
                                         const TideSchemaObject *right);

G_END_DECLS
