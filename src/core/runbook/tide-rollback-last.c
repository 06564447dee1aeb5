/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore.h"
#include "history/tide-history.h"
#include "job/tide-tool.h"
#include "runbook/tide-rollback-private.h"

/* Whoever reads it at night must not have to look for how. */
void
tide_rollback_append_start (TideProject *project,
                            GString     *text)
{
  char **start = tide_project_get_hooks (project)->start;
  g_autofree char *line = start ? tide_tool_dup_line ((const char *const *) start) : NULL;

  if (line != NULL)
    g_string_append_printf (text, _(" What starts it: %s."), line);
}

static void
append_application (TideRunOutcome *outcome,
                    TideProject    *project,
                    GString        *text)
{
  if (outcome->application == NULL)
    return;
  if (g_str_equal (outcome->application, "stopped"))
    g_string_append (text, _(" The application is stopped."));
  else if (g_str_equal (outcome->application, "stopping"))
    g_string_append (text, _(" The stop command had not ended: whether the application runs is not known."));
  else
    g_string_append (text, _(" The start command had not ended: whether the application runs is not known."));
  tide_rollback_append_start (project, text);
}

static void
add_again (TideRunOutcome *outcome)
{
  tide_run_outcome_add_way (outcome, outcome->purpose, N_("Roll back again"), N_("Says anew what will be lost, and asks."), NULL)
    ->subject = g_strdup (outcome->subject);
}

/* (transfer none) (nullable): the name under which the database as it was is kept */
static const char *
find_kept (const TideSwapState *state,
           guint                oid)
{
  for (guint i = 0; i < state->kept->len; i++)
    {
      const TideKeptDatabase *kept = g_ptr_array_index (state->kept, i);

      if (kept->oid == oid)
        return kept->name;
    }
  return NULL;
}

static void
append_leftovers (TideConninfo *conninfo,
                  GString      *text,
                  GCancellable *cancellable)
{
  g_autoptr(GPtrArray) leftovers = tide_restore_list_leftovers (conninfo, cancellable, NULL);

  if (leftovers != NULL && leftovers->len > 0)
    g_string_append (text, _(" What was half restored is still on the server; the next restore drops it."));
}

/* Whether the two have changed names is known by the database's identity: no clock and no name can deceive. */
static void
describe_swap (TideRunOutcome *outcome,
               TideConninfo   *conninfo,
               GString        *text,
               GCancellable   *cancellable)
{
  g_autoptr(TideSwapState) state = tide_restore_read_swaps (conninfo, cancellable, NULL);
  const char *kept = state ? find_kept (state, outcome->oid) : NULL;

  if (state == NULL)
    {
      g_string_append (text, _(" The server does not answer: whether the two databases have changed names is not known."));
      return;
    }
  if (kept != NULL)
    {
      g_string_append_printf (text, _(" The database is that of the backup; as it was before, it is kept as \"%s\"."), kept);
      if (g_strcmp0 (outcome->step, "restore") == 0 || g_strcmp0 (outcome->step, "verify") == 0)
        g_string_append (text, _(" Its rows were not compared with the backup's."));
      outcome->kept = g_strdup (kept);
      tide_run_outcome_add_way (outcome, "swap-back", N_("Undo this roll-back"),
                                N_("Gives the name back to the database as it was before."), NULL)->subject = g_strdup (kept);
    }
  else if (outcome->oid == 0 || outcome->oid == state->oid)
    g_string_append (text, _(" The database is as it was before this roll-back."));
  else
    g_string_append (text, _(" The database is another one than before, and what it was is not kept under a dated name: somebody has "
                             "dropped or renamed it."));
  if (state->closed)
    {
      g_string_append (text, _(" It takes no connections."));
      tide_run_outcome_add_way (outcome, "reopen", N_("Allow connections"), N_("The swap was broken off while nobody was let in."), NULL);
    }
  append_leftovers (conninfo, text, cancellable);
  if (kept == NULL)
    add_again (outcome);
}

static void
describe_migration (TideRunOutcome *outcome,
                    TideProject    *project,
                    TideConninfo   *conninfo,
                    GString        *text,
                    GCancellable   *cancellable)
{
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, NULL);
  g_autoptr(TideTimeline) timeline = session ? tide_history_read_timeline (history, project, session, cancellable, NULL) : NULL;
  const TideTimelineEntry *entry = timeline && outcome->subject ? tide_timeline_find (timeline, outcome->subject) : NULL;

  if (timeline == NULL)
    g_string_append (text, _(" The server does not answer, so what the ledger says is not known."));
  else if (entry != NULL && entry->state == TIDE_STATE_ROLLED_BACK)
    g_string_append_printf (text, _(" \"%s\" is marked as rolled back. Look whether its corrective SQL was written."), outcome->subject);
  else if (entry != NULL)
    {
      g_string_append_printf (text, entry->state == TIDE_STATE_FAILED ? _(" \"%s\" is still recorded as failed.")
                                                                      : _(" \"%s\" is in the ledger as before."), outcome->subject);
      add_again (outcome);
    }
  tide_run_outcome_add_way (outcome, "resolve", N_("The timeline"),
                            N_("Shows what is applied, and what is recorded as begun and not ended."), NULL);
}

void
tide_rollback_describe_last (TideRunOutcome *outcome,
                             TideProject    *project,
                             TideTarget     *target,
                             GString        *text,
                             GCancellable   *cancellable)
{
  TideConninfo *conninfo = tide_target_get_conninfo (target);

  if (g_str_equal (outcome->purpose, "rollback-migration"))
    describe_migration (outcome, project, conninfo, text, cancellable);
  else
    describe_swap (outcome, conninfo, text, cancellable);
  append_application (outcome, project, text);
}
