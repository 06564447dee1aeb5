/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_CHANGE_ADDED,
  TIDE_CHANGE_REMOVED,
  TIDE_CHANGE_CHANGED,
} TideChangeType;

/**
 * TideSchemaChange:
 *
 * One difference. A renamed object (taken as such only when told so) is CHANGED with @from and @to of different names.
 * Children of an object that was added or removed are changes of their own, with @parent set.
 */
typedef struct _TideSchemaChange TideSchemaChange;
struct _TideSchemaChange
{
  TideChangeType          type;
  const TideSchemaObject *from;       /* (nullable) */
  const TideSchemaObject *to;         /* (nullable) */
  guint64                 attributes; /* CHANGED: bit set of the attributes that differ */
  const TideSchemaObject *default_from; /* (nullable): of a column whose default differs */
  const TideSchemaObject *default_to;   /* (nullable) */
  gboolean                has_default_change;
  gboolean                implied;    /* comes and goes with its parent, which is added or removed too; or with its column's identity */
};

/* A name that was changed, as a person agreed: both of the kind, schema and (for a column) table of @from's side */
typedef struct
{
  TideObjectKind  kind;
  char           *schema;
  char           *from;   /* as tide_schema_object_dup_name() */
  char           *to;
} TideSchemaRename;

/* What is not shown: kept in tidemark.json with its reason */
typedef struct
{
  char *kind;    /* (nullable): any; else the kind's name */
  char *schema;  /* (nullable): any; shell pattern */
  char *name;    /* (nullable): any; shell pattern on the name as in JSON */
  char *reason;
} TideSchemaIgnore;

typedef struct
{
  gboolean   column_order; /* count the order of columns */
  gboolean   with_ledger;  /* count Prisma's ledger too */
  GPtrArray *renames;      /* (nullable) (element-type TideSchemaRename) */
  GPtrArray *ignores;      /* (nullable) (element-type TideSchemaIgnore) */
  const char *const *schemas; /* (nullable): only these */
} TideSchemaDiffOptions;

/**
 * TideSchemaDiff:
 *
 * What turns one schema into another. Immutable, atomically reference counted; holds both schemas. Pure and fast.
 */
typedef struct _TideSchemaDiff TideSchemaDiff;
#define TIDE_TYPE_SCHEMA_DIFF (tide_schema_diff_get_type ())
GType           tide_schema_diff_get_type    (void);
TideSchemaDiff *tide_schema_diff_new         (TideSchema                  *from,
                                              TideSchema                  *to,
                                              const TideSchemaDiffOptions *options); /* (nullable) */
TideSchemaDiff *tide_schema_diff_ref         (TideSchemaDiff              *self);
void            tide_schema_diff_unref       (TideSchemaDiff              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaDiff, tide_schema_diff_unref)
TideSchema     *tide_schema_diff_get_from    (const TideSchemaDiff        *self);
TideSchema     *tide_schema_diff_get_to      (const TideSchemaDiff        *self);
/* (transfer none) (element-type TideSchemaChange): by schema, kind and name; those ignored are not among them */
GPtrArray      *tide_schema_diff_get_changes (const TideSchemaDiff        *self);
/* (transfer container) (element-type TideSchemaChange): those of their own: what comes and goes with a table is not told beside it */
GPtrArray      *tide_schema_diff_list_told   (const TideSchemaDiff        *self);
/* (transfer none) (element-type TideSchemaChange): what an ignore rule hid */
GPtrArray      *tide_schema_diff_get_ignored (const TideSchemaDiff        *self);
/* (transfer full) (element-type utf8): what differs and is not counted, for a person: versions of extensions between majors */
GPtrArray      *tide_schema_diff_list_notes  (const TideSchemaDiff        *self);
/* (transfer full) (element-type TideSchemaRename): pairs of removed and added that look alike, best first, for a person to agree to */
GPtrArray      *tide_schema_diff_propose_renames (const TideSchemaDiff    *self);
/* (nullable): the object of the other side that @object is taken for (of @from: in to; of @to: in from) */
const TideSchemaObject *tide_schema_diff_get_counterpart (const TideSchemaDiff   *self,
                                                          const TideSchemaObject *object);
/* What stands alone and has @change in it, on both sides (nullable: not there): the table of a column. People count these. The
 * same pointers for all changes of one */
void            tide_schema_diff_get_whole   (const TideSchemaDiff        *self,
                                              const TideSchemaChange      *change,
                                              const TideSchemaObject     **from,
                                              const TideSchemaObject     **to);

G_END_DECLS
