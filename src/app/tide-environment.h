/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "connect/tide-target.h"
#include "history/tide-timeline.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_ENVIRONMENT_IDLE,        /* never read */
  TIDE_ENVIRONMENT_LOADING,     /* being read, the old timeline stays shown */
  TIDE_ENVIRONMENT_READY,
  TIDE_ENVIRONMENT_FAILED,      /* "error" says why */
} TideEnvironmentState;

#define TIDE_TYPE_ENVIRONMENT_STATE (tide_environment_state_get_type ())
GType tide_environment_state_get_type (void);

/**
 * TideEnvironment:
 *
 * One database of the open project, as the window shows it. Properties, all read-only and notified on
 * the main thread: "name" (string), "kind" (#TideKind), "label" (string: "broxiva on /run/... as ada"),
 * "state" (#TideEnvironmentState), "timeline" (boxed #TideTimeline, nullable), "n-pending" (uint),
 * "error" (boxed #GError, nullable), "target" (boxed #TideTarget, nullable), "server-version" (string, nullable).
 * It keeps one session open for cheap polling.
 */
#define TIDE_TYPE_ENVIRONMENT (tide_environment_get_type ())
G_DECLARE_FINAL_TYPE (TideEnvironment, tide_environment, TIDE, ENVIRONMENT, GObject)

/* May be made and told to refresh in a thread that then hands it over to the main one */
TideEnvironment      *tide_environment_new          (TideProject               *project,
                                                     const TideEnvironmentSpec *spec);
/* Takes what a project that was read again says of it; an unchanged URL keeps the session. Does not read. */
void                  tide_environment_set_project  (TideEnvironment           *self,
                                                     TideProject               *project,
                                                     const TideEnvironmentSpec *spec);
const char           *tide_environment_get_name     (TideEnvironment *self);
TideKind              tide_environment_get_kind     (TideEnvironment *self);
const char           *tide_environment_get_label    (TideEnvironment *self);
TideEnvironmentState  tide_environment_get_state    (TideEnvironment *self);
TideTimeline         *tide_environment_get_timeline (TideEnvironment *self); /* (transfer none) (nullable) */
TideTarget           *tide_environment_get_target   (TideEnvironment *self); /* (transfer none) (nullable) */
const GError         *tide_environment_get_error    (TideEnvironment *self);
void                  tide_environment_refresh      (TideEnvironment *self); /* in the background */
/* As refresh, with the URL, the profile and the password looked up again and a new connection */
void                  tide_environment_reconnect    (TideEnvironment *self);
/* Reads it anew with a password that a person has just typed; kept until the connection is looked up again */
void                  tide_environment_take_password (TideEnvironment *self,
                                                      const char      *password);
/* Asks the ledger cheaply whether it changed and reads it only then; leaves one that failed alone */
void                  tide_environment_poll         (TideEnvironment *self);

G_END_DECLS
