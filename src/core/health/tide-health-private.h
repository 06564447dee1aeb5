/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gi18n.h>

#include "health/tide-health.h"

G_BEGIN_DECLS

/**
 * TideHealthProbe:
 * @quick: whether it belongs to the quick form
 * @aside: whether a second connection asks it at the same time: what reads the catalog through, which takes the server as long as all else
 * @dup_sql: (transfer full): one statement that asks the server; it runs with an empty search path, waits for no lock and must
 *   not fail for lack of rights
 * @judge: makes checks of what came
 *
 * One question to the server. Many of them go there in one message; when one of them fails, each goes alone.
 */
typedef struct
{
  const char *group;
  const char *id;      /* of its first check: the one that is UNKNOWN when the question fails */
  const char *title;   /* N_() */
  gboolean    quick;
  gboolean    aside;
  char     *(*dup_sql) (int server_version);
  void      (*judge)   (TideHealth *health, TideResult *result);
} TideHealthProbe;

extern const TideHealthProbe tide_health_server_probes[];
extern const TideHealthProbe tide_health_session_probes[];
extern const TideHealthProbe tide_health_catalog_probes[];
extern const TideHealthProbe tide_health_index_probes[];
extern const TideHealthProbe tide_health_schema_probes[];

TideHealth      *tide_health_new            (TideSession     *session);
TideHealthCheck *tide_health_check_new      (const char      *group,
                                             const char      *id,
                                             const char      *title);
void             tide_health_check_unref    (TideHealthCheck *self);
void             tide_health_add_drift      (TideHealth      *self);
TideHealth      *tide_health_dup_so_far     (TideHealth      *self);
void             tide_health_sort           (TideHealth      *self);
TideHealthCheck *tide_health_add            (TideHealth      *self,
                                             const char      *group,
                                             const char      *id,
                                             const char      *title);
void             tide_health_check_worsen   (TideHealthCheck *self,
                                             TideHealthState  state);
TideHealthRow   *tide_health_check_take_row (TideHealthCheck *self,
                                             TideHealthState  state,
                                             char            *title,
                                             char            *text);
void             tide_health_judge_tables   (TideHealth      *self,
                                             TideResult      *catalog);
void             tide_health_judge_indexes  (TideHealth      *self,
                                             TideResult      *catalog);
TideHealthCheck *tide_health_check_tools    (int              server_major);
void             tide_health_look_at_project (TideHealth     *self,
                                             TideProject     *project,
                                             TideSession     *session,
                                             GCancellable    *cancellable);

G_END_DECLS
