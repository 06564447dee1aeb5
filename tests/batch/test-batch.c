/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "batch/tide-batch.h"
#include "support/tide-test.h"
#include "tide-error.h"

#define ROWS "5000"

static TideConninfo *conninfo;
static TideSession *session;

static TideBatchPlan *
make_plan (const char *sql)
{
  g_autoptr(GError) error = NULL;
  TideBatchPlan *plan = tide_batch_plan_new (session, sql, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

static TideBatchReport *
run (TideBatchPlan     *plan,
     guint              size,
     TideBatchControl  *control,
     TideJob           *job,
     GError           **error)
{
  TideBatchOptions options = { .size = size, .most = size, .lock_timeout_ms = 50, .lock_waits_most = 3 };

  return tide_batch_run (conninfo, plan, &options, control, job, error);
}

static void
assert_psql (const char *sql,
             const char *expected)
{
  g_autofree char *answer = tide_test_psql (conninfo, sql);

  g_assert_cmpstr (answer, ==, expected);
}

/* Each kind of key: every row is changed, and each once */
static void
test_keys (void)
{
  static const char *const keys[] = {
    "id int PRIMARY KEY", "id bigint PRIMARY KEY", "id uuid PRIMARY KEY", "id text PRIMARY KEY", "id text COLLATE \"C\" PRIMARY KEY",
    "id char(36) PRIMARY KEY", "id numeric UNIQUE NOT NULL", "\"I d\"\"x\" int PRIMARY KEY", "id date, part text, PRIMARY KEY (part, id)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gboolean is_uuid = strstr (keys[i], "uuid") != NULL || strstr (keys[i], "text") != NULL || strstr (keys[i], "char") != NULL;
      const char *values = strstr (keys[i], "part") ? "date '2020-01-01' + i / 7, 'p''' || i % 7" : is_uuid ? "gen_random_uuid()" : "i";
      g_autofree char *make = g_strdup_printf ("DROP TABLE IF EXISTS \"T k\"; CREATE TABLE \"T k\" (%s, n int NOT NULL DEFAULT 0);"
                                               "INSERT INTO \"T k\" SELECT %s FROM generate_series (1, " ROWS ") i", keys[i], values);
      g_autoptr(TideBatchPlan) plan = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree TideBatchReport *report = NULL;

      g_test_message ("%s", keys[i]);
      g_free (tide_test_psql (conninfo, make));
      plan = make_plan ("UPDATE \"T k\" AS t SET n = n + 1 WHERE n >= 0 OR n IS NULL -- all of them");
      report = run (plan, 701, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (report->visited, ==, 5000);
      g_assert_cmpint (report->changed, ==, 5000);
      g_assert_cmpint (report->batches, ==, 8);
      assert_psql ("SELECT count(*), min(n), max(n) FROM \"T k\"", ROWS "|1|1");
    }
}

static void
test_delete_and_join (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBatchPlan) delete = NULL;
  g_autoptr(TideBatchPlan) join = NULL;
  g_autofree TideBatchReport *deleted = NULL;
  g_autofree TideBatchReport *joined = NULL;

  g_free (tide_test_psql (conninfo, "DROP TABLE IF EXISTS d, o; CREATE TABLE d (id int PRIMARY KEY, x int); CREATE TABLE o (id int PRIMARY KEY);"
                                    "INSERT INTO d SELECT i, 0 FROM generate_series (1, 1000) i; INSERT INTO o SELECT i FROM generate_series (1, 1000, 10) i"));
  join = make_plan ("UPDATE d SET x = 1 FROM o WHERE o.id = d.id");
  joined = run (join, 90, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (joined->changed, ==, 100);
  delete = make_plan ("DELETE FROM d WHERE x = 0");
  deleted = run (delete, 90, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (deleted->changed, ==, 900);
  assert_psql ("SELECT count(*), min(x) FROM d", "100|1");
}

static void
test_empty_table (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autofree TideBatchReport *report = NULL;

  g_free (tide_test_psql (conninfo, "DROP TABLE IF EXISTS e; CREATE TABLE e (id int PRIMARY KEY)"));
  plan = make_plan ("DELETE FROM e");
  report = run (plan, 100, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->batches, ==, 0);
}

static void
test_refused (void)
{
  static const struct { const char *sql; int code; } cases[] = {
    { "UPDATE r SET id = id + 1", TIDE_ERROR_REFUSED },
    { "UPDATE nokey SET a = 1", TIDE_ERROR_REFUSED },
    { "UPDATE v SET x = 1", TIDE_ERROR_REFUSED },
    { "UPDATE r SET x = 1 RETURNING id", TIDE_ERROR_REFUSED },
    { "WITH a AS (SELECT 1) UPDATE r SET x = 1", TIDE_ERROR_REFUSED },
    { "DELETE FROM r WHERE random() < 0.5", TIDE_ERROR_REFUSED },
    { "DELETE FROM r WHERE id IN (SELECT max(id) FROM r GROUP BY x)", TIDE_ERROR_REFUSED },
    { "UPDATE r SET x = $1", TIDE_ERROR_REFUSED },
    { "UPDATE r SET x = 1; DELETE FROM r", TIDE_ERROR_INVALID },
    { "SELECT 1", TIDE_ERROR_INVALID },
    { "UPDATE r SET x = 1 LIMIT 5", TIDE_ERROR_INVALID },
    { "UPDATE r SET", TIDE_ERROR_INVALID },
    { "", TIDE_ERROR_INVALID },
    { "UPDATE not_there SET x = 1", TIDE_ERROR_NOT_FOUND },
  };

  g_free (tide_test_psql (conninfo, "CREATE TABLE r (id int PRIMARY KEY, x int); CREATE TABLE nokey (a int, b int UNIQUE); CREATE VIEW v AS SELECT * FROM r"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideBatchPlan) plan = tide_batch_plan_new (session, cases[i].sql, NULL, &error);

      g_test_message ("%s", cases[i].sql);
      g_assert_null (plan);
      g_assert_error (error, TIDE_ERROR, cases[i].code);
    }
}

static void
make_large (void)
{
  g_free (tide_test_psql (conninfo, "DROP TABLE IF EXISTS k; CREATE TABLE k (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
                                    "INSERT INTO k SELECT i FROM generate_series (1, 20000) i; ANALYZE k"));
}

static GSubprocess *
start_child (const char *sql,
             const char *size)
{
  g_autoptr(GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("TIDE_TEST_BATCH_CHILD"),
                                         tide_conninfo_get (conninfo, "host"), tide_conninfo_get (conninfo, "port"),
                                         tide_conninfo_get (conninfo, "user"), tide_conninfo_get (conninfo, "dbname"), sql, size, NULL);

  g_assert_no_error (error);
  return child;
}

static void
wait_for (const char *sql)
{
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    {
      g_autofree char *answer = tide_test_psql (conninfo, sql);

      if (g_str_equal (answer, "t"))
        return;
      g_usleep (10000);
    }
  g_error ("waited in vain: %s", sql);
}

/* No batch comes past that row until its holder is freed: what is to be disturbed does not end before. */
static TideSession *
hold_row (guint id)
{
  g_autoptr(GError) error = NULL;
  TideSession *holder = tide_session_open (conninfo, NULL, &error);
  g_autofree char *sql = g_strdup_printf ("BEGIN; SELECT FROM k WHERE id = %u FOR UPDATE", id);
  g_autoptr(GPtrArray) held = NULL;

  g_assert_no_error (error);
  held = tide_session_run (holder, sql, NULL, &error);
  g_assert_no_error (error);
  return holder;
}

/* Killed again and again, at any moment: in the end each row has been counted up once */
static void
test_killed_and_resumed (void)
{
  static const char sql[] = "UPDATE k SET n = n + 1";
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree TideBatchReport *report = NULL;
  TideBatchReport before = { 0 };

  make_large ();
  plan = make_plan (sql);
  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *reached = g_strdup_printf ("SELECT count(*) >= %u FROM k WHERE n > 0", i * 2500);
      g_autoptr(TideSession) holder = hold_row (i * 2500 + 1000);
      g_autoptr(GSubprocess) child = start_child (sql, "250");

      wait_for (reached);
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);
      g_clear_object (&holder);
      wait_for ("SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database () AND query LIKE 'UPDATE k%' AND state <> 'idle'");
    }
  g_assert_true (tide_batch_find_unfinished (plan, &before, &error));
  g_assert_no_error (error);
  g_assert_cmpint (before.visited, >=, 9000);
  g_assert_cmpint (before.visited, <, 20000);
  report = run (plan, 5000, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (report->resumed);
  g_assert_cmpint (report->visited, ==, 20000);
  g_assert_cmpint (report->changed, ==, 20000);
  assert_psql ("SELECT count(*), min(n), max(n) FROM k", "20000|1|1");
  g_assert_false (tide_batch_find_unfinished (plan, &before, &error));
}

/* The server ends the connection in the middle: nothing is done twice either */
static void
test_connection_lost (void)
{
  static const char sql[] = "UPDATE k SET n = n + 10";
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree TideBatchReport *report = NULL;
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(TideSession) holder = NULL;

  make_large ();
  plan = make_plan (sql);
  holder = hold_row (5000);
  child = start_child (sql, "250");
  wait_for ("SELECT count(*) >= 3000 FROM k WHERE n > 0");
  g_free (tide_test_psql (conninfo, "SELECT pg_terminate_backend (pid) FROM pg_locks WHERE locktype = 'advisory'"
                                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database ())"));
  g_subprocess_wait (child, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 1);
  g_clear_object (&holder);
  report = run (plan, 5000, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (report->resumed);
  assert_psql ("SELECT count(*), min(n), max(n) FROM k", "20000|10|10");
}

static void
test_two_at_once (void)
{
  static const char sql[] = "UPDATE k SET n = n + 100";
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree TideBatchReport *report = NULL;
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(TideSession) holder = NULL;

  make_large ();
  plan = make_plan (sql);
  holder = hold_row (5000);
  child = start_child (sql, "400");
  wait_for ("SELECT count(*) >= 100 FROM k WHERE n > 0");
  report = run (plan, 400, NULL, NULL, &error);
  g_assert_null (report);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_assert_true (g_str_has_prefix (error->message, "this job is running already"));
  g_clear_object (&holder);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
  assert_psql ("SELECT count(*), min(n), max(n) FROM k", "20000|100|100");
}

/* Somebody holds a row: it stops, says who, keeps what is done, and goes on when they have gone */
static void
test_lock_waits (void)
{
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) other = tide_session_open (conninfo, NULL, &error);
  g_autoptr(GPtrArray) held = NULL;
  g_autofree TideBatchReport *report = NULL;
  g_autofree char *pid = g_strdup_printf (" %d (", tide_session_get_backend_pid (other));
  TideBatchReport before = { 0 };

  make_large ();
  plan = make_plan ("UPDATE k SET n = n + 7");
  held = tide_session_run (other, "BEGIN; UPDATE k SET n = 0 WHERE id = 10000", NULL, &error);
  g_assert_no_error (error);
  report = run (plan, 1000, NULL, NULL, &error);
  g_assert_null (report);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, pid));
  g_clear_error (&error);
  g_assert_true (tide_batch_find_unfinished (plan, &before, NULL));
  g_assert_cmpint (before.visited, >=, 9000);
  g_clear_pointer (&held, g_ptr_array_unref);
  held = tide_session_run (other, "ROLLBACK", NULL, &error);
  report = run (plan, 5000, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_psql ("SELECT count(*), min(n), max(n) FROM k", "20000|7|7");
}

typedef struct
{
  TideBatchPlan    *plan;
  TideBatchControl *control;
  TideJob          *job;
  GError           *error;
  TideBatchReport  *report;
} Work;

static gpointer
work (gpointer data)
{
  Work *self = data;
  TideBatchOptions options = { .size = 250, .most = 250, .lock_timeout_ms = 90000 };

  self->report = tide_batch_run (conninfo, self->plan, &options, self->control, self->job, &self->error);
  return NULL;
}

static void
test_pause_and_cancel (void)
{
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autoptr(TideBatchControl) control = tide_batch_control_new ();
  g_autoptr(TideJob) job = tide_job_new ("Batch");
  g_autoptr(GError) error = NULL;
  g_autofree TideBatchReport *report = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(TideSession) holder = NULL;
  Work self = { .control = control, .job = job };
  GThread *thread;

  make_large ();
  holder = hold_row (5000);
  plan = self.plan = make_plan ("UPDATE k SET n = n + 3");
  tide_batch_control_set_paused (control, TRUE);
  thread = g_thread_new ("batch", work, &self);
  g_usleep (300 * 1000);
  assert_psql ("SELECT count(*) FROM k WHERE n > 0", "0");
  tide_batch_control_set_paused (control, FALSE);
  wait_for ("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database () AND wait_event_type = 'Lock')");
  tide_batch_control_set_paused (control, TRUE);
  g_clear_object (&holder);
  wait_for ("SELECT count(*) >= 5000 FROM k WHERE n > 0");
  first = tide_test_psql (conninfo, "SELECT count(*) FROM k WHERE n > 0");
  g_usleep (200 * 1000);
  second = tide_test_psql (conninfo, "SELECT count(*) FROM k WHERE n > 0");
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (atoi (first), <, 20000);
  tide_job_cancel (job);
  g_thread_join (thread);
  g_assert_null (self.report);
  g_assert_error (self.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&self.error);
  report = run (plan, 5000, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (report->resumed);
  assert_psql ("SELECT count(*), min(n), max(n) FROM k", "20000|3|3");
}

static void
test_text (void)
{
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autofree char *text = NULL;

  make_large ();
  plan = make_plan ("UPDATE k SET n = 1 WHERE n = 0");
  text = tide_batch_plan_dup_text (plan, 1000);
  g_assert_nonnull (strstr (text, "LIMIT 1000"));
  g_assert_nonnull (strstr (text, "UPDATE k SET n = 1 WHERE ( n = 0\n) AND (k.id) <= ($1::integer) AND (k.id) > ($2::integer)"));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *state = tide_test_make_folder ();
  g_autoptr(GError) error = NULL;
  int status;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);
  conninfo = tide_test_create_database ();
  if (conninfo == NULL)
    return 77;
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/batch/keys", test_keys);
  g_test_add_func ("/batch/delete-and-join", test_delete_and_join);
  g_test_add_func ("/batch/empty-table", test_empty_table);
  g_test_add_func ("/batch/refused", test_refused);
  g_test_add_func ("/batch/text", test_text);
  g_test_add_func ("/batch/killed-and-resumed", test_killed_and_resumed);
  g_test_add_func ("/batch/connection-lost", test_connection_lost);
  g_test_add_func ("/batch/two-at-once", test_two_at_once);
  g_test_add_func ("/batch/lock-waits", test_lock_waits);
  g_test_add_func ("/batch/pause-and-cancel", test_pause_and_cancel);
  status = g_test_run ();
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
  tide_test_remove_folder (state);
  return status;
}
