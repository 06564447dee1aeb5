/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TIDE_TAR_BLOCK     512
#define TIDE_TAR_END_BYTES (2 * TIDE_TAR_BLOCK)

gboolean tide_backup_tar_is_whole (const char *path);

G_END_DECLS
