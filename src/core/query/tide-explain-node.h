/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "query/tide-explain.h"

G_BEGIN_DECLS

/* Reads one node of a plan and those below it into @nodes, from the top down. Texts go into @texts; @divisor: how many parallel
 * processes share its time */
TideExplainNode *tide_explain_node_read (JsonObject      *object,
                                         TideExplainNode *parent,
                                         double           divisor,
                                         GPtrArray       *nodes,
                                         GStringChunk    *texts);
void             tide_explain_node_free (TideExplainNode *self);
/* (transfer full): the value of @member as one line; NULL: none */
char            *tide_explain_dup_value (JsonObject      *object,
                                         const char      *member);
/* Marks what is dearest and what is furthest from its estimate, when all nodes are read */
void             tide_explain_nodes_mark (GPtrArray      *nodes,
                                          gboolean        analyzed);

G_END_DECLS
