/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "job/tide-job.h"

G_BEGIN_DECLS

/* Where the running sample stands. Immutable, atomically reference counted. */
typedef struct _TideSampleInfo TideSampleInfo;
struct _TideSampleInfo
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  char *project; /* the project folder, absolute */
  char *url;     /* of its development database, without a secret */
};

#define TIDE_TYPE_SAMPLE_INFO (tide_sample_info_get_type ())
GType           tide_sample_info_get_type (void);
TideSampleInfo *tide_sample_info_ref      (TideSampleInfo *self);
void            tide_sample_info_unref    (TideSampleInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSampleInfo, tide_sample_info_unref)

/* (transfer full): $XDG_DATA_HOME/tidemark/sample/broxiva */
char           *tide_sample_dup_default_folder (void);
/* Makes the sample in @folder (nullable: the default one) unless it is there, and starts its
 * PostgreSQL, which goes on running until tide_sample_stop(). Safe to call again, also after an
 * interrupted call. Blocking */
TideSampleInfo *tide_sample_start              (const char     *folder,
                                                TideJob        *job,
                                                GError        **error);
/* Stops its PostgreSQL; folder and data stay. Fine when it does not run. Blocking */
gboolean        tide_sample_stop               (const char     *folder,
                                                GCancellable   *cancellable,
                                                GError        **error);

G_END_DECLS
