/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pipeline"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-pipeline-private.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-record.h"
#include "tide-error.h"

typedef struct
{
  /* Fixed when it is made */
  GMainContext       *context;
  TideProject        *project;
  TideTarget         *target;
  const char         *purpose;
  const TideStepSpec *specs;
  guint               n_specs;
  GListStore         *steps;
  TideAskFunc         ask;
  gpointer            ask_data;

  /* Of the run, by the job's thread */
  TideJob            *part;
  TideRunOutcome     *outcome;
  TideRunStep        *running;
  gboolean            warned;
  gboolean            skipped;
  gint64              started_at;
  gint64              ended_at;
  gint64              clock;     /* monotonic */
  gint64              stopped;   /* monotonic; 0: it runs */

  GMutex              lock;
  TideRunJournal     *journal;
} TidePipelinePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TidePipeline, tide_pipeline, G_TYPE_OBJECT)

static guint question_signal;

static TidePipelinePrivate *
get_private (TidePipeline *self)
{
  return tide_pipeline_get_instance_private (self);
}

static void
tide_pipeline_finalize (GObject *object)
{
  TidePipelinePrivate *priv = get_private (TIDE_PIPELINE (object));

  g_clear_pointer (&priv->context, g_main_context_unref);
  g_clear_object (&priv->project);
  g_clear_pointer (&priv->target, tide_target_unref);
  g_clear_object (&priv->steps);
  g_clear_object (&priv->part);
  g_clear_pointer (&priv->outcome, tide_run_outcome_unref);
  g_clear_pointer (&priv->journal, tide_run_journal_free);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (tide_pipeline_parent_class)->finalize (object);
}

static void
tide_pipeline_class_init (TidePipelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_pipeline_finalize;
  question_signal = g_signal_new ("question", TIDE_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  TIDE_TYPE_RUN_QUESTION);
}

static void
tide_pipeline_init (TidePipeline *self)
{
  TidePipelinePrivate *priv = get_private (self);

  g_mutex_init (&priv->lock);
  priv->context = g_main_context_ref_thread_default ();
  priv->steps = g_list_store_new (TIDE_TYPE_RUN_STEP);
}

const char *
tide_step_specs_get_title (const TideStepSpec *specs,
                           guint               n_specs,
                           const char         *id)
{
  for (guint i = 0; i < n_specs; i++)
    if (g_str_equal (specs[i].id, id))
      return _(specs[i].title);
  return id;
}

void
tide_pipeline_init_steps (TidePipeline       *self,
                          TideProject        *project,
                          TideTarget         *target,
                          const char         *purpose,
                          const TideStepSpec *steps,
                          guint               n_steps)
{
  TidePipelinePrivate *priv = get_private (self);

  priv->project = g_object_ref (project);
  priv->target = tide_target_ref (target);
  priv->purpose = purpose;
  priv->specs = steps;
  priv->n_specs = n_steps;
  for (guint i = 0; i < n_steps; i++)
    {
      g_autoptr(TideRunStep) step = tide_run_step_new (steps[i].id, steps[i].title);

      g_list_store_append (priv->steps, step);
    }
}

/* For one that makes a migration first: by the job's thread, before anybody else asks */
void
tide_pipeline_set_project (TidePipeline *self,
                           TideProject  *project)
{
  g_set_object (&get_private (self)->project, project);
}

GListModel *
tide_pipeline_get_steps (TidePipeline *self)
{
  g_return_val_if_fail (TIDE_IS_PIPELINE (self), NULL);
  return G_LIST_MODEL (get_private (self)->steps);
}

TideRunStep *
tide_pipeline_get_step (TidePipeline *self,
                        const char   *id)
{
  TidePipelinePrivate *priv;

  g_return_val_if_fail (TIDE_IS_PIPELINE (self), NULL);
  priv = get_private (self);
  for (guint i = 0; i < priv->n_specs; i++)
    {
      g_autoptr(TideRunStep) step = g_list_model_get_item (G_LIST_MODEL (priv->steps), i);

      if (g_str_equal (tide_run_step_get_id (step), id))
        return step; /* the list holds it */
    }
  return NULL;
}

TideProject *
tide_pipeline_get_project (TidePipeline *self)
{
  g_return_val_if_fail (TIDE_IS_PIPELINE (self), NULL);
  return get_private (self)->project;
}

TideTarget *
tide_pipeline_get_target (TidePipeline *self)
{
  g_return_val_if_fail (TIDE_IS_PIPELINE (self), NULL);
  return get_private (self)->target;
}

/**
 * tide_pipeline_set_asker:
 * @self: a pipeline that does not run yet
 * @func: (nullable): answers its questions, in the job's thread
 * @user_data: for @func
 */
void
tide_pipeline_set_asker (TidePipeline *self,
                         TideAskFunc   func,
                         gpointer      user_data)
{
  TidePipelinePrivate *priv;

  g_return_if_fail (TIDE_IS_PIPELINE (self));
  priv = get_private (self);
  priv->ask = func;
  priv->ask_data = user_data;
}

TideJob *
tide_pipeline_get_job (TidePipeline *self)
{
  return get_private (self)->part;
}

GCancellable *
tide_pipeline_get_cancellable (TidePipeline *self)
{
  return tide_job_get_cancellable (get_private (self)->part);
}

TideRunStep *
tide_pipeline_get_running (TidePipeline *self)
{
  return get_private (self)->running;
}

TideRunOutcome *
tide_pipeline_get_outcome (TidePipeline *self)
{
  return get_private (self)->outcome;
}

TideRunJournal *
tide_pipeline_get_journal (TidePipeline *self)
{
  return get_private (self)->journal;
}

const char *
tide_pipeline_get_purpose (TidePipeline *self)
{
  return get_private (self)->purpose;
}

gint64
tide_pipeline_get_started_at (TidePipeline *self)
{
  return get_private (self)->started_at;
}

gint64
tide_pipeline_get_ended_at (TidePipeline *self)
{
  return get_private (self)->ended_at;
}

double
tide_pipeline_get_seconds (TidePipeline *self)
{
  TidePipelinePrivate *priv = get_private (self);

  return ((priv->stopped != 0 ? priv->stopped : g_get_monotonic_time ()) - priv->clock) / (double) G_USEC_PER_SEC;
}

void
tide_pipeline_mark (TidePipeline  *self,
                    TideStepState  state)
{
  TidePipelinePrivate *priv = get_private (self);

  priv->warned |= state == TIDE_STEP_WARNED;
  priv->skipped |= state == TIDE_STEP_SKIPPED;
}

/* What the rooms below tell their job shows on the running step; a status that moves on is no line of the journal. */
static void
hear (const char *status,
      double      fraction,
      const char *line,
      gpointer    user_data)
{
  TidePipelinePrivate *priv = get_private (user_data);

  if (line != NULL)
    tide_pipeline_log (user_data, line, NULL);
  else if (status != NULL)
    tide_run_step_set_status (priv->running, NULL, status);
  else
    tide_run_step_set_fraction (priv->running, fraction);
}

typedef struct
{
  TidePipeline    *pipeline;
  TideRunQuestion *question;
} Emission;

static void
emission_free (gpointer data)
{
  Emission *emission = data;

  g_object_unref (emission->pipeline);
  g_object_unref (emission->question);
  g_free (emission);
}

static gboolean
emit (gpointer data)
{
  Emission *emission = data;

  if (!tide_run_question_is_answered (emission->question))
    g_signal_emit (emission->pipeline, question_signal, 0, emission->question);
  return G_SOURCE_REMOVE;
}

static void
put (TidePipeline    *self,
     TideRunQuestion *question)
{
  TidePipelinePrivate *priv = get_private (self);
  g_autoptr(GSource) source = NULL;
  Emission *emission;

  if (priv->ask != NULL)
    {
      priv->ask (question, priv->ask_data);
      return;
    }
  emission = g_new0 (Emission, 1);
  emission->pipeline = g_object_ref (self);
  emission->question = g_object_ref (question);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit, emission, emission_free);
  g_source_attach (source, priv->context);
}

static const char *const questions[] = {
  [TIDE_QUESTION_CHECKLIST] = "asks whether the checklist is done",
  [TIDE_QUESTION_HOOK] = "asks whether a command of the project may run",
  [TIDE_QUESTION_BACKUP] = "asks why to go on without a backup",
  [TIDE_QUESTION_CONFIRM] = "asks for the confirmation",
  [TIDE_QUESTION_PROCEED] = "asks whether to go on",
};

gboolean
tide_pipeline_ask (TidePipeline     *self,
                   TideRunQuestion  *question,
                   char            **text,
                   GError          **error)
{
  TidePipelinePrivate *priv = get_private (self);
  g_autoptr(TideRunQuestion) owned = question;
  g_autofree char *answer = NULL;
  g_autofree char *line = NULL;
  gboolean yes;

  tide_run_step_set_state (priv->running, TIDE_STEP_ASKING);
  tide_pipeline_journal (self, questions[tide_run_question_get_kind (question)]);
  tide_pipeline_save (self);
  put (self, question);
  yes = tide_run_question_wait (question, &answer, tide_pipeline_get_cancellable (self), error);
  tide_run_step_set_state (priv->running, TIDE_STEP_RUNNING);
  line = g_strconcat (yes ? "answer: yes" : "answer: no", yes && answer ? ", " : "", yes && answer ? answer : "", NULL);
  tide_pipeline_journal (self, line);
  if (text != NULL)
    *text = g_steal_pointer (&answer);
  return yes;
}

void
tide_pipeline_save (TidePipeline *self)
{
  TidePipelinePrivate *priv = get_private (self);
  g_autoptr(GError) error = NULL;

  if (!tide_run_record_write (self, priv->outcome->json, &error))
    tide_pipeline_journal (self, error->message);
}

static void
end_step (TidePipeline *self,
          gboolean      ok,
          GError       *failure)
{
  TidePipelinePrivate *priv = get_private (self);
  gboolean cancelled = g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  TideStepState state = cancelled ? TIDE_STEP_CANCELLED : !ok ? TIDE_STEP_FAILED : priv->skipped ? TIDE_STEP_SKIPPED
                                  : priv->warned ? TIDE_STEP_WARNED : TIDE_STEP_PASSED;
  g_autofree char *line = NULL;

  if (!ok)
    {
      g_autofree char *text = tide_error_dup_english_text (failure);

      if (cancelled)
        tide_pipeline_status (self, N_("cancelled"));
      else
        {
          tide_pipeline_status (self, "%s", failure->message);
          tide_pipeline_note (self, "%s", text);
        }
      priv->outcome->state = cancelled ? TIDE_RUN_CANCELLED : TIDE_RUN_FAILED;
      priv->outcome->step = g_strdup (tide_run_step_get_id (priv->running));
      priv->outcome->failure = g_error_copy (failure);
    }
  tide_run_step_set_waiting_for (priv->running, NULL);
  tide_run_step_set_fraction (priv->running, -1);
  tide_run_step_set_state (priv->running, state);
  line = g_strdup_printf ("%s after %.3f s", tide_step_state_to_string (state), tide_run_step_get_seconds (priv->running));
  tide_pipeline_journal (self, line);
  priv->running = NULL;
}

static gboolean
run_step (TidePipeline *self,
          guint         index)
{
  TidePipelinePrivate *priv = get_private (self);
  const TideStepSpec *spec = &priv->specs[index];
  g_autoptr(GError) failure = NULL;
  gboolean ok;

  priv->running = tide_pipeline_get_step (self, spec->id);
  priv->warned = FALSE;
  priv->skipped = FALSE;
  tide_run_step_set_state (priv->running, TIDE_STEP_RUNNING);
  tide_pipeline_journal (self, spec->title);
  tide_pipeline_save (self);
  ok = !g_cancellable_set_error_if_cancelled (tide_pipeline_get_cancellable (self), &failure) && spec->run (self, &failure);
  if (!ok && failure == NULL)
    failure = tide_error_new (TIDE_ERROR_FAILED, NULL, "the step ended without a word");
  end_step (self, ok, failure);
  return ok;
}

static gboolean
begin (TidePipeline  *self,
       TideJob       *job,
       GError       **error)
{
  TidePipelinePrivate *priv = get_private (self);
  TideConninfo *conninfo = tide_target_get_conninfo (priv->target);
  g_autofree char *label = NULL;
  g_autofree char *folder = g_build_filename (tide_project_get_root (priv->project), "logs", NULL);
  g_autofree char *line = NULL;
  TideRunJournal *file;

  if (tide_conninfo_get (conninfo, "dbname") == NULL)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "write the database into the URL or the service; it is asked for by its name",
                      "\"%s\" does not say which database it means", tide_target_get_name (priv->target));
      return FALSE;
    }
  file = tide_run_journal_new (folder, tide_conninfo_get (conninfo, "password"), error);
  if (file == NULL)
    return FALSE;
  g_mutex_lock (&priv->lock);
  priv->journal = file;
  g_mutex_unlock (&priv->lock);
  priv->part = tide_job_new_part (job, hear, self);
  priv->started_at = g_get_real_time ();
  priv->clock = g_get_monotonic_time ();
  priv->outcome = tide_run_outcome_new ();
  priv->outcome->run = g_strdup (tide_run_journal_get_name (file));
  priv->outcome->journal = g_strdup (tide_run_journal_get_path (file));
  priv->outcome->json = g_strdup_printf ("%s/%s.json", folder, priv->outcome->run);
  tide_run_english_begin ();
  label = tide_conninfo_dup_label (conninfo);
  tide_run_english_end ();
  line = g_strdup_printf ("%s: %s on %s (%s) by %s on %s", priv->purpose, tide_target_get_name (priv->target), label,
                          tide_kind_to_string (tide_target_get_kind (priv->target)), g_get_user_name (), g_get_host_name ());
  tide_pipeline_journal (self, line);
  tide_run_record_note_last (self, folder, priv->outcome->run);
  return TRUE;
}

static void
end (TidePipeline *self,
     TideJob      *job)
{
  TidePipelinePrivate *priv = get_private (self);
  g_autofree char *html = g_strdup_printf ("%.*s.html", (int) strlen (priv->outcome->json) - 5, priv->outcome->json);
  g_autoptr(GError) error = NULL;

  priv->stopped = g_get_monotonic_time ();
  priv->ended_at = g_get_real_time ();
  if (priv->outcome->state == TIDE_RUN_RUNNING)
    priv->outcome->state = TIDE_RUN_DONE;
  if (TIDE_PIPELINE_GET_CLASS (self)->conclude != NULL)
    TIDE_PIPELINE_GET_CLASS (self)->conclude (self);
  if (priv->outcome->recorded_database != NULL)
    tide_pipeline_journal (self, priv->outcome->recorded_database);
  if (tide_run_record_write_html (self, html, &error))
    priv->outcome->html = g_steal_pointer (&html);
  else
    tide_pipeline_journal (self, error->message);
  tide_pipeline_save (self);
  tide_pipeline_journal (self, tide_run_state_to_string (priv->outcome->state));
  if (tide_run_journal_get_problem (priv->journal) != NULL)
    tide_job_log (job, "%s", tide_run_journal_get_problem (priv->journal));
}

/**
 * tide_pipeline_run:
 * @self: a pipeline that has not run yet
 * @job: (nullable): hears which step runs, and cancels
 * @error: FAILED: the journal could not be made
 *
 * Does the steps, one after the other, until one fails.
 *
 * Returns: (transfer full) (nullable): what came of it, also when a step failed or was cancelled
 */
TideRunOutcome *
tide_pipeline_run (TidePipeline  *self,
                   TideJob       *job,
                   GError       **error)
{
  TidePipelinePrivate *priv;

  g_return_val_if_fail (TIDE_IS_PIPELINE (self), NULL);
  priv = get_private (self);
  g_return_val_if_fail (priv->journal == NULL, NULL);

  if (!begin (self, job, error))
    return NULL;
  for (guint i = 0; i < priv->n_specs; i++)
    {
      tide_job_set_status (job, "%s", _(priv->specs[i].title));
      tide_job_set_fraction (job, (double) i / priv->n_specs);
      if (!run_step (self, i))
        break;
    }
  end (self, job);
  return tide_run_outcome_ref (priv->outcome);
}
