/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideExplain:
 *
 * A plan as EXPLAIN (FORMAT JSON) tells it, as a tree of nodes with what a person asks of them worked out: time without the
 * children's, real rows of all loops, how far an estimate was off. Immutable, atomically reference counted.
 */
typedef struct _TideExplain TideExplain;

typedef struct _TideExplainNode TideExplainNode;
struct _TideExplainNode
{
  const char *title;          /* "Index Scan using users_pkey on users u" */
  const char *detail;         /* "Index Cond: (id = 1)\nFilter: ...", "" for none */
  const char *relationship;   /* (nullable): "InitPlan 1 (returns $0)", "CTE recent" */
  guint       index;          /* in the plan, from the top down */
  guint       depth;
  double      startup_cost, total_cost, own_cost;
  double      planned_rows;   /* of one loop */
  double      planned_width;  /* bytes */
  /* Of EXPLAIN ANALYZE; else -1 */
  double      loops;
  double      real_rows;      /* of one loop, on average */
  double      total_time;     /* ms, of all loops, with the children; divided among parallel workers */
  double      own_time;       /* ms, without the children */
  double      removed_rows;   /* by filters, of all loops */
  /* Blocks of 8 kB, with the children; -1: not asked for */
  double      hit_blocks, read_blocks, dirtied_blocks, written_blocks, temp_blocks;
  double      share;          /* 0 to 1: own_time of the whole, or own_cost where nothing was measured */
  double      misjudged;      /* how many times more (> 1) or less (< -1) rows than planned; 1: as planned, or not known */
  gboolean    most_expensive; /* the largest share */
  gboolean    worst_estimate; /* the largest misjudgement, if it is a factor of 10 or more */
  gboolean    never_executed;
  const TideExplainNode *parent;     /* (nullable) */
  GPtrArray  *children;              /* (element-type TideExplainNode) */
};

typedef enum
{
  TIDE_EXPLAIN_PLAN    = 0,
  TIDE_EXPLAIN_ANALYZE = 1 << 0, /* runs the statement; what changes data is rolled back */
  TIDE_EXPLAIN_READ_ONLY = 1 << 1, /* refuse to ANALYZE what changes data: production is locked */
} TideExplainFlags;

#define TIDE_TYPE_EXPLAIN (tide_explain_get_type ())
GType        tide_explain_get_type (void);
/**
 * tide_explain_run:
 * @statement: one statement, which may have $1
 * @params: (array length=n_params) (nullable elements)
 *
 * Asks the server for the plan of @statement. Under ANALYZE a statement that changes data (also in a CTE, or through a volatile
 * function as far as the server says) runs between BEGIN and ROLLBACK, or behind a savepoint where a transaction is open.
 * Blocking: for a thread.
 *
 * Returns: (transfer full): errors as those of the session; USAGE for what has no plan (CREATE TABLE), REFUSED where read-only
 * forbids it
 */
TideExplain *tide_explain_run      (TideSession        *session,
                                    const char         *statement,
                                    const char * const *params,
                                    guint               n_params,
                                    TideExplainFlags    flags,
                                    GCancellable       *cancellable,
                                    GError            **error);
/* From the server's text alone */
TideExplain *tide_explain_parse    (const char         *json,
                                    gssize              size,
                                    GError            **error);
TideExplain *tide_explain_ref      (TideExplain        *self);
void         tide_explain_unref    (TideExplain        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideExplain, tide_explain_unref)

const TideExplainNode *tide_explain_get_root           (const TideExplain *self);
guint                  tide_explain_get_n_nodes        (const TideExplain *self);
/* From the top down, as they are read */
const TideExplainNode *tide_explain_get_node           (const TideExplain *self,
                                                        guint              index);
gboolean               tide_explain_is_analyzed        (const TideExplain *self);
gboolean               tide_explain_is_rolled_back     (const TideExplain *self); /* it changed data, and that was undone */
double                 tide_explain_get_planning_time  (const TideExplain *self); /* ms; -1: not measured */
double                 tide_explain_get_execution_time (const TideExplain *self); /* ms; -1: not measured */
/* Triggers and JIT, one a line; "" for none */
const char            *tide_explain_get_extras         (const TideExplain *self);
const char            *tide_explain_get_raw            (const TideExplain *self); /* the server's JSON */
/* (transfer full): the plan as people know it from psql */
char                  *tide_explain_dup_text           (const TideExplain *self);

G_END_DECLS
