/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-library.h"
#include "restore-fixture.h"
#include "tide-error.h"
#include "wire/tide-session.h"

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

/* A restore in a thread of its own */
typedef struct
{
  RestoreFixture *fixture;
  TideBackup     *backup;
  TideJob        *job;
  GError         *error;
  int             done; /* atomic */
} Slow;

static gpointer
restore_slowly (gpointer data)
{
  Slow *slow = data;
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };

  g_assert_null (tide_restore_run (slow->backup, slow->fixture->conninfo, &options, slow->job, &slow->error));
  g_atomic_int_set (&slow->done, TRUE);
  return NULL;
}

static void
test_new (RestoreFixture *fixture,
          gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, data);
  g_autofree char *prefix = g_strconcat (fixture->name, "_restored_2", NULL);
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };
  g_autoptr(TideRestoreReport) report = restore_fixture_run (fixture, backup, &options);

  g_assert_true (g_str_has_prefix (report->database, prefix));
  g_assert_null (report->old_database);
  g_assert_cmpuint (report->problems->len, ==, 0);
  restore_fixture_assert (fixture, report->database, RESTORE_SUM, fixture->sum);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
}

/* Encoding and locale are the backup's, not those of the server */
static void
test_locale (RestoreFixture *fixture,
             gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "createdb -T template0 -E LATIN1 -l C ${DB}_latin;"
                                                                "pg_dump -Fc -f $OUT ${DB}_latin; dropdb ${DB}_latin");
  g_autofree char *into = g_strconcat (fixture->name, "_we\"ird $name\n='x'; host=\\", NULL);
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW, .into = into, .jobs = 2 };
  g_autoptr(TideRestoreReport) report = restore_fixture_run (fixture, backup, &options);
  g_autofree char *quoted = tide_quote_literal (into);
  g_autofree char *sql = g_strdup_printf ("SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = %s", quoted);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (report->database, ==, into);
  restore_fixture_assert (fixture, NULL, sql, "LATIN1|C");
  g_assert_null (tide_restore_run (backup, fixture->conninfo, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
}

/* ICU, which says more of a locale than its two old names, and a name that pg_restore refuses to write down: archive, SQL text with a
 * manifest, and SQL text without one, for the database that is there. */
static void
test_icu (RestoreFixture *fixture,
          gconstpointer   data)
{
  static const TideBackupFormat icu_formats[] = { TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_GZIP };
  static const char described[] = "SELECT count(*), min(datcollate), min(to_jsonb(d) ->> 'datlocprovider'),"
                                  " count(DISTINCT COALESCE(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))"
                                  " FROM pg_database d WHERE datname LIKE current_database() || '\\_odd%'";
  g_autofree char *name = g_strconcat (fixture->name, "_odd \"x\"\n'$y", NULL);
  g_autofree char *quoted = tide_quote_identifier (name);
  g_autofree char *create = g_strdup_printf ("CREATE DATABASE %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C'"
                                             " ENCODING 'UTF8'", quoted);
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };
  g_autoptr(GError) error = NULL;
  g_autofree char *version = tide_test_psql (fixture->conninfo, "SHOW server_version_num");

  if (atoi (version) < 150000)
    {
      g_test_skip ("no locale of ICU before PostgreSQL 15");
      return;
    }
  g_free (tide_test_psql (fixture->conninfo, create));
  tide_conninfo_set (conninfo, "dbname", name);
  for (guint i = 0; i < G_N_ELEMENTS (icu_formats); i++)
    {
      TideBackupOptions wanted = { .format = icu_formats[i], .compression = -1, .folder = fixture->folder };
      g_autoptr(TideBackup) backup = tide_backup_run (conninfo, &wanted, NULL, &error);
      g_autoptr(TideBackup) bare = NULL;
      g_autoptr(TideRestoreReport) report = NULL;
      g_autoptr(TideRestoreReport) again = NULL;

      g_assert_no_error (error);
      report = tide_restore_run (backup, conninfo, &options, NULL, &error);
      g_assert_no_error (error);
      g_assert_no_errno (g_unlink (backup->manifest_path));
      bare = tide_backup_open (backup->path, &error);
      g_assert_no_error (error);
      again = tide_restore_run (bare, conninfo, &options, NULL, &error);
      g_assert_no_error (error);
    }
  restore_fixture_assert (fixture, NULL, described, "5|C|i|1");
}

/* How far it is, is what the server says of the rows: they stop at the seventh thousand of ten, and so does the bar. A cancel leaves nothing. */
static void
test_progress (RestoreFixture *fixture,
               gconstpointer   data)
{
  g_autoptr(TideJob) job = tide_job_new ("test");
  TideBackupOptions wanted = { .compression = -1, .folder = fixture->folder };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *version = tide_test_psql (fixture->conninfo, "SHOW server_version_num");
  Slow slow = { .fixture = fixture, .job = job };
  g_autofree char *status = NULL;
  GThread *thread;
  double fraction;

  if (atoi (version) < 140000)
    {
      g_test_skip ("no progress of COPY before PostgreSQL 14");
      return;
    }
  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE FUNCTION slow(int) RETURNS bool LANGUAGE sql AS $$SELECT $1 < 7000 OR current_database() LIKE 't\\_%'"
                          " OR pg_sleep(600) IS NOT NULL$$; CREATE TABLE zz (i int CHECK (public.slow(i)));"
                          "INSERT INTO zz SELECT generate_series(0, 9999)"));
  backup = tide_backup_run (fixture->conninfo, &wanted, NULL, &error);
  g_assert_no_error (error);
  slow.backup = backup;
  thread = g_thread_new ("restore", restore_slowly, &slow);
  while ((fraction = tide_job_get_fraction (job)) < 0.5)
    {
      g_assert_false (g_atomic_int_get (&slow.done));
      g_usleep (20000);
    }
  g_assert_cmpfloat (fraction, <, 0.85);
  while (!g_regex_match_simple ("^restoring public\\.zz: [0-9.]+.*/s, [0-9]+ (s|min) left$", status ? status : "", 0, 0))
    {
      g_assert_false (g_atomic_int_get (&slow.done));
      g_usleep (20000);
      g_free (status);
      status = tide_job_dup_status (job);
    }
  tide_job_cancel (job);
  g_thread_join (thread);
  g_assert_error (slow.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&slow.error);
  restore_fixture_assert_untouched (fixture);
}

static void
test_only (RestoreFixture *fixture,
           gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  const char *only[] = { "my \"schema", NULL };
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW, .only = only };
  g_autoptr(TideRestoreReport) report = restore_fixture_run (fixture, backup, &options);

  g_assert_cmpuint (report->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (report->problems, 0), "foreign key"));
  restore_fixture_assert (fixture, report->database, "SELECT to_regclass('users'), count(*) FROM \"my \"\"schema\".\"odd$name'\n\\! x\"", "|3");
}

/* Chosen as the window does it, by number: they come with what is in them. */
static void
test_only_large_objects (RestoreFixture *fixture,
                         gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) toc = tide_restore_read_toc (backup, NULL, &error);
  g_autofree char *number = NULL;
  const char *only[] = { NULL, NULL };
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW, .only = only };
  g_autoptr(TideRestoreReport) report = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < toc->len && number == NULL; i++)
    {
      const TideTocEntry *entry = g_ptr_array_index (toc, i);

      if (g_str_equal (entry->kind, "BLOB") || g_str_equal (entry->kind, "BLOB METADATA"))
        number = g_strdup_printf ("#%d", entry->id);
    }
  only[0] = number;
  report = restore_fixture_run (fixture, backup, &options);
  restore_fixture_assert (fixture, report->database, "SELECT to_regclass('users'), convert_from(lo_get(4711), 'UTF8')", "|large");
}

static void
test_swap (RestoreFixture *fixture,
           gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  const char *name = fixture->name;
  g_autofree char *settings = g_strdup_printf ("ALTER DATABASE %s SET search_path = \"$user\", public, \"my \"\"schema\";"
                                               "ALTER DATABASE %s SET work_mem = '8MB'; ALTER DATABASE %s CONNECTION LIMIT 7;"
                                               "ALTER ROLE tide IN DATABASE %s SET my.own = 'it''s \\ so'; ALTER DATABASE %s SET my.other = '';"
                                               "COMMENT ON DATABASE %s IS 'it''s'; REVOKE ALL ON DATABASE %s FROM PUBLIC",
                                               name, name, name, name, name, name, name);
  static const char described[] = "SELECT datconnlimit, shobj_description(d.oid, 'pg_database'), datacl, datallowconn,"
                                  " (SELECT array_agg((setrole <> 0, setconfig)::text ORDER BY setrole) FROM pg_db_role_setting"
                                  "  WHERE setdatabase = d.oid) FROM pg_database d WHERE datname = current_database()";
  TideRestoreOptions options = { .mode = TIDE_RESTORE_SWAP };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRestoreReport) report = NULL;
  g_autoptr(TideSwapState) state = NULL;
  const TideKeptDatabase *kept;
  g_autofree char *before = NULL;
  g_autofree char *restored = NULL;

  g_free (tide_test_psql (fixture->conninfo, settings));
  before = tide_test_psql (fixture->conninfo, described);
  g_free (tide_test_psql (fixture->conninfo, "DELETE FROM \"my \"\"schema\".\"odd$name'\n\\! x\"; DELETE FROM users"));
  report = restore_fixture_run (fixture, backup, &options);
  g_assert_cmpstr (report->database, ==, name);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
  restore_fixture_assert (fixture, NULL, described, before);
  restore_fixture_assert (fixture, report->old_database, "SELECT count(*) FROM users", "0");

  state = tide_restore_read_swaps (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (state->closed);
  g_assert_cmpuint (state->kept->len, ==, 1);
  kept = g_ptr_array_index (state->kept, 0);
  g_assert_cmpstr (kept->name, ==, report->old_database);
  g_assert_cmpint (kept->bytes, >, 1000000);
  g_assert_cmpint (ABS (g_get_real_time () - kept->kept_at), <, 300 * G_USEC_PER_SEC);

  restored = tide_restore_swap_back (fixture->conninfo, report->old_database, FALSE, NULL, &error);
  g_assert_no_error (error);
  restore_fixture_assert (fixture, NULL, "SELECT count(*) FROM users", "0");
  restore_fixture_assert (fixture, NULL, described, before);
  restore_fixture_assert (fixture, restored, RESTORE_SUM, fixture->sum);
}

/* What a swap has kept goes when it is asked to, and nothing else does. */
static void
test_drop_kept (RestoreFixture *fixture,
                gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  const TideRestoreOptions options = { .mode = TIDE_RESTORE_SWAP };
  g_autoptr(TideRestoreReport) report = restore_fixture_run (fixture, backup, &options);
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideSwapState) state = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (tide_restore_drop_kept (fixture->conninfo, fixture->name, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_clear_error (&error);

  tide_conninfo_set (conninfo, "dbname", report->old_database);
  tide_conninfo_set (conninfo, "application_name", "somebody");
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (tide_restore_drop_kept (fixture->conninfo, report->old_database, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);
  tide_session_close (session);
  restore_fixture_wait_for (fixture, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'somebody'", "0");

  g_assert_true (tide_restore_drop_kept (fixture->conninfo, report->old_database, NULL, &error));
  g_assert_no_error (error);
  state = tide_restore_read_swaps (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (state->kept->len, ==, 0);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
}

static void
test_in_place (RestoreFixture *fixture,
               gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  TideRestoreOptions options = { .mode = TIDE_RESTORE_IN_PLACE };
  g_autoptr(TideRestoreReport) report = NULL;

  g_free (tide_test_psql (fixture->conninfo, "UPDATE users SET name = 'x'; CREATE TABLE stranger (); DROP VIEW v"));
  report = restore_fixture_run (fixture, backup, &options);
  g_assert_cmpstr (report->database, ==, fixture->name);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
  g_assert_cmpuint (report->problems->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (report->problems, 0), ==, "not in the backup, and still there: public.stranger");
}

/* One table goes back, what refers to it stays */
static void
test_in_place_only (RestoreFixture *fixture,
                    gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  const char *only[] = { "my \"schema.odd$name' \\! x", NULL };
  TideRestoreOptions options = { .mode = TIDE_RESTORE_IN_PLACE, .only = only };

  g_free (tide_test_psql (fixture->conninfo, "DELETE FROM \"my \"\"schema\".\"odd$name'\n\\! x\""));
  tide_restore_report_free (restore_fixture_run (fixture, backup, &options));
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
}

static void
test_roles (RestoreFixture *fixture,
            gconstpointer   data)
{
  g_autofree char *grant = g_strdup_printf ("CREATE ROLE \"%s gone\"; ALTER TABLE users OWNER TO \"%s gone\"; GRANT SELECT ON v TO \"%s gone\";"
                                            "GRANT SELECT ON v TO pg_monitor; GRANT INSERT (name) ON users TO PUBLIC; ALTER VIEW v OWNER TO pg_monitor",
                                            fixture->name, fixture->name, fixture->name);
  g_autofree char *drop = g_strdup_printf ("REASSIGN OWNED BY \"%s gone\" TO tide; DROP OWNED BY \"%s gone\"; DROP ROLE \"%s gone\"",
                                           fixture->name, fixture->name, fixture->name);
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideRestoreReport) report = NULL;

  g_free (tide_test_psql (fixture->conninfo, grant));
  backup = restore_fixture_dump (fixture, data);
  g_free (tide_test_psql (fixture->conninfo, drop));
  report = restore_fixture_run (fixture, backup, &options);
  g_assert_cmpuint (report->problems->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (report->problems, 0), " gone\" cannot be made owner here"));
  g_assert_nonnull (strstr (g_ptr_array_index (report->problems, 1), " gone\" were left out"));
  /* Those of the others are there. */
  restore_fixture_assert (fixture, report->database, "SELECT has_table_privilege('pg_monitor', 'v', 'SELECT'),"
                          " (SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attacl IS NOT NULL),"
                          " (SELECT string_agg(relowner::regrole::text, ' ' ORDER BY relname) FROM pg_class WHERE oid IN ('users'::regclass, 'v'::regclass))",
                          "t|1|tide pg_monitor");
  restore_fixture_assert (fixture, report->database, RESTORE_SUM, fixture->sum);
}

/* Each of several in the same second finds a name of its own. */
static gpointer
restore_beside (gpointer data)
{
  Slow *slow = data;
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };

  return tide_restore_run (slow->backup, slow->fixture->conninfo, &options, NULL, NULL);
}

static void
test_at_once (RestoreFixture *fixture,
              gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  Slow slow = { .fixture = fixture, .backup = backup };
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("restore", restore_beside, &slow);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr(TideRestoreReport) report = g_thread_join (threads[i]);

      g_assert_nonnull (report);
      g_assert_true (g_hash_table_add (names, g_strdup (report->database)));
      restore_fixture_assert (fixture, report->database, RESTORE_SUM, fixture->sum);
    }
}

/* A proof is of the files it was made of: one that was exchanged since is not restored in its name, and one whose bytes have
 * changed does not take the place of what is there. */
static void
test_replaced (RestoreFixture *fixture,
               gconstpointer   data)
{
  static const TideRestoreOptions modes[] = { { .mode = TIDE_RESTORE_NEW }, { .mode = TIDE_RESTORE_SWAP }, { .mode = TIDE_RESTORE_IN_PLACE } };
  TideBackupOptions options = { .folder = fixture->folder, .compression = 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) backup = tide_backup_run (fixture->conninfo, &options, NULL, &error);
  g_autoptr(TideBackup) other = restore_fixture_dump (fixture, "pg_dump -Fc -Z0 -T users -f $OUT $DB");
  g_autoptr(TideBackup) exchanged = NULL;
  g_autoptr(TideBackup) changed = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autofree char *original = NULL;
  g_autofree char *text = NULL;
  gsize length, other_length;
  char *row;

  g_assert_no_error (error);
  g_assert_null (backup->change);
  g_assert_true (g_file_get_contents (backup->path, &original, &length, NULL));
  g_assert_true (g_file_get_contents (other->path, &text, &other_length, NULL));
  g_assert_true (g_file_set_contents (backup->path, text, other_length, NULL));
  list = tide_library_list (fixture->folder, NULL);
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((TideBackup *) g_ptr_array_index (list, i))->path, backup->path))
      exchanged = tide_backup_ref (g_ptr_array_index (list, i));
  g_assert_cmpint (exchanged->manifest->level, ==, 0);
  g_assert_nonnull (exchanged->change);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr(GError) failure = restore_fixture_fail (fixture, exchanged, &modes[i], TIDE_ERROR_INVALID);

      g_assert_nonnull (strstr (failure->message, exchanged->change));
    }

  row = memmem (original, length, "\tuser 7\t", strlen ("\tuser 7\t"));
  g_assert_nonnull (row);
  row[6] = '8';
  g_assert_true (g_file_set_contents (backup->path, original, length, NULL));
  changed = tide_backup_open (backup->path, &error);
  g_assert_no_error (error);
  g_assert_null (changed->change);
  g_error_free (restore_fixture_fail (fixture, changed, &modes[2], TIDE_ERROR_INVALID));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (RestoreFixture *, gconstpointer);
    const char *data;
  } tests[] = {
    { "/restore/locale", test_locale, NULL },
    { "/restore/icu", test_icu, NULL },
    { "/restore/progress", test_progress, NULL },
    { "/restore/only", test_only, NULL },
    { "/restore/only-large-objects/custom", test_only_large_objects, "pg_dump -Fc -f $OUT $DB" },
    { "/restore/only-large-objects/directory", test_only_large_objects, "pg_dump -Fd -f $OUT $DB" },
    { "/restore/swap", test_swap, NULL },
    { "/restore/at-once", test_at_once, NULL },
    { "/restore/replaced", test_replaced, NULL },
    { "/restore/drop-kept", test_drop_kept, NULL },
    { "/restore/in-place", test_in_place, NULL },
    { "/restore/in-place-only", test_in_place_only, NULL },
    { "/restore/roles/custom", test_roles, "pg_dump -Fc -f $OUT $DB" },
    { "/restore/roles/plain", test_roles, "pg_dump -f $OUT $DB" },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = g_strdup_printf ("/restore/new/%u", i);

      g_test_add (path, RestoreFixture, formats[i], restore_fixture_set_up, test_new, restore_fixture_tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, RestoreFixture, tests[i].data, restore_fixture_set_up, tests[i].func, restore_fixture_tear_down);
  return g_test_run ();
}
