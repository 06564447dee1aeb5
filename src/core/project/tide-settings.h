/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-project.h"

G_BEGIN_DECLS

/* What a tidemark.json says */
typedef struct
{
  GPtrArray       *environments; /* (element-type TideEnvironmentSpec) */
  GPtrArray       *contacts;     /* (element-type TideContact) */
  GPtrArray       *ignores;      /* (element-type TideIgnoreSpec) */
  TideHooksSpec    hooks;
  TideBackupsSpec  backups;      /* folder: as it stands there, NULL where nothing is said */
} TideSettings;

TideEnvironmentSpec *tide_environment_spec_new (const char    *name,
                                                const char    *url,
                                                TideKind       kind);
TideSettings        *tide_settings_new         (void);
void                 tide_settings_free        (TideSettings  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSettings, tide_settings_free)
/* (transfer full) (nullable): @text is JSON and stands in @file; @warnings (element-type GError) gets what is odd */
TideSettings        *tide_settings_parse       (const char    *text,
                                                gssize         size,
                                                const char    *file,
                                                GPtrArray     *warnings,
                                                GError       **error);

/* Writes what @environment is for into ROOT/tidemark.json, atomically, and leaves everything else that stands there as it is.
 * @url: (nullable): its URL expression, for an environment that the file does not have yet */
gboolean             tide_settings_write_kind  (const char    *root,
                                                const char    *environment,
                                                const char    *url,
                                                TideKind       kind,
                                                GError       **error);
/* Adds a rule to "ignore" of "drift" there, or with @remove takes those out that say the same (whatever their reason); likewise
 * atomic, and leaving the rest as it is */
gboolean             tide_settings_write_ignore (const char           *root,
                                                 const TideIgnoreSpec *rule,
                                                 gboolean              remove,
                                                 GError              **error);

G_END_DECLS
