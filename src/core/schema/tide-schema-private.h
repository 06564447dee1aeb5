/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-builder.h"

G_BEGIN_DECLS

struct _TideSchemaObject
{
  TideObjectKind    kind;
  guint32           oid;
  int               position;    /* of a column, else 0 */
  guint             index;
  TideSchema       *schema;      /* Borrowed: owns this */
  const char       *namespace_;
  const char       *name;
  const char       *signature;
  TideSchemaObject *parent;
  TideSchemaObject *first_child;
  TideSchemaObject *last_child;
  TideSchemaObject *next;
  guint64           set;         /* the attributes that have a value, by bit */
  const char      **values;      /* of those, in order */
  guint             room;        /* how many there is memory for */
};

/* For each object, the others it points at, packed: those of object i lie from starts[i] to starts[i + 1] */
typedef struct
{
  guint                   *starts;
  const TideSchemaObject **others;
} TideSchemaEdges;

struct _TideSchema
{
  char            *database;
  char            *owner;
  int              server_version;
  GPtrArray       *objects;     /* (element-type TideSchemaObject) */
  guint            firsts[TIDE_N_OBJECT_KINDS + 1];
  GHashTable      *by_identity; /* (element-type TideSchemaObject TideSchemaObject) */
  TideSchemaEdges  dependencies;
  TideSchemaEdges  dependents;
  GPtrArray       *warnings;    /* (element-type GError) */
  GHashTable      *roles;       /* (nullable) (element-type utf8): of its server, as SQL writes them; NULL: not known */
  /* What the strings lie in */
  GPtrArray       *results;     /* (element-type TideResult) */
  GPtrArray       *texts;       /* (element-type utf8) */
  GStringChunk    *chunk;
  GPtrArray       *blocks;      /* memory of objects and their values */
};

/* Its server is none that a script is for: it only lent its place. */
void     tide_schema_forget_roles (TideSchema   *self);
guint    tide_schema_object_hash  (gconstpointer object);
gboolean tide_schema_object_equal (gconstpointer a,
                                   gconstpointer b);

G_END_DECLS
