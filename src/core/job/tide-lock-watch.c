/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lock-watch"

#include "config.h"

#include <glib/gi18n.h>

#include "job/tide-lock-watch.h"
#include "wire/tide-session.h"

/* Most statements are over before anybody would look. */
#define FIRST_LOOK_US (300 * 1000)
#define NEXT_LOOK_US (500 * 1000)

static const char blockers_sql[] =
  "SELECT b.pid, a.usename, a.application_name, coalesce(a.state, a.backend_type),\n"
  "       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint,\n"
  "       pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 120), coalesce(c.relname, l.locktype), l.mode\n"
  "  FROM (SELECT $1::int UNION SELECT s.pid FROM pg_catalog.pg_stat_activity s WHERE s.application_name = $2) w (pid)\n"
  "       CROSS JOIN pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) b(pid)\n"
  "       LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid\n"
  "       LEFT JOIN pg_catalog.pg_locks l ON l.pid = w.pid AND NOT l.granted\n"
  "       LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation\n"
  " ORDER BY a.xact_start LIMIT 1";

/* No age in it: it would be another text at every look. */
static const char blocker[] =
  N_("process %s (user \"%s\", application \"%s\", %s) holds what it needs: %s on \"%s\"; its last statement: \"%s\"");

struct _TideLockWatch
{
  TideConninfo      *conninfo;
  char              *application_name; /* nullable */
  TideLockWatchFunc  func;
  gpointer           user_data;
  GThread           *thread;
  GCancellable      *cancellable;
  TideSession       *session;   /* of the thread */
  char              *told;      /* of the thread */

  GMutex             lock;
  GCond              cond;
  gboolean           quit;
  int                pid;
  guint              turn;      /* another statement, another number */
  guint              looked;    /* at that one, the last time */
};

static void
tell (TideLockWatch *self,
      const char    *recorded,
      const char    *shown)
{
  if (g_strcmp0 (self->told, recorded) == 0)
    return;
  g_free (self->told);
  self->told = g_strdup (recorded);
  self->func (recorded, shown, self->user_data);
}

static void
look (TideLockWatch *self,
      int            pid)
{
  g_autofree char *number = g_strdup_printf ("%d", pid);
  const char *params[] = { number, self->application_name };
  g_autoptr(TideResult) result = NULL;
  g_autofree char *recorded = NULL, *shown = NULL;

  if (self->session == NULL || tide_session_is_lost (self->session))
    {
      g_clear_object (&self->session);
      self->session = tide_session_open (self->conninfo, self->cancellable, NULL);
    }
  if (self->session != NULL)
    result = tide_session_query (self->session, blockers_sql, params, 2, self->cancellable, NULL);
  if (result == NULL || tide_result_get_n_rows (result) == 0)
    {
      tell (self, NULL, NULL);
      return;
    }
#define CELL(n) (tide_result_get_value (result, 0, n) ? tide_result_get_value (result, 0, n) : "")
  recorded = g_strdup_printf (blocker, CELL (0), CELL (1), CELL (2), CELL (3), CELL (7), CELL (6), CELL (5));
  shown = g_strdup_printf (_(blocker), CELL (0), CELL (1), CELL (2), CELL (3), CELL (7), CELL (6), CELL (5));
#undef CELL
  tell (self, recorded, shown);
}

static gpointer
watch (gpointer data)
{
  TideLockWatch *self = data;

  g_mutex_lock (&self->lock);
  while (!self->quit)
    {
      int pid = self->pid;
      guint turn = self->turn;
      gint64 until = g_get_monotonic_time () + (self->looked == turn ? NEXT_LOOK_US : FIRST_LOOK_US);

      if (pid == 0)
        g_cond_wait (&self->cond, &self->lock);
      else
        while (!self->quit && self->turn == turn && g_cond_wait_until (&self->cond, &self->lock, until))
          ;
      if (self->quit || pid == 0)
        continue;
      pid = self->turn == turn ? pid : 0;
      self->looked = turn;
      g_mutex_unlock (&self->lock);
      if (pid != 0)
        look (self, pid);
      else
        tell (self, NULL, NULL);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  g_clear_object (&self->session);
  return NULL;
}

TideLockWatch *
tide_lock_watch_new (TideConninfo      *conninfo,
                     const char        *application_name,
                     TideLockWatchFunc  func,
                     gpointer           user_data)
{
  TideLockWatch *self = g_new0 (TideLockWatch, 1);

  self->conninfo = tide_conninfo_ref (conninfo);
  self->application_name = g_strdup (application_name);
  self->func = func;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("tide-lock-watch", watch, self);
  return self;
}

void
tide_lock_watch_set (TideLockWatch *self,
                     int            pid)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->pid = pid;
  self->turn++;
  g_cond_signal (&self->cond);
}

void
tide_lock_watch_free (TideLockWatch *self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_object_unref (self->cancellable);
  tide_conninfo_unref (self->conninfo);
  g_free (self->application_name);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self->told);
  g_free (self);
}
