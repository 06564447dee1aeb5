/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "restore-fixture.h"
#include "tide-error.h"

#define FILL "CREATE SCHEMA \"my \"\"schema\"; CREATE TYPE mood AS ENUM ('sad', 'ok');" \
             "CREATE TABLE users (id serial PRIMARY KEY, name text, mood mood DEFAULT 'ok');" \
             "INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, 500) i;" \
             "CREATE TABLE \"my \"\"schema\".\"odd$name'\n\\! x\" (t text, u int REFERENCES users);" \
             "INSERT INTO \"my \"\"schema\".\"odd$name'\n\\! x\" VALUES (E'\\\\! touch x', 1), (E'\\\\.', 2), (E'a\\n\\\\.\\nb', 3);" \
             "CREATE INDEX ON users (name); CREATE VIEW v AS SELECT * FROM users; SELECT lo_from_bytea(4711, 'large');"

void
restore_fixture_set_up (RestoreFixture *self,
                        gconstpointer   data)
{
  self->conninfo = tide_test_create_database ();
  self->folder = tide_test_make_folder ();
  self->name = g_strdup (tide_conninfo_get (self->conninfo, "dbname"));
  g_free (tide_test_psql (self->conninfo, FILL));
  self->sum = tide_test_psql (self->conninfo, RESTORE_SUM);
}

/* With what restores made of it */
void
restore_fixture_tear_down (RestoreFixture *self,
                           gconstpointer   data)
{
  g_autofree char *end = g_strdup_printf ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(datname, '%s_')", self->name);
  g_autofree char *sql = g_strdup_printf ("SELECT string_agg(format('DROP DATABASE %%I', datname), ';;') FROM pg_database"
                                          " WHERE starts_with(datname, '%s_')", self->name);
  g_autofree char *drops = tide_test_psql (self->conninfo, sql);
  g_auto(GStrv) each = g_strsplit (drops, ";;", -1);

  g_free (tide_test_psql (self->conninfo, end));
  for (guint i = 0; each[i] != NULL && *each[i] != '\0'; i++)
    g_free (tide_test_psql (self->conninfo, each[i]));
  tide_test_drop_database (self->conninfo);
  tide_test_remove_folder (self->folder);
  tide_conninfo_unref (self->conninfo);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->sum);
}

static TideBackup *
open_backup (RestoreFixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "b", NULL);
  g_autoptr(GError) error = NULL;
  TideBackup *backup = tide_backup_open (path, &error);

  g_assert_no_error (error);
  return backup;
}

TideBackup *
restore_fixture_dump (RestoreFixture *self,
                      const char     *shell)
{
  g_autofree char *path = g_build_filename (self->folder, "b", NULL);
  g_autofree char *script = g_strdup_printf ("export PGHOST='%s' PGPORT='%s' PGUSER='%s' DB='%s' OUT='%s'; %s",
                                             tide_conninfo_get (self->conninfo, "host"), tide_conninfo_get (self->conninfo, "port"),
                                             tide_conninfo_get (self->conninfo, "user"), self->name, path, shell);
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char *[]) { (char *) "sh", (char *) "-ec", script, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return open_backup (self);
}

TideBackup *
restore_fixture_write (RestoreFixture *self,
                       const char     *body)
{
  g_autofree char *text = g_strdup_printf ("--\n-- PostgreSQL database dump\n--\n\n%s\n--\n-- PostgreSQL database dump complete\n--\n", body);

  tide_test_write_file (self->folder, "b", text, -1);
  return open_backup (self);
}

TideRestoreReport *
restore_fixture_run (RestoreFixture           *self,
                     TideBackup               *backup,
                     const TideRestoreOptions *options)
{
  g_autoptr(GError) error = NULL;
  TideRestoreReport *report = tide_restore_run (backup, self->conninfo, options, NULL, &error);

  g_assert_no_error (error);
  return report;
}

GError *
restore_fixture_fail (RestoreFixture           *self,
                      TideBackup               *backup,
                      const TideRestoreOptions *options,
                      int                       code)
{
  GError *error = NULL;

  g_assert_null (tide_restore_run (backup, self->conninfo, options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, code);
  g_test_message ("%s", error->message);
  restore_fixture_assert_untouched (self);
  return error;
}

static char *
query (RestoreFixture *self,
       const char     *database,
       const char     *sql)
{
  g_autoptr(TideConninfo) other = tide_conninfo_copy (self->conninfo);

  if (database != NULL)
    tide_conninfo_set (other, "dbname", database);
  return tide_test_psql (other, sql);
}

void
restore_fixture_assert (RestoreFixture *self,
                        const char     *database,
                        const char     *sql,
                        const char     *expected)
{
  g_autofree char *found = query (self, database, sql);

  g_assert_cmpstr (found, ==, expected);
}

void
restore_fixture_wait_for (RestoreFixture *self,
                          const char     *sql,
                          const char     *expected)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *found = query (self, NULL, sql);

      if (g_str_equal (found, expected))
        return;
      g_usleep (10000);
    }
  g_error ("\"%s\" did not become \"%s\"", sql, expected);
}

void
restore_fixture_assert_untouched (RestoreFixture *self)
{
  g_autofree char *made = g_strdup_printf ("SELECT count(*) FROM pg_database d WHERE starts_with(datname, '%s_') OR shobj_description(oid,"
                                           " 'pg_database') LIKE '%%for \"%s\"%%'", self->name, self->name);

  restore_fixture_assert (self, NULL, RESTORE_SUM, self->sum);
  restore_fixture_assert (self, NULL, made, "0");
  restore_fixture_wait_for (self, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'", "0");
}
