/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "health/tide-health.h"

G_BEGIN_DECLS

/**
 * TideTableItem:
 *
 * A table of a report, as a row of the view. Properties to sort by: "name" (string), "live", "dead", "bytes", "vacuumed",
 * "analyzed" (int64).
 */
#define TIDE_TYPE_TABLE_ITEM (tide_table_item_get_type ())
G_DECLARE_FINAL_TYPE (TideTableItem, tide_table_item, TIDE, TABLE_ITEM, GObject)

TideTableItem         *tide_table_item_new         (TideHealth    *health,
                                                    guint          index);
const TideHealthTable *tide_table_item_get_table   (TideTableItem *self);
/* 0..1: its size beside that of the largest one */
double                 tide_table_item_get_share   (TideTableItem *self);
/* (transfer full): as SQL takes it */
char                  *tide_table_item_dup_quoted  (TideTableItem *self);

G_END_DECLS
