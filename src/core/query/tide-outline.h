/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideOutline:
 *
 * The names in a database, light enough to be read whole while a person waits: what completion proposes and the tree of
 * objects shows. (The whole catalog, fit to be compared and written as DDL, is a TideSchema.) Immutable, atomically reference
 * counted, crosses threads uncopied. All entries and texts belong to it.
 */
typedef struct _TideOutline TideOutline;

typedef struct
{
  const char *name;
  gboolean    in_path;   /* names in it need no schema before them */
  gboolean    is_system; /* pg_catalog, information_schema */
  guint       first_relation, n_relations;
  guint       first_function, n_functions;
  guint       first_type, n_types;
} TideOutlineSchema;

typedef struct
{
  const char *name;
  const char *type;
  gboolean    not_null;
  gboolean    in_key;    /* of the primary key */
} TideOutlineColumn;

typedef struct
{
  const TideOutlineSchema *schema;
  const char *name;
  const char *comment;   /* (nullable) */
  guint32     oid;
  char        kind;      /* as pg_class.relkind: r, p, v, m, f, S */
  gboolean    is_partition;
  gint64      rows;      /* the planner's estimate; -1: never counted */
  guint       first_column, n_columns;
  guint       first_key, n_keys;
  guint       first_part, n_parts;
} TideOutlineRelation;

/* A primary, unique or foreign key, and what it says of itself: "FOREIGN KEY (a) REFERENCES b(c)" */
typedef struct
{
  const char *name;
  const char *definition;
  char        kind;      /* as pg_constraint.contype: p, u, f */
  guint32     relation;
  guint32     target;    /* oid of the table that a foreign key refers to; else 0 */
  const char *const *columns;        /* (array zero-terminated=1) */
  const char *const *target_columns; /* (array zero-terminated=1) */
} TideOutlineKey;

/* An index that holds no key, a check or exclusion constraint, a trigger or a policy */
typedef struct
{
  const char *name;
  const char *definition; /* "CREATE INDEX ...", "CHECK (a > 0)" */
  char        kind;       /* i; as pg_constraint.contype: c, x; t; y */
} TideOutlinePart;

typedef struct
{
  const TideOutlineSchema *schema;
  const char *name;
  const char *arguments; /* "a integer, b text DEFAULT 'x'" */
  const char *result;    /* "" for a procedure */
  guint32     oid;
  char        kind;      /* as pg_proc.prokind: f, p, a, w */
} TideOutlineFunction;

typedef struct
{
  const TideOutlineSchema *schema;
  const char *name;
  guint32     oid;
  char        kind;      /* as pg_type.typtype: b, c, d, e, r, m */
  const char *detail;    /* the labels of an enum, the base of a domain; "" */
} TideOutlineType;

#define TIDE_TYPE_OUTLINE (tide_outline_get_type ())
GType        tide_outline_get_type (void);
/* One read-only transaction, one round trip; @session idle, outside a transaction. Blocking. */
TideOutline *tide_outline_read     (TideSession   *session,
                                    GCancellable  *cancellable,
                                    GError       **error);
/* The temporary relations of @session alone; in a transaction, too, unless it failed. Blocking. */
TideOutline *tide_outline_read_temporary (TideSession   *session,
                                          GCancellable  *cancellable,
                                          GError       **error);
/* (transfer full): what a session sees that has such temporary relations */
TideOutline *tide_outline_join     (TideOutline   *shared,
                                    TideOutline   *temporary);
TideOutline *tide_outline_ref      (TideOutline   *self);
void         tide_outline_unref    (TideOutline   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideOutline, tide_outline_unref)

/* (transfer none) (array length=n): schemas in the order of the search path, the others by name behind them, those of the
 * system last; relations, functions and types by schema in that order, then by name */
const TideOutlineSchema   *tide_outline_get_schemas   (const TideOutline *self,
                                                       guint             *n);
const TideOutlineRelation *tide_outline_get_relations (const TideOutline *self,
                                                       guint             *n);
const TideOutlineFunction *tide_outline_get_functions (const TideOutline *self,
                                                       guint             *n);
const TideOutlineType     *tide_outline_get_types     (const TideOutline *self,
                                                       guint             *n);
/* (transfer none) (array length=n): of one relation, in order */
const TideOutlineColumn   *tide_outline_get_columns   (const TideOutline         *self,
                                                       const TideOutlineRelation *relation,
                                                       guint                     *n);
const TideOutlineKey      *tide_outline_get_keys      (const TideOutline         *self,
                                                       const TideOutlineRelation *relation,
                                                       guint                     *n);
const TideOutlinePart     *tide_outline_get_parts     (const TideOutline         *self,
                                                       const TideOutlineRelation *relation,
                                                       guint                     *n);
/* (nullable): @schema NULL: the first in the search path */
const TideOutlineRelation *tide_outline_find_relation (const TideOutline *self,
                                                       const char        *schema,
                                                       const char        *name);

G_END_DECLS
