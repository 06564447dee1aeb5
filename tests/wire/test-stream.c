/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "wire-fixture.h"

typedef struct
{
  guint64  n_rows;
  gint64   sum;
  guint    n_chunks;
  guint    largest;
  guint    stop_after; /* chunks; 0 never */
  guint    statement;
  GString *tags;
  GThread *thread;
  gsize    resident;
} Sink;

static gboolean
sink_take (TideResult *chunk,
           guint       statement,
           gpointer    data)
{
  Sink *sink = data;

  g_assert_true (sink->thread == g_thread_self ());
  sink->n_chunks++;
  sink->n_rows += tide_result_get_n_rows (chunk);
  sink->largest = MAX (sink->largest, tide_result_get_n_rows (chunk));
  sink->statement = statement;
  for (guint i = 0; i < tide_result_get_n_rows (chunk); i++)
    sink->sum += tide_result_get_int64 (chunk, i, 0);
  if (sink->tags != NULL)
    g_string_append_printf (sink->tags, "%u:%s/%u;", statement, tide_result_get_command (chunk),
                            tide_result_get_n_rows (chunk));
  return sink->n_chunks != sink->stop_after;
}

static gsize
get_resident_bytes (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  fields = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (fields[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static void
assert_flat (gsize before)
{
  /* The sanitizers keep what was freed. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  g_assert_cmpuint (get_resident_bytes (), <, before + 16 * 1024 * 1024);
#endif
}

static gboolean
sink_take_slowly (TideResult *chunk,
                  guint       statement,
                  gpointer    data)
{
  g_usleep (100);
  return sink_take (chunk, statement, data);
}

static void
test_million (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Sink sink = { .thread = g_thread_self () };
  gsize before;

  g_assert_true (tide_session_stream (fixture->session, "SELECT 1", 1000, sink_take, &sink, NULL, &error));
  before = get_resident_bytes ();
  sink = (Sink) { .thread = g_thread_self () };
  g_assert_true (tide_session_stream (fixture->session,
                                      "SELECT n, repeat ('x', 100) FROM generate_series (1, 1000000) AS n", 1000,
                                      sink_take_slowly, &sink, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sink.n_rows, ==, 1000000);
  g_assert_cmpint (sink.sum, ==, G_GINT64_CONSTANT (500000500000));
  g_assert_cmpuint (sink.largest, ==, 1000);
  /* All of it would be more than 110 MB. */
  assert_flat (before);
}

static void
test_script (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Sink sink = { .thread = g_thread_self (), .tags = g_string_new (NULL) };

  g_assert_true (tide_session_stream (fixture->session,
                                      "CREATE TABLE t (n int); SELECT generate_series (1, 5);"
                                      "SELECT 1 WHERE false; SELECT generate_series (1, 4)", 2,
                                      sink_take, &sink, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (sink.tags->str, ==,
                   "0:CREATE TABLE/0;1:/2;1:/2;1:SELECT 5/1;2:SELECT 0/0;3:/2;3:/2;3:SELECT 4/0;");
  g_string_free (sink.tags, TRUE);
}

static gboolean
sink_take_flat (TideResult *chunk,
                guint       statement,
                gpointer    data)
{
  Sink *sink = data;

  if (sink->n_chunks % 10000 == 0)
    assert_flat (sink->resident);
  return sink_take (chunk, statement, sink);
}

/* Statements that answer with nothing but a tag do not pile up. */
static void
test_many_tags (Fixture       *fixture,
                gconstpointer  data)
{
  const guint n = 150000;
  g_autoptr(GString) script = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  Sink sink = { .thread = g_thread_self () };

  for (guint i = 0; i < n; i++)
    g_string_append (script, "RESET a.b;");
  g_assert_true (tide_session_stream (fixture->session, "SELECT 1", 1000, sink_take, &sink, NULL, &error));
  sink = (Sink) { .thread = g_thread_self (), .resident = get_resident_bytes () };
  g_assert_true (tide_session_stream (fixture->session, script->str, 1000, sink_take_flat, &sink, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sink.n_chunks, ==, n);
  g_assert_cmpuint (sink.statement, ==, n - 1);
}

/* Rows that the server finds slowly come before a chunk of them is full. */
static void
test_slow_rows (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Sink sink = { .thread = g_thread_self (), .stop_after = 1 };

  /* The server sends what it has when 8 kB are full. */
  g_assert_true (tide_session_stream (fixture->session,
                                      "SELECT n, repeat ('x', 9000) FROM generate_series (1, 2000) n"
                                      " WHERE pg_sleep (0.05) IS NOT NULL", 1000, sink_take, &sink, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sink.n_rows, >, 0);
  g_assert_cmpuint (sink.n_rows, <, 1000);
}

static gboolean
take_copy (TideResult *chunk,
           guint       statement,
           gpointer    data)
{
  GString *text = data;
  GBytes *copy = tide_result_get_copy (chunk);

  if (copy != NULL)
    g_string_append_len (text, g_bytes_get_data (copy, NULL), g_bytes_get_size (copy));
  else
    g_string_append_printf (text, "[%u:%s]", statement, tide_result_get_command (chunk));
  return TRUE;
}

static gboolean
refuse (TideResult *chunk,
        guint       statement,
        gpointer    data)
{
  return FALSE;
}

static void
test_copy_data (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *one = NULL;

  g_assert_true (tide_session_stream (fixture->session, "SET work_mem = '4MB'; COPY (VALUES (1, 'a'), (2, NULL)) TO STDOUT;"
                                      "COPY (SELECT 1 WHERE false) TO STDOUT; RESET work_mem", 10, take_copy, text, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, "[0:SET]1\ta\n2\t\\N\n[1:COPY 2][2:COPY 0][3:RESET]");
  g_string_truncate (text, 0);
  g_assert_true (tide_session_stream (fixture->session, "COPY (SELECT repeat ('x', 99) FROM generate_series (1, 200000)) TO STDOUT",
                                      10, take_copy, text, NULL, &error));
  g_assert_cmpuint (text->len, ==, 200000 * 100 + strlen ("[0:COPY 200000]"));
  /* It comes in pieces, and can be stopped. */
  g_assert_true (tide_session_stream (fixture->session, "COPY (SELECT generate_series (1, 2000000000)) TO STDOUT", 10,
                                      refuse, NULL, NULL, &error));
  g_assert_no_error (error);
  g_string_truncate (text, 0);
  g_assert_false (tide_session_stream (fixture->session, "COPY (SELECT 1 / (3 - n) FROM generate_series (1, 5) n) TO STDOUT",
                                       10, take_copy, text, NULL, &error));
  g_assert_true (tide_error_has_sqlstate (error, "22012"));
  one = fixture_ask (fixture->session, "SELECT 1");
}

/* Returning FALSE: no further chunk, success, and a session that goes on */
static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *one = NULL;
  Sink sink = { .thread = g_thread_self (), .stop_after = 3 };

  g_assert_true (tide_session_stream (fixture->session, "SELECT generate_series (1, 2000000000)", 100,
                                      sink_take, &sink, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sink.n_chunks, ==, 3);
  g_assert_cmpuint (sink.n_rows, ==, 300);
  one = fixture_ask (fixture->session, "SELECT 1");
}

typedef struct
{
  GCancellable *cancellable;
  guint         n_chunks;
} Canceller;

static gboolean
cancel_in_chunk (TideResult *chunk,
                 guint       statement,
                 gpointer    data)
{
  Canceller *canceller = data;

  if (++canceller->n_chunks == 5)
    g_cancellable_cancel (canceller->cancellable);
  return TRUE;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *one = NULL;
  Canceller canceller = { cancellable, 0 };

  g_assert_false (tide_session_stream (fixture->session, "SELECT generate_series (1, 2000000000)", 100,
                                       cancel_in_chunk, &canceller, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  one = fixture_ask (fixture->session, "SELECT 1");
}

/* A caller that takes nothing stops the worker from reading, and holds up nobody else. */
static void
test_back_pressure (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(TideSession) other = fixture_open (fixture);
  g_autofree char *one = NULL;
  g_auto(Answer) answer = { NULL };
  Sink sink = { .thread = g_thread_self () };
  gsize before = get_resident_bytes ();

  tide_session_stream_async (fixture->session, "SELECT repeat ('x', 1000) FROM generate_series (1, 1000000)", 10,
                             sink_take, &sink, cancellable, answer_take, &answer);
  /* The server can send no more when it waits for its client. */
  fixture_wait_for (other, "SELECT count (*) = 1 FROM pg_stat_activity"
                           " WHERE wait_event = 'ClientWrite' AND datname = current_database ()");
  one = fixture_ask (other, "SELECT 1");
  g_assert_cmpuint (sink.n_chunks, ==, 0);
  assert_flat (before);

  /* And the cancel gets through although nobody takes anything. */
  g_cancellable_cancel (cancellable);
  fixture_wait_for (other, "SELECT count (*) = 0 FROM pg_stat_activity"
                           " WHERE state = 'active' AND pid <> pg_backend_pid () AND datname = current_database ()");
  answer_wait (&answer);
  g_assert_false (tide_session_stream_finish (fixture->session, answer.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* What was on its way, and what came while the last chunks were taken */
  g_assert_cmpuint (sink.n_chunks, >=, 2);
  g_assert_cmpuint (sink.n_chunks, <, 1000);
  tide_session_close (other);
}

static void
test_error_half_way (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *one = NULL;
  Sink sink = { .thread = g_thread_self () };

  g_assert_false (tide_session_stream (fixture->session,
                                       "SELECT 1; SELECT 10 / (5000 - n) FROM generate_series (1, 9999) AS n", 100,
                                       sink_take, &sink, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_SERVER);
  g_assert_true (tide_error_has_sqlstate (error, "22012"));
  g_assert_cmpint (tide_error_get_fields (error)->statement_number, ==, 2);
  g_assert_cmpuint (sink.n_rows, ==, 1 + 4900);
  one = fixture_ask (fixture->session, "SELECT 1");
}

static gboolean
take_notices (TideResult *chunk,
              guint       statement,
              gpointer    data)
{
  GPtrArray *notices = tide_result_get_notices (chunk);

  for (guint i = 0; i < notices->len; i++)
    g_string_append_printf (data, "%u:%s;", statement, ((GError *) notices->pdata[i])->message);
  return TRUE;
}

/* Nothing that the server says gets lost, also before an error and after the last row. */
static void
test_notices (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) created = NULL;
  GString *heard = g_string_new (NULL);

  created = tide_session_run (fixture->session,
                              "CREATE FUNCTION f (t text) RETURNS SETOF int LANGUAGE plpgsql AS $$"
                              "BEGIN RETURN NEXT 1; RAISE NOTICE '%', t; END $$", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tide_session_stream (fixture->session, "DO $$BEGIN RAISE NOTICE 'a'; END$$; SELECT 1; SELECT f ('b')",
                                      10, take_notices, heard, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (tide_session_stream (fixture->session, "SELECT 1; DO $$BEGIN RAISE NOTICE 'c'; RAISE 'd'; END$$",
                                       10, take_notices, heard, NULL, &error));
  g_assert_cmpstr (error->message, ==, "d");
  g_assert_cmpstr (heard->str, ==, "0:a;2:b;1:c;");
  g_string_free (heard, TRUE);
}

/* COPY FROM STDIN makes PQgetResult() answer the same for ever, if nobody ends it. */
static void
test_copy_in (Fixture       *fixture,
              gconstpointer  data)
{
  static const char * const scripts[] = {
    "CREATE TABLE t (n int); COPY t FROM STDIN; SELECT 1",
    "CREATE TABLE t (n int); COPY t FROM STDIN WITH (FORMAT binary)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) query_error = NULL;
      g_autoptr(GPtrArray) created = NULL;
      g_autoptr(GPtrArray) dropped = NULL;
      g_autofree char *table = NULL;

      g_assert_null (tide_session_run (fixture->session, scripts[i], NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
      g_assert_nonnull (tide_error_get_fields (error)->hint);
      g_assert_cmpint (tide_error_get_fields (error)->statement_number, ==, 2);
      table = fixture_ask (fixture->session, "SELECT to_regclass ('t')");
      g_assert_null (table);

      created = tide_session_run (fixture->session, "CREATE TABLE t (n int)", NULL, NULL);
      g_assert_null (tide_session_query (fixture->session, "COPY t FROM STDIN", NULL, 0, NULL, &query_error));
      g_assert_error (query_error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
      dropped = tide_session_run (fixture->session, "DROP TABLE t", NULL, NULL);
      g_assert_nonnull (dropped);
    }
}

static void
test_copy_out (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(TideResult) result = NULL;

  results = tide_session_run (fixture->session,
                              "SELECT 1; COPY (SELECT generate_series (1, 300000)) TO STDOUT; SELECT 2", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 3);
  g_assert_cmpstr (tide_result_get_command (results->pdata[1]), ==, "COPY 300000");
  g_assert_cmpint (tide_result_get_int64 (results->pdata[2], 0, 0), ==, 2);
  result = tide_session_query (fixture->session, "COPY (SELECT 1) TO STDOUT", NULL, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_result_get_affected (result), ==, 1);
}

/* Large both ways: sending must not block the worker while the server sends too. */
static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(TideResult) result = NULL;
  g_autofree char *text = g_strnfill (20 * 1024 * 1024, 'x');
  g_autofree char *script = g_strdup_printf ("SELECT '%s'; SELECT '%s'", text, text);
  g_auto(Answer) answer = { NULL };
  g_autofree char *one = NULL;
  g_autoptr(TideSession) other = fixture_open (fixture);

  tide_session_run_async (fixture->session, script, NULL, answer_take, &answer);
  one = fixture_ask (other, "SELECT 1");
  answer_wait (&answer);
  results = tide_session_run_finish (fixture->session, answer.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_result_get_length (results->pdata[1], 0, 0), ==, strlen (text));
  result = tide_session_query (fixture->session, "SELECT $1::text", (const char *[]) { text }, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tide_result_get_value (result, 0, 0), ==, text);
  tide_session_close (other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  FIXTURE_ADD ("/stream/million", test_million);
  FIXTURE_ADD ("/stream/script", test_script);
  FIXTURE_ADD ("/stream/stop", test_stop);
  FIXTURE_ADD ("/stream/many-tags", test_many_tags);
  FIXTURE_ADD ("/stream/slow-rows", test_slow_rows);
  FIXTURE_ADD ("/stream/copy-data", test_copy_data);
  FIXTURE_ADD ("/stream/cancel", test_cancel);
  FIXTURE_ADD ("/stream/back-pressure", test_back_pressure);
  FIXTURE_ADD ("/stream/error-half-way", test_error_half_way);
  FIXTURE_ADD ("/stream/notices", test_notices);
  FIXTURE_ADD ("/stream/copy-in", test_copy_in);
  FIXTURE_ADD ("/stream/copy-out", test_copy_out);
  FIXTURE_ADD ("/stream/large", test_large);
  return g_test_run ();
}
