/* SPDX-License-Identifier: GPL-3.0-or-later */
/* restore-child FILE HOST PORT USER DATABASE MODE: restores, to be killed on the way. MODE as TideRestoreMode. */
#include "config.h"

#include <stdlib.h>

#include "backup/tide-restore.h"

int
main (int   argc,
      char *argv[])
{
  static const char *const keywords[] = { "host", "port", "user", "dbname" };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideRestoreReport) report = NULL;
  g_autoptr(GError) error = NULL;
  TideRestoreOptions options = { 0 };

  g_assert_cmpint (argc, ==, 7);
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    tide_conninfo_set (conninfo, keywords[i], argv[i + 2]);
  options.mode = atoi (argv[6]);
  options.wait_ms = options.mode == TIDE_RESTORE_SWAP ? 60000 : 0;
  backup = tide_backup_open (argv[1], &error);
  if (backup != NULL)
    report = tide_restore_run (backup, conninfo, &options, NULL, &error);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return error != NULL;
}
