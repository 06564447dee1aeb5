/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "connect/tide-url.h"
#include "health/tide-health-private.h"
#include "support/tide-test.h"

static TideSession *session;

/* What nobody can wait for in a test, given to the judge as the server would tell it: the answer to the last statement of @script */
static TideHealth *
judge_script (const TideHealthProbe *probe,
              int                    server_version,
              const char            *script)
{
  TideHealth *health = tide_health_new (session);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tide_session_run (session, script, NULL, &error);

  g_assert_no_error (error);
  if (server_version != 0)
    health->server_version = server_version;
  probe->judge (health, g_ptr_array_index (results, results->len - 1));
  return health;
}

static TideHealth *
judge_rows (const TideHealthProbe *probe,
            const char            *rows)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM (VALUES %s) AS v", rows);

  return judge_script (probe, 0, sql);
}

/* Sessions of any age: pid, started, user, application, client, state, type, age of transaction, of state, of wait, blockers, query,
 * holds the lock */
static TideHealth *
judge (const char *rows)
{
  return judge_rows (&tide_health_session_probes[0], rows);
}

/* A server that is in order, but for @changes: columns as tide_health_server_probes ask for them */
static TideHealth *
judge_server (int         version,
              const char *changes)
{
  g_autofree char *script =
    g_strdup_printf ("CREATE TEMP TABLE server (name text, version text, is_replica bool, sees_all bool, started int8, now int8, most int8,\n"
                     "  used int8, own int8, lag int8, age int8, multi_age int8, freeze_age int8, autovacuum bool, hits int8, reads int8,\n"
                     "  temp_files int8, temp_bytes int8, deadlocks int8, checkpoints int8[], since int8);\n"
                     "INSERT INTO server VALUES ('shop', '18.4', false, true, 1790000000, 1790086400, 100, 5, 2, NULL, 1000, 10, 200000000, true,\n"
                     "  1000000, 10, 0, 0, 0, '{10,1}', 1790000000);\n"
                     "UPDATE server SET %s; WITH gone AS (DELETE FROM server RETURNING *) TABLE gone", changes);
  TideHealth *health = judge_script (&tide_health_server_probes[0], version, script);

  g_ptr_array_unref (tide_session_run (session, "DROP TABLE server", NULL, NULL));
  return health;
}

static void
assert_check (TideHealth      *health,
              const char      *id,
              TideHealthState  state,
              guint            n_rows)
{
  const TideHealthCheck *check = tide_health_find (health, id);

  g_assert_nonnull (check);
  g_assert_cmpint (check->state, ==, state);
  g_assert_cmpuint (check->rows->len, ==, n_rows);
}

#define CLIENT "'client backend'"

static void
test_ages (void)
{
  g_autoptr(TideHealth) young = judge ("(1, 10, 'ada', NULL, 'local', 'active', " CLIENT ", 299, 1, NULL, NULL::text, 'select', false),"
                                       "(2, 11, 'ada', NULL, 'local', 'idle in transaction', " CLIENT ", 30, 30, NULL, NULL, 'select', false)");
  g_autoptr(TideHealth) old = judge ("(1, 10, 'ada', NULL, 'local', 'active', " CLIENT ", 301, 1, NULL, NULL::text, 'select', false),"
                                     "(2, 11, 'ada', NULL, 'local', 'idle in transaction (aborted)', " CLIENT ", 61, 61, NULL, NULL, '', true)");
  g_autoptr(TideHealth) ancient = judge ("(1, 10, NULL, NULL, NULL, 'active', " CLIENT ", 3600, 1, NULL, NULL::text, NULL, false),"
                                         "(3, 10, NULL, NULL, NULL, 'active', 'autovacuum worker', 9999, 1, NULL, NULL, NULL, false),"
                                         "(2, 11, 'ada', 'app', '::1', 'idle in transaction', " CLIENT ", 4000, 900, NULL, NULL, 'x', false)");

  assert_check (young, "long-transactions", TIDE_HEALTH_OK, 0);
  assert_check (young, "idle-in-transaction", TIDE_HEALTH_NOTICE, 1);
  assert_check (old, "long-transactions", TIDE_HEALTH_WARNING, 1);
  assert_check (old, "idle-in-transaction", TIDE_HEALTH_WARNING, 1);
  assert_check (old, "migration-lock", TIDE_HEALTH_NOTICE, 1);
  assert_check (ancient, "long-transactions", TIDE_HEALTH_CRITICAL, 1);
  assert_check (ancient, "idle-in-transaction", TIDE_HEALTH_CRITICAL, 1);
  g_assert_null (tide_health_find (ancient, "migration-lock"));
}

/* In a circle, behind a prepared transaction, behind somebody elsewhere, behind two at once: each is told once. */
static void
test_chains (void)
{
  g_autoptr(TideHealth) circle = judge ("(1, 10, 'a', NULL, NULL, 'active', " CLIENT ", 70, 70, 70, '2'::text, 'x', false),"
                                        "(2, 11, 'b', NULL, NULL, 'active', " CLIENT ", 70, 70, 61, '1', 'y', false)");
  g_autoptr(TideHealth) behind = judge ("(1, 10, 'a', NULL, NULL, 'active', " CLIENT ", 20, 20, 11, '0'::text, 'x', false),"
                                        "(2, 11, 'b', NULL, NULL, 'active', " CLIENT ", 20, 20, 1, '77,1', 'y', false)");

  assert_check (circle, "blocking", TIDE_HEALTH_CRITICAL, 2);
  g_assert_cmpstr (tide_health_find (circle, "blocking")->value, ==, "2 sessions wait");
  assert_check (behind, "blocking", TIDE_HEALTH_WARNING, 4);
  for (guint i = 0; i < 3; i++)
    {
      const TideHealthRow *row = g_ptr_array_index (tide_health_find (behind, "blocking")->rows, i);

      g_assert_cmpuint (row->depth, ==, i);
    }
}

/* Each reading of the server on both sides of its threshold; where one is not in order there is a word of advice. */
static void
test_server (void)
{
  static const struct
  {
    const char      *changes;
    const char      *id;
    TideHealthState  state;
    int              version;
  } cases[] = {
    { "used = 5", "connectivity", TIDE_HEALTH_OK },
    { "sees_all = false", "connectivity", TIDE_HEALTH_NOTICE },
    { "started = now - 599", "connectivity", TIDE_HEALTH_NOTICE },
    { "is_replica = true, lag = 29", "connectivity", TIDE_HEALTH_OK },
    { "is_replica = true, lag = 30", "connectivity", TIDE_HEALTH_WARNING },
    { "used = 5", "server-version", TIDE_HEALTH_OK, 180004 },
    { "used = 5", "server-version", TIDE_HEALTH_NOTICE, 180003 },
    { "used = 5", "server-version", TIDE_HEALTH_WARNING, 120022 },
    { "used = 79", "connections", TIDE_HEALTH_OK },
    { "used = 80", "connections", TIDE_HEALTH_WARNING },
    { "used = 95", "connections", TIDE_HEALTH_CRITICAL },
    { "age = 400000000", "wraparound", TIDE_HEALTH_OK },
    { "age = 400000001", "wraparound", TIDE_HEALTH_WARNING },
    { "multi_age = 1500000001", "wraparound", TIDE_HEALTH_CRITICAL },
    { "autovacuum = false", "autovacuum", TIDE_HEALTH_NOTICE },
    { "hits = 90001, reads = 10000", "cache-hits", TIDE_HEALTH_OK },
    { "hits = 90000, reads = 10001", "cache-hits", TIDE_HEALTH_NOTICE },
    { "hits = 0, reads = 0", "cache-hits", TIDE_HEALTH_OK },
    { "temp_bytes = 10000000000", "temporary-files", TIDE_HEALTH_OK },
    { "temp_bytes = 10000000001", "temporary-files", TIDE_HEALTH_NOTICE },
    { "checkpoints = '{101,101}'", "checkpoints", TIDE_HEALTH_OK },
    { "checkpoints = '{100,101}'", "checkpoints", TIDE_HEALTH_NOTICE },
    { "checkpoints = NULL", "checkpoints", TIDE_HEALTH_UNKNOWN },
    { "deadlocks = 0", "deadlocks", TIDE_HEALTH_OK },
    { "deadlocks = 1", "deadlocks", TIDE_HEALTH_NOTICE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TideHealth) health = judge_server (cases[i].version, cases[i].changes);
      const TideHealthCheck *check = tide_health_find (health, cases[i].id);
      gboolean in_order = cases[i].state == TIDE_HEALTH_OK || cases[i].state == TIDE_HEALTH_UNKNOWN;

      g_test_message ("%s: %s", cases[i].id, cases[i].changes);
      assert_check (health, cases[i].id, cases[i].state, 0);
      g_assert_true (in_order == (check->advice == NULL));
      g_assert_cmpstr (check->action, ==, g_str_equal (check->id, "wraparound") && !in_order ? TIDE_HEALTH_ACTION_VACUUM : NULL);
    }
}

static void
assert_row (const TideHealthProbe *probe,
            const char            *row,
            TideHealthState        state,
            const char            *argument)
{
  g_autoptr(TideHealth) health = judge_rows (probe, row);
  const TideHealthRow *told = NULL;

  assert_check (health, probe->id, state, 1);
  told = g_ptr_array_index (tide_health_find (health, probe->id)->rows, 0);
  g_assert_cmpstr (told->argument, ==, argument);
  g_assert_cmpstr (told->action, ==, argument ? TIDE_HEALTH_ACTION_OPEN_SQL : NULL);
}

/* Replicas and slots: whether a slot, name, state, seconds and bytes behind, in use, the state of its log */
static void
test_replication (void)
{
  const TideHealthProbe *probe = &tide_health_server_probes[1];
  const char drop[] = "SELECT pg_catalog.pg_drop_replication_slot('s');";

  assert_row (probe, "(0, 'r', 'streaming', 29, 5, true, NULL::text)", TIDE_HEALTH_OK, NULL);
  assert_row (probe, "(0, 'r', 'streaming', 30, 5, true, NULL::text)", TIDE_HEALTH_WARNING, NULL);
  assert_row (probe, "(1, 's', 'physical', 0, 5000000000, true, 'reserved')", TIDE_HEALTH_OK, NULL);
  assert_row (probe, "(1, 's', 'physical', 0, 1073741824, false, 'reserved')", TIDE_HEALTH_WARNING, drop);
  assert_row (probe, "(1, 's', 'logical', 0, 1073741825, false, 'extended')", TIDE_HEALTH_CRITICAL, drop);
  assert_row (probe, "(1, 's', 'logical', 0, 5, true, 'lost')", TIDE_HEALTH_WARNING, drop);
}

static void
test_prepared (void)
{
  const TideHealthProbe *probe = &tide_health_session_probes[1];

  assert_row (probe, "('it''s', 'ada', 299)", TIDE_HEALTH_NOTICE, "ROLLBACK PREPARED 'it''s';");
  assert_row (probe, "('it''s', 'ada', 300)", TIDE_HEALTH_CRITICAL, "ROLLBACK PREPARED 'it''s';");
}

/* What a restore that was killed leaves is told until the next one has dropped it. */
static void
test_half_made (void)
{
  const TideHealthProbe *probe = &tide_health_server_probes[2];
  g_autofree char *name = g_strdup_printf ("tidemark_restoring_%u \"x", g_random_int ());
  g_autofree char *quoted = tide_quote_identifier (name);
  g_autofree char *create = g_strdup_printf ("CREATE DATABASE %s TEMPLATE template0", quoted);
  g_autofree char *drop = g_strdup_printf ("DROP DATABASE %s;", quoted);
  g_autofree char *sql = probe->dup_sql (150000);
  g_autoptr(TideHealth) none = judge_script (probe, 0, sql);
  g_autoptr(TideHealth) health = NULL;

  g_assert_null (tide_health_find (none, probe->id));
  g_ptr_array_unref (tide_session_run (session, create, NULL, NULL));
  health = judge_script (probe, 0, sql);
  assert_check (health, probe->id, TIDE_HEALTH_NOTICE, 1);
  g_assert_cmpstr (((TideHealthRow *) g_ptr_array_index (tide_health_find (health, probe->id)->rows, 0))->argument, ==, drop);
  g_ptr_array_unref (tide_session_run (session, drop, NULL, NULL));
}

/* A server that lets nobody in: it refuses with the words of a wrong password, and counts. */
typedef struct
{
  GSocketListener *listener;
  GCancellable    *cancellable;
  int              count;
} Refuser;

static gpointer
refuse (gpointer data)
{
  static const char answer[] = "E\0\0\0\x1c" "SFATAL\0" "C28P01\0" "Mgo away\0\0";
  Refuser *self = data;
  char startup[1024];

  for (;;)
    {
      g_autoptr(GSocketConnection) connection = g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL);

      if (connection == NULL)
        return NULL;
      g_atomic_int_inc (&self->count);
      g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), startup, sizeof startup, NULL, NULL);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer, sizeof answer - 1, NULL, NULL, NULL);
    }
}

static void
take_nothing (TideHealth *health,
              gpointer    unused)
{
  g_assert_not_reached ();
}

/* Who is refused is asked for once: two wrong passwords at a time, and the account is locked sooner. */
static void
test_refused (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Refuser server = { listener, cancellable };
  g_autofree char *port = g_strdup_printf ("%d", g_socket_listener_add_any_inet_port (listener, NULL, NULL));
  g_autofree char *url = g_strdup_printf ("postgresql://ada@127.0.0.1:%s/shop?sslmode=disable&gssencmode=disable", port);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_url_parse (url, NULL, &error);
  GThread *thread = g_thread_new ("refuser", refuse, &server);

  g_assert_no_error (error);
  for (guint i = 1; i <= 5; i++)
    {
      g_autoptr(GError) refused = NULL;

      if (i % 2)
        g_assert_null (tide_health_read (NULL, conninfo, TIDE_HEALTH_FULL, NULL, &refused));
      else
        g_assert_null (tide_health_read_in_turn (NULL, conninfo, take_nothing, NULL, NULL, &refused));
      g_assert_nonnull (strstr (refused->message, "go away"));
      g_assert_cmpint (g_atomic_int_get (&server.count), ==, i);
    }
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autoptr(GError) error = NULL;
  int code;

  g_test_init (&argc, &argv, NULL);
  conninfo = tide_test_create_database ();
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/health/readings/ages", test_ages);
  g_test_add_func ("/health/readings/chains", test_chains);
  g_test_add_func ("/health/readings/server", test_server);
  g_test_add_func ("/health/readings/replication", test_replication);
  g_test_add_func ("/health/readings/prepared", test_prepared);
  g_test_add_func ("/health/readings/half-made", test_half_made);
  g_test_add_func ("/health/readings/refused", test_refused);
  code = g_test_run ();
  tide_session_close (session);
  g_object_unref (session);
  tide_test_drop_database (conninfo);
  return code;
}
