/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "project/tide-project.h"

G_BEGIN_DECLS

/**
 * TideAuthorship:
 *
 * Who brought each migration into git, and with which commit: the oldest commit that added its folder.
 * Immutable, atomically reference counted. A folder outside git has none, and that is no error.
 */
typedef struct _TideAuthorship TideAuthorship;

typedef struct
{
  char   *author;   /* name */
  char   *email;
  char   *commit;   /* full hash */
  char   *subject;
  gint64  time;     /* seconds since the epoch, UTC */
} TideCommit;

#define TIDE_TYPE_AUTHORSHIP (tide_authorship_get_type ())
GType             tide_authorship_get_type (void);
/* Blocking; one walk of the history for all migrations */
TideAuthorship   *tide_authorship_load     (TideProject          *project,
                                            GCancellable         *cancellable,
                                            GError              **error);
TideAuthorship   *tide_authorship_ref      (TideAuthorship       *self);
void              tide_authorship_unref    (TideAuthorship       *self);
/* (transfer none) (nullable): NULL for one that is not committed */
const TideCommit *tide_authorship_lookup   (const TideAuthorship *self,
                                            const char           *migration_name);
gboolean          tide_authorship_has_repository (const TideAuthorship *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideAuthorship, tide_authorship_unref)

G_END_DECLS
