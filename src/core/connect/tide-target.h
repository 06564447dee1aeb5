/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "project/tide-project.h"
#include "tide-kind.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideTarget:
 *
 * The database that a person means: resolved from an environment of the project, a URL, a profile, a
 * service, or `DATABASE_URL`, with its kind and with the password found where passwords are kept.
 * Immutable, atomically reference counted.
 */
typedef struct _TideTarget TideTarget;

#define TIDE_TYPE_TARGET (tide_target_get_type ())
GType         tide_target_get_type      (void);
/* Precedence as the command line's contract: @url, @environment, DATABASE_URL of the process, of .env.
 * @project: (nullable). Blocking (the keyring may ask). Errors: USAGE (and which environments there are), NOT_FOUND, INVALID */
TideTarget   *tide_target_resolve       (TideProject       *project,
                                         const char        *environment,
                                         const char        *url,
                                         GCancellable      *cancellable,
                                         GError           **error);
TideTarget   *tide_target_ref           (TideTarget        *self);
void          tide_target_unref         (TideTarget        *self);
const char   *tide_target_get_name      (const TideTarget  *self); /* the environment's name; "DATABASE_URL"; or the label */
TideKind      tide_target_get_kind      (const TideTarget  *self);
TideConninfo *tide_target_get_conninfo  (const TideTarget  *self); /* (transfer none) */
/* (transfer none) (element-type utf8) */
GPtrArray    *tide_target_get_warnings  (const TideTarget  *self);
/* (transfer full): the same target, reached with @password, which a person has just typed */
TideTarget   *tide_target_with_password (const TideTarget  *self,
                                         const char        *password);
/* (transfer full): the same target where nobody has said yet what it is for, and a person just has */
TideTarget   *tide_target_with_kind     (const TideTarget  *self,
                                         TideKind           kind);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideTarget, tide_target_unref)

G_END_DECLS
