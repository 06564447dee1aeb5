/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "job/tide-job.h"
#include "tide-error.h"

#define N_LINES 5000

typedef struct
{
  GThread   *thread;
  GPtrArray *lines;
  guint      n_fractions;
  guint      n_states;
  gboolean   finished;
  gboolean   data_freed;
} Watch;

static void
on_log (TideJob    *job,
        const char *line,
        Watch      *watch)
{
  g_assert_true (g_thread_self () == watch->thread);
  g_assert_false (watch->finished);
  g_ptr_array_add (watch->lines, g_strdup (line));
}

static void
on_fraction (TideJob    *job,
             GParamSpec *pspec,
             Watch      *watch)
{
  g_assert_true (g_thread_self () == watch->thread);
  g_assert_false (watch->finished);
  watch->n_fractions++;
}

static void
on_state (TideJob    *job,
          GParamSpec *pspec,
          Watch      *watch)
{
  g_assert_true (g_thread_self () == watch->thread);
  watch->n_states++;
}

static TideJob *
watch_new_job (Watch *watch)
{
  TideJob *job = tide_job_new ("count");

  watch->thread = g_thread_self ();
  watch->lines = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (job, "log", G_CALLBACK (on_log), watch);
  g_signal_connect (job, "notify::fraction", G_CALLBACK (on_fraction), watch);
  g_signal_connect (job, "notify::state", G_CALLBACK (on_state), watch);
  return job;
}

static gpointer
count (TideJob   *job,
       gpointer   data,
       GError   **error)
{
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_RUNNING);
  for (guint i = 0; i < N_LINES; i++)
    {
      tide_job_set_status (job, "line %u", i);
      tide_job_set_fraction (job, (i + 1.0) / N_LINES);
      tide_job_log (job, "%u", i);
    }
  return g_strdup (data);
}

static void
test_run (void)
{
  Watch watch = { 0 };
  g_autoptr(TideJob) job = watch_new_job (&watch);
  g_autoptr(GError) error = NULL;
  g_autofree char *result = NULL;
  g_autofree char *status = NULL;

  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_WAITING);
  g_assert_cmpfloat (tide_job_get_fraction (job), ==, -1);
  result = tide_job_run (job, count, (gpointer) "done", &error);
  watch.finished = TRUE;

  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "done");
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_SUCCEEDED);
  g_assert_cmpfloat (tide_job_get_fraction (job), ==, 1);
  status = tide_job_dup_status (job);
  g_assert_cmpstr (status, ==, "line 4999");

  g_assert_cmpuint (watch.lines->len, ==, N_LINES);
  for (guint i = 0; i < N_LINES; i++)
    g_assert_cmpint (atoi (g_ptr_array_index (watch.lines, i)), ==, i);
  g_assert_cmpuint (watch.n_fractions, >, 0);
  g_assert_cmpuint (watch.n_states, >, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_unref (watch.lines);
}

/* Ten thousand changes while the watcher is away reach it as one. */
static gpointer
hurry (TideJob   *job,
       gpointer   data,
       GError   **error)
{
  for (guint i = 0; i < 10000; i++)
    tide_job_set_fraction (job, i / 10000.0);
  g_atomic_int_set ((int *) data, 1);
  return NULL;
}

static void
store_finished (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Watch *watch = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_thread_self () == watch->thread);
  tide_job_run_finish (TIDE_JOB (object), result, &error);
  g_assert_no_error (error);
  watch->finished = TRUE;
}

static void
test_coalesced (void)
{
  Watch watch = { 0 };
  g_autoptr(TideJob) job = watch_new_job (&watch);
  int done = 0;

  tide_job_run_async (job, hurry, &done, NULL, NULL, store_finished, &watch);
  while (!g_atomic_int_get (&done))
    g_usleep (1000);
  while (!watch.finished)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (watch.n_fractions, ==, 1);
  g_assert_cmpuint (watch.n_states, <=, 2);
  g_ptr_array_unref (watch.lines);
}

static gpointer
fail (TideJob   *job,
      gpointer   data,
      GError   **error)
{
  tide_set_error (error, TIDE_ERROR_TOOL, "try again", "the tide went out");
  return NULL;
}

static void
test_failed (void)
{
  g_autoptr(TideJob) job = tide_job_new ("fail");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) kept = NULL;

  g_assert_null (tide_job_run (job, fail, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_FAILED);
  g_object_get (job, "error", &kept, NULL);
  g_assert_cmpstr (tide_error_get_fields (kept)->hint, ==, "try again");
}

static gpointer
wait_for_cancel (TideJob   *job,
                 gpointer   data,
                 GError   **error)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (tide_job_get_cancellable (job), &fd));
  tide_job_set_status (job, "waiting");
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (tide_job_get_cancellable (job));
  if (data == NULL)
    g_cancellable_set_error_if_cancelled (tide_job_get_cancellable (job), error);
  return data;
}

static void
cancel_when_waiting (TideJob    *job,
                     GParamSpec *pspec,
                     gpointer    user_data)
{
  tide_job_cancel (job);
}

static void
test_cancelled (void)
{
  g_autoptr(TideJob) job = tide_job_new ("wait");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) none = NULL;

  g_signal_connect (job, "notify::status", G_CALLBACK (cancel_when_waiting), NULL);
  g_assert_null (tide_job_run (job, wait_for_cancel, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_CANCELLED);
  none = tide_job_dup_error (job);
  g_assert_null (none);
}

/* Work that was done when the cancel came has been done. */
static void
test_cancelled_too_late (void)
{
  g_autoptr(TideJob) job = tide_job_new ("wait");
  g_autoptr(GError) error = NULL;

  g_signal_connect (job, "notify::status", G_CALLBACK (cancel_when_waiting), NULL);
  g_assert_true (tide_job_run (job, wait_for_cancel, job, &error) == job);
  g_assert_no_error (error);
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_SUCCEEDED);
}

/* What a library keeps for a thread goes as the thread ends: that takes its time here. */
static void
end_slowly (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 5);
  g_atomic_int_set ((int *) data, TRUE);
}

static GPrivate kept_for_thread = G_PRIVATE_INIT (end_slowly);

static gpointer
keep_something (TideJob   *job,
                gpointer   data,
                GError   **error)
{
  g_private_set (&kept_for_thread, data);
  return data;
}

/* A program that ends while its last thread does would free some things twice. */
static void
test_thread_has_ended (void)
{
  g_autoptr(TideJob) job = tide_job_new ("keep something");
  int ended = FALSE;

  g_assert_true (tide_job_run (job, keep_something, &ended, NULL) == &ended);
  g_assert_true (g_atomic_int_get (&ended));
}

static gpointer
never (TideJob   *job,
       gpointer   data,
       GError   **error)
{
  g_assert_not_reached ();
}

static void
test_cancelled_before (void)
{
  g_autoptr(TideJob) job = tide_job_new ("never");
  g_autoptr(GError) error = NULL;

  tide_job_cancel (job);
  g_assert_null (tide_job_run (job, never, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_CANCELLED);
}

static void
note_freed (gpointer data)
{
  Watch *watch = data;

  g_assert_true (g_thread_self () == watch->thread);
  watch->data_freed = TRUE;
}

static gpointer
nothing (TideJob   *job,
         gpointer   data,
         GError   **error)
{
  return NULL;
}

static void
note_gone (gpointer  data,
           GObject  *where)
{
  Watch *watch = data;

  g_assert_true (g_thread_self () == watch->thread);
  watch->finished = TRUE;
}

/* Nobody keeps the job: it, and the data of the work, still go in the thread of those who connected. */
static void
test_last_reference (void)
{
  for (guint i = 0; i < 200; i++)
    {
      Watch watch = { g_thread_self () };
      TideJob *job = tide_job_new ("nothing");

      g_object_weak_ref (G_OBJECT (job), note_gone, &watch);
      tide_job_run_async (job, nothing, &watch, note_freed, NULL, NULL, NULL);
      g_object_unref (job);
      while (!watch.finished || !watch.data_freed)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_nobody_watches (void)
{
  tide_job_set_status (NULL, "a %d", 1);
  tide_job_set_fraction (NULL, 0.5);
  tide_job_log (NULL, "b");
  g_assert_null (tide_job_get_cancellable (NULL));
}

static gpointer
tell_lines (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  tide_job_log (job, "one\ntwo %s", "%s");
  tide_job_set_fraction (job, 7);
  return NULL;
}

static void
test_lines (void)
{
  Watch watch = { 0 };
  g_autoptr(TideJob) job = watch_new_job (&watch);

  tide_job_run (job, tell_lines, NULL, NULL);
  g_assert_cmpuint (watch.lines->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (watch.lines, 1), ==, "two %s");
  g_assert_cmpfloat (tide_job_get_fraction (job), ==, 1);
  g_ptr_array_unref (watch.lines);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job/run", test_run);
  g_test_add_func ("/job/coalesced", test_coalesced);
  g_test_add_func ("/job/failed", test_failed);
  g_test_add_func ("/job/cancelled", test_cancelled);
  g_test_add_func ("/job/cancelled-too-late", test_cancelled_too_late);
  g_test_add_func ("/job/thread-has-ended", test_thread_has_ended);
  g_test_add_func ("/job/cancelled-before", test_cancelled_before);
  g_test_add_func ("/job/last-reference", test_last_reference);
  g_test_add_func ("/job/nobody-watches", test_nobody_watches);
  g_test_add_func ("/job/lines", test_lines);
  return g_test_run ();
}
