/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-project"

#include "config.h"

#include "backup/tide-backup-tool.h"
#include "health/tide-health-private.h"
#include "history/tide-history.h"
#include "tide-error.h"

static const struct
{
  TideMigrationState  state;
  TideHealthState     health;
  const char         *text;
} states[] = {
  { TIDE_STATE_FAILED, TIDE_HEALTH_CRITICAL, N_("failed; no deploy starts before that is resolved") },
  { TIDE_STATE_EDITED, TIDE_HEALTH_WARNING, N_("changed after it was applied") },
  { TIDE_STATE_MISSING, TIDE_HEALTH_WARNING, N_("applied, and its folder is not in the project") },
  { TIDE_STATE_ROLLED_BACK, TIDE_HEALTH_NOTICE, N_("rolled back; the next deploy runs it again") },
  { TIDE_STATE_PENDING, TIDE_HEALTH_NOTICE, N_("pending") },
};

static char *
dup_summary (TideTimeline *timeline)
{
  GString *text = g_string_new (NULL);

  if (!tide_timeline_is_initialised (timeline))
    return g_string_free (g_string_append (text, _("No ledger: nothing was ever deployed here")), FALSE);
  g_string_append_printf (text, _("%u applied"), tide_timeline_count (timeline, TIDE_STATE_APPLIED));
  if (tide_timeline_count_pending (timeline) > 0)
    g_string_append_printf (text, _(", %u pending"), tide_timeline_count_pending (timeline));
  if (tide_timeline_count_running (timeline) > 0)
    g_string_append_printf (text, _(", %u running"), tide_timeline_count_running (timeline));
  if (tide_timeline_count_ended (timeline, TIDE_STATE_FAILED) > 0)
    g_string_append_printf (text, _(", %u failed"), tide_timeline_count_ended (timeline, TIDE_STATE_FAILED));
  if (tide_timeline_count (timeline, TIDE_STATE_EDITED) > 0)
    g_string_append_printf (text, _(", %u edited"), tide_timeline_count (timeline, TIDE_STATE_EDITED));
  if (tide_timeline_count (timeline, TIDE_STATE_MISSING) > 0)
    g_string_append_printf (text, _(", %u missing on disk"), tide_timeline_count (timeline, TIDE_STATE_MISSING));
  return g_string_free (text, FALSE);
}

static void
tell_migrations (TideHealthCheck *check,
                 TideTimeline    *timeline)
{
  check->value = dup_summary (timeline);
  check->threshold = g_strdup (_("any that failed, was edited or is missing"));
  for (guint s = 0; s < G_N_ELEMENTS (states); s++)
    for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
      {
        const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);
        TideHealthRow *row;

        if (entry->state != states[s].state)
          continue;
        row = tide_health_check_take_row (check, entry->running ? TIDE_HEALTH_NOTICE : states[s].health, g_strdup (entry->name),
                                          g_strdup (entry->running ? _("running at this moment") : _(states[s].text)));
        row->action = TIDE_HEALTH_ACTION_SHOW_TIMELINE;
        row->argument = g_strdup (entry->name);
      }
  if (check->state >= TIDE_HEALTH_WARNING)
    check->advice = g_strdup (_("The timeline shows each, and what can be done about it"));
  if (check->state != TIDE_HEALTH_OK)
    check->action = TIDE_HEALTH_ACTION_SHOW_TIMELINE;
}

void
tide_health_look_at_project (TideHealth   *self,
                             TideProject  *project,
                             TideSession  *session,
                             GCancellable *cancellable)
{
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTimeline) timeline = tide_history_read_timeline (history, project, session, cancellable, &error);
  TideHealthCheck *check = tide_health_add (self, "migrations", "migrations", _("Migrations"));

  if (timeline != NULL)
    tell_migrations (check, timeline);
  else
    {
      check->state = TIDE_HEALTH_UNKNOWN;
      check->value = g_strdup_printf (_("Not known: %s"), error->message);
    }
  tide_health_add_drift (self);
}

/* (transfer full): pg_dump refuses servers that are newer than itself: better known before the backup is needed. It is started for it */
TideHealthCheck *
tide_health_check_tools (int server_major)
{
  TideHealthCheck *check = tide_health_check_new ("server", "client-programs", _("Client programs"));
  g_autoptr(GError) error = NULL;
  g_autofree char *version = NULL;
  g_autofree char *path = tide_backup_tool_find ("pg_dump", server_major, &version, &error);
  TideErrorFields *fields = error ? tide_error_get_fields (error) : NULL;

  check->threshold = g_strdup_printf (_("pg_dump of PostgreSQL %d or newer"), server_major);
  if (path != NULL)
    {
      check->value = g_steal_pointer (&version);
      return check;
    }
  check->state = TIDE_HEALTH_NOTICE;
  check->value = g_strdup_printf (_("No backup can be made from here: %s"), error->message);
  check->advice = fields != NULL && fields->hint != NULL ? g_strdup (fields->hint) : NULL;
  return check;
}
