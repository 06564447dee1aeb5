/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-progress"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-progress.h"

#define INTERVAL_MS 500     /* the dump itself wants the processor */
#define TABLE_COST 8192     /* what an empty table weighs */
#define SETTLE_SECONDS 2    /* before that a rate says nothing */

/* PostgreSQL 14 and newer: https://www.postgresql.org/docs/current/progress-reporting.html#COPY-PROGRESS-REPORTING */
#define PROGRESS_SINCE 140000
#define PROGRESS_SQL                                                                                    \
  "SELECT p.relid, p.tuples_processed FROM pg_catalog.pg_stat_progress_copy p"                          \
  " JOIN pg_catalog.pg_stat_activity a ON a.pid = p.pid WHERE a.application_name = $1 ORDER BY p.relid"

typedef struct
{
  const TideBackupTable   *table;
  const TideManifestTable *counted;
  double                   weight;
} Step;

struct _TideBackupProgress
{
  TideConninfo *conninfo;
  char         *application_name;
  TideJob      *job;

  GArray       *steps;       /* of Step, in the order in which pg_dump comes to them */
  double        total;
  guint         furthest;    /* one more than the last step that was seen */
  gint64        started_at;

  GThread      *thread;
  GCancellable *stop;        /* ends a query that is on its way */
  GMutex        lock;
  GCond         cond;
  gboolean      stopped;
};

static int
compare_by_size (gconstpointer a,
                 gconstpointer b)
{
  const Step *left = a;
  const Step *right = b;

  return left->weight == right->weight ? 0 : left->weight < right->weight ? 1 : -1;
}

static int
find_step (TideBackupProgress *self,
           guint32             oid)
{
  for (guint i = 0; i < self->steps->len; i++)
    if (g_array_index (self->steps, Step, i).table->oid == oid)
      return i;
  return -1;
}

/* How much of @step is read, by its rows; an estimate that was too low must not run over. */
static double
get_part (const Step *step,
          gint64      rows)
{
  gint64 all = step->counted->rows;

  return all > 0 ? step->weight * MIN ((double) rows / all, 1) : 0;
}

void
tide_backup_progress_append_rate (GString *text,
                                  gint64   started_at,
                                  double   bytes,
                                  double   share)
{
  double seconds = (g_get_monotonic_time () - started_at) / (double) G_USEC_PER_SEC;
  double left = share > 0 ? seconds * (1 - share) / share : 0;
  g_autofree char *rate = NULL;

  if (seconds < SETTLE_SECONDS)
    return;
  rate = g_format_size (bytes / seconds);
  g_string_append_printf (text, _(": %s/s"), rate);
  if (left >= 90)
    g_string_append_printf (text, _(", %d min left"), (int) (left / 60 + 0.5));
  else if (share > 0)
    g_string_append_printf (text, _(", %d s left"), MAX (1, (int) (left + 0.5)));
}

static void
tell (TideBackupProgress *self,
      const Step         *reading,
      guint               n_reading,
      double              done)
{
  double share = MIN (done / self->total, 1);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, _("reading \"%s.%s\""), reading->table->schema, reading->table->name);
  if (n_reading > 1)
    g_string_append_printf (text, _(" and %u more"), n_reading - 1);
  tide_backup_progress_append_rate (text, self->started_at, done, share);
  tide_job_set_status (self->job, "%s", text->str);
  tide_job_set_fraction (self->job, TIDE_BACKUP_DUMP_FROM + (TIDE_BACKUP_DUMP_TO - TIDE_BACKUP_DUMP_FROM) * share);
}

/* What lies before the furthest table that was seen is done, but for what is being read: pg_dump goes through tables by schema
 * and name, or, with several jobs, by size. So small ones that come and go between two looks count. */
static void
take (TideBackupProgress *self,
      TideResult         *result)
{
  g_autofree gboolean *is_read = g_new0 (gboolean, self->steps->len + 1);
  const Step *reading = NULL;
  double done = 0;
  guint n = 0;

  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      int index = find_step (self, tide_result_get_int64 (result, i, 0));

      if (index < 0)
        continue;
      n++;
      is_read[index] = TRUE;
      self->furthest = MAX (self->furthest, (guint) index + 1);
      reading = &g_array_index (self->steps, Step, index);
      done += get_part (reading, tide_result_get_int64 (result, i, 1));
    }
  for (guint i = 0; i < self->furthest; i++)
    if (!is_read[i])
      done += g_array_index (self->steps, Step, i).weight;
  if (reading != NULL)
    tell (self, reading, n, done);
}

/* Returns: whether there is time for another look */
static gboolean
wait_a_little (TideBackupProgress *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 end = g_get_monotonic_time () + INTERVAL_MS * 1000;

  while (!self->stopped && g_cond_wait_until (&self->cond, &self->lock, end))
    continue;
  return !self->stopped;
}

/* A session of its own: one in a transaction sees the same statistics again and again. Whatever goes wrong here harms no backup;
 * one that is done at once needs none. */
static gpointer
watch (gpointer data)
{
  TideBackupProgress *self = data;
  g_autoptr(TideSession) session = wait_a_little (self) ? tide_session_open (self->conninfo, self->stop, NULL) : NULL;
  gboolean can_tell = session != NULL && tide_session_get_server_version (session) >= PROGRESS_SINCE;

  while (can_tell)
    {
      const char *params[] = { self->application_name };
      g_autoptr(TideResult) result = tide_session_query (session, PROGRESS_SQL, params, 1, self->stop, NULL);

      if (result == NULL)
        break;
      take (self, result);
      can_tell = wait_a_little (self);
    }
  return NULL;
}

TideBackupProgress *
tide_backup_progress_start (TideConninfo *conninfo,
                            const char   *application_name,
                            GPtrArray    *tables,
                            TideManifest *manifest,
                            gboolean      by_size,
                            TideJob      *job)
{
  TideBackupProgress *self = g_new0 (TideBackupProgress, 1);

  self->conninfo = tide_conninfo_ref (conninfo);
  self->application_name = g_strdup (application_name);
  self->job = job;
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  self->total = 1;
  for (guint i = 0; i < tables->len; i++)
    {
      Step step = { g_ptr_array_index (tables, i), g_ptr_array_index (manifest->tables, i), 0 };

      step.weight = step.table->data_bytes + TABLE_COST;
      self->total += step.weight;
      g_array_append_val (self->steps, step);
    }
  if (by_size)
    g_array_sort (self->steps, compare_by_size);
  self->started_at = g_get_monotonic_time ();
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("tide-progress", watch, self);
  return self;
}

/* Waits until nothing more is told, and frees it. */
void
tide_backup_progress_stop (TideBackupProgress *self)
{
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);

  tide_conninfo_unref (self->conninfo);
  g_free (self->application_name);
  g_array_unref (self->steps);
  g_object_unref (self->stop);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
