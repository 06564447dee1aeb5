/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-outline.h"

G_BEGIN_DECLS

struct _TideOutline
{
  gatomicrefcount  ref_count;

  GPtrArray       *sources; /* of GPtrArrays of TideResult, one for each script, whose texts everything below points into */
  GArray          *schemas;
  GArray          *relations;
  GArray          *columns;
  GArray          *numbers; /* of the columns in the server's catalog, side by side with them */
  GArray          *keys;
  GArray          *parts;
  GArray          *functions;
  GArray          *types;
  GHashTable      *by_oid;  /* of a relation: its index + 1 */
  GPtrArray       *lists;   /* the keys' columns */
};

/* All entries that stand in a schema begin with it and their name. */
typedef struct
{
  const TideOutlineSchema *schema;
  const char              *name;
} Entry;

TideOutline         *tide_outline_new             (void);
/* (transfer none) (nullable): while it is built */
TideOutlineRelation *tide_outline_find_mutable    (TideOutline   *self,
                                                   guint32        oid);
int                  tide_outline_compare_entries (gconstpointer  a,
                                                   gconstpointer  b);

G_END_DECLS
