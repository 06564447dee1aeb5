/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "wire-fixture.h"
#include "wire-proxy.h"

#define SECRET "s3cr3t-Pa55"

static int
get_free_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  int port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return port;
}

/* Opens, must fail; checks what every such failure has in common. */
static GError *
fail_to_open (TideConninfo *conninfo,
              const char   *prisma_code,
              const char   *sqlstate)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *label = tide_conninfo_dup_label (conninfo);

  g_assert_null (tide_session_open (conninfo, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  text = tide_error_dup_text (error);
  g_test_message ("%s", text);
  g_assert_cmpstr (tide_error_get_fields (error)->prisma_code, ==, prisma_code);
  g_assert_cmpstr (tide_error_get_sqlstate (error), ==, sqlstate);
  g_assert_nonnull (tide_error_get_fields (error)->hint);
  g_assert_nonnull (strstr (error->message, label));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_null (strstr (text, SECRET));
  return g_steal_pointer (&error);
}

static void
test_no_server (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) refused = NULL;
  g_autoptr(GError) no_socket = NULL;
  g_autoptr(GError) no_host = NULL;
  g_autofree char *port = g_strdup_printf ("%d", get_free_port ());

  tide_conninfo_set (conninfo, "password", SECRET);
  tide_conninfo_set (conninfo, "port", port);
  no_socket = fail_to_open (conninfo, "P1001", NULL);
  g_assert_nonnull (strstr (tide_error_get_fields (no_socket)->hint, "socket"));
  tide_conninfo_set (conninfo, "host", "localhost");
  refused = fail_to_open (conninfo, "P1001", NULL);
  g_assert_nonnull (strstr (tide_error_get_fields (refused)->hint, "nothing listens"));
  tide_conninfo_set (conninfo, "host", "no-such-host.invalid");
  no_host = fail_to_open (conninfo, "P1001", NULL);
  g_assert_nonnull (strstr (no_host->message, "no host \"no-such-host.invalid\""));
}

static void
test_no_database (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) error = NULL;

  tide_conninfo_set (conninfo, "dbname", "no \"such\" db");
  error = fail_to_open (conninfo, "P1003", "3D000");
  g_assert_nonnull (strstr (error->message, "does not exist"));
}

static void
test_bad_values (Fixture       *fixture,
                 gconstpointer  data)
{
  static const struct { const char *keyword; const char *value; } values[] = {
    { "sslmode", "sometimes" }, { "port", "x" }, { "port", "70000" }, { "no_such_keyword", "1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
      g_autoptr(GError) error = NULL;

      tide_conninfo_set (conninfo, values[i].keyword, values[i].value);
      g_assert_null (tide_session_open (conninfo, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
      g_test_message ("%s", error->message);
    }
}

/* The test server trusts everybody; for one user it shall ask, another it shall send away. */
static void
add_hba_rules (Fixture *fixture)
{
  g_autofree char *path = fixture_ask (fixture->session, "SHOW hba_file");
  g_autofree char *rules = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *reloaded = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &rules, NULL, &error);
  g_assert_no_error (error);
  changed = g_strdup_printf ("local all wire_asks scram-sha-256\nlocal all wire_away reject\n%s", rules);
  g_file_set_contents_full (path, changed, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  reloaded = fixture_ask (fixture->session, "SELECT pg_reload_conf ()");
}

static void
test_authentication (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) away = NULL;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GError) none = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GPtrArray) dropped = NULL;
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideSession) session = NULL;

  results = tide_session_run (fixture->session, "CREATE ROLE wire_asks LOGIN PASSWORD 'right';"
                                                "CREATE ROLE wire_away LOGIN", NULL, &error);
  g_assert_no_error (error);
  add_hba_rules (fixture);
  tide_conninfo_set (conninfo, "user", "wire_away");
  /* The server reloads in its own time. */
  for (;;)
    {
      g_autoptr(TideSession) early = tide_session_open (conninfo, NULL, NULL);

      if (early == NULL)
        break;
    }
  away = fail_to_open (conninfo, "P1010", "28000");
  tide_conninfo_set (conninfo, "user", "wire_asks");
  tide_conninfo_set (conninfo, "passfile", "/nonexistent/pgpass");
  none = fail_to_open (conninfo, "P1000", NULL);
  g_assert_nonnull (strstr (tide_error_get_fields (none)->hint, "none was given"));
  tide_conninfo_set (conninfo, "password", SECRET);
  wrong = fail_to_open (conninfo, "P1000", "28P01");
  tide_conninfo_set (conninfo, "password", "right");
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  tide_session_close (session);
  dropped = tide_session_run (fixture->session, "DROP ROLE wire_asks, wire_away", NULL, &error);
  g_assert_no_error (error);
}

/* A server that speaks no TLS answers the request for it with N. */
static gboolean
answer_no (GThreadedSocketService *service,
           GSocketConnection      *client,
           GObject                *source,
           gpointer                data)
{
  char request[8];

  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (client)), request, 8, NULL, NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (client)), "N", 1, NULL, NULL, NULL);
  return TRUE;
}

static void
test_no_tls (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (4);
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) error = NULL;
  g_autofree char *port = NULL;
  g_auto(Answer) answer = { NULL };

  port = g_strdup_printf ("%d", g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL));
  g_signal_connect (service, "run", G_CALLBACK (answer_no), NULL);
  g_socket_service_start (service);
  tide_conninfo_set (conninfo, "host", "127.0.0.1");
  tide_conninfo_set (conninfo, "port", port);
  tide_conninfo_set (conninfo, "sslmode", "require");
  tide_session_open_async (conninfo, NULL, answer_take, &answer);
  answer_wait (&answer);
  g_assert_null (tide_session_open_finish (answer.result, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  g_assert_cmpstr (tide_error_get_fields (error)->prisma_code, ==, "P1011");
  g_test_message ("%s", error->message);
}

/* libpq ignores connect_timeout when it is polled. */
static void
test_timeout (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Proxy) proxy = proxy_new (fixture->conninfo);
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (proxy_get_conninfo (proxy));
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  proxy_set_stalled (proxy, TRUE);
  tide_conninfo_set (conninfo, "connect_timeout", "2");
  error = fail_to_open (conninfo, "P1001", NULL);
  g_assert_nonnull (strstr (error->message, "no answer within 2 s"));
  g_assert_cmpint (g_get_monotonic_time () - start, >, G_USEC_PER_SEC / 2);
}

/* libpq changes sockets on its way through the hosts. */
static void
test_several_hosts (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *hosts = g_strdup_printf ("no-such-host.invalid,127.0.0.1,/nonexistent,localhost,%s",
                                            tide_conninfo_get (conninfo, "host"));
  g_autofree char *ports = g_strdup_printf ("1,%d,1,2,%s", get_free_port (), tide_conninfo_get (conninfo, "port"));
  g_autofree char *one = NULL;

  tide_conninfo_set (conninfo, "host", hosts);
  tide_conninfo_set (conninfo, "port", ports);
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  one = fixture_ask (session, "SELECT 1");
  tide_session_close (session);
}

#define N_SESSIONS 50

static void
test_fifty (Fixture       *fixture,
            gconstpointer  data)
{
  Answer opened[N_SESSIONS] = { { NULL } };
  Answer asked[N_SESSIONS] = { { NULL } };
  TideSession *sessions[N_SESSIONS];
  g_autofree char *one = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < N_SESSIONS; i++)
    tide_session_open_async (fixture->conninfo, NULL, answer_take, &opened[i]);
  for (guint i = 0; i < N_SESSIONS; i++)
    {
      answer_wait (&opened[i]);
      sessions[i] = tide_session_open_finish (opened[i].result, &error);
      g_assert_no_error (error);
      answer_clear (&opened[i]);
    }
  /* All at once, and none holds up another: one after the other would take 25 seconds. */
  for (guint i = 0; i < N_SESSIONS; i++)
    tide_session_query_async (sessions[i], "SELECT 7, pg_sleep (0.5)", NULL, 0, NULL, answer_take, &asked[i]);
  one = fixture_ask (fixture->session, "SELECT 1");
  g_assert_null (asked[0].result);
  for (guint i = 0; i < N_SESSIONS; i++)
    {
      g_autoptr(TideResult) result = NULL;

      answer_wait (&asked[i]);
      result = tide_session_query_finish (sessions[i], asked[i].result, &error);
      g_assert_no_error (error);
      g_assert_cmpint (tide_result_get_int64 (result, 0, 0), ==, 7);
      answer_clear (&asked[i]);
      tide_session_close (sessions[i]);
      g_object_unref (sessions[i]);
    }
}

static gpointer
count_up (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(TideSession) session = fixture_open (fixture);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) results = tide_session_run (session, "BEGIN; UPDATE t SET n = n + 1; COMMIT", NULL, &error);

      g_assert_no_error (error);
    }
  tide_session_close (session);
  return NULL;
}

/* Two threads with sessions of their own wait for each other's row locks; one thread queues a lot. */
static void
test_two_clients (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) created = NULL;
  g_autofree char *n = NULL;
  Answer answers[100] = { { NULL } };
  GThread *threads[2];

  created = tide_session_run (fixture->session, "CREATE TABLE t (n int); INSERT INTO t VALUES (0)", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new ("client", count_up, fixture);
  for (guint i = 0; i < 100; i++)
    tide_session_run_async (fixture->session, i % 2 ? "UPDATE t SET n = n + 1" : "SELECT nix", NULL,
                            answer_take, &answers[i]);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(GPtrArray) results = NULL;

      answer_wait (&answers[i]);
      /* In the order they were asked */
      g_assert_true (i == 99 || answers[99].result == NULL || answers[i + 1].result != NULL);
      results = tide_session_run_finish (fixture->session, answers[i].result, NULL);
      g_assert_cmpint (results != NULL, ==, i % 2);
      answer_clear (&answers[i]);
    }
  for (guint i = 0; i < 2; i++)
    g_thread_join (threads[i]);
  n = fixture_ask (fixture->session, "SELECT n FROM t");
  g_assert_cmpstr (n, ==, "250");
}

static GLogWriterOutput
watch_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         data)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      if (fields[i].length < 0 && strstr (fields[i].value, SECRET))
        g_atomic_int_inc ((int *) data);
    }
  return G_LOG_WRITER_HANDLED;
}

static void
test_conninfo (void)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autoptr(TideConninfo) copy = NULL;
  g_auto(GStrv) keywords = NULL;
  g_autofree char *label = NULL;
  static const struct { const char *host; gboolean local; } hosts[] = {
    { "/run/postgresql", TRUE }, { "", TRUE }, { "@abstract", TRUE }, { "localhost", TRUE }, { "127.0.0.9", TRUE },
    { "::1", TRUE }, { "db.example.com", FALSE }, { "10.0.0.1", FALSE }, { "localhost,db.example.com", FALSE },
    { "localhost.example.com", FALSE },
  };

  g_assert_true (tide_conninfo_is_local (conninfo));
  tide_conninfo_set (conninfo, "user", "ada");
  tide_conninfo_set (conninfo, "password", SECRET);
  tide_conninfo_set (conninfo, "dbname", "broxiva");
  tide_conninfo_set (conninfo, "sslmode", "require");
  tide_conninfo_set (conninfo, "sslmode", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      tide_conninfo_set (conninfo, "host", hosts[i].host);
      g_assert_cmpint (tide_conninfo_is_local (conninfo), ==, hosts[i].local);
    }
  tide_conninfo_set (conninfo, "host", "db.example.com");
  tide_conninfo_set_schema (conninfo, "s");
  label = tide_conninfo_dup_label (conninfo);
  g_assert_cmpstr (label, ==, "broxiva on db.example.com:5432 as ada");
  copy = tide_conninfo_copy (conninfo);
  tide_conninfo_set (conninfo, "user", "bob");
  g_assert_cmpstr (tide_conninfo_get (copy, "user"), ==, "ada");
  g_assert_cmpstr (tide_conninfo_get_schema (copy), ==, "s");
  keywords = tide_conninfo_list_keywords (copy);
  g_assert_cmpstrv (keywords, ((const char *[]) { "user", "password", "dbname", "host", NULL }));
}

static int n_leaks;

static void
test_log_is_clean (void)
{
  /* All tests before this one ran with every message of the log read. */
  g_assert_cmpint (g_atomic_int_get (&n_leaks), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (watch_log, &n_leaks, NULL);
  g_test_add_func ("/connect/conninfo", test_conninfo);
  FIXTURE_ADD ("/connect/no-server", test_no_server);
  FIXTURE_ADD ("/connect/no-database", test_no_database);
  FIXTURE_ADD ("/connect/bad-values", test_bad_values);
  FIXTURE_ADD ("/connect/authentication", test_authentication);
  FIXTURE_ADD ("/connect/no-tls", test_no_tls);
  FIXTURE_ADD ("/connect/timeout", test_timeout);
  FIXTURE_ADD ("/connect/several-hosts", test_several_hosts);
  FIXTURE_ADD ("/connect/fifty", test_fifty);
  FIXTURE_ADD ("/connect/two-clients", test_two_clients);
  g_test_add_func ("/connect/log-is-clean", test_log_is_clean);
  return g_test_run ();
}
