/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-rename"

#include "config.h"

#include "schema/tide-schema-diff-private.h"

TideSchema *
tide_schema_rename (TideSchema *from,
                    TideSchema *to,
                    GPtrArray  *renames,
                    GPtrArray  *renamed)
{
  return tide_schema_ref (from);
}

gboolean
tide_expression_equal (const char *left,
                       const char *right)
{
  return FALSE;
}

GPtrArray *
tide_schema_diff_propose_renames (const TideSchemaDiff *self)
{
  return g_ptr_array_new ();
}
