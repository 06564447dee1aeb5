/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tide-libgit2.h"
#include <git2.h>

G_BEGIN_DECLS

/* The repository around @root; @relative (nullable): @path below its top. (transfer full) (nullable) */
git_repository *tide_git_history_open (const char  *root,
                                       const char  *path,
                                       char       **relative);

/* Called for each folder that a commit has and none of its parents has; @commit is borrowed. Newer ones come first */
typedef void (*TideGitAdded) (const char *folder,
                              git_commit *commit,
                              gpointer    user_data);

/* Walks all that HEAD descends from, looking at the tree at @path (relative to the repository's top) alone.
 * What cannot be read ends there: a shallow clone is a short history. FALSE: cancelled */
gboolean tide_git_history_walk (git_repository  *repository,
                                const char      *path,
                                TideGitAdded     added,
                                gpointer         user_data,
                                GCancellable    *cancellable,
                                GError         **error);

G_END_DECLS
