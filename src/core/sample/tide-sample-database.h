/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "project/tide-project.h"
#include "scratch/tide-scratch.h"

G_BEGIN_DECLS

/* Private to the sample room. One of the sample's databases and how far it is */
typedef struct
{
  const char *name;
  const char *variable;  /* what its URL is called in the templates */
  const char *deploy_to; /* (nullable): NULL: up to date */
  const char *script;    /* (nullable): a file; what is done to it by hand at the end */
} TideSampleDatabase;

/* Makes it on @scratch unless it is there: applied, seeded and applied again with real deploys of
 * @project. It gets its name last: an interrupted call leaves none half-made. @source: the sample's
 * files. Blocking */
gboolean tide_sample_database_make (const TideSampleDatabase  *self,
                                    TideScratch               *scratch,
                                    TideProject               *project,
                                    const char                *source,
                                    TideJob                   *job,
                                    GError                   **error);

G_END_DECLS
