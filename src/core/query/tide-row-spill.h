/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A file without a name in the user's cache folder that takes what memory shall not hold, and shows it mapped. One thread adds;
 * what was added stays where it is as long as its owner. */
typedef struct _TideRowSpill TideRowSpill;

TideRowSpill *tide_row_spill_new  (GError       **error);
void          tide_row_spill_free (TideRowSpill  *self);
/* Returns where @size bytes of @data are now; @owner: (out) (transfer full) */
const char   *tide_row_spill_add  (TideRowSpill  *self,
                                   const char    *data,
                                   gsize          size,
                                   GBytes       **owner,
                                   GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowSpill, tide_row_spill_free)

G_END_DECLS
