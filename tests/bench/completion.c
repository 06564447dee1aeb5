/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "query/tide-completion.h"
#include "support/tide-test.h"
#include "wire/tide-session.h"

/* completion [TABLES]: how long a person waits for proposals, and for the names they come from */

#define ROUNDS 50

static const char *const texts[] = {
  "SELECT * FROM |", "SELECT * FROM t|", "SELECT * FROM table_4|", "SELECT * FROM tb4|", "SELECT c| FROM table_7 t",
  "SELECT t.| FROM table_7 t JOIN table_8 u ON u.id = t.parent", "SELECT * FROM table_7 t JOIN |",
  "SELECT * FROM table_7 t JOIN table_8 u ON |", "SELECT a| FROM table_9", "UPDATE table_9 SET |", "|",
  "WITH a AS (SELECT * FROM table_1), b AS (SELECT a.*, t.* FROM a, table_2 t) SELECT * FROM b JOIN table_3 x ON x.|",
};

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

int
main (int    argc,
      char **argv)
{
  int n_tables = argc > 1 ? atoi (argv[1]) : 5000;
  TideConninfo *conninfo = tide_test_create_database ();
  g_autofree char *sql = g_strdup_printf (
    "DO $$ BEGIN FOR i IN 1..%d LOOP EXECUTE format('CREATE TABLE table_%%s (id int PRIMARY KEY, parent int %%s, c1 text, c2 text, "
    "c3 int, c4 int, c5 date, c6 date, c7 numeric, c8 numeric)', i, CASE WHEN i > 1 THEN 'REFERENCES table_' || i - 1 END);"
    "IF i %% 500 = 0 THEN COMMIT; END IF; END LOOP; END $$", n_tables);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideOutline) outline = NULL;
  g_autoptr(TideOutline) temporary = NULL;
  gint64 start;

  g_free (tide_test_psql (conninfo, sql));
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  start = g_get_monotonic_time ();
  outline = tide_outline_read (session, NULL, &error);
  g_assert_no_error (error);
  g_print ("reading the names of %d tables: %.1f ms\n", n_tables, (g_get_monotonic_time () - start) / 1000.0);

  g_ptr_array_unref (tide_session_run (session, "CREATE TEMPORARY TABLE mine (id int, own text)", NULL, &error));
  g_assert_no_error (error);
  temporary = tide_outline_read_temporary (session, NULL, &error);
  g_assert_no_error (error);
  start = g_get_monotonic_time ();
  tide_outline_unref (tide_outline_join (outline, temporary));
  g_print ("adding a temporary table to them: %.1f ms\n", (g_get_monotonic_time () - start) / 1000.0);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *bar = strchr (texts[i], '|');
      g_autofree char *text = g_strdup_printf ("%.*s%s", (int) (bar - texts[i]), texts[i], bar + 1);
      gint64 times[ROUNDS];

      for (guint j = 0; j < ROUNDS; j++)
        {
          start = g_get_monotonic_time ();
          tide_proposals_free (tide_completion_propose (outline, text, strlen (text), bar - texts[i]));
          times[j] = g_get_monotonic_time () - start;
        }
      qsort (times, ROUNDS, sizeof *times, compare_times);
      g_print ("%-100s median %5.2f ms  worst %5.2f ms  goal < 20 ms %s\n", texts[i], times[ROUNDS / 2] / 1000.0,
               times[ROUNDS - 1] / 1000.0, times[ROUNDS / 2] < 20000 ? "met" : "MISSED");
    }
  tide_session_close (session);
  tide_test_drop_database (conninfo);
  tide_conninfo_unref (conninfo);
  return 0;
}
