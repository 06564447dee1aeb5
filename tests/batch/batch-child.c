/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch-child HOST PORT USER DATABASE SQL SIZE: runs a batched job in small batches and is made to be killed */
#include "config.h"

#include <stdlib.h>

#include "batch/tide-batch.h"

static gpointer
run (TideJob   *job,
     gpointer   data,
     GError   **error)
{
  char **argv = data;
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideBatchPlan) plan = NULL;
  TideBatchOptions options = { .size = atoi (argv[6]), .most = atoi (argv[6]) };

  tide_conninfo_set (conninfo, "host", argv[1]);
  tide_conninfo_set (conninfo, "port", argv[2]);
  tide_conninfo_set (conninfo, "user", argv[3]);
  tide_conninfo_set (conninfo, "dbname", argv[4]);
  session = tide_session_open (conninfo, NULL, error);
  plan = session ? tide_batch_plan_new (session, argv[5], NULL, error) : NULL;
  return plan ? tide_batch_run (conninfo, plan, &options, NULL, job, error) : NULL;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideJob) job = tide_job_new ("Batch");
  g_autofree TideBatchReport *report = argc == 7 ? tide_job_run (job, run, argv, &error) : NULL;

  if (report == NULL)
    g_printerr ("%s\n", error ? error->message : "usage");
  return report ? 0 : 1;
}
