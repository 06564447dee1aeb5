/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"
#include "tide-error.h"

#define ROWS "SELECT migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, applied_steps_count, logs = ''" \
             " FROM _prisma_migrations ORDER BY started_at"

static gboolean
resolve_applied (Fixture     *fixture,
                 const char  *name,
                 GError     **error)
{
  g_autoptr(TideProject) project = fixture_load (fixture);

  return tide_resolve_applied (project, fixture->conninfo, name, NULL, error);
}

static gboolean
resolve_rolled_back (Fixture     *fixture,
                     const char  *name,
                     GError     **error)
{
  g_autoptr(TideProject) project = fixture_load (fixture);

  return tide_resolve_rolled_back (project, fixture->conninfo, name, NULL, error);
}

static void
deploy_badly (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDeployReport) report = fixture_deploy (fixture, &error);

  g_assert_no_error (error);
  g_assert_nonnull (report->failure);
}

static void
test_roll_back_and_retry (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "SELECT 1 / 0;");
  g_assert_false (resolve_rolled_back (fixture, "1", &error));
  assert_prisma_code (error, "P3011");
  g_clear_error (&error);

  deploy_badly (fixture);
  g_assert_true (resolve_rolled_back (fixture, "1", &error));
  g_assert_no_error (error);
  fixture_assert_sql (fixture, ROWS, "1|f|t|0|f");
  fixture_assert_state (fixture, "1", TIDE_STATE_ROLLED_BACK);
  g_assert_true (resolve_rolled_back (fixture, "1", &error));

  fixture_add (fixture, "1", "SELECT 1 / 1;");
  fixture_deploy_well (fixture, 1);
  fixture_assert_sql (fixture, ROWS, "1|f|t|0|f\n1|t|f|1|");
  g_assert_false (resolve_rolled_back (fixture, "1", &error));
  assert_prisma_code (error, "P3012");
}

static void
test_applied (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "SELECT 1 / 0;");
  deploy_badly (fixture);
  g_assert_true (resolve_applied (fixture, "1", &error));
  g_assert_no_error (error);
  fixture_assert_sql (fixture, ROWS, "1|f|t|0|f\n1|t|f|0|t");
  fixture_assert_sql (fixture,
                      "SELECT started_at = finished_at FROM _prisma_migrations WHERE logs = ''",
                      "t");
  fixture_assert_state (fixture, "1", TIDE_STATE_APPLIED);
  fixture_deploy_well (fixture, 0);

  g_assert_false (resolve_applied (fixture, "1", &error));
  assert_prisma_code (error, "P3008");
  g_clear_error (&error);
  g_assert_false (resolve_applied (fixture, "2", &error));
  assert_prisma_code (error, "P3017");
}

/* A database that was there before its migrations: not empty, and no ledger. */
static void
test_baseline (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  fixture_add (fixture, "2", "CREATE TABLE b ();");
  tide_test_write_file (fixture->folder, "prisma/migrations/3/nothing.txt", "", -1);
  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE a ()"));
  g_assert_false (resolve_applied (fixture, "3", &error));
  assert_prisma_code (error, "P3015");
  g_clear_error (&error);
  fixture_assert_sql (fixture, "SELECT to_regclass('_prisma_migrations')", "");

  g_assert_true (resolve_applied (fixture, "1", &error));
  g_assert_no_error (error);
  fixture_assert_state (fixture, "1", TIDE_STATE_APPLIED);
  fixture_assert_state (fixture, "2", TIDE_STATE_PENDING);
}

static TideDeployReport *
reset (Fixture   *fixture,
       TideKind   kind,
       GError   **error)
{
  g_autoptr(TideProject) project = fixture_load (fixture);

  return tide_reset_run (project, fixture->conninfo, kind, NULL, error);
}

static void
test_reset (Fixture       *fixture,
            gconstpointer  data)
{
  static const TideKind refused[] = { TIDE_KIND_UNKNOWN, TIDE_KIND_STAGING, TIDE_KIND_PRODUCTION };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDeployReport) report = NULL;
  g_autoptr(TideDeployReport) failed = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a (id int);");
  fixture_deploy_well (fixture, 1);
  g_free (tide_test_psql (fixture->conninfo, "INSERT INTO a VALUES (1); CREATE VIEW v AS TABLE a;"
                                             "CREATE SCHEMA other; CREATE TABLE other.kept ()"));
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_null (reset (fixture, refused[i], &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
      g_clear_error (&error);
    }
  fixture_assert_sql (fixture, "SELECT count(*) FROM v", "1");

  report = reset (fixture, TIDE_KIND_DEVELOPMENT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->applied->len, ==, 1);
  fixture_assert_sql (fixture,
                      "SELECT count(*), to_regclass('v'), to_regclass('other.kept') FROM a",
                      "0||other.kept");

  fixture_add (fixture, "2", "SELECT 1 / 0;");
  failed = reset (fixture, TIDE_KIND_DEVELOPMENT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (failed->applied->len, ==, 1);
  g_assert_cmpstr (failed->failed_name, ==, "2");
  assert_prisma_code (failed->failure, "P3018");
  fixture_assert_state (fixture, "2", TIDE_STATE_FAILED);
}

static void
test_reset_named_schema (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a (id int);");
  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE in_public ()"));
  tide_conninfo_set_schema (fixture->conninfo, "app");
  report = reset (fixture, TIDE_KIND_DEVELOPMENT, &error);
  g_assert_no_error (error);
  fixture_assert_sql (fixture, "SELECT to_regclass('app.a'), to_regclass('in_public')",
                      "app.a|in_public");
}

/* Those are emptied and nothing else, but for the ledger, which is in the URL's. */
static void
test_reset_listed_schemas (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDeployReport) report = NULL;

  tide_test_write_file (fixture->folder, "prisma/schema.prisma",
                        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n"
                        "  // schemas = [\"public\"]\n  schemas = [\"a\", \"B \\\"b\"] // two\n}\n", -1);
  fixture_add (fixture, "1", "CREATE SCHEMA IF NOT EXISTS a; CREATE SCHEMA IF NOT EXISTS \"B \"\"b\";"
                             "CREATE TABLE a.t (id int); CREATE TABLE \"B \"\"b\".u (id int);");
  fixture_deploy_well (fixture, 1);
  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE kept ()"));
  g_free (tide_test_psql (fixture->conninfo, "INSERT INTO a.t VALUES (1); INSERT INTO \"B \"\"b\".u VALUES (1);"
                                             "CREATE TABLE a.extra (); CREATE VIEW v AS TABLE a.t"));
  report = reset (fixture, TIDE_KIND_DEVELOPMENT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->applied->len, ==, 1);
  fixture_assert_sql (fixture,
                      "SELECT (SELECT count(*) FROM a.t), (SELECT count(*) FROM \"B \"\"b\".u), "
                      "to_regclass('a.extra'), to_regclass('v'), to_regclass('kept'), "
                      "to_regclass('public._prisma_migrations'), to_regclass('a._prisma_migrations')",
                      "0|0|||kept|_prisma_migrations|");
  fixture_deploy_well (fixture, 0);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/resolve/roll-back-and-retry", test_roll_back_and_retry },
    { "/resolve/applied", test_applied },
    { "/resolve/baseline", test_baseline },
    { "/reset/public", test_reset },
    { "/reset/named-schema", test_reset_named_schema },
    { "/reset/listed-schemas", test_reset_listed_schemas },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
  return g_test_run ();
}
