/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sql/tide-sql-script.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            size_t        size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autoptr(TideSqlScript) script = tide_sql_script_new ((const char *) data, size);
  g_autofree char *reason = tide_sql_script_dup_reason (script);
  g_autofree char *summary = tide_sql_script_dup_summary (script);

  g_assert (reason != NULL && summary != NULL);
  return 0;
}
