/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideSqlTree:
 *
 * libpg_query's tree of one statement (the grammar of PostgreSQL 15), as nodes in one block of memory. The tree leaves out
 * what is false, zero or empty, so every getter takes %NULL and answers with what an absent member means.
 */
typedef struct _TideSqlTree TideSqlTree;
typedef struct _TideSqlNode TideSqlNode;

/* (nullable): NULL where that grammar does not know @statement */
TideSqlTree       *tide_sql_tree_parse       (const char        *statement);
/* (transfer full) (nullable): what that grammar has against @statement; NULL: nothing. @position (out): the character, from 1 */
char              *tide_sql_tree_dup_problem (const char        *statement,
                                              int               *position);
void               tide_sql_tree_free        (TideSqlTree       *self);
/* (transfer none): its content; @kind (out) (optional): "AlterTableStmt" */
const TideSqlNode *tide_sql_tree_get_root    (const TideSqlTree *self,
                                              const char       **kind);
guint              tide_sql_tree_count_statements (const TideSqlTree *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSqlTree, tide_sql_tree_free)

const char        *tide_sql_node_get_name    (const TideSqlNode *self); /* as a member of an object; "" in an array */
/* The member @name of an object; of an array or object its first child, and the one after a child */
const TideSqlNode *tide_sql_node_get         (const TideSqlNode *self,
                                              const char        *name);
const TideSqlNode *tide_sql_node_first       (const TideSqlNode *self);
const TideSqlNode *tide_sql_node_next        (const TideSqlNode *self);
guint              tide_sql_node_count       (const TideSqlNode *self);
/* What a node of the tree is, {"kind": {...}}: its content if it is a @kind, else NULL */
const TideSqlNode *tide_sql_node_as          (const TideSqlNode *self,
                                              const char        *kind);
const char        *tide_sql_node_get_text    (const TideSqlNode *self,
                                              const char        *name); /* "" */
gboolean           tide_sql_node_is          (const TideSqlNode *self,
                                              const char        *name,
                                              const char        *text);
gint64             tide_sql_node_get_integer (const TideSqlNode *self,
                                              const char        *name); /* 0 */
gboolean           tide_sql_node_get_boolean (const TideSqlNode *self,
                                              const char        *name); /* FALSE */
/* The text of a String node */
const char        *tide_sql_node_get_string  (const TideSqlNode *self);
/* The first node below (and with) @self that is a @kind: its content */
const TideSqlNode *tide_sql_node_find        (const TideSqlNode *self,
                                              const char        *kind);

G_END_DECLS
