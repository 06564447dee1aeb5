/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-status-text"

#include "config.h"

#include "job/tide-tool.h"
#include "tide-error.h"
#include "tide-report.h"
#include "tide-run-mode.h"
#include "tide-status.h"

/* (transfer full): "rolled back" */
static char *
dup_word (TideMigrationState state)
{
  return g_strdelimit (g_strdup (tide_migration_state_to_string (state)), "_", ' ');
}

static TideStyle
state_style (TideMigrationState state)
{
  switch (state)
    {
    case TIDE_STATE_APPLIED:
      return TIDE_STYLE_GOOD;
    case TIDE_STATE_PENDING:
    case TIDE_STATE_ROLLED_BACK:
      return TIDE_STYLE_WARNING;
    case TIDE_STATE_FAILED:
    case TIDE_STATE_EDITED:
    case TIDE_STATE_MISSING:
    default:
      return TIDE_STYLE_BAD;
    }
}

static void
print_header (TideConsole      *console,
              const TideStatus *self)
{
  g_autofree char *name = tide_project_dup_name (self->project);
  g_autofree char *label = tide_conninfo_dup_label (tide_target_get_conninfo (self->target));

  tide_console_print (console, TIDE_STYLE_STRONG, "%s", name);
  tide_console_print (console, TIDE_STYLE_DIM, "  %s\n", tide_project_get_root (self->project));
  tide_console_print (console, TIDE_STYLE_STRONG, "%s", tide_target_get_name (self->target));
  /* A database that is given by its URL has no other name. */
  if (!g_str_equal (tide_target_get_name (self->target), label))
    tide_console_print (console, TIDE_STYLE_PLAIN, "  %s", label);
  tide_console_print (console, TIDE_STYLE_PLAIN, ", %s, PostgreSQL %s\n\n",
                      tide_kind_to_string (tide_target_get_kind (self->target)),
                      self->server_version);
}

static char *
dup_duration (gint64 duration)
{
  if (duration < 0)
    return g_strdup ("");
  if (duration < G_USEC_PER_SEC)
    return g_strdup_printf ("%" G_GINT64_FORMAT " ms", (duration + 500) / 1000);
  return g_strdup_printf ("%.1f s", duration / (double) G_USEC_PER_SEC);
}

/* What stands under a migration, each of its lines indented */
static void
print_remark (TideConsole *console,
              TideStyle    style,
              const char  *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    tide_console_print (console, style, "              %s\n", g_strchomp (lines[i]));
}

static void
print_run_mode (TideConsole         *console,
                const TideSqlScript *script)
{
  g_autofree char *reason = NULL;
  g_autofree char *text = NULL;

  if (script == NULL || tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_ATOMIC)
    return;
  reason = tide_sql_script_dup_reason (script);
  text = g_strdup_printf ("runs %s: %s",
                          tide_run_mode_phrase (tide_sql_script_get_run_mode (script)), reason);
  print_remark (console, TIDE_STYLE_DIM, text);
}

/* The logs of an attempt that was cut off hold a note of ours, which the explanation puts into
 * words. */
static void
print_failure (TideConsole             *console,
               const TideStatus        *self,
               const TideTimelineEntry *entry)
{
  const char *explanation = tide_status_explain (self, entry);
  TideLedgerNote note;

  if (explanation == NULL)
    return;
  if (entry->row->logs != NULL && !tide_ledger_note_parse (&note, entry->row->logs))
    print_remark (console, TIDE_STYLE_PLAIN, entry->row->logs);
  print_remark (console, entry->running ? TIDE_STYLE_WARNING : TIDE_STYLE_BAD, explanation);
}

static void
print_remarks (TideConsole             *console,
               const TideStatus        *self,
               const TideTimelineEntry *entry)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(TideSqlScript) script = tide_status_read_script (entry, &problem);

  if (problem != NULL)
    print_remark (console, TIDE_STYLE_BAD, problem->message);
  if (entry->out_of_order)
    print_remark (console, TIDE_STYLE_WARNING, "a later migration is applied already");
  if (entry->edited && entry->state != TIDE_STATE_EDITED)
    print_remark (console, TIDE_STYLE_WARNING, "the file has changed since");
  print_failure (console, self, entry);
  print_run_mode (console, script);
}

static void
print_entry (TideConsole             *console,
             const TideStatus        *self,
             const TideTimelineEntry *entry)
{
  g_autofree char *date = entry->row ? tide_report_dup_time (entry->row->started_at,
                                                             "%Y-%m-%d %H:%M:%SZ") : g_strdup ("");
  g_autofree char *duration = dup_duration (entry->duration);
  g_autofree char *word = entry->running ? g_strdup ("running") : dup_word (entry->state);

  tide_console_print (console, entry->running ? TIDE_STYLE_WARNING : state_style (entry->state), "  %-11s", word);
  tide_console_print (console, TIDE_STYLE_DIM, " %-20s %8s", date, duration);
  tide_console_print (console, TIDE_STYLE_PLAIN, "  %s\n", entry->name);
  print_remarks (console, self, entry);
}

static void
print_counts (TideConsole      *console,
              const TideStatus *self)
{
  guint running = tide_timeline_count_running (self->timeline);
  gboolean first = running == 0;

  tide_console_print (console, TIDE_STYLE_PLAIN, "\n");
  if (running > 0)
    tide_console_print (console, TIDE_STYLE_WARNING, "%u running", running);
  for (TideMigrationState state = TIDE_STATE_PENDING; state <= TIDE_STATE_MISSING; state++)
    {
      guint n = tide_timeline_count_ended (self->timeline, state);
      g_autofree char *word = dup_word (state);

      if (n == 0)
        continue;
      tide_console_print (console, state_style (state), "%s%u %s", first ? "" : ", ", n, word);
      first = FALSE;
    }
  tide_console_print (console, TIDE_STYLE_PLAIN, first ? "no migrations\n" : "\n");
}

/* (transfer full): what the next command must say to mean the same database, with a space behind it */
static char *
dup_environment (const TideStatus *self)
{
  const char *name = tide_target_get_name (self->target);
  g_autofree char *line = NULL;

  if (tide_project_get_environments (self->project)->len < 2
      || tide_project_find_environment (self->project, name) == NULL)
    return g_strdup ("");
  line = tide_tool_dup_line ((const char *const[]) { "--env", name, NULL });
  return g_strconcat (line, " ", NULL);
}

static void
print_next (TideConsole      *console,
            const TideStatus *self)
{
  g_autofree char *environment = dup_environment (self);
  const char *url = self->by_url ? " --url URL" : ""; /* which may hold a password */
  TideTimeline *timeline = self->timeline;

  if (self->problem != NULL)
    {
      g_autofree char *text = tide_error_dup_text (self->problem);

      tide_console_warn (console, TIDE_STYLE_BAD, "error", text);
      return;
    }
  if (tide_status_is_up_to_date (self))
    {
      tide_console_print (console, TIDE_STYLE_GOOD, "The database is up to date.\n");
      return;
    }
  if (!tide_timeline_is_initialised (timeline))
    tide_console_print (console, TIDE_STYLE_PLAIN,
                        "The database has no ledger yet; the first deploy makes it.\n");
  if (tide_timeline_count_running (timeline) > 0)
    tide_console_print (console, TIDE_STYLE_STRONG, "next: wait until what is running has ended, then look again\n");
  else if (tide_timeline_count (timeline, TIDE_STATE_FAILED) > 0)
    tide_console_print (console, TIDE_STYLE_STRONG,
                        "next: mend what the failed one left, then tidemarkctl %sresolve "
                        "--rolled-back NAME (or --applied NAME)%s\n", environment, url);
  else if (tide_timeline_count_pending (timeline) > 0)
    tide_console_print (console, TIDE_STYLE_STRONG, "next: tidemarkctl %sdeploy%s\n", environment, url);
  if (tide_timeline_count (timeline, TIDE_STATE_EDITED) > 0)
    tide_console_print (console, TIDE_STYLE_PLAIN,
                        "An edited file no longer says what was run: bring the old text back, and "
                        "put the change into a new migration.\n");
  if (tide_timeline_count (timeline, TIDE_STATE_MISSING) > 0)
    tide_console_print (console, TIDE_STYLE_PLAIN,
                        "A missing migration was applied from files that are not here: is this "
                        "the right branch?\n");
}

/* One that ended well needs no word. */
static void
print_last_run (TideConsole      *console,
                const TideStatus *self)
{
  const TideRunOutcome *run = self->last_run;

  if (run == NULL || run->state == TIDE_RUN_DONE)
    return;
  tide_console_print (console, TIDE_STYLE_STRONG, "The last %s, %s, %s in the step \"%s\".\n",
                      g_strcmp0 (run->purpose, "deploy") == 0 ? "run" : "roll-back", run->run,
                      run->state == TIDE_RUN_RUNNING ? "is now" : run->state == TIDE_RUN_KILLED ? "was killed"
                      : run->state == TIDE_RUN_CANCELLED ? "was cancelled" : "failed", run->step ? run->step : "checklist");
  if (run->database != NULL)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  %s\n", run->database);
  if (run->backup != NULL)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  Its backup: %s\n", run->backup);
  tide_console_print (console, TIDE_STYLE_DIM, "  Its journal: %s\n", run->journal);
}

/**
 * tide_status_print_text:
 * @self: a status
 * @console: where to
 */
void
tide_status_print_text (const TideStatus *self,
                        TideConsole      *console)
{
  print_header (console, self);
  for (guint i = 0; i < tide_timeline_get_n_entries (self->timeline); i++)
    print_entry (console, self, tide_timeline_get_entry (self->timeline, i));
  print_counts (console, self);
  print_last_run (console, self);
  print_next (console, self);
}
