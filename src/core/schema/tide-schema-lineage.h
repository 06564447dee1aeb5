/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-diff.h"
#include "schema/tide-schema-source.h"

G_BEGIN_DECLS

/* What a migration did to an object */
typedef struct
{
  char           *migration; /* its name */
  TideChangeType  type;
} TideSchemaEvent;

/**
 * TideSchemaLineage:
 *
 * Which migration made each object, and which changed it: what differs between the points of a history. Immutable, atomically
 * reference counted.
 */
typedef struct _TideSchemaLineage TideSchemaLineage;
#define TIDE_TYPE_SCHEMA_LINEAGE (tide_schema_lineage_get_type ())
GType              tide_schema_lineage_get_type (void);
/* (transfer full): goes through the whole history of @project, point by point; those that were never looked at are built. A
 * history that does not run is followed as far as it does. @schema: (nullable): as tide_conninfo_set_schema(). Blocking. */
TideSchemaLineage *tide_schema_lineage_new      (TideProject            *project,
                                                 const char             *schema,
                                                 TideJob                *job,
                                                 GError                **error);
TideSchemaLineage *tide_schema_lineage_ref      (TideSchemaLineage      *self);
void               tide_schema_lineage_unref    (TideSchemaLineage      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaLineage, tide_schema_lineage_unref)
/* (transfer none) (nullable) (element-type TideSchemaEvent): what became of an object like @object, of any schema, oldest first;
 * what was done to its columns and other parts was done to it, too. NULL: no migration knows it */
GPtrArray         *tide_schema_lineage_lookup   (TideSchemaLineage      *self,
                                                 const TideSchemaObject *object);

G_END_DECLS
