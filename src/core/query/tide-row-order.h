/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-store.h"

G_BEGIN_DECLS

/* The order of the rows of @store by one column: numbers as numbers, texts by their bytes' characters as a person reads them,
 * NULL at the end as the server does (first when @descending); rows that are equal keep their order. Blocking.
 * Returns (transfer full): guint32 for each of @n_rows */
GBytes *tide_row_order_new (TideRowStore  *store,
                            guint          n_rows,
                            guint          column,
                            gboolean       descending,
                            GCancellable  *cancellable,
                            GError       **error);

G_END_DECLS
