/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideScratch:
 *
 * A private PostgreSQL of our own: made once in the user's cache folder, started on demand, reachable
 * by unix socket and the current user only, fsync off, stopped when its last user leaves, also when
 * that user crashed. Two programs may hold it at once. As root it runs as an unprivileged user.
 *
 * Holding a reference keeps the server running. All calls block: use a #TideJob or a #GTask thread.
 */
#define TIDE_TYPE_SCRATCH (tide_scratch_get_type ())
G_DECLARE_FINAL_TYPE (TideScratch, tide_scratch, TIDE, SCRATCH, GObject)

/* @directory: (nullable): NULL for $XDG_CACHE_HOME/tidemark/scratch. Errors: NOT_FOUND with the package to install when no
 * server binaries are there */
TideScratch  *tide_scratch_acquire         (const char    *directory,
                                            GCancellable  *cancellable,
                                            GError       **error);
/* The same for a cluster whose databases stay when the server is stopped, killed or the machine restarted (as far as the
 * speed of an unsafe server lets them: after a power cut it may be empty); those made here are not dropped either */
TideScratch  *tide_scratch_acquire_kept    (const char    *directory,
                                            GCancellable  *cancellable,
                                            GError       **error);
/* (transfer full): an empty database (from a template, well under a second), dropped when the scratch is next started
 * if nobody did it before. @prefix: (nullable): a readable part of its name */
TideConninfo *tide_scratch_create_database (TideScratch   *self,
                                            const char    *prefix,
                                            GCancellable  *cancellable,
                                            GError       **error);
/* The same in another encoding or locale: @settings is what CREATE DATABASE says of them */
TideConninfo *tide_scratch_create_database_like
                                           (TideScratch   *self,
                                            const char    *settings,
                                            const char    *prefix,
                                            GCancellable  *cancellable,
                                            GError       **error);
/* A copy of @template_name, for histories replayed step by step */
TideConninfo *tide_scratch_clone_database  (TideScratch   *self,
                                            const char    *template_name,
                                            const char    *prefix,
                                            GCancellable  *cancellable,
                                            GError       **error);
gboolean      tide_scratch_drop_database   (TideScratch   *self,
                                            const char    *name,
                                            GCancellable  *cancellable,
                                            GError       **error);
/* (transfer full): how to reach @dbname on it, as the superuser "tidemark" */
TideConninfo *tide_scratch_dup_conninfo    (TideScratch   *self,
                                            const char    *dbname);
/* Keeps the server running after this process has gone, until tide_scratch_stop() or until the machine goes down
 * (the sample project needs it). Every start begins empty. */
gboolean      tide_scratch_set_lingering   (TideScratch   *self,
                                            gboolean       lingering,
                                            GError       **error);

typedef struct
{
  gboolean  running;
  gboolean  lingering;
  char     *directory;
  char     *bindir;      /* nullable: none installed */
  char     *version;     /* "15.18" */
  int       port;        /* names the socket file */
  char     *socket_dir;
} TideScratchStatus;

/* Without starting anything */
TideScratchStatus *tide_scratch_query_status (const char         *directory,
                                              GError            **error);
void               tide_scratch_status_free  (TideScratchStatus  *status);
/* Stops it whoever uses it; an interrupted one included */
gboolean           tide_scratch_stop         (const char         *directory,
                                              GCancellable       *cancellable,
                                              GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideScratchStatus, tide_scratch_status_free)

G_END_DECLS
