/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-replay"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-deploy-private.h"
#include "history/tide-replay.h"
#include "history/tide-script-runner.h"

/**
 * tide_replay_prepare:
 * @project: whose history it is
 * @conninfo: an empty database
 * @cancellable: (nullable): cancels
 * @error: the server's
 *
 * Migrations may touch the ledger (a policy, a grant), so it must be there.
 *
 * Returns: whether the first migration can be run
 */
gboolean
tide_replay_prepare (TideProject   *project,
                     TideConninfo  *conninfo,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, error);
  gboolean prepared;

  if (session == NULL)
    return FALSE;
  prepared = TIDE_HISTORY_GET_IFACE (history)->prepare (history, session, TRUE, cancellable, error);
  tide_session_close (session);
  return prepared;
}

static gboolean
go_on (const TideLedgerNote  *note,
       gpointer               user_data,
       GError               **error)
{
  return TRUE;
}

static gboolean
run_file (TideScriptRunner  *runner,
          TideMigration     *migration,
          TideSqlScript     *script,
          TideSqlScript     *next,
          gboolean          *is_clean,
          GError           **error)
{
  TideLedgerNote note;

  *is_clean = TRUE;
  if (!tide_script_runner_begin (runner, script, &note, error))
    return FALSE;
  if (tide_script_runner_run (runner, migration, script, next, go_on, NULL, error))
    return TRUE;
  *is_clean = tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_ATOMIC
              && g_str_has_prefix (tide_script_runner_get_outcome (runner), "nothing");
  return FALSE;
}

/**
 * tide_replay_run:
 * @conninfo: a database that tide_replay_prepare() has prepared
 * @migrations: (element-type TideMigration): a history
 * @end: the index behind the last one to run
 * @job: (nullable): hears how far it is, and cancels
 * @place: (inout): where it is
 * @error: of the one that fails
 *
 * Returns: whether all of them ran
 */
gboolean
tide_replay_run (TideConninfo     *conninfo,
                 GPtrArray        *migrations,
                 guint             end,
                 TideJob          *job,
                 TideReplayPlace  *place,
                 GError          **error)
{
  g_autoptr(TideScriptRunner) runner = tide_script_runner_new (conninfo, 0, job);
  g_autoptr(TideSqlScript) next = NULL;

  g_return_val_if_fail (end <= migrations->len, FALSE);

  for (; place->next < end; place->next++)
    {
      TideMigration *migration = g_ptr_array_index (migrations, place->next);
      g_autoptr(TideSqlScript) script = g_steal_pointer (&next);

      if (script == NULL)
        script = tide_deploy_read_script (migration, error);
      place->is_clean = TRUE;
      if (script == NULL)
        return FALSE;
      tide_job_set_status (job, _("replaying %s (%u of %u)"), tide_migration_get_name (migration), place->next + 1, end);
      /* One that cannot be read says so when its turn comes. */
      next = place->next + 1 < end ? tide_deploy_read_script (g_ptr_array_index (migrations, place->next + 1), NULL) : NULL;
      if (!run_file (runner, migration, script, next, &place->is_clean, error))
        return FALSE;
    }
  return TRUE;
}
