/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "backup/tide-restore.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define FILL "CREATE SCHEMA \"my \"\"schema\"; CREATE TYPE mood AS ENUM ('sad', 'ok');" \
             "CREATE TABLE users (id serial PRIMARY KEY, name text, mood mood DEFAULT 'ok');" \
             "INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, 500) i;" \
             "CREATE TABLE \"my \"\"schema\".\"odd$name'\n\\! x\" (t text, u int REFERENCES users);" \
             "INSERT INTO \"my \"\"schema\".\"odd$name'\n\\! x\" VALUES (E'\\\\! touch x', 1), (E'\\\\.', 2), (E'a\\n\\\\.\\nb', 3);" \
             "CREATE INDEX ON users (name); CREATE VIEW v AS SELECT * FROM users; SELECT lo_from_bytea(4711, 'large');"

#define SUM "SELECT (SELECT count(*) || '/' || md5(string_agg(u::text, ',' ORDER BY id)) FROM users u) || '/' ||" \
            " (SELECT md5(string_agg(o::text, ',' ORDER BY u)) FROM \"my \"\"schema\".\"odd$name'\n\\! x\" o) ||" \
            " '/' || encode(lo_get(4711), 'escape')"

typedef struct
{
  TideConninfo *conninfo;
  char         *folder;
  char         *sum;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->conninfo = tide_test_create_database ();
  fixture->folder = tide_test_make_folder ();
  g_free (tide_test_psql (fixture->conninfo, FILL));
  fixture->sum = tide_test_psql (fixture->conninfo, SUM);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  /* With what restores made of it */
  g_autofree char *sql = g_strdup_printf ("SELECT string_agg(format('DROP DATABASE %%I WITH (FORCE)', datname), '; ') FROM pg_database"
                                          " WHERE datname LIKE '%s%%' AND datname <> '%s'",
                                          tide_conninfo_get (fixture->conninfo, "dbname"), tide_conninfo_get (fixture->conninfo, "dbname"));
  g_autofree char *drops = tide_test_psql (fixture->conninfo, sql);
  g_auto(GStrv) each = g_strsplit (drops, "; ", -1);

  for (guint i = 0; each[i] != NULL && *each[i] != '\0'; i++)
    g_free (tide_test_psql (fixture->conninfo, each[i]));
  tide_test_drop_database (fixture->conninfo);
  tide_test_remove_folder (fixture->folder);
  tide_conninfo_unref (fixture->conninfo);
  g_free (fixture->folder);
  g_free (fixture->sum);
}

/* @shell: with $DB and $OUT set; the dump is to be in $OUT */
static TideBackup *
dump (Fixture    *fixture,
      const char *shell)
{
  g_autofree char *path = g_build_filename (fixture->folder, "b", NULL);
  g_autofree char *script = g_strdup_printf ("export PGHOST='%s' PGPORT='%s' PGUSER='%s' DB='%s' OUT='%s'; %s",
                                             tide_conninfo_get (fixture->conninfo, "host"), tide_conninfo_get (fixture->conninfo, "port"),
                                             tide_conninfo_get (fixture->conninfo, "user"),
                                             tide_conninfo_get (fixture->conninfo, "dbname"), path, shell);
  g_autoptr(GError) error = NULL;
  TideBackup *backup;
  int status;

  g_spawn_sync (NULL, (char *[]) { (char *) "sh", (char *) "-ec", script, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  backup = tide_backup_open (path, &error);
  g_assert_no_error (error);
  return backup;
}

static TideRestoreReport *
restore (Fixture                  *fixture,
         TideBackup               *backup,
         const TideRestoreOptions *options,
         GError                  **error)
{
  return tide_restore_run (backup, fixture->conninfo, options, NULL, error);
}

static void
assert_sql_in (Fixture    *fixture,
               const char *database,
               const char *sql,
               const char *expected)
{
  g_autoptr(TideConninfo) other = tide_conninfo_copy (fixture->conninfo);
  g_autofree char *found = NULL;

  tide_conninfo_set (other, "dbname", database);
  found = tide_test_psql (other, sql);
  g_assert_cmpstr (found, ==, expected);
}

static void
assert_sql (Fixture    *fixture,
            const char *sql,
            const char *expected)
{
  assert_sql_in (fixture, tide_conninfo_get (fixture->conninfo, "dbname"), sql, expected);
}

static void
assert_no_leftovers (Fixture *fixture)
{
  assert_sql (fixture, "SELECT count(*) FROM pg_database WHERE datname LIKE 'tidemark\\_restoring\\_%'", "0");
}

static const char *const formats[] = {
  "pg_dump -Fc -f $OUT $DB",
  "pg_dump -Fd -f $OUT $DB",
  "pg_dump -Ft -f $OUT $DB",
  "pg_dump -f $OUT $DB",
  "pg_dump -C -f $OUT $DB",
  "pg_dump --inserts -f $OUT $DB",
  "pg_dump $DB | gzip > $OUT",
  "pg_dump $DB | zstd -q > $OUT",
  "pg_dump $DB | lz4 -q > $OUT",
};

static void
test_new (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(TideBackup) backup = dump (fixture, data);
  g_autoptr(GError) error = NULL;
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };
  g_autoptr(TideRestoreReport) report = restore (fixture, backup, &options, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (report->database, tide_conninfo_get (fixture->conninfo, "dbname")));
  g_assert_null (report->old_database);
  g_assert_cmpuint (report->problems->len, ==, 0);
  assert_sql_in (fixture, report->database, SUM, fixture->sum);
  assert_sql (fixture, SUM, fixture->sum);
  assert_no_leftovers (fixture);
}

static void
test_swap (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TideBackup) backup = dump (fixture, "pg_dump -Fc -f $OUT $DB");
  const char *name = tide_conninfo_get (fixture->conninfo, "dbname");
  g_autofree char *settings = g_strdup_printf ("ALTER DATABASE %s SET search_path = \"$user\", public, \"my \"\"schema\";"
                                               "ALTER DATABASE %s SET work_mem = '8MB'; ALTER DATABASE %s CONNECTION LIMIT 7;"
                                               "COMMENT ON DATABASE %s IS 'it''s'; REVOKE ALL ON DATABASE %s FROM PUBLIC",
                                               name, name, name, name, name);
  static const char described[] = "SELECT datconnlimit, shobj_description(d.oid, 'pg_database'), datacl, datallowconn, setconfig"
                                  " FROM pg_database d LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid"
                                  " WHERE datname = current_database()";
  g_autoptr(GError) error = NULL;
  TideRestoreOptions options = { .mode = TIDE_RESTORE_SWAP };
  g_autoptr(TideRestoreReport) report = NULL;
  g_autoptr(GPtrArray) kept = NULL;
  g_autofree char *before = NULL;
  g_autofree char *restored = NULL;

  g_free (tide_test_psql (fixture->conninfo, settings));
  before = tide_test_psql (fixture->conninfo, described);
  g_free (tide_test_psql (fixture->conninfo, "DELETE FROM \"my \"\"schema\".\"odd$name'\n\\! x\"; DELETE FROM users"));
  report = restore (fixture, backup, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report->database, ==, name);
  assert_sql (fixture, SUM, fixture->sum);
  assert_sql (fixture, described, before);
  assert_sql_in (fixture, report->old_database, "SELECT count(*) FROM users", "0");

  kept = tide_restore_list_kept (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (kept, 0), ==, report->old_database);

  restored = tide_restore_swap_back (fixture->conninfo, report->old_database, FALSE, NULL, &error);
  g_assert_no_error (error);
  assert_sql (fixture, "SELECT count(*) FROM users", "0");
  assert_sql (fixture, described, before);
  assert_sql_in (fixture, restored, SUM, fixture->sum);
  assert_no_leftovers (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = g_strdup_printf ("/restore/new/%u", i);

      g_test_add (path, Fixture, formats[i], set_up, test_new, tear_down);
    }
  g_test_add ("/restore/swap", Fixture, NULL, set_up, test_swap, tear_down);
  return g_test_run ();
}
