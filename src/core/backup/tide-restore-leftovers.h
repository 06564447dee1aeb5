/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A query for the names of the half-made databases that restores have left which were killed: no restore is at work there. It holds
 * the lock of each until its transaction ends. The next restore on the server drops them. */
const char *tide_restore_get_leftovers_sql (void);

G_END_DECLS
