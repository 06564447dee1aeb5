/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-watch"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-progress.h"
#include "backup/tide-restore-private.h"

#define TURN (300 * G_TIME_SPAN_MILLISECOND)

/* The part of the way that the rows are; the rest is indexes and constraints. */
#define ROWS_SHARE 0.85

/* What is being restored is told by the statement that does it, which pg_dump has written: the name stands there in full. */
#define PROGRESS_SQL                                                                                                          \
  "SELECT p.relid, p.tuples_processed, p.bytes_processed,"                                                                    \
  " pg_catalog.substring(a.query, '^COPY ((?:\"(?:[^\"]|\"\")*\"|[^\" (])+)')"                                                      \
  " FROM pg_catalog.pg_stat_progress_copy p JOIN pg_catalog.pg_stat_activity a ON a.pid = p.pid"                              \
  " WHERE p.datname = pg_catalog.current_database() ORDER BY p.relid"

/* The most that was seen of a table */
typedef struct
{
  gint64 rows;
  gint64 bytes;
} Copied;

/* A thread that asks the server how far the restore's own sessions are. The tables are not to be seen yet from here (they are made
 * in a transaction that is open), but their rows are counted under their numbers. */
struct _TideRestoreWatch
{
  TideSession *session;
  TideJob     *job;
  gint64       total;      /* rows of the manifest; 0 when not known */
  GHashTable  *tables;     /* number of a table -> Copied */
  gint64       started_at; /* 0: no rows yet */
  GThread     *thread;

  GMutex       lock;
  GCond        cond;
  gboolean     stop;
};

static Copied
sum_up (TideRestoreWatch *self)
{
  Copied sum = { 0, 0 };
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      sum.rows += ((Copied *) value)->rows;
      sum.bytes += ((Copied *) value)->bytes;
    }
  return sum;
}

static void
take_table (TideRestoreWatch *self,
            TideResult       *result,
            guint             row)
{
  gpointer relid = GINT_TO_POINTER ((int) tide_result_get_int64 (result, row, 0));
  Copied *most = g_hash_table_lookup (self->tables, relid);

  if (most == NULL)
    {
      most = g_new0 (Copied, 1);
      g_hash_table_insert (self->tables, relid, most);
    }
  most->rows = MAX (most->rows, tide_result_get_int64 (result, row, 1));
  most->bytes = MAX (most->bytes, tide_result_get_int64 (result, row, 2));
}

/* (transfer full) (nullable): what is being restored */
static GString *
take_rows (TideRestoreWatch *self)
{
  g_autoptr(TideResult) result = tide_session_query (self->session, PROGRESS_SQL, NULL, 0, NULL, NULL);
  guint n = result ? tide_result_get_n_rows (result) : 0;
  GString *text = n > 0 ? g_string_new (NULL) : NULL;

  for (guint i = 0; i < n; i++)
    take_table (self, result, i);
  if (n > 0 && tide_result_get_value (result, 0, 3) != NULL)
    g_string_printf (text, _("restoring %s"), tide_result_get_value (result, 0, 3));
  else if (n > 0)
    g_string_assign (text, _("restoring rows"));
  if (n > 1)
    g_string_append_printf (text, _(" and %u more"), n - 1);
  return text;
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
  GString *text = take_rows (self);
  Copied sum = sum_up (self);

  if (self->total > 0)
    tide_job_set_fraction (self->job, MIN ((double) sum.rows / self->total, 1) * ROWS_SHARE);
  if (text != NULL)
    {
      if (self->started_at == 0)
        self->started_at = g_get_monotonic_time ();
      tide_backup_progress_append_rate (text, self->started_at, sum.bytes, tide_job_get_fraction (self->job));
      tide_job_set_status (self->job, "%s", text->str);
      g_string_free (text, TRUE);
    }
  else if (is_indexing (self))
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, sum.rows);

      tide_job_set_status (self->job, _("building indexes, %s rows restored"), number);
    }
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
  self->tables = g_hash_table_new_full (NULL, NULL, NULL, g_free);
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
  g_hash_table_unref (self->tables);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
