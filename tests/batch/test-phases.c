/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "batch/tide-batch.h"
#include "batch/tide-phases.h"
#include "lint/tide-lint.h"
#include "support/tide-test.h"
#include "tide-error.h"

static TideConninfo *conninfo;
static TideSession *session;

static void
run_backfill (const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBatchPlan) plan = tide_batch_plan_new (session, sql, NULL, &error);
  g_autofree TideBatchReport *report = NULL;

  g_assert_no_error (error);
  report = tide_batch_run (conninfo, plan, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Runs every phase as it is meant to, @between after each; none of them may hold anything up for long: the linter says so */
static void
run_phases (const TidePhasesRequest *request,
            const char              *between)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) phases = tide_phases_write (request, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < phases->len; i++)
    {
      TidePhase *phase = g_ptr_array_index (phases, i);

      g_test_message ("%s: %s", phase->title, phase->sql);
      if (phase->is_backfill)
        run_backfill (phase->sql);
      else
        {
          g_autoptr(TideLintContext) context = tide_lint_context_read_for_text (session, phase->sql, -1, NULL, &error);
          g_autoptr(GPtrArray) findings = tide_lint_text (phase->sql, -1, NULL, context, NULL);
          g_autofree char *script = g_strdup_printf ("BEGIN; %s COMMIT;", phase->sql);
          g_autoptr(GPtrArray) results = NULL;

          g_assert_no_error (error);
          g_assert_cmpuint (tide_lint_count (findings, NULL, TIDE_LINT_WARNING), ==, 0);
          results = tide_session_run (session, script, NULL, &error);
          g_assert_no_error (error);
        }
      if (between != NULL && i + 1 < phases->len)
        g_free (tide_test_psql (conninfo, between));
    }
}

static void
make_table (void)
{
  g_free (tide_test_psql (conninfo, "DROP TABLE IF EXISTS \"T\", teams; CREATE TABLE teams (id int PRIMARY KEY); INSERT INTO teams VALUES (1), (2);"
                                    "CREATE TABLE \"T\" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount int, team int DEFAULT 1);"
                                    "INSERT INTO \"T\" (amount) SELECT i FROM generate_series (1, 20000) i; ANALYZE"));
}

static void
assert_psql (const char *sql,
             const char *expected)
{
  g_autofree char *answer = tide_test_psql (conninfo, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static void
test_required_column (void)
{
  make_table ();
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_ADD_REQUIRED_COLUMN, .table = "\"T\"", .name = "locale", .type = "text", .value = "'en'" },
              "INSERT INTO \"T\" (amount) VALUES (7)");
  assert_psql ("SELECT count(*) > 20000, count(*) = count(locale) FROM \"T\"", "t|t");
  assert_psql ("SELECT attnotnull FROM pg_attribute WHERE attrelid = '\"T\"'::regclass AND attname = 'locale'", "t");
  assert_psql ("SELECT count(*) FROM pg_constraint WHERE conrelid = '\"T\"'::regclass AND contype = 'c'", "0");
}

/* Programs of both ages go on writing in between */
static void
test_rename (void)
{
  make_table ();
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_RENAME_COLUMN, .table = "public.\"T\"", .name = "amount", .new_name = "Total x", .type = "int" },
              "INSERT INTO \"T\" (amount) VALUES (100001); INSERT INTO \"T\" (\"Total x\") VALUES (100002);"
              "UPDATE \"T\" SET amount = amount + 1 WHERE id = 5; UPDATE \"T\" SET \"Total x\" = 600 WHERE id = 6;");
  assert_psql ("SELECT count(*) FROM \"T\" WHERE \"Total x\" IS NULL", "0");
  assert_psql ("SELECT \"Total x\" FROM \"T\" WHERE id = 6", "600");
  assert_psql ("SELECT \"Total x\" FROM \"T\" WHERE id = 5", "7");
  assert_psql ("SELECT count(*) FROM pg_attribute WHERE attrelid = '\"T\"'::regclass AND attname = 'amount'", "0");
  assert_psql ("SELECT count(*) FROM pg_trigger WHERE tgrelid = '\"T\"'::regclass AND NOT tgisinternal", "0");
}

static void
test_type (void)
{
  make_table ();
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_CHANGE_TYPE, .table = "\"T\"", .name = "amount", .type = "bigint" },
              "INSERT INTO \"T\" (amount) VALUES (5); UPDATE \"T\" SET amount = 9 WHERE id = 3");
  assert_psql ("SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = '\"T\"'::regclass AND attname = 'amount'", "bigint");
  assert_psql ("SELECT count(*) FILTER (WHERE amount IS NULL), (SELECT amount FROM \"T\" WHERE id = 3) FROM \"T\"", "0|9");
}

/* The conversion is told once, and holds in the trigger, too */
static void
test_conversion (void)
{
  make_table ();
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_CHANGE_TYPE, .table = "public.\"T\"", .name = "amount", .type = "text",
                                     .value = "amount / 100 || ' EUR'" },
              "INSERT INTO \"T\" (amount) VALUES (700); UPDATE \"T\" SET amount = amount + 1 WHERE id = 3");
  assert_psql ("SELECT (SELECT amount FROM \"T\" WHERE id = 3), (SELECT amount FROM \"T\" WHERE id = 20001), count(*) FILTER (WHERE amount LIKE '%EUR') = count(*) FROM \"T\"",
               "0 EUR|7 EUR|t");
}

/* The fill rounds into the new column, and must leave the old one as it is until the swap; what a program writes into the new
 * one wins over the old one's default. */
static void
test_narrower_type (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) phases = NULL;
  TidePhase *phase;

  g_free (tide_test_psql (conninfo, "DROP TABLE IF EXISTS n; CREATE TABLE n (id int PRIMARY KEY, a numeric NOT NULL DEFAULT 3.3); INSERT INTO n VALUES (1, 1.7)"));
  phases = tide_phases_write (&(TidePhasesRequest) { .kind = TIDE_PHASES_CHANGE_TYPE, .table = "n", .name = "a", .type = "integer" }, &error);
  g_assert_no_error (error);
  phase = g_ptr_array_index (phases, 0);
  g_free (tide_test_psql (conninfo, phase->sql));
  phase = g_ptr_array_index (phases, 1);
  run_backfill (phase->sql);
  assert_psql ("INSERT INTO n (id, a_new) VALUES (2, 8); INSERT INTO n (id) VALUES (3); UPDATE n SET a = 4.6 WHERE id = 3;"
               "SELECT string_agg (a || ' ' || a_new, ',' ORDER BY id) FROM n", "1.7 2,8 8,4.6 5");
}

/* json has no equality; and the part that drops stops while a row is not filled. */
static void
test_unfilled (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) phases = NULL;
  g_autoptr(GPtrArray) results = NULL;
  TidePhase *phase;

  g_free (tide_test_psql (conninfo, "DROP TABLE IF EXISTS j; CREATE TABLE j (id int PRIMARY KEY, a json); INSERT INTO j VALUES (1, '{\"k\": 1}')"));
  phases = tide_phases_write (&(TidePhasesRequest) { .kind = TIDE_PHASES_RENAME_COLUMN, .table = "j", .name = "a", .new_name = "b", .type = "json" }, &error);
  g_assert_no_error (error);
  phase = g_ptr_array_index (phases, 0);
  g_free (tide_test_psql (conninfo, phase->sql));
  g_free (tide_test_psql (conninfo, "INSERT INTO j (id, b) VALUES (2, '[2]')"));
  phase = g_ptr_array_index (phases, 2);
  results = tide_session_run (session, phase->sql, NULL, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, "not filled yet"));
  g_clear_error (&error);
  phase = g_ptr_array_index (phases, 1);
  run_backfill (phase->sql);
  phase = g_ptr_array_index (phases, 2);
  results = tide_session_run (session, phase->sql, NULL, &error);
  g_assert_no_error (error);
  assert_psql ("SELECT string_agg (b::text, ' ' ORDER BY id) FROM j", "{\"k\": 1} [2]");
}

/* Names with dots and quotes, too long for the server, and of more than one byte a character */
static void
test_odd_names (void)
{
  static const char table[] = "\"a.b \"\"c\"\" \xc3\xa4\xc3\xb6\xc3\xbc, a name that is nearly as long as names can be\"";
  g_autofree char *make = g_strdup_printf ("CREATE TABLE %s (id int PRIMARY KEY, amount int, amount2 int); INSERT INTO %s VALUES (1, 700, 8)", table, table);
  g_autofree char *look = g_strdup_printf ("SELECT amount, amount2 FROM %s", table);

  g_free (tide_test_psql (conninfo, make));
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_CHANGE_TYPE, .table = table, .name = "amount", .type = "text", .value = "amount / 100 || ' EUR'" }, NULL);
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_CHANGE_TYPE, .table = table, .name = "amount2", .type = "bigint" }, NULL);
  assert_psql (look, "7 EUR|8");
}

static void
test_constraints (void)
{
  make_table ();
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_ADD_FOREIGN_KEY, .table = "\"T\"", .name = "T_team_fkey", .columns = "team", .target = "teams (id)" }, NULL);
  run_phases (&(TidePhasesRequest) { .kind = TIDE_PHASES_ADD_CHECK, .table = "\"T\"", .name = "positive", .value = "amount > 0" }, NULL);
  assert_psql ("SELECT count(*) FROM pg_constraint WHERE conrelid = '\"T\"'::regclass AND convalidated AND contype IN ('f', 'c')", "2");
}

static void
test_missing (void)
{
  static const TidePhasesRequest requests[] = {
    { .kind = TIDE_PHASES_ADD_CHECK }, { .kind = TIDE_PHASES_ADD_CHECK, .table = "t" }, { .kind = TIDE_PHASES_ADD_CHECK, .table = "t", .name = "n" },
    { .kind = TIDE_PHASES_RENAME_COLUMN, .table = "t", .name = "n", .type = "int" }, { .kind = TIDE_PHASES_ADD_FOREIGN_KEY, .table = "t", .name = "n" },
    { .kind = TIDE_PHASES_CHANGE_TYPE, .table = "t", .name = "n" }, { .kind = TIDE_PHASES_ADD_REQUIRED_COLUMN, .table = "t", .name = "n", .type = "int" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tide_phases_write (&requests[i], &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_USAGE);
    }
}

static void
test_invalid (void)
{
  static const TidePhasesRequest requests[] = {
    { .kind = TIDE_PHASES_ADD_CHECK, .table = "us ers", .name = "n", .value = "true" }, { .kind = TIDE_PHASES_ADD_CHECK, .table = "t", .name = "n", .value = "a >" },
    { .kind = TIDE_PHASES_CHANGE_TYPE, .table = "t", .name = "n", .type = "numeric(" },
    { .kind = TIDE_PHASES_ADD_FOREIGN_KEY, .table = "t", .name = "n", .columns = "a b", .target = "t" },
    { .kind = TIDE_PHASES_ADD_FOREIGN_KEY, .table = "t", .name = "n", .columns = "a", .target = "t (" },
    /* what would take the rest of a statement with it, or bring statements of its own */
    { .kind = TIDE_PHASES_ADD_REQUIRED_COLUMN, .table = "t", .name = "n", .type = "text", .value = "'en' -- default" },
    { .kind = TIDE_PHASES_ADD_REQUIRED_COLUMN, .table = "t", .name = "n", .type = "text -- short", .value = "'en'" },
    { .kind = TIDE_PHASES_ADD_CHECK, .table = "t", .name = "n", .value = "1); DELETE FROM t; SELECT (1" },
    { .kind = TIDE_PHASES_ADD_CHECK, .table = "t -- mine", .name = "n", .value = "true" },
    { .kind = TIDE_PHASES_ADD_FOREIGN_KEY, .table = "t", .name = "n", .columns = "a", .target = "t (a) -- teams" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tide_phases_write (&requests[i], &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_assert_nonnull (tide_error_get_fields (error)->hint);
    }
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
  g_test_add_func ("/phases/required-column", test_required_column);
  g_test_add_func ("/phases/rename", test_rename);
  g_test_add_func ("/phases/type", test_type);
  g_test_add_func ("/phases/conversion", test_conversion);
  g_test_add_func ("/phases/narrower-type", test_narrower_type);
  g_test_add_func ("/phases/unfilled", test_unfilled);
  g_test_add_func ("/phases/odd-names", test_odd_names);
  g_test_add_func ("/phases/constraints", test_constraints);
  g_test_add_func ("/phases/missing", test_missing);
  g_test_add_func ("/phases/invalid", test_invalid);
  status = g_test_run ();
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
  tide_test_remove_folder (state);
  return status;
}
