/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands where a password stood. Outside of a string it is no SQL: a text that was masked fails, instead of
 * setting a password of stars. */
#define TIDE_QUERY_MASK "‹hidden›"

/* (transfer full): @sql without the passwords in it: PASSWORD '...' of roles and user mappings, also inside of strings; password=... and
 * user:...@host in what connects. Nothing else changes. */
char     *tide_query_mask      (const char *sql);
gboolean  tide_query_is_masked (const char *sql);

G_END_DECLS
