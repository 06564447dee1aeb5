/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the build makes of the table of commands. (transfer full) both. */
char *tide_manual_dup_man_page        (void);
char *tide_manual_dup_bash_completion (void);

G_END_DECLS
