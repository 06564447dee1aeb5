/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "config.h"

#include <glib/gstdio.h>

#include "support/tide-test.h"

static char *
run (const char *const *argv)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s\n%s", argv[0], error->message, err);
  return g_strchomp (g_steal_pointer (&out));
}

TideConninfo *
tide_test_create_database (void)
{
  static int counter;
  const char *host = g_getenv ("TIDE_TEST_PGHOST");
  g_autofree char *name = g_strdup_printf ("t_%d_%d", (int) getpid (), counter++);
  TideConninfo *conninfo = tide_conninfo_new ();

  if (host == NULL)
    {
      g_print ("1..0 # SKIP no test server: run under tests/support/with-postgres.sh\n");
      exit (77);
    }
  tide_conninfo_set (conninfo, "host", host);
  tide_conninfo_set (conninfo, "port", g_getenv ("TIDE_TEST_PGPORT"));
  tide_conninfo_set (conninfo, "user", g_getenv ("TIDE_TEST_PGUSER"));
  tide_conninfo_set (conninfo, "dbname", name);
  g_free (run ((const char *[]) { "createdb", "-h", host, "-p", g_getenv ("TIDE_TEST_PGPORT"),
                                  "-U", g_getenv ("TIDE_TEST_PGUSER"), name, g_getenv ("TIDE_TEST_CREATEDB"), NULL }));
  return conninfo;
}

char *
tide_test_psql (TideConninfo *conninfo,
                const char   *sql)
{
  return run ((const char *[]) { "psql", "-XAtq", "-v", "ON_ERROR_STOP=1",
                                 "-h", tide_conninfo_get (conninfo, "host"),
                                 "-p", tide_conninfo_get (conninfo, "port"),
                                 "-U", tide_conninfo_get (conninfo, "user"),
                                 "-d", tide_conninfo_get (conninfo, "dbname"), "-c", sql, NULL });
}

void
tide_test_drop_database (TideConninfo *conninfo)
{
  /* As --force does, which servers have since 13 */
  g_free (tide_test_psql (conninfo, "SELECT pg_terminate_backend (pid) FROM pg_stat_activity "
                                    "WHERE datname = current_database () AND pid <> pg_backend_pid ()"));
  g_free (run ((const char *[]) { "dropdb", "-h", tide_conninfo_get (conninfo, "host"),
                                  "-p", tide_conninfo_get (conninfo, "port"),
                                  "-U", tide_conninfo_get (conninfo, "user"),
                                  tide_conninfo_get (conninfo, "dbname"), NULL }));
}

char *
tide_test_dup_url (TideConninfo *conninfo)
{
  g_autofree char *host = g_uri_escape_string (tide_conninfo_get (conninfo, "host"), NULL, FALSE);

  return g_strdup_printf ("postgresql://%s@localhost:%s/%s?host=%s",
                          tide_conninfo_get (conninfo, "user"), tide_conninfo_get (conninfo, "port"),
                          tide_conninfo_get (conninfo, "dbname"), host);
}

char *
tide_test_make_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *path = g_dir_make_tmp ("tide-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

void
tide_test_remove_folder (const char *path)
{
  g_assert_true (g_str_has_prefix (path, g_get_tmp_dir ()));
  g_free (run ((const char *[]) { "rm", "-rf", "--", path, NULL }));
}

void
tide_test_write_file (const char *folder,
                      const char *relative_path,
                      const char *contents,
                      gssize      length)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, relative_path, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_no_errno (g_mkdir_with_parents (parent, 0755));
  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
}
