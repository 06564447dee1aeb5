/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "backup/tide-backup-compare.h"

G_BEGIN_DECLS

/**
 * TideRowsItem:
 *
 * A table of a comparison, as a row shows it. Properties, all read-only strings: "table", "in-backup", "in-database",
 * "difference" (of the rows, with its sign; empty where there is none to tell).
 */
#define TIDE_TYPE_ROWS_ITEM (tide_rows_item_get_type ())
G_DECLARE_FINAL_TYPE (TideRowsItem, tide_rows_item, TIDE, ROWS_ITEM, GObject)

/* @rows: one of @comparison */
TideRowsItem  *tide_rows_item_new       (TideRowComparison   *comparison,
                                         const TideTableRows *rows);
TideRowsState  tide_rows_item_get_state (TideRowsItem        *self);

G_END_DECLS
