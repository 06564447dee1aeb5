/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/tide-plan.h"

/* Steps that wait for each other in a circle are let loose by the mildest means that is there: take out of a CREATE (or a DROP)
 * what can stand alone, drop and make anew what was to be altered, put a stand-in first, move the old one out of the way. */

typedef struct
{
  TidePlan *plan;
  guint    *circle;  /* by step: number of its circle, 0: none */
} Breaker;

/* --- which steps are in a circle together --- */

typedef struct
{
  guint *starts;
  guint *ends;    /* the other ends of edges */
} Links;

static void
links_init (Links          *self,
            const TidePlan *plan,
            const guint    *circle,
            gboolean        reversed)
{
  guint n = plan->steps->len;
  g_autofree guint *places = NULL;

  self->starts = g_new0 (guint, n + 2);
  self->ends = g_new (guint, plan->edges->len + 1);
  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < plan->edges->len; i++)
        {
          TidePlanEdge edge = g_array_index (plan->edges, TidePlanEdge, i);
          guint start = reversed ? edge.after : edge.before;
          guint end = reversed ? edge.before : edge.after;

          if (circle[edge.before] == 0 || circle[edge.after] == 0)
            continue;
          if (pass == 0)
            self->starts[start + 1]++;
          else
            self->ends[places[start]++] = end;
        }
      for (guint i = 0; pass == 0 && i < n; i++)
        self->starts[i + 1] += self->starts[i];
      if (pass == 0)
        places = g_memdup2 (self->starts, sizeof (guint) * (n + 1));
    }
}

static void
links_clear (Links *self)
{
  g_free (self->starts);
  g_free (self->ends);
}

#define UNKNOWN 1

/* Marks what can be reached from @step, adding @mark, among those that nothing is known of yet */
static void
mark_reached (const Links *links,
              guint8      *marks,
              const guint *circle,
              guint        step,
              guint8       mark)
{
  g_autoptr (GArray) todo = g_array_new (FALSE, FALSE, sizeof (guint));

  g_array_append_val (todo, step);
  marks[step] |= mark;
  while (todo->len > 0)
    {
      guint at = g_array_index (todo, guint, todo->len - 1);

      g_array_set_size (todo, todo->len - 1);
      for (guint e = links->starts[at]; e < links->starts[at + 1]; e++)
        {
          guint next = links->ends[e];

          if ((marks[next] & mark) != 0 || circle[next] != UNKNOWN)
            continue;
          marks[next] |= mark;
          g_array_append_val (todo, next);
        }
    }
}

/* Numbers the circles from 2; steps in none have 0 at the end. */
static guint
find_circles (const TidePlan *plan,
              GArray         *left,
              guint          *circle)
{
  Links forward;
  Links back;
  guint n_circles = UNKNOWN;

  for (guint i = 0; i < left->len; i++)
    circle[g_array_index (left, guint, i)] = UNKNOWN;
  links_init (&forward, plan, circle, FALSE);
  links_init (&back, plan, circle, TRUE);
  for (guint i = 0; i < left->len; i++)
    {
      guint step = g_array_index (left, guint, i);
      g_autofree guint8 *marks = NULL;
      guint n_together = 0;

      if (circle[step] != UNKNOWN)
        continue;
      marks = g_new0 (guint8, plan->steps->len);
      mark_reached (&forward, marks, circle, step, 1);
      mark_reached (&back, marks, circle, step, 2);
      n_circles++;
      for (guint other = 0; other < plan->steps->len; other++)
        if (marks[other] == 3)
          {
            circle[other] = n_circles;
            n_together++;
          }
      if (n_together == 1)
        circle[step] = 0;
    }
  links_clear (&forward);
  links_clear (&back);
  return n_circles;
}

/* --- the means --- */

static guint
get_circle (const Breaker *self,
            guint          step)
{
  return step == TIDE_PLAN_NO_STEP ? 0 : self->circle[step];
}

/* Whether an edge of @object, which stands in the step of another, leads to a third step of the same circle */
static gboolean
leads_round (const Breaker                 *self,
             gboolean                       goes,
             guint                          step,
             const TideSchemaObject *const *others,
             guint                          n)
{
  const TidePlan *plan = self->plan;

  for (guint i = 0; i < n; i++)
    {
      guint index = tide_schema_object_get_index (others[i]);
      const TideSchemaObject *to = goes ? plan->diff->to_of[index] : others[i];
      guint gone = goes ? plan->step_of_from[index] : TIDE_PLAN_NO_STEP;
      guint made = to == NULL ? TIDE_PLAN_NO_STEP : plan->step_of_to[tide_schema_object_get_index (to)];

      if ((gone != step && get_circle (self, gone) == get_circle (self, step))
          || (made != step && get_circle (self, made) == get_circle (self, step)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_out (Breaker    *self,
          TideSchema *schema,
          gboolean    columns,
          guint8     *broken)
{
  TidePlan *plan = self->plan;
  gboolean goes = schema == plan->diff->base;
  const guint *step_of = goes ? plan->step_of_from : plan->step_of_to;
  guint n = tide_schema_get_n_objects (schema);
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (schema, i);
      guint step = step_of[i];
      guint circle = get_circle (self, step);
      const TideSchemaObject *const *on;
      const TideSchemaObject *const *by;
      guint n_on;
      guint n_by;

      if (circle == 0 || (broken[circle] && !columns) || g_array_index (plan->steps, TideStep, step).object == object
          || tide_schema_object_get_parent (object) == NULL || (goes && tide_plan_find_inherited (object) != NULL)
          || (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN) != columns)
        continue;
      on = tide_schema_get_dependencies (schema, object, &n_on);
      by = tide_schema_get_dependents (schema, object, &n_by);
      if (!leads_round (self, goes, step, on, n_on) && !leads_round (self, goes, step, by, n_by))
        continue;
      if (goes)
        plan->from[i] |= TIDE_PLAN_EXPLICIT;
      else
        plan->to[i] |= TIDE_PLAN_OUTLINE;
      any = TRUE;
      broken[circle] |= 2;
    }
  return any;
}

/* What holds no rows can be dropped and made anew. */
static gboolean
is_cheap (TideObjectKind kind)
{
  switch (kind)
    {
    case TIDE_OBJECT_DATABASE:
    case TIDE_OBJECT_SCHEMA:
    case TIDE_OBJECT_EXTENSION:
    case TIDE_OBJECT_LANGUAGE:
    case TIDE_OBJECT_ACCESS_METHOD:
    case TIDE_OBJECT_ENUM:
    case TIDE_OBJECT_COMPOSITE:
    case TIDE_OBJECT_DOMAIN:
    case TIDE_OBJECT_RANGE:
    case TIDE_OBJECT_BASE_TYPE:
    case TIDE_OBJECT_SEQUENCE:
    case TIDE_OBJECT_TABLE:
    case TIDE_OBJECT_COLUMN:
    case TIDE_OBJECT_FOREIGN_SERVER:
    case TIDE_OBJECT_SUBSCRIPTION:
    case TIDE_OBJECT_PUBLICATION:
      return FALSE;
    default:
      return TRUE;
    }
}

static gboolean
rebuild_cheap (Breaker                *self,
               const TideSchemaObject *object)
{
  if (!is_cheap (tide_schema_object_get_kind (object)))
    return FALSE;
  tide_plan_rebuild (self->plan, self->plan->diff->base_of[tide_schema_object_get_index (object)]);
  return TRUE;
}

/* Tables that refer to each other become logged, or unlogged, while one of them does not refer to the other. */
static gboolean
rebuild_key (Breaker                *self,
             const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_TABLE && tide_plan_rebuild_key (self->plan, object, self->circle);
}

/* Of each circle something that is altered, where @rebuild finds a way */
static gboolean
rebuild_altered (Breaker   *self,
                 gboolean (*rebuild) (Breaker *self, const TideSchemaObject *object),
                 guint8    *broken)
{
  TidePlan *plan = self->plan;
  gboolean any = FALSE;

  for (guint step = 0; step < plan->steps->len; step++)
    {
      const TideStep *at = &g_array_index (plan->steps, TideStep, step);
      guint circle = self->circle[step];

      if (circle == 0 || broken[circle] || at->type != TIDE_STEP_ALTER || !rebuild (self, at->object))
        continue;
      broken[circle] |= 4;
      any = TRUE;
    }
  return any;
}

/* A base type needs its functions, and they need its name; a view may need what needs its rows. */
static gboolean
put_stub (Breaker *self,
          guint8  *broken)
{
  TidePlan *plan = self->plan;
  gboolean any = FALSE;

  for (guint step = 0; step < plan->steps->len; step++)
    {
      const TideStep *at = &g_array_index (plan->steps, TideStep, step);
      guint circle = self->circle[step];
      guint8 *flags;

      if (circle == 0 || broken[circle] || at->type != TIDE_STEP_MAKE
          || tide_object_kind_get_info (tide_schema_object_get_kind (at->object))->stub == NULL)
        continue;
      flags = &plan->to[tide_schema_object_get_index (at->object)];
      if ((*flags & TIDE_PLAN_STUB) != 0)
        continue;
      *flags |= TIDE_PLAN_STUB;
      broken[circle] |= 4;
      any = TRUE;
    }
  return any;
}

/* What goes with a base type goes by its CASCADE: its functions. Rows only lose a column to it. */
static gboolean
take_along (Breaker *self,
            guint8  *broken)
{
  TidePlan *plan = self->plan;
  gboolean any = FALSE;

  for (guint step = 0; step < plan->steps->len; step++)
    {
      const TideStep *at = &g_array_index (plan->steps, TideStep, step);
      guint circle = self->circle[step];

      if (circle == 0 || broken[circle] || at->type != TIDE_STEP_DROP
          || tide_object_kind_get_info (tide_schema_object_get_kind (at->object))->stub == NULL)
        continue;
      for (guint other = 0; other < plan->steps->len; other++)
        {
          const TideStep *with = &g_array_index (plan->steps, TideStep, other);

          if (other == step || self->circle[other] != circle || with->type != TIDE_STEP_DROP
              || tide_schema_object_get_kind (with->object) == TIDE_OBJECT_COMPOSITE
              || tide_schema_object_get_kind (with->object) == TIDE_OBJECT_TABLE)
            continue;
          plan->goes_with[tide_schema_object_get_index (with->object)] = 1 + tide_schema_object_get_index (at->object);
          plan->takes_along = TRUE;
          broken[circle] |= 4;
          any = TRUE;
        }
    }
  return any;
}

/* What goes with @taker, which has another name already, and comes back in the circle while the old one is still there */
static gboolean
move_taken_aside (Breaker                *self,
                  const TideSchemaObject *taker)
{
  TidePlan *plan = self->plan;
  guint n = tide_schema_get_n_objects (plan->diff->base);
  gboolean any = FALSE;

  for (guint i = 0; plan->takes_along && i < n; i++)
    {
      const TideSchemaObject *to = plan->diff->to_of[i];

      if (plan->goes_with[i] != 1 + tide_schema_object_get_index (taker) || (plan->from[i] & TIDE_PLAN_ASIDE) != 0
          || to == NULL || tide_plan_goes_by_types (tide_schema_object_get_kind (to)) || get_circle (self, plan->step_of_to[tide_schema_object_get_index (to)]) == 0)
        continue;
      plan->from[i] |= TIDE_PLAN_ASIDE;
      any = TRUE;
    }
  return any;
}

/* What is known by the types it is for: it makes room with the name of one of them, and goes with that. */
static gboolean
leave_to_type (Breaker                *self,
               const TideSchemaObject *object)
{
  TidePlan *plan = self->plan;
  guint index = tide_schema_object_get_index (object);
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (plan->diff->base, object, &n);

  for (guint i = 0; i < n && plan->goes_with[index] == 0; i++)
    if (tide_plan_is_type (tide_schema_object_get_kind (on[i]))
        && (plan->from[tide_schema_object_get_index (on[i])] & TIDE_PLAN_ASIDE) != 0)
      {
        plan->goes_with[index] = 1 + tide_schema_object_get_index (on[i]);
        plan->takes_along = TRUE;
        return TRUE;
      }
  return FALSE;
}

static gboolean
move_aside (Breaker *self,
            guint8  *broken)
{
  TidePlan *plan = self->plan;
  gboolean any = FALSE;

  for (guint step = 0; step < plan->steps->len; step++)
    {
      const TideStep *at = &g_array_index (plan->steps, TideStep, step);
      guint circle = self->circle[step];
      guint8 *flags;

      if (circle == 0 || broken[circle] || at->type != TIDE_STEP_DROP
          || tide_schema_object_get_parent (at->object) != NULL)
        continue;
      flags = &plan->from[tide_schema_object_get_index (at->object)];
      if (tide_plan_goes_by_types (tide_schema_object_get_kind (at->object)))
        {
          if (!leave_to_type (self, at->object))
            continue;
        }
      else
        {
          if ((*flags & TIDE_PLAN_ASIDE) != 0 && !move_taken_aside (self, at->object))
            continue;
          *flags |= TIDE_PLAN_ASIDE;
        }
      broken[circle] |= 4;
      any = TRUE;
    }
  return any;
}

gboolean
tide_plan_break_cycles (TidePlan *self,
                        GArray   *left)
{
  g_autofree guint *circle = g_new0 (guint, self->steps->len + 1);
  guint n_circles = find_circles (self, left, circle);
  g_autofree guint8 *broken = g_new0 (guint8, n_circles + 1);
  Breaker breaker = { self, circle };
  gboolean any = FALSE;

  any |= take_out (&breaker, self->diff->base, FALSE, broken);
  any |= take_out (&breaker, self->diff->to, FALSE, broken);
  if (any)
    return TRUE;
  any |= put_stub (&breaker, broken);
  any |= take_along (&breaker, broken);
  any |= rebuild_altered (&breaker, rebuild_cheap, broken);
  any |= rebuild_altered (&breaker, rebuild_key, broken);
  any |= move_aside (&breaker, broken);
  if (any)
    return TRUE;
  any |= take_out (&breaker, self->diff->base, TRUE, broken);
  any |= take_out (&breaker, self->diff->to, TRUE, broken);
  return any;
}
