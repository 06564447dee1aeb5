/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-manifest.h"
#include "job/tide-job.h"

G_BEGIN_DECLS

/* The first step of the ladder, with what the second needs: reads @path, which is laid out as @format, from end to end.
 * @name: under which name its files are added to @found; @problems: (element-type utf8): gets what is wrong with it.
 * FALSE: cancelled; a bad backup is no error */
gboolean tide_verify_read (const char        *path,
                           const char        *name,
                           TideBackupFormat   format,
                           TideManifest      *found,
                           GPtrArray         *problems,
                           TideJob           *job,
                           GError           **error);

G_END_DECLS
