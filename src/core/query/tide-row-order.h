/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-store.h"

G_BEGIN_DECLS

/* The order of the rows of @store by one column, of those in @rows (guint32) or (%NULL) of the first @n_rows: numbers as numbers, texts by their bytes' characters as a person reads them,
 * NULL at the end as the server does (first when @descending); rows that are equal keep their order. Blocking.
 * Returns (transfer full): guint32 for each of them */
GBytes *tide_row_order_new (TideRowStore  *store,
                            GBytes        *rows,
                            guint          n_rows,
                            guint          column,
                            gboolean       descending,
                            GCancellable  *cancellable,
                            GError       **error);

G_END_DECLS
