/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether what @text (a migration_lock.toml, called @file in the error) says is PostgreSQL; else P3019 */
gboolean tide_lock_file_check (const char  *text,
                               const char  *file,
                               GError     **error);

G_END_DECLS
