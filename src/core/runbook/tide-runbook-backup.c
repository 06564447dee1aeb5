/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-runbook-private.h"
#include "tide-error.h"

static int
get_level (TideRunbook *self)
{
  TideTarget *target = tide_pipeline_get_target (TIDE_PIPELINE (self));
  const TideEnvironmentSpec *environment =
    tide_project_find_environment (tide_pipeline_get_project (TIDE_PIPELINE (self)), tide_target_get_name (target));

  if (self->verify_level > 0)
    return self->verify_level;
  if (environment != NULL && environment->verify > 0)
    return environment->verify;
  return tide_runbook_default_level (tide_target_get_kind (target));
}

/* Whether none is made. On production somebody has to say why. */
static gboolean
is_skipped (TideRunbook  *self,
            GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autofree char *reason = g_strdup (self->skip_backup);
  TideRunQuestion *question = tide_run_question_new (TIDE_QUESTION_BACKUP, tide_pipeline_get_running (pipeline),
                                                     _("Go on without a backup?"),
                                                     _("What the migrations lose is then lost. The reason stands in the journal and in the report."),
                                                     NULL, NULL, NULL);

  if (reason == NULL || tide_run_question_accepts (question, reason) || !tide_runbook_is_strict (self))
    g_object_unref (question);
  else
    {
      g_clear_pointer (&reason, g_free);
      if (!tide_pipeline_ask (pipeline, question, &reason, error))
        return FALSE;
    }
  if (reason == NULL)
    return FALSE;
  if (*reason == '\0')
    {
      tide_pipeline_note (pipeline, N_("no backup by %s, who has given no reason"), g_get_user_name ());
      tide_pipeline_skip (pipeline, N_("no backup was made: none was wanted"));
      return TRUE;
    }
  tide_pipeline_note (pipeline, N_("no backup by %s: %s"), g_get_user_name (), reason);
  tide_pipeline_skip (pipeline, N_("no backup was made: %s"), reason);
  return TRUE;
}

static gboolean
check_proof (TideRunbook  *self,
             int           level,
             GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  const TideManifest *manifest = self->backup->manifest;

  for (guint i = 0; manifest->problems != NULL && manifest->problems[i] != NULL; i++)
    tide_pipeline_note (pipeline, "%s", manifest->problems[i]);
  if (manifest->level >= level)
    return TRUE;
  if (!tide_runbook_is_strict (self))
    {
      tide_pipeline_warn (pipeline, N_("the backup is proved to level %d, not to level %d"), manifest->level, level);
      return TRUE;
    }
  tide_set_error (error, TIDE_ERROR_REFUSED, "put right what hinders the proof, or say with --verify which level is enough",
                  "the backup is proved to level %d only, and level %d was asked for: nothing was changed", manifest->level, level);
  return FALSE;
}

gboolean
tide_runbook_back_up (TidePipeline  *pipeline,
                      GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  TideTarget *target = tide_pipeline_get_target (pipeline);
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  int level = get_level (self);
  g_autofree char *purpose = g_strdup_printf ("deploy %s", outcome->run);
  g_autoptr(GError) failure = NULL;
  g_autofree char *size = NULL;
  TideBackupOptions options = {
    .format = TIDE_BACKUP_FORMAT_CUSTOM,
    .folder = tide_project_get_backups (tide_pipeline_get_project (pipeline))->folder,
    .compression = -1,
    .environment = tide_target_get_name (target),
    .kind = tide_target_get_kind (target),
    .purpose = purpose,
    .migration = self->plan->len > 0 ? g_ptr_array_index (outcome->pending, 0) : NULL,
    .verify_level = level,
    .exact_rows_below = self->exact_rows_below,
  };

  if (self->plan->len == 0)
    {
      tide_pipeline_skip (pipeline, N_("nothing is pending, so nothing is changed"));
      return TRUE;
    }
  if (is_skipped (self, &failure))
    return TRUE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  self->backup = tide_backup_run (tide_target_get_conninfo (target), &options, tide_pipeline_get_job (pipeline), error);
  if (self->backup == NULL)
    return FALSE;
  outcome->backup = g_strdup (self->backup->path);
  size = g_format_size (self->backup->bytes);
  tide_pipeline_note (pipeline, "%s", self->backup->path);
  if (!check_proof (self, level, error))
    return FALSE;
  tide_pipeline_status (pipeline, N_("%s, proved to level %d"), size, self->backup->manifest->level);
  return TRUE;
}
