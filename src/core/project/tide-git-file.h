/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "project/tide-project.h"

G_BEGIN_DECLS

/* A migration's file as some commit of any branch has it */
typedef struct
{
  char   *id;     /* of its content, for tide_git_file_load() */
  char   *commit; /* the first characters of its hash */
  char   *branch; /* (nullable): one that has it now, where that is not the one checked out */
  char   *text;
  gsize   size;
} TideGitFile;

/* (transfer full) (nullable): the newest version of the file of migration @name whose checksum is @checksum (nullable: any).
 * NULL: git does not have it, or there is no git. Blocking */
TideGitFile *tide_git_file_find (TideProject   *project,
                                 const char    *name,
                                 const char    *checksum,
                                 GCancellable  *cancellable);
/* (transfer full) (nullable): the content that has that id */
GBytes      *tide_git_file_load (TideProject   *project,
                                 const char    *id);
void         tide_git_file_free (TideGitFile   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideGitFile, tide_git_file_free)

G_END_DECLS
