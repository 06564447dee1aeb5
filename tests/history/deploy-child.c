/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deploy-child FOLDER HOST PORT USER DATABASE: applies a project, to be killed on the way. Exits 0
 * when all is applied. */
#include "config.h"

#include "history/tide-deploy.h"

int
main (int   argc,
      char *argv[])
{
  static const char *const keywords[] = { "host", "port", "user", "dbname" };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideDeployReport) report = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (argc, ==, 6);
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    tide_conninfo_set (conninfo, keywords[i], argv[i + 2]);
  project = tide_project_load (argv[1], &error);
  if (project != NULL)
    report = tide_deploy_run (project, conninfo, NULL, 0, NULL, &error);
  if (report != NULL && report->failure != NULL)
    error = g_error_copy (report->failure);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return error != NULL;
}
