/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-target.h"
#include "history/tide-timeline.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* One read, as it goes to its thread and comes back: what is given is reused, the rest is made. */
typedef struct
{
  TideProject  *project;
  char         *name;
  TideTarget   *target;
  TideSession  *session;
  TideTimeline *timeline;     /* NULL afterwards: the ledger is as it was */
  char         *fingerprint;
  char         *server_version;
  gboolean      only_changes;
  guint         n_running;    /* of the timeline that "fingerprint" was made with */
} TideEnvironmentRead;

void     tide_environment_read_free (TideEnvironmentRead  *read);
/* Blocking. Also on failure @read holds what was found until then */
gboolean tide_environment_read_run  (TideEnvironmentRead  *read,
                                     GCancellable         *cancellable,
                                     GError              **error);

G_END_DECLS
