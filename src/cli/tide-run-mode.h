/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

/* How a migration is run, in words. (transfer none) both. */
const char *tide_run_mode_word   (TideSqlRunMode mode); /* for a program: "atomic" */
const char *tide_run_mode_phrase (TideSqlRunMode mode); /* for a person: "in one transaction" */

G_END_DECLS
