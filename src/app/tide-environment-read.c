/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-environment-read"

#include "config.h"

#include "tide-environment-read.h"

#include "history/tide-history.h"
#include "tide-error.h"

void
tide_environment_read_free (TideEnvironmentRead *read)
{
  g_clear_object (&read->project);
  g_clear_pointer (&read->name, g_free);
  g_clear_pointer (&read->target, tide_target_unref);
  g_clear_object (&read->session);
  g_clear_pointer (&read->timeline, tide_timeline_unref);
  g_clear_pointer (&read->fingerprint, g_free);
  g_clear_pointer (&read->server_version, g_free);
  g_free (read);
}

static gboolean
read_open (TideEnvironmentRead  *read,
           GCancellable         *cancellable,
           GError              **error)
{
  g_autoptr(TideConninfo) conninfo = NULL;

  if (read->target == NULL)
    read->target = tide_target_resolve (read->project, read->name, NULL, cancellable, error);
  if (read->target == NULL)
    return FALSE;

  if (read->session != NULL && !tide_session_is_lost (read->session))
    return TRUE;

  /* This session only ever looks, whatever the person may do elsewhere. */
  conninfo = tide_conninfo_copy (tide_target_get_conninfo (read->target));
  tide_conninfo_set_read_only (conninfo, TRUE);
  g_clear_object (&read->session);
  read->session = tide_session_open (conninfo, cancellable, error);
  return read->session != NULL;
}

static gboolean
read_ledger (TideEnvironmentRead  *read,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autoptr(TideHistory) history = tide_history_for_project (read->project);
  g_autofree char *fingerprint = tide_history_read_fingerprint (history, read->session, cancellable, error);
  gboolean same;

  if (fingerprint == NULL)
    return FALSE;
  same = read->only_changes && g_strcmp0 (fingerprint, read->fingerprint) == 0;
  if (same && read->n_running == 0)
    return TRUE;

  read->timeline = tide_history_read_timeline (history, read->project, read->session,
                                               cancellable, error);
  if (read->timeline == NULL)
    return FALSE;
  /* A deploy that was killed leaves the ledger as it is. */
  if (same && tide_timeline_count_running (read->timeline) == read->n_running)
    {
      g_clear_pointer (&read->timeline, tide_timeline_unref);
      return TRUE;
    }

  g_free (read->fingerprint);
  read->fingerprint = g_steal_pointer (&fingerprint);
  g_free (read->server_version);
  read->server_version = tide_session_dup_parameter (read->session, "server_version");
  return TRUE;
}

gboolean
tide_environment_read_run (TideEnvironmentRead  *read,
                           GCancellable         *cancellable,
                           GError              **error)
{
  gboolean reused = read->session != NULL;
  g_autoptr(GError) failure = NULL;

  if (read_open (read, cancellable, &failure) && read_ledger (read, cancellable, &failure))
    return TRUE;

  /* A connection that idled may have been dropped on the way; that is no trouble yet. */
  if (reused && g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_LOST))
    return read_open (read, cancellable, error) && read_ledger (read, cancellable, error);

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
