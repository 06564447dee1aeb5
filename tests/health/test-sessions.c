/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "health/tide-health-private.h"
#include "support/tide-test.h"

/* What nobody can wait for in a test: sessions of any age, given to the judge as the server would tell them.
 * pid, started, user, application, client, state, type, age of transaction, of state, of wait, blockers, query, holds the lock */
static TideHealth *
judge (const char *rows)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM (VALUES %s) AS v", rows);
  g_autoptr(GError) error = NULL;
  TideSession *session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(TideResult) result = NULL;
  TideHealth *health;

  g_assert_no_error (error);
  result = tide_session_query (session, sql, NULL, 0, NULL, &error);
  g_assert_no_error (error);
  health = tide_health_new (session);
  tide_health_session_probes[0].judge (health, result);
  tide_session_close (session);
  g_object_unref (session);
  tide_test_drop_database (conninfo);
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/sessions/ages", test_ages);
  g_test_add_func ("/health/sessions/chains", test_chains);
  return g_test_run ();
}
