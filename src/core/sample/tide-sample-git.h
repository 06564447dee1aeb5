/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Private to the sample room. Makes @folder a git repository with the commits that the JSON file
 * @script tells: [{"author","email","time","subject","paths"}], so that every migration has an
 * author. Blocking */
gboolean tide_sample_git_make (const char  *folder,
                               const char  *script,
                               GError     **error);

G_END_DECLS
