/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-health.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-hook.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"

#define MOST_SHOWN 20

static const char invalid_sql[] =
  "SELECT 'index', i.indexrelid::pg_catalog.regclass::text\n"
  "  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n"
  " WHERE NOT i.indisvalid AND c.relkind = 'i'\n"
  "   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)\n"
  "UNION ALL\n"
  "SELECT 'constraint', pg_catalog.quote_ident(conname) || ' on ' || conrelid::pg_catalog.regclass::text\n"
  "  FROM pg_catalog.pg_constraint WHERE NOT convalidated AND conrelid <> 0\n"
  "ORDER BY 1, 2";

GPtrArray *
tide_runbook_list_invalid (TideRunbook  *self,
                           GError      **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (self->session, invalid_sql, NULL, 0, tide_pipeline_get_cancellable (TIDE_PIPELINE (self)), error);
  GPtrArray *texts = result ? g_ptr_array_new_with_free_func (g_free) : NULL;

  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    g_ptr_array_add (texts, g_strdup_printf ("%s %s", tide_result_get_value (result, i, 0), tide_result_get_value (result, i, 1)));
  return texts;
}

static char *
dup_check (const TideHealthCheck *check)
{
  return g_strdup_printf ("health %s %s", check->id, tide_health_state_to_string (check->state));
}

/* What was not in order before is not this run's doing. Of the migrations the other steps tell: they have read the ledger. */
void
tide_runbook_read_before (TideRunbook *self)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(GPtrArray) invalid = tide_runbook_list_invalid (self, NULL);
  g_autoptr(TideHealth) health = tide_health_read_session (NULL, self->session, TIDE_HEALTH_QUICK,
                                                           tide_pipeline_get_cancellable (pipeline), NULL);

  for (guint i = 0; invalid != NULL && i < invalid->len; i++)
    g_hash_table_add (self->before, g_strdup (g_ptr_array_index (invalid, i)));
  for (guint i = 0; health != NULL && i < health->checks->len; i++)
    g_hash_table_add (self->before, dup_check (g_ptr_array_index (health->checks, i)));
}

/* A server that was started again meanwhile took the session along. */
static gboolean
reconnect (TideRunbook  *self,
           GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);

  if (!tide_session_is_lost (self->session))
    return TRUE;
  g_clear_object (&self->session);
  self->session = tide_session_open (tide_target_get_conninfo (tide_pipeline_get_target (pipeline)),
                                     tide_pipeline_get_cancellable (pipeline), error);
  return self->session != NULL;
}

static gboolean
check_ledger (TideRunbook  *self,
              GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  TideProject *project = tide_pipeline_get_project (pipeline);
  GPtrArray *pending = tide_pipeline_get_outcome (pipeline)->pending;
  guint n_applied = tide_pipeline_get_outcome (pipeline)->applied->len;
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideTimeline) timeline =
    tide_history_read_timeline (history, project, self->session, tide_pipeline_get_cancellable (pipeline), error);

  if (timeline == NULL)
    return FALSE;
  for (guint i = 0; i < pending->len; i++)
    {
      const TideTimelineEntry *entry = tide_timeline_find (timeline, g_ptr_array_index (pending, i));

      if (entry != NULL && entry->state == TIDE_STATE_APPLIED)
        continue;
      tide_set_error (error, TIDE_ERROR_FAILED, "look at its row in the timeline", "the ledger does not say that \"%s\" is applied",
                      (char *) g_ptr_array_index (pending, i));
      return FALSE;
    }
  if (n_applied == pending->len)
    tide_pipeline_note (pipeline, N_("the ledger agrees: %u applied by this run, %u pending"), n_applied,
                        tide_timeline_count_pending (timeline));
  else
    tide_pipeline_note (pipeline, N_("the ledger agrees: %u applied by this run, %u by somebody else meanwhile, %u pending"), n_applied,
                        pending->len - n_applied, tide_timeline_count_pending (timeline));
  return TRUE;
}

static gboolean
check_invalid (TideRunbook  *self,
               GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(GPtrArray) now = tide_runbook_list_invalid (self, error);
  const char *broken = NULL;

  if (now == NULL)
    return FALSE;
  for (guint i = 0; i < now->len; i++)
    {
      const char *text = g_ptr_array_index (now, i);
      gboolean is_index = g_str_has_prefix (text, "index ");
      gboolean is_new = !g_hash_table_contains (self->before, text);

      tide_pipeline_warn (pipeline, is_index ? is_new ? N_("%s is invalid") : N_("%s is invalid, as it was before")
                                             : is_new ? N_("%s is NOT VALID") : N_("%s is NOT VALID, as it was before"), text);
      if (is_index && is_new)
        broken = text + strlen ("index ");
    }
  if (broken == NULL)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, "drop it and build it again with CREATE INDEX CONCURRENTLY",
                  "the migrations left the index \"%s\" invalid", broken);
  return FALSE;
}

static gboolean
contains (GPtrArray  *texts,
          const char *text)
{
  return texts != NULL && g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL);
}

/* What differs now and did not before */
static gboolean
compare_drift (TideRunbook  *self,
               GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  const char *first = NULL;
  guint n_old = 0, n_new = 0;

  for (guint i = 0; i < self->drift_after->len; i++)
    {
      const char *text = g_ptr_array_index (self->drift_after, i);
      gboolean is_old = contains (self->drift_before, text);

      n_old += is_old;
      n_new += !is_old;
      first = first == NULL && !is_old ? text : first;
      if (n_old + n_new <= MOST_SHOWN)
        tide_pipeline_warn (pipeline, is_old ? N_("drift from before: %s") : N_("drift: %s"), text);
    }
  if (n_new == 0)
    {
      if (n_old == 0)
        tide_pipeline_note (pipeline, N_("no drift: the database is what its migrations say"));
      return TRUE;
    }
  if (self->drift_before == NULL || self->plan->len == 0)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, "look at the Drift page; the backup of this run is the way back",
                  "the database is not what the migrations say: %u new differences, the first \"%s\"", n_new, first);
  return FALSE;
}

static gboolean
check_drift (TideRunbook  *self,
             GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  GCancellable *cancellable = tide_pipeline_get_cancellable (pipeline);
  g_autoptr(GError) failure = NULL;

  self->drift_before = tide_run_drift_finish (self->drift, cancellable, &failure);
  if (failure == NULL && self->plan->len == 0)
    self->drift_after = g_ptr_array_ref (self->drift_before);
  else if (failure == NULL)
    self->drift_after = tide_run_drift_read (tide_pipeline_get_project (pipeline), tide_pipeline_get_target (pipeline),
                                             tide_pipeline_get_job (pipeline), &failure);
  if (self->drift_after != NULL)
    return compare_drift (self, error);
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  tide_pipeline_warn (pipeline, N_("drift could not be measured: %s"), failure->message);
  return TRUE;
}

gboolean
tide_runbook_validate (TidePipeline  *pipeline,
                       GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);

  if (!reconnect (self, error) || !check_ledger (self, error) || !check_invalid (self, error) || !check_drift (self, error))
    return FALSE;
  if (self->drift_after != NULL && self->drift_after->len > 0)
    tide_pipeline_status (pipeline, N_("the ledger agrees; %u differences that were there before"), self->drift_after->len);
  else
    tide_pipeline_status (pipeline, self->drift_after ? N_("the ledger agrees, no drift") : N_("the ledger agrees"));
  return TRUE;
}

static char *
describe_check (const TideHealthCheck *check,
                gboolean               is_old)
{
  return g_strdup_printf (is_old ? _("%s: %s (as before)") : "%s: %s", check->title, check->value ? check->value : "");
}

/* @english: (nullable): the same checks as the journal has them */
static void
tell_check (TidePipeline          *pipeline,
            const TideHealthCheck *check,
            TideHealth            *english,
            gboolean               is_old)
{
  g_autofree char *shown = describe_check (check, is_old);
  g_autofree char *recorded = english ? NULL : g_strdup (shown);

  tide_run_english_begin ();
  for (guint i = 0; english != NULL && i < english->checks->len && recorded == NULL; i++)
    if (g_str_equal (((TideHealthCheck *) g_ptr_array_index (english->checks, i))->id, check->id))
      recorded = describe_check (g_ptr_array_index (english->checks, i), is_old);
  tide_run_english_end ();
  tide_pipeline_tell (pipeline, TRUE, recorded ? recorded : check->id, shown);
}

static TideHealth *
read_english (TideRunbook *self)
{
  TideHealth *health;

  if (!tide_run_english_is_needed ())
    return NULL;
  tide_run_english_begin ();
  health = tide_health_read_session (NULL, self->session, TIDE_HEALTH_QUICK,
                                     tide_pipeline_get_cancellable (TIDE_PIPELINE (self)), NULL);
  tide_run_english_end ();
  return health;
}

static gboolean
check_server_health (TideRunbook  *self,
                     GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(TideHealth) english = read_english (self);
  g_autoptr(TideHealth) health = tide_health_read_session (NULL, self->session, TIDE_HEALTH_QUICK,
                                                           tide_pipeline_get_cancellable (pipeline), error);
  const TideHealthCheck *worst = NULL;
  guint n_well = 0;

  if (health == NULL)
    return FALSE;
  for (guint i = 0; i < health->checks->len; i++)
    {
      const TideHealthCheck *check = g_ptr_array_index (health->checks, i);
      g_autofree char *text = dup_check (check);
      gboolean is_old = g_hash_table_contains (self->before, text);

      n_well += check->state < TIDE_HEALTH_WARNING;
      if (check->state >= TIDE_HEALTH_WARNING)
        tell_check (pipeline, check, english, is_old);
      if (check->state == TIDE_HEALTH_CRITICAL && !is_old)
        worst = check;
    }
  tide_pipeline_note (pipeline, N_("%u of %u checks of the server are in order"), n_well, health->checks->len);
  if (worst == NULL)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, worst->advice, "the database is not well: %s: %s", worst->title,
                  worst->value ? worst->value : "");
  return FALSE;
}

gboolean
tide_runbook_check_health (TidePipeline  *pipeline,
                           GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  const TideHooksSpec *hooks = tide_project_get_hooks (tide_pipeline_get_project (pipeline));

  if (self->hooks->len < hooks->health->len)
    tide_pipeline_warn (pipeline, N_("%u of the project's health commands were not run: nobody has approved them"),
                        hooks->health->len - self->hooks->len);
  if (!reconnect (self, error) || !check_server_health (self, error))
    return FALSE;
  for (guint i = 0; i < self->hooks->len; i++)
    if (!tide_run_hook_run (pipeline, "health", (const char *const *) g_ptr_array_index (self->hooks, i), self->hook_timeout_s, error))
      return FALSE;
  if (self->hooks->len > 0)
    tide_pipeline_status (pipeline, N_("the server is well; %u of the project's own commands agree"), self->hooks->len);
  else
    tide_pipeline_status (pipeline, N_("the server is well"));
  return TRUE;
}
