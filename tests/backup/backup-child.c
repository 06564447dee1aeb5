/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup-child FORMAT FOLDER HOST PORT USER DATABASE: makes a backup, to be killed on the way. Exits with MADE when it is made: GLib 2.74
 * may tell 0 of a process that was killed while something traced it, as the leak sanitizer does at the end. */
#include "config.h"

#include "backup/tide-backup.h"

#define MADE 2

int
main (int   argc,
      char *argv[])
{
  static const char *const keywords[] = { "host", "port", "user", "dbname" };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  TideBackupOptions options = { .with_roles = TRUE };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (argc, ==, 7);
  g_assert_true (tide_backup_format_from_string (argv[1], &options.format));
  options.compression = options.format == TIDE_BACKUP_FORMAT_TAR ? 0 : 1;
  options.folder = argv[2];
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    tide_conninfo_set (conninfo, keywords[i], argv[i + 3]);
  backup = tide_backup_run (conninfo, &options, NULL, &error);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return backup != NULL ? MADE : 1;
}
