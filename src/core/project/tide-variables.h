/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-layout.h"

G_BEGIN_DECLS

/* (transfer full) (element-type utf8 utf8): the variables of the project's .env files, expanded, as Prisma would
 * load them; the process's own win, in `${X}` too. @warnings (element-type GError) gets what is odd */
GHashTable *tide_variables_load (TideLayout *layout,
                                 GPtrArray  *warnings);

G_END_DECLS
