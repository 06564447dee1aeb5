/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-command.h"

G_BEGIN_DECLS

/* "backups compare FILE" */
TideExit tide_backups_compare (TideCli  *cli,
                               GError  **error);

G_END_DECLS
