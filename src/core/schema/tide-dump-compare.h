/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *left_owner;   /* (nullable): the role that is the usual owner there; the two count as the same */
  const char *right_owner;  /* (nullable) */
  gboolean    column_order; /* count the order of columns */
  gboolean    skip_public;  /* leave the schema public itself out: one that was dropped and made again says less of itself */
} TideDumpOptions;

/* (transfer full) (element-type utf8): what two outputs of pg_dump --schema-only --no-owner say differently, a line for each entry, for a
 * person; empty when they say the same. The order of entries does not count. Pure */
GPtrArray *tide_dump_compare (const char            *left,
                              const char            *right,
                              const TideDumpOptions *options);
/* (transfer full): a line of such an output; of a member of a publication and of statistics, whose columns come as they stand in the
 * table, with them in the order of their names; of a function's rows in a view, without them. Pure */
char      *tide_dump_dup_line_sorted (const char           *line);

G_END_DECLS
