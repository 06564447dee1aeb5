/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sample"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-deploy.h"
#include "sample/tide-sample-database.h"
#include "tide-error.h"
#include "wire/tide-session.h"

/* The rows fit the schema as this migration leaves it */
#define SEED_AFTER "20250930101533_add_shipments_and_notifications"

static gboolean
run_sql (TideConninfo  *conninfo,
         const char    *sql,
         TideJob       *job,
         GError       **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, error);
  g_autoptr(GPtrArray) results = NULL;

  if (session == NULL)
    return FALSE;
  results = tide_session_run (session, sql, cancellable, error);
  tide_session_close (session);
  return results != NULL;
}

static gboolean
run_file (TideConninfo  *conninfo,
          const char    *source,
          const char    *name,
          TideJob       *job,
          GError       **error)
{
  g_autofree char *path = g_build_filename (source, name, NULL);
  g_autofree char *sql = NULL;

  return g_file_get_contents (path, &sql, NULL, error) && run_sql (conninfo, sql, job, error);
}

static gboolean
deploy (TideProject   *project,
        TideConninfo  *conninfo,
        const char    *to,
        TideJob       *job,
        GError       **error)
{
  g_autoptr(TideDeployReport) report = tide_deploy_run (project, conninfo, to, 0, job, error);

  if (report == NULL)
    return FALSE;
  if (report->failure == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&report->failure),
                              "the sample's migration \"%s\" failed: ", report->failed_name);
  return FALSE;
}

static gboolean
fill (const TideSampleDatabase  *self,
      TideConninfo              *conninfo,
      TideProject               *project,
      const char                *source,
      TideJob                   *job,
      GError                   **error)
{
  return deploy (project, conninfo, SEED_AFTER, job, error)
         && run_file (conninfo, source, "seed.sql", job, error)
         && (g_strcmp0 (self->deploy_to, SEED_AFTER) == 0
             || deploy (project, conninfo, self->deploy_to, job, error))
         && (self->script == NULL || run_file (conninfo, source, self->script, job, error))
         && run_file (conninfo, source, "ledger-dates.sql", job, error)
         && run_sql (conninfo, "ANALYZE", job, error);
}

static gboolean
exists (TideSession   *admin,
        const char    *name,
        gboolean      *answer,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT FROM pg_catalog.pg_database WHERE datname = $1",
                        &name, 1, cancellable, error);

  if (result == NULL)
    return FALSE;
  *answer = tide_result_get_n_rows (result) > 0;
  return TRUE;
}

static gboolean
administer (TideSession   *admin,
            const char    *format,
            const char    *name,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GString) sql = g_string_new (format);
  g_autoptr(TideResult) result = NULL;

  g_string_replace (sql, "$", name, 0);
  result = tide_session_query (admin, sql->str, NULL, 0, cancellable, error);
  return result != NULL;
}

static gboolean
make (const TideSampleDatabase  *self,
      TideSession               *admin,
      TideScratch               *scratch,
      TideProject               *project,
      const char                *source,
      TideJob                   *job,
      GError                   **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autofree char *unfinished = g_strconcat (self->name, "_unfinished", NULL);
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, unfinished);

  tide_job_set_status (job, _("making the database %s"), self->name);
  tide_job_log (job, "making the database %s", self->name);
  return administer (admin, "DROP DATABASE IF EXISTS $_unfinished WITH (FORCE)", self->name,
                     cancellable, error)
         && administer (admin, "CREATE DATABASE $_unfinished", self->name, cancellable, error)
         && fill (self, conninfo, project, source, job, error)
         && administer (admin, "ALTER DATABASE $_unfinished RENAME TO $", self->name,
                        cancellable, error);
}

gboolean
tide_sample_database_make (const TideSampleDatabase  *self,
                           TideScratch               *scratch,
                           TideProject               *project,
                           const char                *source,
                           TideJob                   *job,
                           GError                   **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, "postgres");
  g_autoptr(TideSession) admin = tide_session_open (conninfo, cancellable, error);
  gboolean there = FALSE;

  if (admin == NULL || !exists (admin, self->name, &there, cancellable, error))
    return FALSE;
  return there || make (self, admin, scratch, project, source, job, error);
}
