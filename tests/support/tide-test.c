/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "config.h"

#include <glib/gstdio.h>
#include <libpq-fe.h>

#include "support/tide-test.h"

static void
ignore_notice (void       *data,
               const char *text)
{
}

/* A psql of its own for each statement would take longer than most statements do */
static PGconn *
connect_to (TideConninfo *conninfo,
            const char   *dbname)
{
  const char *const keywords[] = { "host", "port", "user", "dbname", "client_encoding", "fallback_application_name", NULL };
  const char *const values[] = { tide_conninfo_get (conninfo, "host"), tide_conninfo_get (conninfo, "port"),
                                 tide_conninfo_get (conninfo, "user"), dbname, "UTF8", "psql", NULL };
  PGconn *connection = PQconnectdbParams (keywords, values, FALSE);

  if (PQstatus (connection) != CONNECTION_OK)
    g_error ("%s", PQerrorMessage (connection));
  PQsetNoticeProcessor (connection, ignore_notice, NULL);
  return connection;
}

static void
print_rows (const PGresult *result,
            GString        *out)
{
  for (int row = 0; row < PQntuples (result); row++)
    for (int column = 0; column < PQnfields (result); column++)
      g_string_append_printf (out, "%s%s", PQgetvalue (result, row, column), column + 1 < PQnfields (result) ? "|" : "\n");
}

static void
print_copy (PGconn  *connection,
            GString *out)
{
  char *line;

  while (PQgetCopyData (connection, &line, FALSE) > 0)
    {
      g_string_append (out, line);
      PQfreemem (line);
    }
}

/* (transfer full): what it prints; @complaint (transfer full): of the first statement that failed */
static char *
run_all (PGconn      *connection,
         const char  *sql,
         char       **complaint)
{
  GString *out = g_string_new (NULL);
  PGresult *result;

  if (!PQsendQuery (connection, sql))
    *complaint = g_strdup (PQerrorMessage (connection));
  while ((result = PQgetResult (connection)) != NULL)
    {
      ExecStatusType status = PQresultStatus (result);

      if (status == PGRES_COPY_OUT)
        print_copy (connection, out);
      else if (status == PGRES_COPY_IN)
        PQputCopyEnd (connection, "there is nothing to copy");
      else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY && *complaint == NULL)
        *complaint = g_strdup (PQresultErrorMessage (result));
      print_rows (result, out);
      PQclear (result);
    }
  return g_strchomp (g_string_free (out, FALSE));
}

G_GNUC_PRINTF (2, 3)
static char *
query (PGconn     *connection,
       const char *format,
       ...)
{
  g_autofree char *sql = NULL;
  g_autofree char *complaint = NULL;
  char *printed;
  va_list args;

  va_start (args, format);
  sql = g_strdup_vprintf (format, args);
  va_end (args);
  printed = run_all (connection, sql, &complaint);
  if (complaint != NULL)
    g_error ("%sin: %s", complaint, sql);
  return printed;
}

/* Where databases are made and dropped: one connection as long as the test lasts and stays with one server */
static PGconn *
get_maintenance_connection (TideConninfo *conninfo)
{
  static PGconn *connection;

  if (PQstatus (connection) != CONNECTION_OK || g_strcmp0 (PQhost (connection), tide_conninfo_get (conninfo, "host")) != 0)
    {
      PQfinish (connection);
      connection = connect_to (conninfo, "postgres");
    }
  return connection;
}

TideConninfo *
tide_test_create_database (void)
{
  static int counter;
  const char *host = g_getenv ("TIDE_TEST_PGHOST");
  g_autofree char *name = g_strdup_printf ("t_%d_%d", (int) getpid (), counter++);
  TideConninfo *conninfo = tide_conninfo_new ();
  const char *strategy = g_getenv ("TIDE_TEST_CREATEDB");

  if (host == NULL)
    {
      g_print ("1..0 # SKIP no test server: run under tests/support/with-postgres.sh\n");
      exit (77);
    }
  tide_conninfo_set (conninfo, "host", host);
  tide_conninfo_set (conninfo, "port", g_getenv ("TIDE_TEST_PGPORT"));
  tide_conninfo_set (conninfo, "user", g_getenv ("TIDE_TEST_PGUSER"));
  tide_conninfo_set (conninfo, "dbname", name);
  g_free (query (get_maintenance_connection (conninfo), "CREATE DATABASE \"%s\" %s", name, strategy ? strategy : ""));
  return conninfo;
}

char *
tide_test_psql (TideConninfo *conninfo,
                const char   *sql)
{
  PGconn *connection = connect_to (conninfo, tide_conninfo_get (conninfo, "dbname"));
  char *printed = query (connection, "%s", sql);

  PQfinish (connection);
  return printed;
}

char *
tide_test_try (TideConninfo *conninfo,
               const char   *sql)
{
  PGconn *connection = connect_to (conninfo, tide_conninfo_get (conninfo, "dbname"));
  char *complaint = NULL;

  g_free (run_all (connection, sql, &complaint));
  PQfinish (connection);
  return complaint;
}

void
tide_test_drop_database (TideConninfo *conninfo)
{
  const char *name = tide_conninfo_get (conninfo, "dbname");
  PGconn *connection = get_maintenance_connection (conninfo);
  gboolean has_force = PQserverVersion (connection) >= 130000;

  if (!has_force)
    g_free (query (connection, "SELECT pg_terminate_backend (pid) FROM pg_stat_activity WHERE datname = '%s'", name));
  g_free (query (connection, "DROP DATABASE \"%s\" %s", name, has_force ? "WITH (FORCE)" : ""));
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
  g_autoptr(GError) error = NULL;
  const char *const argv[] = { "rm", "-rf", "--", path, NULL };
  int status;

  g_assert_true (g_str_has_prefix (path, g_get_tmp_dir ()));
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
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
