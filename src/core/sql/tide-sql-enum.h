/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

/* The first statement behind @index that uses the value which the ALTER TYPE ... ADD VALUE at @index adds;
 * -1: none, or the type was made in the same script. @label (out) (optional) (transfer full): the value */
int tide_sql_enum_find_use (const TideSqlScript  *script,
                            guint                 index,
                            char                **label);

G_END_DECLS
