/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup-child FORMAT FOLDER HOST PORT USER DATABASE: makes a backup, to be killed on the way. Exits 0 when it is made. */
#include "config.h"

#include "backup/tide-backup.h"

int
main (int   argc,
      char *argv[])
{
  static const char *const keywords[] = { "host", "port", "user", "dbname" };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  TideBackupOptions options = { .compression = 1, .jobs = 0, .with_roles = TRUE };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (argc, ==, 7);
  g_assert_true (tide_backup_format_from_string (argv[1], &options.format));
  options.folder = argv[2];
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    tide_conninfo_set (conninfo, keywords[i], argv[i + 3]);
  backup = tide_backup_run (conninfo, &options, NULL, &error);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return backup == NULL;
}
