/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideCheckNode:
 *
 * Something that can be chosen, or a group of such: checking a group checks all in it, and a group knows how
 * many of its leaves are checked. Properties: "label", "detail" (strings, read-only), "n-active" (uint, read-only:
 * checked leaves at or below it; a leaf counts itself).
 */
#define TIDE_TYPE_CHECK_NODE (tide_check_node_get_type ())
G_DECLARE_FINAL_TYPE (TideCheckNode, tide_check_node, TIDE, CHECK_NODE, GObject)

TideCheckNode *tide_check_node_new             (const char          *label,
                                                const char          *detail, /* (nullable) */
                                                const char          *key);   /* (nullable): what a leaf stands for */
void           tide_check_node_append          (TideCheckNode       *self,
                                                TideCheckNode       *child); /* (transfer none); has its own children already */
GListModel    *tide_check_node_get_children    (TideCheckNode       *self);  /* (transfer none) (nullable) */
const char    *tide_check_node_get_label       (TideCheckNode       *self);
const char    *tide_check_node_get_detail      (TideCheckNode       *self);  /* (nullable) */
guint          tide_check_node_get_n_leaves    (TideCheckNode       *self);
guint          tide_check_node_get_n_active    (TideCheckNode       *self);
gboolean       tide_check_node_is_active       (TideCheckNode       *self);  /* all of it */
void           tide_check_node_set_active      (TideCheckNode       *self,
                                                gboolean             active);
/* (transfer full) (array zero-terminated=1): the keys of all checked leaves, in order */
char         **tide_check_node_dup_keys        (TideCheckNode       *self);
/* Adds all leaves to @store, in order */
void           tide_check_node_list_leaves     (TideCheckNode       *self,
                                                GListStore          *store);

G_END_DECLS
