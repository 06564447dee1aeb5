/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Names the socket file; the folder is the server's own, so the number need not be. */
#define TIDE_SCRATCH_PORT 5432

/**
 * TideScratchPlace:
 * @directory: where the server's files are
 * @socket_dir: where its socket is; @directory unless that is too long for a socket's path
 * @owner: whose files and processes they are: ours, or as root those of an unprivileged user
 * @group: the first group of @owner
 * @keeps_data: whether a start takes up the data of the one before, instead of beginning afresh
 *
 * Where a private server lives. Private to the room.
 */
typedef struct
{
  char     *directory;
  char     *socket_dir;
  uid_t     owner;
  gid_t     group;
  gboolean  keeps_data;
} TideScratchPlace;

TideScratchPlace *tide_scratch_place_new      (const char              *directory,
                                               GError                 **error);
void              tide_scratch_place_free     (TideScratchPlace        *self);
gboolean          tide_scratch_place_make     (const TideScratchPlace  *self,
                                               GError                 **error);
char             *tide_scratch_place_dup_path (const TideScratchPlace  *self,
                                               const char              *name);
int               tide_scratch_place_open     (const TideScratchPlace  *self,
                                               const char              *name,
                                               GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideScratchPlace, tide_scratch_place_free)

G_END_DECLS
