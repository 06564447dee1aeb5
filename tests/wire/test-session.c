/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire-fixture.h"

static void
test_query (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResult) result = NULL;
  const char *params[] = { "41", NULL, "naïve 'x' \\ 🐘" };

  result = tide_session_query (fixture->session,
                               "SELECT $1::int + 1 AS n, $2::text AS nothing, $3::text AS t, '' AS empty, true AS b",
                               params, 3, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_result_get_n_columns (result), ==, 5);
  g_assert_cmpuint (tide_result_get_n_rows (result), ==, 1);
  g_assert_cmpstr (tide_result_get_column_name (result, 0), ==, "n");
  g_assert_cmpuint (tide_result_get_column_type (result, 0), ==, 23);
  g_assert_cmpint (tide_result_find_column (result, "t"), ==, 2);
  g_assert_cmpint (tide_result_find_column (result, "T"), ==, -1);
  g_assert_cmpint (tide_result_get_int64 (result, 0, 0), ==, 42);
  g_assert_null (tide_result_get_value (result, 0, 1));
  g_assert_cmpuint (tide_result_get_length (result, 0, 1), ==, 0);
  g_assert_cmpstr (tide_result_get_value (result, 0, 2), ==, params[2]);
  g_assert_cmpuint (tide_result_get_length (result, 0, 2), ==, strlen (params[2]));
  g_assert_cmpstr (tide_result_get_value (result, 0, 3), ==, "");
  g_assert_true (tide_result_get_boolean (result, 0, 4));
  g_assert_false (tide_result_get_boolean (result, 0, 1));
  g_assert_cmpstr (tide_result_get_command (result), ==, "SELECT 1");
  g_assert_cmpuint (tide_result_get_affected (result), ==, 1);
}

static void
test_query_takes_one_statement (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResult) result = NULL;

  g_assert_null (tide_session_query (fixture->session, "SELECT 1; SELECT 2", NULL, 0, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_SERVER);
  g_assert_true (tide_error_has_sqlstate (error, "42601"));
  g_clear_error (&error);

  result = tide_session_query (fixture->session, "", NULL, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_result_get_n_rows (result), ==, 0);
}

static void
test_run (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GPtrArray) nothing = NULL;

  results = tide_session_run (fixture->session,
                              "CREATE TABLE a (n int);\n"
                              "INSERT INTO a SELECT generate_series (1, 3);\n"
                              "DO $$ BEGIN RAISE NOTICE 'half way'; END $$;\n"
                              "SELECT n FROM a ORDER BY n; -- all\n"
                              "SELECT n FROM a WHERE false", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 5);
  g_assert_cmpstr (tide_result_get_command (results->pdata[0]), ==, "CREATE TABLE");
  g_assert_cmpstr (tide_result_get_command (results->pdata[1]), ==, "INSERT 0 3");
  g_assert_cmpuint (tide_result_get_affected (results->pdata[1]), ==, 3);
  g_assert_cmpuint (tide_result_get_notices (results->pdata[1])->len, ==, 0);
  g_assert_cmpuint (tide_result_get_notices (results->pdata[2])->len, ==, 1);
  g_assert_cmpstr (((GError *) tide_result_get_notices (results->pdata[2])->pdata[0])->message, ==, "half way");
  g_assert_cmpuint (tide_result_get_n_rows (results->pdata[3]), ==, 3);
  g_assert_cmpint (tide_result_get_int64 (results->pdata[3], 2, 0), ==, 3);
  g_assert_cmpuint (tide_result_get_n_rows (results->pdata[4]), ==, 0);
  g_assert_cmpuint (tide_result_get_n_columns (results->pdata[4]), ==, 1);

  nothing = tide_session_run (fixture->session, "-- only words\n", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
test_error_fields (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) duplicate = NULL;
  TideErrorFields *fields;

  g_assert_null (tide_session_run (fixture->session, "SELECT 'ä🐘';\n\nSELECT nix", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_SERVER);
  fields = tide_error_get_fields (error);
  g_assert_cmpstr (error->message, ==, "column \"nix\" does not exist");
  g_assert_cmpstr (fields->sqlstate, ==, "42703");
  g_assert_cmpstr (fields->severity, ==, "ERROR");
  g_assert_cmpint (fields->position, ==, 22);
  g_assert_cmpint (fields->line, ==, 3);
  g_assert_null (fields->statement);

  g_assert_null (tide_session_run (fixture->session,
                                   "CREATE TABLE k (n int PRIMARY KEY); INSERT INTO k VALUES (1), (1)",
                                   NULL, &duplicate));
  fields = tide_error_get_fields (duplicate);
  g_assert_cmpstr (fields->sqlstate, ==, "23505");
  g_assert_cmpstr (fields->detail, ==, "Key (n)=(1) already exists.");
  g_assert_cmpint (fields->line, ==, 0);
}

static void
test_settings (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideResult) result = NULL;
  g_autofree char *name = NULL;

  tide_conninfo_set_schema (conninfo, "a \"b\"");
  tide_conninfo_set_read_only (conninfo, TRUE);
  tide_conninfo_set_startup_sql (conninfo, "SET statement_timeout = '7s'; SELECT 1");
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  result = tide_session_query (session,
                               "SELECT current_setting ('search_path'), current_setting ('transaction_read_only'),"
                               " current_setting ('statement_timeout'), current_setting ('application_name'),"
                               " pg_backend_pid ()", NULL, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tide_result_get_value (result, 0, 0), ==, "\"a \"\"b\"\"\"");
  g_assert_cmpstr (tide_result_get_value (result, 0, 1), ==, "on");
  g_assert_cmpstr (tide_result_get_value (result, 0, 2), ==, "7s");
  g_assert_cmpstr (tide_result_get_value (result, 0, 3), ==, "tidemark");
  g_assert_cmpint (tide_result_get_int64 (result, 0, 4), ==, tide_session_get_backend_pid (session));
  g_assert_cmpint (tide_session_get_server_version (session), >=, 120000);
  name = tide_session_dup_parameter (session, "application_name");
  g_assert_cmpstr (name, ==, "tidemark");
  g_assert_true (tide_session_get_conninfo (session) == conninfo);
}

static void
test_startup_fails (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);

  tide_conninfo_set_schema (conninfo, "public");
  tide_conninfo_set_startup_sql (conninfo, "SELECT nix");
  g_assert_null (tide_session_open (conninfo, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_SERVER);
  g_assert_true (g_str_has_prefix (error->message, "the start-up SQL failed: "));
}

static void
test_transaction_status (Fixture       *fixture,
                         gconstpointer  data)
{
  static const struct { const char *sql; TideTransactionStatus status; } steps[] = {
    { "SELECT 1", TIDE_TRANSACTION_IDLE },
    { "BEGIN", TIDE_TRANSACTION_OPEN },
    { "SELECT nix", TIDE_TRANSACTION_FAILED },
    { "ROLLBACK", TIDE_TRANSACTION_IDLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(GPtrArray) results = tide_session_run (fixture->session, steps[i].sql, NULL, NULL);

      g_assert_cmpint (tide_session_get_transaction_status (fixture->session), ==, steps[i].status);
    }
}

static void
test_closed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *count = NULL;

  tide_session_close (fixture->session);
  g_assert_null (tide_session_run (fixture->session, "SELECT 1", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_LOST);
  g_assert_cmpint (tide_session_get_transaction_status (fixture->session), ==, TIDE_TRANSACTION_UNKNOWN);
  g_assert_false (tide_session_is_lost (fixture->session));
}

static void
test_quote (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const texts[] = { "", "plain", "it's", "\"", "a\\b", "\\'", "ä🐘\\", "%$;--\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideResult) result = NULL;
      g_autofree char *literal = tide_quote_literal (texts[i]);
      g_autofree char *name = tide_quote_identifier (*texts[i] ? texts[i] : "x");
      g_autofree char *sql = g_strdup_printf ("SELECT %s AS %s", literal, name);

      result = tide_session_query (fixture->session, sql, NULL, 0, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (tide_result_get_value (result, 0, 0), ==, texts[i]);
      g_assert_cmpstr (tide_result_get_column_name (result, 0), ==, *texts[i] ? texts[i] : "x");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  FIXTURE_ADD ("/session/query", test_query);
  FIXTURE_ADD ("/session/query-takes-one-statement", test_query_takes_one_statement);
  FIXTURE_ADD ("/session/run", test_run);
  FIXTURE_ADD ("/session/error-fields", test_error_fields);
  FIXTURE_ADD ("/session/settings", test_settings);
  FIXTURE_ADD ("/session/startup-fails", test_startup_fails);
  FIXTURE_ADD ("/session/transaction-status", test_transaction_status);
  FIXTURE_ADD ("/session/closed", test_closed);
  FIXTURE_ADD ("/session/quote", test_quote);
  return g_test_run ();
}
