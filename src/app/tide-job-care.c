/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-job-care"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-job-care.h"

static const struct
{
  const char *inhibits; /* (nullable) */
  const char *closing;
} cares[] = {
  [TIDE_CARE_NONE] = { NULL, N_("It is cancelled. Nothing else is lost.") },
  [TIDE_CARE_PREPARE] = {
    N_("A deploy is under way"),
    N_("No migration has been applied yet, and none will be: the database stays as it is."),
  },
  [TIDE_CARE_DEPLOY] = {
    N_("Migrations are being applied"),
    N_("The migrations that are done stay applied. The one that runs is taken back by the server where it runs in one "
       "transaction; where it does not, the statements before this one stay, and the ledger says that it failed."),
  },
  [TIDE_CARE_LEDGER] = {
    N_("The ledger is being written"),
    N_("The ledger is either written or stays as it was."),
  },
  [TIDE_CARE_RESET] = {
    N_("A database is being reset"),
    N_("The database has been emptied, and stays without the migrations that were not applied again."),
  },
  [TIDE_CARE_BACKUP] = {
    N_("A backup is being made"),
    N_("The unfinished file is removed: there will be no new backup. Those made before stay."),
  },
  [TIDE_CARE_VERIFY] = { N_("A backup is being verified"), N_("The backup stays, proved no further than before.") },
  [TIDE_CARE_RESTORE] = {
    N_("A backup is being restored"),
    N_("The half-restored database is dropped. The database in use stays as it is."),
  },
  [TIDE_CARE_RESTORE_IN_PLACE] = {
    N_("A backup is being restored"),
    N_("The server takes back what was restored so far: the database stays as it was before."),
  },
  [TIDE_CARE_SWAP] = {
    N_("A database is being swapped"),
    N_("The databases have either changed names or not; the Backups page tells which, and the way back."),
  },
  [TIDE_CARE_ROLL_BACK] = {
    N_("A database is being rolled back"),
    N_("Unless the databases have been swapped already, the database stays as it is now, with what the deploy did to it. "
       "Hooks that have not run yet do not run: what was stopped stays stopped."),
  },
  [TIDE_CARE_BATCH] = {
    N_("Rows are being changed in batches"),
    N_("The batches that are committed stay; the one that runs is taken back. It can be resumed."),
  },
  [TIDE_CARE_MAINTAIN] = { N_("A database is being maintained"), N_("What has been done stays; no row is lost.") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (cares) == N_TIDE_CARES);

static G_DEFINE_QUARK (tide-job-care, care)
static G_DEFINE_QUARK (tide-job-page, page)

static TideCare
get_care (TideJob *job)
{
  return GPOINTER_TO_INT (g_object_get_qdata (G_OBJECT (job), care_quark ()));
}

void
tide_job_set_care (TideJob    *job,
                   TideCare    care,
                   const char *page)
{
  g_return_if_fail (TIDE_IS_JOB (job));
  g_return_if_fail (care < N_TIDE_CARES);

  g_object_set_qdata (G_OBJECT (job), care_quark (), GINT_TO_POINTER (care));
  g_object_set_qdata (G_OBJECT (job), page_quark (), (gpointer) page);
}

const char *
tide_job_get_page (TideJob *job)
{
  g_return_val_if_fail (TIDE_IS_JOB (job), NULL);
  return g_object_get_qdata (G_OBJECT (job), page_quark ());
}

const char *
tide_job_get_inhibits (TideJob *job)
{
  g_return_val_if_fail (TIDE_IS_JOB (job), NULL);
  return cares[get_care (job)].inhibits ? _(cares[get_care (job)].inhibits) : NULL;
}

const char *
tide_job_get_closing (TideJob *job)
{
  g_return_val_if_fail (TIDE_IS_JOB (job), NULL);
  return _(cares[get_care (job)].closing);
}
