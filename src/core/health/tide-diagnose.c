/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose"

#include "config.h"

#include "health/tide-diagnosis-private.h"
#include "tide-error.h"

/* (transfer full) (nullable): a session on another database of the same server; a short wait, since it has just answered */
static TideSession *
open_beside (TideConninfo  *conninfo,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(TideConninfo) other = tide_conninfo_copy (conninfo);

  tide_conninfo_set (other, "dbname", "postgres");
  tide_conninfo_set (other, "connect_timeout", "3");
  tide_conninfo_set_schema (other, NULL);
  return tide_session_open (other, cancellable, error);
}

/* What databases there are instead, where the server lets one look */
static void
tell_databases (TideDiagnosis *diagnosis,
                TideConninfo  *conninfo,
                GCancellable  *cancellable)
{
  g_autoptr(TideSession) session = open_beside (conninfo, cancellable, NULL);
  g_autoptr(TideResult) result = NULL;

  if (session != NULL)
    result = tide_session_query (session, "SELECT pg_catalog.string_agg(datname, ', ' ORDER BY datname)\n"
                                          "  FROM (SELECT datname FROM pg_catalog.pg_database WHERE NOT datistemplate AND datallowconn\n"
                                          "         ORDER BY datname LIMIT 20) AS d", NULL, 0, cancellable, NULL);
  if (result != NULL && tide_result_get_value (result, 0, 0) != NULL)
    tide_diagnosis_take_evidence (diagnosis, g_strdup_printf (_("The server has: %s"), tide_result_get_value (result, 0, 0)));
}

/* A connection that could not be made, or that broke while it was looked at */
static gboolean
tell_unreachable (TideDiagnoseWork  *self,
                  GError            *failure,
                  GError           **error)
{
  TideConninfo *conninfo = tide_target_get_conninfo (self->target);
  g_autoptr(TideDiagnosis) diagnosis = NULL;

  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  diagnosis = tide_diagnose_connection (conninfo, failure);
  if (diagnosis == NULL)
    {
      diagnosis = tide_diagnosis_new ("unreadable", g_strdup (_("The database could not be looked at")), failure->message);
      if (tide_error_get_fields (failure) && tide_error_get_fields (failure)->hint)
        tide_diagnosis_take_evidence (diagnosis, g_strdup (tide_error_get_fields (failure)->hint));
      tide_diagnosis_add_way (diagnosis, TIDE_WAY_RETRY, NULL, _("Try Again"), _("Connects anew and reads it again"));
    }
  else if (g_str_equal (diagnosis->id, "database-missing"))
    tell_databases (diagnosis, conninfo, self->cancellable);
  diagnosis->is_closed = TRUE;
  g_ptr_array_add (self->found, g_steal_pointer (&diagnosis));
  g_error_free (failure);
  return TRUE;
}

static gboolean
look (TideDiagnoseWork   *self,
      TideDiagnoseFlags   flags,
      TideJob            *job,
      GError            **error)
{
  GError *failure = NULL;

  tide_job_set_status (job, _("Connecting"));
  self->session = tide_session_open (tide_target_get_conninfo (self->target), self->cancellable, &failure);
  if (self->session == NULL)
    return tell_unreachable (self, failure, error);
  tide_job_set_status (job, _("Reading the ledger"));
  tide_diagnose_lock (self);
  if (self->project == NULL)
    return TRUE;
  self->history = tide_history_for_project (self->project);
  tide_diagnose_ledger (self);
  self->timeline = tide_history_read_timeline (self->history, self->project, self->session, self->cancellable, &failure);
  if (self->timeline == NULL)
    return tell_unreachable (self, failure, error);
  tide_diagnose_failed (self);
  tide_diagnose_history (self);
  tide_diagnose_edited (self);
  tide_diagnose_files (self);
  if ((flags & TIDE_DIAGNOSE_DRIFT) != 0)
    return tide_diagnose_drift (self, job, error);
  return TRUE;
}

/**
 * tide_diagnose:
 * @project: (nullable): the project
 * @target: the database
 * @flags: how far to look
 * @job: (nullable): a job that tells what is looked at, and cancels
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type TideDiagnosis): what is wrong
 */
GPtrArray *
tide_diagnose (TideProject        *project,
               TideTarget         *target,
               TideDiagnoseFlags   flags,
               TideJob            *job,
               GError            **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_diagnosis_unref);
  TideDiagnoseWork work = { .project = project, .target = target, .cancellable = tide_job_get_cancellable (job), .found = found };
  gboolean done;

  g_return_val_if_fail (target != NULL, NULL);

  done = look (&work, flags, job, error) && !g_cancellable_set_error_if_cancelled (work.cancellable, error);
  g_clear_pointer (&work.timeline, tide_timeline_unref);
  g_clear_object (&work.history);
  g_clear_object (&work.session);
  return done ? g_steal_pointer (&found) : NULL;
}

/**
 * tide_diagnosis_create_database:
 * @conninfo: where there is no database of its name
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_UNREACHABLE; %TIDE_ERROR_SERVER: the user may not, or somebody else has made it
 *
 * Returns: whether the database is there, empty
 */
gboolean
tide_diagnosis_create_database (TideConninfo  *conninfo,
                                GCancellable  *cancellable,
                                GError       **error)
{
  g_autoptr(TideSession) session = open_beside (conninfo, cancellable, error);
  g_autofree char *name = tide_quote_identifier (tide_conninfo_get (conninfo, "dbname"));
  g_autofree char *sql = g_strconcat ("CREATE DATABASE ", name, NULL);
  g_autoptr(TideResult) result = session ? tide_session_query (session, sql, NULL, 0, cancellable, error) : NULL;

  return result != NULL;
}
