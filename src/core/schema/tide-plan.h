/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"
#include "schema/tide-schema-diff-private.h"
#include "schema/tide-schema-script.h"

G_BEGIN_DECLS

/**
 * TidePlan:
 *
 * How one schema becomes the other: first what happens to each object (select, decide), then steps and what has to come before
 * what (graph), the order (order), and last the statements (write). Where the order has a cycle, a decision is changed (cycles)
 * and the graph made again. Objects are known by their index: those that go in base, those that come in to.
 */
typedef struct _TidePlan TidePlan;

/* Of an object of base */
typedef enum
{
  TIDE_PLAN_REMOVE   = 1 << 0, /* asked for */
  TIDE_PLAN_DROP     = 1 << 1, /* goes, and comes back if it has a counterpart */
  TIDE_PLAN_EXPLICIT = 1 << 2, /* has a statement though its parent goes too */
  TIDE_PLAN_ASIDE    = 1 << 3, /* gets another name before it goes */
  TIDE_PLAN_PARK     = 1 << 4, /* a column that stays: has another type in between, and is altered back */
} TidePlanFrom;

/* Of an object of to */
typedef enum
{
  TIDE_PLAN_WANT     = 1 << 0, /* asked for: to be made or changed */
  TIDE_PLAN_MAKE     = 1 << 1,
  TIDE_PLAN_ALTER    = 1 << 2,
  TIDE_PLAN_OUTLINE  = 1 << 3, /* does not stand inside its parent's CREATE */
  TIDE_PLAN_STUB     = 1 << 4, /* a stand-in is made first */
} TidePlanTo;

typedef enum
{
  TIDE_STEP_DROP,
  TIDE_STEP_ASIDE,
  TIDE_STEP_PARK,
  TIDE_STEP_STUB,
  TIDE_STEP_MAKE,
  TIDE_STEP_ALTER,
} TideStepType;

typedef struct
{
  TideStepType            type;
  const TideSchemaObject *object; /* of base for DROP, ASIDE and PARK, else of to */
} TideStep;

#define TIDE_PLAN_NO_STEP G_MAXUINT

struct _TidePlan
{
  TideSchemaDiff  *diff;           /* Borrowed */
  gboolean         safer;
  int              server_version;

  /* Decisions */
  guint64         *changed;        /* by index in to: attributes that differ, or whose meaning does */
  guint8          *from;           /* TidePlanFrom by index in base */
  guint8          *to;             /* TidePlanTo by index in to */
  TideDdl        **alters;         /* by index in to: what alter() wrote, (nullable elements) */
  char           **elements;       /* by index in to: what inline_element() wrote, (nullable elements) */
  gboolean         takes_along;    /* there is any in goes_with */
  guint           *goes_with;      /* by index in base: 1 + index of what takes it along, 0: none */

  /* The graph, made anew after each change of a decision */
  GArray          *steps;          /* (element-type TideStep) */
  guint           *step_of_from;   /* by index in base: its DROP, or that of what takes it along */
  guint           *aside_of_from;  /* by index in base: its ASIDE or PARK */
  guint           *step_of_to;     /* by index in to: MAKE or ALTER, its own or its parent's */
  guint           *stub_of_to;     /* by index in to */
  GArray          *edges;          /* (element-type TidePlanEdge) */
};

/* By index of steps */
typedef struct
{
  guint before;
  guint after;
} TidePlanEdge;

TidePlan   *tide_plan_new           (TideSchemaDiff         *diff,
                                     gboolean                safer,
                                     int                     server_version);
void        tide_plan_free          (TidePlan               *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TidePlan, tide_plan_free)

/* What is asked for: all changes (@only NULL) or some, with what they cannot do without */
void        tide_plan_select        (TidePlan               *self,
                                     GPtrArray              *only);
/* What happens to each object */
void        tide_plan_decide        (TidePlan               *self);
/* Lets go of an object of base and makes it anew if it has a counterpart, with all that hangs on it */
void        tide_plan_rebuild       (TidePlan               *self,
                                     const TideSchemaObject *object);
/* Gives column @from of base its type once more, which means another by then; %FALSE: it cannot be altered */
gboolean    tide_plan_retype        (TidePlan               *self,
                                     const TideSchemaObject *from);
void        tide_plan_make_graph    (TidePlan               *self);
/* Puts the names that @reader of to gives to columns of tables where these stand. @done: (element-type TideSchemaObject): the columns
 * that were dropped or made so far, in this order */
void        tide_plan_place_aliases (const TidePlan         *self,
                                     TideDdl                *ddl,
                                     const TideSchemaObject *reader,
                                     GPtrArray              *done);
/* (nullable): what @object of a partition is a part of: an index, a constraint or a trigger of the whole */
const TideSchemaObject *tide_plan_find_inherited (const TideSchemaObject *object);
/* (nullable): the column that owns @sequence, which goes with it */
const TideSchemaObject *tide_plan_find_owning_column (const TideSchemaObject *sequence);
/* How many tables stand over each other where the table of @object is a partition, itself counted */
guint       tide_plan_get_depth     (const TideSchemaObject *object);
/* What comes before @object of to, which is made, because of partitions */
void        tide_plan_add_edges_of_parts (TidePlan               *self,
                                          const TideSchemaObject *object);
/* (transfer none) (nullable): the other table that @key refers to, if it is a foreign key */
const TideSchemaObject *tide_plan_find_referenced (const TideSchemaObject *key);
/* What comes before @table of to, which is altered, if it becomes logged or unlogged */
void        tide_plan_add_edges_of_persistence (TidePlan    *self,
                                                const TideSchemaObject *table);
/* Makes a key anew where @table of to and another wait for each other to become logged or unlogged. @circle: by step, which circle it
 * is in; %FALSE: there is none */
gboolean    tide_plan_rebuild_key   (TidePlan               *self,
                                     const TideSchemaObject *table,
                                     const guint            *circle);
/* Makes anew what an index that becomes a part could be taken for */
void        tide_plan_rebuild_twins (TidePlan               *self,
                                     const TideSchemaObject *part);
/* Where other tables store the rows of one that is rewritten, lets them have another type until that is done */
void        tide_plan_park_stored_rows (TidePlan            *self);
void        tide_plan_add_edges_of_stored_rows (TidePlan    *self);
/* Makes anew what a parent gives of @object of base, of whatever kind it is: a check that its table is to have no more as its own */
void        tide_plan_rebuild_given_checks (TidePlan        *self,
                                            const TideSchemaObject *object);
void        tide_plan_add_edges_of_given_checks (TidePlan   *self,
                                                 const TideSchemaObject *object);
/* What comes before and after @object of to because of tables of a type: the type, or a column of one */
void        tide_plan_add_edges_of_type (TidePlan           *self,
                                         const TideSchemaObject *object);
/* (nullable): the column of a parent that @column, of whatever kind it is, is inherited from */
const TideSchemaObject *tide_plan_find_parents_column (const TideSchemaObject *column);
/* What stands on @column, of whatever kind it is, that a parent gives goes before the parent's does, to come back with it. */
void        tide_plan_add_edge_of_given (TidePlan            *self,
                                     const TideSchemaObject *column);
/* Makes anew the foreign keys that hold on to @table of to where it leaves its whole for a moment, to come back elsewhere */
void        tide_plan_rebuild_references (TidePlan          *self,
                                     const TideSchemaObject *table);
void        tide_plan_add_edge      (TidePlan               *self,
                                     guint                   before,
                                     guint                   after);
/* Whether what @object of to is a part of, or all that a foreign key refers to, is there only in the phase LATE */
gboolean    tide_plan_has_late_whole (const TidePlan         *self,
                                      const TideSchemaObject *object);
/* Whether @table stays, but is to be detached from what it is a partition of: what it had of that stays with it */
gboolean    tide_plan_leaves_whole  (const TidePlan         *self,
                                     const TideSchemaObject *table);
/* (transfer full): indices of steps; TIDE_PLAN_NO_STEP for none. Steps left in cycles come in @left */
guint      *tide_plan_sort          (TidePlan               *self,
                                     GArray                 *left);
/* Changes a decision for every cycle among the steps in @left; %FALSE: nothing was found to change */
gboolean    tide_plan_break_cycles  (TidePlan               *self,
                                     GArray                 *left);
/* (transfer full) (element-type TideScriptStatement) */
GPtrArray  *tide_plan_write         (TidePlan               *self,
                                     const guint            *order);

#define TIDE_PLAN_N_PHASES (TIDE_DDL_END + 1)
/* (transfer full) (element-type TideScriptStatement) */
GPtrArray  *tide_plan_statements_new  (void);
/* Takes the statements out of @ddl, each to its phase */
void        tide_plan_take            (GPtrArray             **phases,
                                       TideDdl                *ddl,
                                       const TideSchemaObject *object);
/* (transfer full): the phases in a row; takes them over */
GPtrArray  *tide_plan_statements_join (GPtrArray             **phases);
/* Owner, privileges, comment, labels: what turns those of @from (nullable: of an object just made) into those of @to.
 * @base: where it is made */
void        tide_plan_write_common    (TideDdl                *ddl,
                                       const TideSchemaObject *from,
                                       const TideSchemaObject *to,
                                       const TideSchema       *base);
/* (transfer full): for a person and any client */
char       *tide_plan_dup_text        (GPtrArray              *statements);

/* Whether two objects, of any kinds, cannot be there at the same time because of their names */
GHashTable *tide_plan_names_new     (void);
void        tide_plan_names_add     (GHashTable             *names,
                                     const TideSchemaObject *object);
typedef void (*TidePlanNameFunc)    (const TideSchemaObject *object,
                                     const TideSchemaObject *other,
                                     gpointer                user_data);
/* Calls @func for each of @names that stands in the way of @object; @overloads: also of what is called like it, and takes other
 * arguments: while both are there, what calls one of them may mean either */
void        tide_plan_names_foreach (GHashTable             *names,
                                     const TideSchemaObject *object,
                                     gboolean                overloads,
                                     TidePlanNameFunc        func,
                                     gpointer                user_data);

/* Whether columns can be moved over from one of the kind to another: types, and collations, which go with them */
static inline gboolean
tide_plan_is_type (TideObjectKind kind)
{
  return kind == TIDE_OBJECT_COLLATION || kind == TIDE_OBJECT_ENUM || kind == TIDE_OBJECT_COMPOSITE || kind == TIDE_OBJECT_DOMAIN
         || kind == TIDE_OBJECT_RANGE || kind == TIDE_OBJECT_BASE_TYPE;
}

/* What has no name to be changed, but is known by types */
static inline gboolean
tide_plan_goes_by_types (TideObjectKind kind)
{
  return kind == TIDE_OBJECT_OPERATOR || kind == TIDE_OBJECT_CAST;
}

/* What the old one is called while both are there: @object of base */
char       *tide_plan_dup_aside_name (const TideSchemaObject *object);

G_END_DECLS
