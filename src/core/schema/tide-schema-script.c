/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-script"

#include "config.h"

#include <string.h>

#include "schema/tide-plan.h"

/* Each round breaks every circle there is; a few are enough. */
#define MAX_ROUNDS 64

struct _TideSchemaScript
{
  TideSchemaDiff *diff;
  GPtrArray      *statements; /* (element-type TideScriptStatement) */
  GPtrArray      *only;       /* (nullable) (element-type TideSchemaChange) */
};

G_DEFINE_BOXED_TYPE (TideSchemaScript, tide_schema_script, tide_schema_script_ref, tide_schema_script_unref)

/* The rest of a circle that nothing could break, as it stands: better than nothing, and its proof will say what fails */
static guint *
append_left (guint  *order,
             GArray *left)
{
  guint n = 0;

  while (order[n] != TIDE_PLAN_NO_STEP)
    n++;
  order = g_renew (guint, order, n + left->len + 1);
  memcpy (order + n, left->data, sizeof (guint) * left->len);
  order[n + left->len] = TIDE_PLAN_NO_STEP;
  return order;
}

static guint *
find_order (TidePlan *plan)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint round = 0;; round++)
    {
      guint *order;

      tide_plan_make_graph (plan);
      order = tide_plan_sort (plan, left);
      if (left->len == 0)
        return order;
      if (round == MAX_ROUNDS || !tide_plan_break_cycles (plan, left))
        {
          g_debug ("%u steps wait for each other after %u rounds", left->len, round);
          return append_left (order, left);
        }
      g_free (order);
    }
}

static GPtrArray *
write_all (TideSchemaDiff                *diff,
           const TideSchemaScriptOptions *options)
{
  int version = options->server_version != 0 ? options->server_version : tide_schema_get_server_version (diff->base);
  g_autoptr (TidePlan) plan = tide_plan_new (diff, options->safer, version);
  g_autofree guint *order = NULL;

  tide_plan_select (plan, options->only);
  tide_plan_decide (plan);
  order = find_order (plan);
  return tide_plan_write (plan, order);
}

/**
 * tide_schema_script_new:
 * @diff: what differs
 * @options: (nullable): how it is to be written
 *
 * Returns: (transfer full): the script
 */
TideSchemaScript *
tide_schema_script_new (TideSchemaDiff                *diff,
                        const TideSchemaScriptOptions *options)
{
  static const TideSchemaScriptOptions defaults = { 0 };
  TideSchemaScript *self;

  g_return_val_if_fail (diff != NULL, NULL);

  self = g_atomic_rc_box_new0 (TideSchemaScript);
  self->diff = tide_schema_diff_ref (diff);
  self->statements = write_all (diff, options == NULL ? &defaults : options);
  if (options != NULL && options->only != NULL)
    self->only = g_ptr_array_ref (options->only);
  return self;
}

static void
script_clear (gpointer data)
{
  TideSchemaScript *self = data;

  g_ptr_array_unref (self->statements);
  g_clear_pointer (&self->only, g_ptr_array_unref);
  tide_schema_diff_unref (self->diff);
}

TideSchemaScript *
tide_schema_script_ref (TideSchemaScript *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_schema_script_unref (TideSchemaScript *self)
{
  g_atomic_rc_box_release_full (self, script_clear);
}

GPtrArray *
tide_schema_script_get_only (const TideSchemaScript *self)
{
  return self->only;
}

TideSchemaDiff *
tide_schema_script_get_diff (const TideSchemaScript *self)
{
  return self->diff;
}

GPtrArray *
tide_schema_script_get_statements (const TideSchemaScript *self)
{
  return self->statements;
}

static gboolean
is_outside (const TideScriptStatement *statement)
{
  return (statement->hazards & TIDE_HAZARD_NO_TRANSACTION) != 0;
}

/* Statements of several lines stand apart, others one under the other. */
char *
tide_plan_dup_text (GPtrArray *statements)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      const TideScriptStatement *before = i == 0 ? NULL : g_ptr_array_index (statements, i - 1);
      gboolean outside = is_outside (statement);
      gboolean apart = before != NULL && (strchr (statement->sql, '\n') != NULL || strchr (before->sql, '\n') != NULL
                                          || outside || is_outside (before) || before->object == NULL);

      if (apart)
        g_string_append_c (text, '\n');
      if (outside)
        g_string_append (text, "-- Cannot run inside a transaction\n");
      g_string_append_printf (text, "%s;\n", statement->sql);
    }
  return g_string_free (text, FALSE);
}

char *
tide_schema_script_dup_text (const TideSchemaScript *self)
{
  return tide_plan_dup_text (self->statements);
}
