/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire-fixture.h"
#include "wire-proxy.h"

static gpointer
cancel_soon (gpointer data)
{
  GCancellable *cancellable = data;

  g_usleep (g_random_int_range (0, 1500));
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return NULL;
}

static gpointer
cancel_later (gpointer data)
{
  GCancellable *cancellable = data;

  g_usleep (100 * 1000);
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return NULL;
}

static void
test_running (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *one = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_later, g_object_ref (cancellable));

  g_assert_null (tide_session_run (fixture->session, "SELECT pg_sleep (60)", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  one = fixture_ask (fixture->session, "SELECT 1");
}

static void
test_queued (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *table = NULL;
  g_auto(Answer) slow = { NULL };
  g_auto(Answer) queued = { NULL };

  tide_session_run_async (fixture->session, "SELECT pg_sleep (0.5)", NULL, answer_take, &slow);
  tide_session_run_async (fixture->session, "CREATE TABLE never (n int)", cancellable, answer_take, &queued);
  g_cancellable_cancel (cancellable);
  answer_wait (&queued);
  g_assert_null (slow.result);
  g_assert_null (tide_session_run_finish (fixture->session, queued.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_wait (&slow);
  table = fixture_ask (fixture->session, "SELECT to_regclass ('never')");
  g_assert_null (table);
}

static void
test_before (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *table = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (tide_session_open (fixture->conninfo, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (tide_session_run (fixture->session, "CREATE TABLE never (n int)", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  table = fixture_ask (fixture->session, "SELECT to_regclass ('never')");
  g_assert_null (table);
}

static void
test_connecting (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(Proxy) proxy = proxy_new (fixture->conninfo);
  GThread *thread = g_thread_new ("cancel", cancel_later, g_object_ref (cancellable));

  proxy_set_stalled (proxy, TRUE);
  g_assert_null (tide_session_open (proxy_get_conninfo (proxy), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* The start-up SQL is stopped on the server too. */
static void
test_setting_up (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  GThread *thread = g_thread_new ("cancel", cancel_later, g_object_ref (cancellable));

  tide_conninfo_set_startup_sql (conninfo, "SELECT pg_sleep (61)");
  g_assert_null (tide_session_open (conninfo, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  fixture_wait_for (fixture->session, "SELECT count (*) = 0 FROM pg_stat_activity WHERE query LIKE '%(61)%'"
                                      " AND pid <> pg_backend_pid () AND datname = current_database ()");
}

/* An INSERT that committed must not be reported as cancelled, nor the other way round. */
static void
test_truth (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) created = tide_session_run (fixture->session, "CREATE TABLE t (n int)", NULL, &error);
  guint n_done = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < 150; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(TideResult) result = NULL;
      g_autofree char *n = g_strdup_printf ("%u", i);
      g_autofree char *check = g_strdup_printf ("SELECT count (*) FROM t WHERE n = %u", i);
      g_autofree char *count = NULL;
      GThread *thread = g_thread_new ("cancel", cancel_soon, g_object_ref (cancellable));

      result = tide_session_query (fixture->session, "INSERT INTO t SELECT $1::int FROM pg_sleep (0.0005)",
                                   (const char *[]) { n }, 1, cancellable, &error);
      if (result == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      /* Not cancelled: a request that comes late must not hit this one. */
      count = fixture_ask (fixture->session, check);
      g_assert_cmpstr (count, ==, result ? "1" : "0");
      n_done += result != NULL;
      g_thread_join (thread);
    }
  g_test_message ("%u of 150 were done before the cancel came", n_done);
}

/* A cancel that hangs holds up neither other sessions nor the statement itself, only the one behind it. */
static void
test_request_hangs (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(Proxy) proxy = proxy_new (fixture->conninfo);
  g_autoptr(TideSession) session = tide_session_open (proxy_get_conninfo (proxy), NULL, &error);
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GPtrArray) next_results = NULL;
  g_autofree char *one = NULL;
  g_auto(Answer) slow = { NULL };
  g_auto(Answer) next = { NULL };

  g_assert_no_error (error);
  proxy_set_stalled (proxy, TRUE);
  tide_session_run_async (session, "SELECT pg_sleep (0.3)", cancellable, answer_take, &slow);
  tide_session_run_async (session, "SELECT pg_sleep (0.3)", NULL, answer_take, &next);
  g_usleep (50 * 1000);
  g_cancellable_cancel (cancellable);
  while (proxy_get_n_taken (proxy) < 2)
    g_usleep (1000);

  one = fixture_ask (fixture->session, "SELECT 1");
  answer_wait (&slow);
  results = tide_session_run_finish (session, slow.result, &error);
  g_assert_no_error (error);
  g_usleep (400 * 1000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (next.result);

  proxy_set_stalled (proxy, FALSE);
  answer_wait (&next);
  next_results = tide_session_run_finish (session, next.result, &error);
  g_assert_no_error (error);
  tide_session_close (session);
}

/* SQLSTATE 57014 has other reasons than our asking. */
static void
test_not_ours (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_assert_null (tide_session_run (fixture->session, "SET LOCAL statement_timeout = 50; SELECT pg_sleep (60)",
                                   cancellable, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_SERVER);
  g_assert_true (tide_error_has_sqlstate (error, "57014"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  FIXTURE_ADD ("/cancel/running", test_running);
  FIXTURE_ADD ("/cancel/queued", test_queued);
  FIXTURE_ADD ("/cancel/before", test_before);
  FIXTURE_ADD ("/cancel/connecting", test_connecting);
  FIXTURE_ADD ("/cancel/setting-up", test_setting_up);
  FIXTURE_ADD ("/cancel/truth", test_truth);
  FIXTURE_ADD ("/cancel/request-hangs", test_request_hangs);
  FIXTURE_ADD ("/cancel/not-ours", test_not_ours);
  return g_test_run ();
}
