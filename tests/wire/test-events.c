/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "wire-fixture.h"
#include "wire-proxy.h"

static void
append_error (TideSession *session,
              GError      *error,
              gpointer     data)
{
  g_ptr_array_add (data, g_error_copy (error));
}

static void
append_notification (TideSession *session,
                     const char  *channel,
                     const char  *payload,
                     int          pid,
                     gpointer     data)
{
  g_ptr_array_add (data, g_strdup_printf ("%s/%s/%d", channel, payload, pid));
}

static void
wait_for_length (GPtrArray *list,
                 guint      length)
{
  while (list->len < length)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (list->len, ==, length);
}

/* An idle session hears; one that is busy hears too. */
static void
test_listen (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) other = fixture_open (fixture);
  g_autoptr(GPtrArray) heard = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) listening = tide_session_run (fixture->session, "LISTEN \"A b\"", NULL, &error);
  g_autoptr(GPtrArray) said = NULL;
  g_autofree char *expected = g_strdup_printf ("A b/one/%d", tide_session_get_backend_pid (other));

  g_assert_no_error (error);
  g_signal_connect (fixture->session, "notification", G_CALLBACK (append_notification), heard);
  said = tide_session_run (other, "NOTIFY \"A b\", 'one'", NULL, &error);
  g_assert_no_error (error);
  wait_for_length (heard, 1);
  g_assert_cmpstr (heard->pdata[0], ==, expected);
  g_ptr_array_unref (tide_session_run (fixture->session, "NOTIFY \"A b\", 'two'; SELECT 1", NULL, &error));
  wait_for_length (heard, 2);
  g_assert_true (g_str_has_prefix (heard->pdata[1], "A b/two/"));
  tide_session_close (other);
}

static void
test_notices (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) heard = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(GPtrArray) results = NULL;
  TideErrorFields *fields;

  g_signal_connect (fixture->session, "notice", G_CALLBACK (append_error), heard);
  results = tide_session_run (fixture->session,
                              "DROP TABLE IF EXISTS a; SELECT 1; DROP TABLE IF EXISTS b;"
                              "DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'look', ERRCODE = '01234'; END $$",
                              NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (tide_result_get_notices (results->pdata[i])->len, ==, i != 1);
  fields = tide_error_get_fields (tide_result_get_notices (results->pdata[3])->pdata[0]);
  g_assert_cmpstr (fields->severity, ==, "WARNING");
  g_assert_cmpstr (fields->hint, ==, "look");
  g_assert_cmpstr (fields->sqlstate, ==, "01234");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (heard->len, ==, 0);

  /* The words of a statement that failed are in no result. */
  g_assert_null (tide_session_run (fixture->session, "DO $$ BEGIN RAISE NOTICE 'before'; RAISE 'no'; END $$",
                                   NULL, &error));
  wait_for_length (heard, 1);
  g_assert_cmpstr (((GError *) heard->pdata[0])->message, ==, "before");
}

static void
test_lost_idle (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) other = fixture_open (fixture);
  g_autoptr(GPtrArray) lost = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autofree char *kill = g_strdup_printf ("SELECT pg_terminate_backend (%d)",
                                           tide_session_get_backend_pid (fixture->session));
  g_autofree char *done = NULL;

  g_signal_connect (fixture->session, "lost", G_CALLBACK (append_error), lost);
  done = fixture_ask (other, kill);
  wait_for_length (lost, 1);
  g_assert_error (((GError *) lost->pdata[0]), TIDE_ERROR, TIDE_ERROR_LOST);
  g_assert_true (tide_error_has_sqlstate (lost->pdata[0], "57P01"));
  g_assert_true (tide_session_is_lost (fixture->session));
  g_assert_cmpint (tide_session_get_transaction_status (fixture->session), ==, TIDE_TRANSACTION_UNKNOWN);
  g_assert_null (tide_session_run (fixture->session, "SELECT 1", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_LOST);
  tide_session_close (other);
}

/* What runs, what waits behind it and what comes later all learn it. */
static void
test_lost_running (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) running_error = NULL;
  g_autoptr(GError) queued_error = NULL;
  g_autoptr(TideSession) other = fixture_open (fixture);
  g_autofree char *wait = g_strdup_printf ("SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = %d",
                                           tide_session_get_backend_pid (fixture->session));
  g_autofree char *kill = g_strdup_printf ("SELECT pg_terminate_backend (%d)",
                                           tide_session_get_backend_pid (fixture->session));
  g_autofree char *done = NULL;
  g_auto(Answer) running = { NULL };
  g_auto(Answer) queued = { NULL };

  tide_session_run_async (fixture->session, "SELECT 1; SELECT pg_sleep (60)", NULL, answer_take, &running);
  tide_session_query_async (fixture->session, "SELECT 2", NULL, 0, NULL, answer_take, &queued);
  fixture_wait_for (other, wait);
  done = fixture_ask (other, kill);
  answer_wait (&running);
  answer_wait (&queued);
  g_assert_null (tide_session_run_finish (fixture->session, running.result, &running_error));
  g_assert_null (tide_session_query_finish (fixture->session, queued.result, &queued_error));
  g_assert_error (running_error, TIDE_ERROR, TIDE_ERROR_LOST);
  g_assert_true (tide_error_has_sqlstate (running_error, "57P01"));
  g_assert_error (queued_error, TIDE_ERROR, TIDE_ERROR_LOST);
  tide_session_close (other);
}

/* The server, or the network, vanishes without a word; also in the middle of COPY OUT. */
static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  static const char * const scripts[] = {
    "SELECT pg_sleep (60)",
    "COPY (SELECT 1 FROM generate_series (1, 2000000000)) TO STDOUT",
    "SELECT pg_sleep (0.001) FROM generate_series (1, 2000000000)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(Proxy) proxy = proxy_new (fixture->conninfo);
      g_autoptr(TideSession) session = tide_session_open (proxy_get_conninfo (proxy), NULL, &error);
      g_autofree char *active = NULL;
      g_auto(Answer) answer = { NULL };

      g_assert_no_error (error);
      active = g_strdup_printf ("SELECT state = 'active' FROM pg_stat_activity WHERE pid = %d",
                                tide_session_get_backend_pid (session));
      tide_session_run_async (session, scripts[i], NULL, answer_take, &answer);
      fixture_wait_for (fixture->session, active);
      proxy_cut (proxy);
      answer_wait (&answer);
      g_assert_null (tide_session_run_finish (session, answer.result, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_LOST);
      g_assert_nonnull (tide_error_get_fields (error)->hint);
      g_assert_null (strchr (error->message, '\n'));
    }
}

static gboolean
count_chunk (TideResult *chunk,
             guint       statement,
             gpointer    data)
{
  ++*(guint *) data;
  return TRUE;
}

/* A chunk is still with the caller when the connection dies: the worker waits for it, and does not spin. */
static void
test_cut_in_stream (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Proxy) proxy = proxy_new (fixture->conninfo);
  g_autoptr(TideSession) session = tide_session_open (proxy_get_conninfo (proxy), NULL, &error);
  g_autofree char *asleep = NULL;
  g_auto(Answer) answer = { NULL };
  guint n_chunks = 0;
  clock_t before;

  g_assert_no_error (error);
  asleep = g_strdup_printf ("SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = %d",
                            tide_session_get_backend_pid (session));
  /* The server sends 8 kB at once: the first row, and a part of the second. */
  tide_session_stream_async (session, "SELECT repeat ('x', 7000) FROM generate_series (1, 2); SELECT pg_sleep (60)",
                             1, count_chunk, &n_chunks, NULL, answer_take, &answer);
  fixture_wait_for (fixture->session, asleep);
  proxy_cut (proxy);
  g_usleep (50 * 1000);
  before = clock ();
  g_usleep (300 * 1000);
  g_assert_cmpint (clock () - before, <, CLOCKS_PER_SEC / 10);
  g_assert_cmpuint (n_chunks, ==, 0);
  answer_wait (&answer);
  g_assert_cmpuint (n_chunks, ==, 1);
  g_assert_false (tide_session_stream_finish (session, answer.result, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_LOST);
}

/* Dropping the last reference says goodbye, whatever is on its way to the session. */
static void
test_drop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) heard = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  TideSession *session = fixture_open (fixture);
  g_autofree char *gone = g_strdup_printf ("SELECT count (*) = 0 FROM pg_stat_activity WHERE pid = %d",
                                           tide_session_get_backend_pid (session));

  g_signal_connect (session, "notice", G_CALLBACK (append_error), heard);
  g_object_add_weak_pointer (G_OBJECT (session), (gpointer *) &session);
  /* Nobody waits for the answer: the task, and the session with it, may be let go on the worker. */
  tide_session_run_async (session, "DO $$ BEGIN RAISE NOTICE 'x'; RAISE 'y'; END $$", NULL, NULL, NULL);
  tide_session_run_async (session, "CREATE TABLE done (n int)", NULL, NULL, NULL);
  g_object_unref (session);
  while (session != NULL)
    g_main_context_iteration (NULL, FALSE);
  fixture_wait_for (fixture->session, gone);
  fixture_wait_for (fixture->session, "SELECT to_regclass ('done') IS NOT NULL");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  FIXTURE_ADD ("/events/listen", test_listen);
  FIXTURE_ADD ("/events/notices", test_notices);
  FIXTURE_ADD ("/events/lost-idle", test_lost_idle);
  FIXTURE_ADD ("/events/lost-running", test_lost_running);
  FIXTURE_ADD ("/events/cut", test_cut);
  FIXTURE_ADD ("/events/cut-in-stream", test_cut_in_stream);
  FIXTURE_ADD ("/events/drop", test_drop);
  return g_test_run ();
}
