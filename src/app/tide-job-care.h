/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"

G_BEGIN_DECLS

/**
 * TideCare:
 *
 * What a job of the window means to the desktop while it runs and to the person who closes the window during it. Jobs are of
 * %TIDE_CARE_NONE until told otherwise; a long one may change as it goes on.
 */
typedef enum
{
  TIDE_CARE_NONE,             /* cancelling it loses nothing but its time */
  TIDE_CARE_PREPARE,          /* of a deploy: nothing is changed so far */
  TIDE_CARE_DEPLOY,           /* migrations are being applied */
  TIDE_CARE_LEDGER,           /* a row of the ledger is being written */
  TIDE_CARE_RESET,            /* a database is being emptied and filled again */
  TIDE_CARE_BACKUP,
  TIDE_CARE_VERIFY,
  TIDE_CARE_RESTORE,          /* into a new database beside the one that is in use */
  TIDE_CARE_RESTORE_IN_PLACE,
  TIDE_CARE_SWAP,             /* two databases change names */
  TIDE_CARE_ROLL_BACK,
  TIDE_CARE_BATCH,            /* rows are being changed in small transactions */
  TIDE_CARE_MAINTAIN,
  N_TIDE_CARES,
} TideCare;

/* @page: (nullable): static: the page of the window, or the window, that shows what came of it, as in app.show-page */
void        tide_job_set_care     (TideJob    *job,
                                   TideCare    care,
                                   const char *page);
const char *tide_job_get_page     (TideJob    *job); /* (nullable) */
/* Why the session must not end or sleep while it runs; NULL: it may */
const char *tide_job_get_inhibits (TideJob    *job);
/* What closing the window now does to it */
const char *tide_job_get_closing  (TideJob    *job);

G_END_DECLS
