/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-diff.h"

G_BEGIN_DECLS

struct _TideSchemaDiff
{
  TideSchema              *from;
  TideSchema              *base;      /* from with the agreed renames done: objects have the indices that they have in from */
  TideSchema              *to;
  const TideSchemaObject **to_of;     /* by index in from: (nullable elements) */
  const TideSchemaObject **base_of;   /* by index in to: (nullable elements) */
  guint64                 *changed;   /* by index in to: attributes that differ from those of base_of */
  gboolean                *out[2];    /* by index in from and in to: the ledger's, never touched */
  GPtrArray               *renames;   /* (element-type TideSchemaRenamed) */
  GPtrArray               *changes;
  GPtrArray               *ignored;
  gboolean                 column_order;
};

/* An agreed rename that was found in both schemas */
typedef struct
{
  const TideSchemaObject *from;
  char                   *name; /* bare, the new one */
} TideSchemaRenamed;

/* Whether @object is Prisma's ledger */
gboolean    tide_schema_object_is_ledger (const TideSchemaObject *object);
void        tide_schema_renamed_free    (TideSchemaRenamed *self);

/* (nullable): the default of @column (nullable), which shows as one of its attributes */
const TideSchemaObject *tide_schema_object_find_default (const TideSchemaObject *column);

/* (transfer full): @from with what @renames (nullable) name renamed, and every text that names it; @renamed takes what was found */
TideSchema *tide_schema_rename          (TideSchema     *from,
                                         TideSchema     *to,
                                         GPtrArray      *renames,
                                         GPtrArray      *renamed);

G_END_DECLS
