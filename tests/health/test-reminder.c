/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "health/tide-reminder.h"
#include "support/tide-test.h"

#define DAY   (24 * 60 * 60)
#define START 1700000000

static void
test_clocks (void)
{
  const char *project = "/srv/a [project] ü=1";

  /* A project that is seen for the first time is left in peace for a whole interval. */
  g_assert_cmpint (tide_reminder_find_due (project, START), ==, -1);
  g_assert_cmpint (tide_reminder_find_due (project, START + 6 * DAY), ==, -1);
  g_assert_cmpint (tide_reminder_find_due (project, START + 8 * DAY), ==, TIDE_REMINDER_STATUS);
  tide_reminder_note (project, TIDE_REMINDER_STATUS, START + 8 * DAY);
  g_assert_cmpint (tide_reminder_find_due (project, START + 8 * DAY), ==, -1);
  /* The one that is due for longest comes first; then the others. */
  tide_reminder_note (project, TIDE_REMINDER_STATUS, START + 95 * DAY);
  g_assert_cmpint (tide_reminder_find_due (project, START + 96 * DAY), ==, TIDE_REMINDER_VACUUM);
  tide_reminder_note (project, TIDE_REMINDER_VACUUM, START + 96 * DAY);
  g_assert_cmpint (tide_reminder_find_due (project, START + 96 * DAY), ==, TIDE_REMINDER_CLEAN_UP);
  /* Each project has clocks of its own; one that stands in the future starts anew. */
  g_assert_cmpint (tide_reminder_find_due ("/srv/other", START + 96 * DAY), ==, -1);
  g_assert_cmpint (tide_reminder_find_due (project, START), ==, -1);
  g_assert_cmpint (tide_reminder_find_due (project, START + 8 * DAY), ==, TIDE_REMINDER_STATUS);
}

static void
test_broken_file (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "tidemark", NULL);

  tide_test_write_file (folder, "reminders.ini", "[half\nstatus=\xff\n", -1);
  g_assert_cmpint (tide_reminder_find_due ("/srv/x", START), ==, -1);
  g_assert_cmpint (tide_reminder_find_due ("/srv/x", START + 8 * DAY), ==, TIDE_REMINDER_STATUS);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = tide_test_make_folder ();
  int result;

  g_setenv ("XDG_STATE_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/reminder/clocks", test_clocks);
  g_test_add_func ("/health/reminder/broken-file", test_broken_file);
  result = g_test_run ();
  tide_test_remove_folder (home);
  return result;
}
