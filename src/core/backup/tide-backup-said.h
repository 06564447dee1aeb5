/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a program said when it was asked for its version. To start one takes longer than most questions to a server, and makes the memory
 * of ours be copied; so it is kept in the user's cache, for as long as the file is the very same. What is no program but starts another,
 * a script, is asked each time: that may change. */

/* (transfer full) (nullable): nothing is known */
char *tide_backup_said_dup  (const char *path);
/* Without a word where it cannot be kept */
void  tide_backup_said_keep (const char *path,
                             const char *said);

G_END_DECLS
