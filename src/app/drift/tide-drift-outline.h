/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-diff.h"

G_BEGIN_DECLS

/* How much of what differs */
typedef struct
{
  guint added;
  guint removed;
  guint changed;
} TideDriftCounts;

/* An object that stands alone (a table with all that is its own) and what differs in it */
typedef struct
{
  const TideSchemaObject *from;    /* (nullable) */
  const TideSchemaObject *to;      /* (nullable) */
  char                   *name;
  GPtrArray              *changes; /* (element-type TideSchemaChange): Borrowed: those of the object and of its parts, but what is implied */
} TideDriftEntry;

/* The entries of one kind in one schema */
typedef struct
{
  const char      *schema;  /* Borrowed (nullable): objects that live in none */
  TideObjectKind   kind;
  GPtrArray       *entries; /* (element-type TideDriftEntry): by name */
  TideDriftCounts  counts;
} TideDriftGroup;

/**
 * TideDriftOutline:
 *
 * A difference as a tree: schemas, kinds, objects. Made in a thread; immutable, atomically reference counted; holds the diff.
 */
typedef struct _TideDriftOutline TideDriftOutline;
TideDriftOutline *tide_drift_outline_new           (TideSchemaDiff         *diff);
TideDriftOutline *tide_drift_outline_ref           (TideDriftOutline       *self);
void              tide_drift_outline_unref         (TideDriftOutline       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDriftOutline, tide_drift_outline_unref)
/* (transfer none) (element-type TideDriftGroup): by schema, then kind */
GPtrArray        *tide_drift_outline_get_groups    (TideDriftOutline       *self);
TideDriftCounts   tide_drift_outline_get_counts    (TideDriftOutline       *self); /* of entries */
TideChangeType    tide_drift_entry_get_change_type (const TideDriftEntry   *entry);

G_END_DECLS
