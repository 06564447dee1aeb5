/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-watch"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore-private.h"

#define TURN (300 * G_TIME_SPAN_MILLISECOND)

/* The part of the way that the rows are; the rest is indexes and constraints. */
#define ROWS_SHARE 0.85

/* A thread that asks the server how far the restore's own sessions are. The tables are not to be seen yet from here (they are made
 * in a transaction that is open), but their rows are counted under their numbers. */
struct _TideRestoreWatch
{
  TideSession *session;
  TideJob     *job;
  gint64       total;    /* rows of the manifest; 0 when not known */
  GHashTable  *rows;     /* number of a table -> the most rows that were seen of it (gint64*) */
  GThread     *thread;

  GMutex       lock;
  GCond        cond;
  gboolean     stop;
};

static gint64
sum_rows (TideRestoreWatch *self)
{
  GHashTableIter iter;
  gpointer value;
  gint64 sum = 0;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    sum += *(gint64 *) value;
  return sum;
}

static gboolean
take_rows (TideRestoreWatch *self)
{
  g_autoptr(TideResult) result =
    tide_session_query (self->session, "SELECT relid, tuples_processed FROM pg_catalog.pg_stat_progress_copy"
                        " WHERE datname = current_database()", NULL, 0, NULL, NULL);

  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    {
      gint64 *most = g_hash_table_lookup (self->rows, GINT_TO_POINTER ((int) tide_result_get_int64 (result, i, 0)));

      if (most == NULL)
        {
          most = g_new0 (gint64, 1);
          g_hash_table_insert (self->rows, GINT_TO_POINTER ((int) tide_result_get_int64 (result, i, 0)), most);
        }
      *most = MAX (*most, tide_result_get_int64 (result, i, 1));
    }
  return result != NULL && tide_result_get_n_rows (result) > 0;
}

static gboolean
is_indexing (TideRestoreWatch *self)
{
  g_autoptr(TideResult) result =
    tide_session_query (self->session, "SELECT 1 FROM pg_catalog.pg_stat_progress_create_index WHERE datname = current_database()",
                        NULL, 0, NULL, NULL);

  return result != NULL && tide_result_get_n_rows (result) > 0;
}

/* pg_stat_progress_copy is there from version 14 on; an older server is watched in silence. */
static void
look (TideRestoreWatch *self)
{
  gboolean copying = take_rows (self);
  gint64 rows = sum_rows (self);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, rows);

  if (self->total > 0)
    tide_job_set_fraction (self->job, MIN ((double) rows / self->total, 1) * ROWS_SHARE);
  if (copying)
    tide_job_set_status (self->job, _("restoring rows: %s so far"), number);
  else if (is_indexing (self))
    tide_job_set_status (self->job, _("building indexes, %s rows restored"), number);
}

static gpointer
watch_thread (gpointer data)
{
  TideRestoreWatch *self = data;

  g_mutex_lock (&self->lock);
  while (!self->stop)
    {
      gint64 until = g_get_monotonic_time () + TURN;

      while (!self->stop && g_cond_wait_until (&self->cond, &self->lock, until))
        ;
      if (self->stop)
        break;
      g_mutex_unlock (&self->lock);
      look (self);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gint64
count_rows (TideManifest *manifest)
{
  gint64 total = 0;

  for (guint i = 0; manifest != NULL && i < manifest->tables->len; i++)
    total += MAX (((TideManifestTable *) g_ptr_array_index (manifest->tables, i))->rows, 0);
  return total;
}

/**
 * tide_restore_watch_start:
 * @conninfo: the database that is being filled
 * @manifest: (nullable): how many rows there will be
 * @job: (nullable): is told
 * @error: %TIDE_ERROR_UNREACHABLE
 *
 * Its session also tells others that the database is in use.
 *
 * Returns: (transfer full) (nullable): the watch; stop it with tide_restore_watch_stop()
 */
TideRestoreWatch *
tide_restore_watch_start (TideConninfo  *conninfo,
                          TideManifest  *manifest,
                          TideJob       *job,
                          GError       **error)
{
  g_autoptr(TideSession) session = tide_session_open (conninfo, job ? tide_job_get_cancellable (job) : NULL, error);
  TideRestoreWatch *self;

  if (session == NULL)
    return NULL;
  self = g_new0 (TideRestoreWatch, 1);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->session = g_steal_pointer (&session);
  self->job = job ? g_object_ref (job) : NULL;
  self->total = count_rows (manifest);
  self->rows = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (job != NULL)
    self->thread = g_thread_new ("restore-watch", watch_thread, self);
  return self;
}

/* Its session has ended when this returns. */
void
tide_restore_watch_stop (TideRestoreWatch *self)
{
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);

  tide_session_close (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->job);
  g_hash_table_unref (self->rows);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
