/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include <string.h>

#include "schema/tide-plan.h"

/* Kahn's algorithm: of all steps that may come next, the first by what it is, kind and name, so that the same difference always
 * gives the same script. */

/* What goes comes first, in the opposite order of what is made. */
static int
compare_steps (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const TideStep *steps = user_data;
  const TideStep *left = &steps[*(const guint *) a];
  const TideStep *right = &steps[*(const guint *) b];
  gboolean left_goes = left->type == TIDE_STEP_DROP;
  gboolean right_goes = right->type == TIDE_STEP_DROP;
  int sign = left_goes ? -1 : 1;
  int order;

  if (left_goes != right_goes)
    return left_goes ? -1 : 1;
  order = (int) tide_schema_object_get_kind (left->object) - (int) tide_schema_object_get_kind (right->object);
  if (order == 0)
    order = g_strcmp0 (tide_schema_object_get_namespace (left->object),
                       tide_schema_object_get_namespace (right->object));
  if (order == 0 && tide_schema_object_get_parent (left->object) == NULL)
    order = g_strcmp0 (tide_schema_object_get_name (left->object), tide_schema_object_get_name (right->object));
  if (order == 0)
    order = (int) tide_schema_object_get_index (left->object) - (int) tide_schema_object_get_index (right->object);
  if (order == 0)
    order = (int) left->type - (int) right->type;
  return sign * order;
}

/* A binary heap of ranks */
typedef struct
{
  guint *ranks;
  guint  n;
} Heap;

static void
heap_push (Heap  *self,
           guint  rank)
{
  guint i = self->n++;

  while (i > 0 && self->ranks[(i - 1) / 2] > rank)
    {
      self->ranks[i] = self->ranks[(i - 1) / 2];
      i = (i - 1) / 2;
    }
  self->ranks[i] = rank;
}

static guint
heap_pop (Heap *self)
{
  guint top = self->ranks[0];
  guint last = self->ranks[--self->n];
  guint i = 0;

  for (;;)
    {
      guint child = 2 * i + 1;

      if (child >= self->n)
        break;
      if (child + 1 < self->n && self->ranks[child + 1] < self->ranks[child])
        child++;
      if (self->ranks[child] >= last)
        break;
      self->ranks[i] = self->ranks[child];
      i = child;
    }
  self->ranks[i] = last;
  return top;
}

/* Edges packed by the step they come from: those of step i lie from starts[i] to starts[i + 1] */
static void
pack_edges (const TidePlan *self,
            guint          *starts,
            guint          *afters,
            guint          *n_before)
{
  guint n = self->steps->len;
  g_autofree guint *places = NULL;

  for (guint i = 0; i < self->edges->len; i++)
    starts[g_array_index (self->edges, TidePlanEdge, i).before + 1]++;
  for (guint i = 0; i < n; i++)
    starts[i + 1] += starts[i];
  places = g_memdup2 (starts, sizeof (guint) * (n + 1));
  for (guint i = 0; i < self->edges->len; i++)
    {
      TidePlanEdge edge = g_array_index (self->edges, TidePlanEdge, i);

      afters[places[edge.before]++] = edge.after;
      n_before[edge.after]++;
    }
}

guint *
tide_plan_sort (TidePlan *self,
                GArray   *left)
{
  guint n = self->steps->len;
  guint *order = g_new (guint, n + 1);
  g_autofree guint *starts = g_new0 (guint, n + 2);
  g_autofree guint *afters = g_new (guint, self->edges->len + 1);
  g_autofree guint *n_before = g_new0 (guint, n + 1);
  g_autofree guint *by_rank = g_new (guint, n + 1);
  g_autofree guint *rank_of = g_new (guint, n + 1);
  g_autofree guint *ranks = g_new (guint, n + 1);
  Heap heap = { ranks, 0 };
  guint n_ordered = 0;

  for (guint i = 0; i < n; i++)
    by_rank[i] = i;
  g_qsort_with_data (by_rank, n, sizeof (guint), compare_steps, self->steps->data);
  for (guint i = 0; i < n; i++)
    rank_of[by_rank[i]] = i;
  pack_edges (self, starts, afters, n_before);
  for (guint i = 0; i < n; i++)
    if (n_before[i] == 0)
      heap_push (&heap, rank_of[i]);
  while (heap.n > 0)
    {
      guint step = by_rank[heap_pop (&heap)];

      order[n_ordered++] = step;
      for (guint e = starts[step]; e < starts[step + 1]; e++)
        if (--n_before[afters[e]] == 0)
          heap_push (&heap, rank_of[afters[e]]);
    }
  order[n_ordered] = TIDE_PLAN_NO_STEP;
  g_array_set_size (left, 0);
  for (guint i = 0; n_ordered < n && i < n; i++)
    if (n_before[by_rank[i]] > 0)
      g_array_append_val (left, by_rank[i]);
  return order;
}
