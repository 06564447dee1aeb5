/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

/* (transfer full): as tide_sql_script_dup_summary() */
char *tide_sql_summarise (const TideSqlScript *script);

G_END_DECLS
