/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-maintain-watch"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-maintain-watch.h"

#define INTERVAL (400 * G_TIME_SPAN_MILLISECOND)

struct _TideMaintainWatch
{
  /* Owned */
  GThread      *thread;
  TideConninfo *conninfo;
  TideJob      *job; /* nullable */
  GCancellable *cancellable;
  int           pid;
  int           server_version;

  /* Guarded by @lock */
  GMutex        lock;
  GCond         changed;
  gboolean      stopping;
  double        done;
  double        share;
};

/* How far each kind of work is, 0..1. Of VACUUM the scan is the most; an index is scanned for, filled and validated. */
static char *
dup_sql (int version)
{
  return g_strdup_printf (
    "WITH work AS (\n"
    "  SELECT relid, phase, (0.7 * heap_blks_scanned + 0.3 * heap_blks_vacuumed) / nullif(heap_blks_total, 0) AS share\n"
    "    FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = $1::pg_catalog.int4\n"
    "%s"
    "  UNION ALL\n"
    "  SELECT coalesce(nullif(index_relid, 0), relid), phase,\n"
    "    CASE WHEN phase LIKE 'building index%%' THEN 0.1 + 0.5 * coalesce(blocks_done / nullif(blocks_total, 0)::float8,\n"
    "           tuples_done / nullif(tuples_total, 0)::float8, 0)\n"
    "         WHEN phase LIKE 'index validation%%' THEN 0.7 + 0.2 * coalesce(blocks_done / nullif(blocks_total, 0)::float8, 0)\n"
    "         WHEN phase LIKE 'waiting for writers before validation' THEN 0.65\n"
    "         WHEN phase LIKE 'waiting for%%' AND phase NOT LIKE '%%before build' THEN 0.95 ELSE 0 END\n"
    "    FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1::pg_catalog.int4)\n"
    "SELECT w.phase, w.relid::pg_catalog.regclass::pg_catalog.text, coalesce(w.share, 0),\n"
    "  (SELECT b.pid || ' (' || pg_catalog.concat_ws(', ', b.usename, nullif(b.application_name, ''), b.state) || ')'\n"
    "     FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::pg_catalog.int4)) AS p (pid)\n"
    "     JOIN pg_catalog.pg_stat_activity b ON b.pid = p.pid LIMIT 1)\n"
    "  FROM (SELECT 1) AS one LEFT JOIN work w ON true LIMIT 1",
    version >= 130000 ? "  UNION ALL\n"
                        "  SELECT relid, phase, sample_blks_scanned / nullif(sample_blks_total, 0)::float8\n"
                        "    FROM pg_catalog.pg_stat_progress_analyze WHERE pid = $1::pg_catalog.int4\n"
                      : "");
}

static void
tell (TideMaintainWatch *self,
      TideResult        *result)
{
  const char *phase = tide_result_get_value (result, 0, 0);
  const char *relation = tide_result_get_value (result, 0, 1);
  const char *share = tide_result_get_value (result, 0, 2);
  const char *blocker = tide_result_get_value (result, 0, 3);
  double fraction;

  g_mutex_lock (&self->lock);
  fraction = self->done + self->share * CLAMP (share ? g_ascii_strtod (share, NULL) : 0, 0, 1);
  g_mutex_unlock (&self->lock);
  tide_job_set_fraction (self->job, fraction);
  if (blocker != NULL)
    tide_job_set_status (self->job, _("waits for process %s"), blocker);
  else if (phase != NULL)
    tide_job_set_status (self->job, "%s: %s", relation, phase);
}

static gboolean
wait_for_next (TideMaintainWatch *self)
{
  gint64 end = g_get_monotonic_time () + INTERVAL;
  gboolean goes_on;

  g_mutex_lock (&self->lock);
  while (!self->stopping && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  goes_on = !self->stopping;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static gpointer
watch (gpointer data)
{
  TideMaintainWatch *self = data;
  g_autofree char *sql = dup_sql (self->server_version);
  g_autofree char *pid = g_strdup_printf ("%d", self->pid);
  const char *params[] = { pid };
  g_autoptr(TideSession) session = NULL;

  /* What is short needs no second connection. */
  if (wait_for_next (self))
    session = tide_session_open (self->conninfo, self->cancellable, NULL);
  while (session != NULL && wait_for_next (self))
    {
      g_autoptr(TideResult) result = tide_session_query (session, sql, params, 1, self->cancellable, NULL);

      if (result == NULL)
        break;
      if (tide_result_get_n_rows (result) > 0)
        tell (self, result);
    }
  return NULL;
}

TideMaintainWatch *
tide_maintain_watch_start (TideSession *session,
                           TideJob     *job)
{
  TideMaintainWatch *self = g_new0 (TideMaintainWatch, 1);

  self->conninfo = tide_conninfo_ref (tide_session_get_conninfo (session));
  self->job = job ? g_object_ref (job) : NULL;
  self->cancellable = g_cancellable_new ();
  self->pid = tide_session_get_backend_pid (session);
  self->server_version = tide_session_get_server_version (session);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("tide-watch", watch, self);
  return self;
}

void
tide_maintain_watch_step (TideMaintainWatch *self,
                          double             done,
                          double             share)
{
  g_mutex_lock (&self->lock);
  self->done = done;
  self->share = share;
  g_mutex_unlock (&self->lock);
  tide_job_set_fraction (self->job, done);
}

void
tide_maintain_watch_stop (TideMaintainWatch *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  tide_conninfo_unref (self->conninfo);
  g_clear_object (&self->job);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}
