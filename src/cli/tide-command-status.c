/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-status"

#include "config.h"

#include "history/tide-history.h"
#include "sql/tide-sql-script.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-report.h"
#include "tide-run-mode.h"

/* What a status tells, and of what */
typedef struct
{
  TideConsole  *console; /* borrowed */
  TideProject  *project;
  TideTarget   *target;
  TideTimeline *timeline;
  char         *server_version;
} Status;

static void
status_clear (Status *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->server_version, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

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

static gboolean
is_waiting (const TideTimelineEntry *entry)
{
  return entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK;
}

/* (transfer full) (nullable): how deploy would run it; only for those that wait */
static TideSqlScript *
dup_script (const TideTimelineEntry *entry)
{
  if (!is_waiting (entry) || entry->migration == NULL || tide_migration_get_sql (entry->migration) == NULL)
    return NULL;
  return tide_sql_script_new (tide_migration_get_sql (entry->migration),
                              tide_migration_get_sql_size (entry->migration));
}

/* "database", "server_version" and the rest of what stands above the list */
static void
add_header (JsonBuilder  *builder,
            const Status *status)
{
  tide_report_add_target (builder, status->project, status->target);
  tide_report_add_text (builder, "server_version", status->server_version);
  json_builder_set_member_name (builder, "initialised");
  json_builder_add_boolean_value (builder, tide_timeline_is_initialised (status->timeline));
  json_builder_set_member_name (builder, "up_to_date");
  json_builder_add_boolean_value (builder, tide_timeline_is_up_to_date (status->timeline));
  json_builder_set_member_name (builder, "pending");
  json_builder_add_int_value (builder, tide_timeline_count_pending (status->timeline));
}

static void
add_flag (JsonBuilder *builder,
          const char  *name,
          gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_checksums (JsonBuilder             *builder,
               const TideTimelineEntry *entry)
{
  const char *on_disk = entry->migration ? tide_migration_get_checksum (entry->migration) : NULL;

  tide_report_add_text (builder, "checksum", entry->row ? entry->row->checksum : on_disk);
  tide_report_add_text (builder, "file_checksum", on_disk);
}

static void
add_ledger_row (JsonBuilder             *builder,
                const TideTimelineEntry *entry)
{
  const TideLedgerRow none = { 0 };
  const TideLedgerRow *row = entry->row ? entry->row : &none;

  tide_report_add_time (builder, "started_at", row->started_at);
  tide_report_add_time (builder, "finished_at", row->finished_at);
  tide_report_add_time (builder, "rolled_back_at", row->rolled_back_at);
  json_builder_set_member_name (builder, "duration_ms");
  if (entry->duration >= 0)
    json_builder_add_double_value (builder, entry->duration / 1000.0);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "steps");
  json_builder_add_int_value (builder, row->applied_steps);
  tide_report_add_text (builder, "logs", row->logs);
}

static void
add_run_mode (JsonBuilder             *builder,
              const TideTimelineEntry *entry)
{
  g_autoptr(TideSqlScript) script = dup_script (entry);
  g_autofree char *reason = script ? tide_sql_script_dup_reason (script) : NULL;

  tide_report_add_text (builder, "mode", script ? tide_run_mode_word (tide_sql_script_get_run_mode (script)) : NULL);
  tide_report_add_text (builder, "mode_reason", reason);
}

static void
add_entry (JsonBuilder             *builder,
           const TideTimelineEntry *entry)
{
  g_autofree char *title = entry->migration ? tide_migration_dup_title (entry->migration) : NULL;
  const GError *problem = entry->migration ? tide_migration_get_problem (entry->migration) : NULL;

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "name", entry->name);
  tide_report_add_text (builder, "title", title);
  tide_report_add_text (builder, "state", tide_migration_state_to_string (entry->state));
  add_checksums (builder, entry);
  add_ledger_row (builder, entry);
  add_flag (builder, "edited", entry->edited);
  add_flag (builder, "out_of_order", entry->out_of_order);
  add_run_mode (builder, entry);
  tide_report_add_text (builder, "problem", problem ? problem->message : NULL);
  json_builder_end_object (builder);
}

static void
print_json (TideCli      *cli,
            const Status *status)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_header (builder, status);
  json_builder_set_member_name (builder, "migrations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tide_timeline_get_n_entries (status->timeline); i++)
    add_entry (builder, tide_timeline_get_entry (status->timeline, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_header (const Status *self)
{
  g_autofree char *name = tide_project_dup_name (self->project);
  g_autofree char *label = tide_conninfo_dup_label (tide_target_get_conninfo (self->target));

  tide_console_print (self->console, TIDE_STYLE_STRONG, "%s", name);
  tide_console_print (self->console, TIDE_STYLE_DIM, "  %s\n", tide_project_get_root (self->project));
  tide_console_print (self->console, TIDE_STYLE_STRONG, "%s", tide_target_get_name (self->target));
  tide_console_print (self->console, TIDE_STYLE_PLAIN, "  %s, %s, PostgreSQL %s\n\n", label,
                      tide_kind_to_string (tide_target_get_kind (self->target)), self->server_version);
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

static void
print_remarks (TideConsole             *console,
               const TideTimelineEntry *entry)
{
  const GError *problem = entry->migration ? tide_migration_get_problem (entry->migration) : NULL;
  g_autoptr(TideSqlScript) script = dup_script (entry);

  if (problem != NULL)
    tide_console_print (console, TIDE_STYLE_BAD, "              %s\n", problem->message);
  if (script != NULL && tide_sql_script_get_run_mode (script) != TIDE_SQL_RUN_ATOMIC)
    {
      g_autofree char *reason = tide_sql_script_dup_reason (script);

      tide_console_print (console, TIDE_STYLE_DIM, "              %s: %s\n",
                          tide_run_mode_phrase (tide_sql_script_get_run_mode (script)), reason);
    }
  if (entry->out_of_order)
    tide_console_print (console, TIDE_STYLE_WARNING, "              a later migration is applied already\n");
  if (entry->edited && entry->state != TIDE_STATE_EDITED)
    tide_console_print (console, TIDE_STYLE_WARNING, "              the file has changed since\n");
}

static void
print_entry (TideConsole             *console,
             const TideTimelineEntry *entry)
{
  g_autofree char *date = entry->row ? tide_report_dup_time (entry->row->started_at, "%Y-%m-%d %H:%M:%SZ") : g_strdup ("");
  g_autofree char *duration = dup_duration (entry->duration);
  g_autofree char *word = g_strdelimit (g_strdup (tide_migration_state_to_string (entry->state)), "_", ' ');

  tide_console_print (console, state_style (entry->state), "  %-11s", word);
  tide_console_print (console, TIDE_STYLE_DIM, " %-20s %8s", date, duration);
  tide_console_print (console, TIDE_STYLE_PLAIN, "  %s\n", entry->name);
  print_remarks (console, entry);
}

static void
print_counts (const Status *self)
{
  gboolean first = TRUE;

  tide_console_print (self->console, TIDE_STYLE_PLAIN, "\n");
  for (TideMigrationState state = TIDE_STATE_PENDING; state <= TIDE_STATE_MISSING; state++)
    {
      guint n = tide_timeline_count (self->timeline, state);
      g_autofree char *word = g_strdelimit (g_strdup (tide_migration_state_to_string (state)), "_", ' ');

      if (n == 0)
        continue;
      tide_console_print (self->console, state_style (state), "%s%u %s", first ? "" : ", ", n, word);
      first = FALSE;
    }
  tide_console_print (self->console, TIDE_STYLE_PLAIN, first ? "no migrations\n" : "\n");
}

static void
print_next (const Status *self)
{
  TideTimeline *timeline = self->timeline;

  if (tide_timeline_is_up_to_date (timeline))
    {
      tide_console_print (self->console, TIDE_STYLE_GOOD, "The database is up to date.\n");
      return;
    }
  if (!tide_timeline_is_initialised (timeline))
    tide_console_print (self->console, TIDE_STYLE_PLAIN, "The database has no ledger yet; the first deploy makes it.\n");
  if (tide_timeline_count (timeline, TIDE_STATE_FAILED) > 0)
    tide_console_print (self->console, TIDE_STYLE_STRONG,
                        "next: mend what the failed one left, then tidemarkctl resolve --rolled-back NAME (or --applied NAME)\n");
  else if (tide_timeline_count_pending (timeline) > 0)
    tide_console_print (self->console, TIDE_STYLE_STRONG, "next: tidemarkctl deploy\n");
  if (tide_timeline_count (timeline, TIDE_STATE_EDITED) > 0)
    tide_console_print (self->console, TIDE_STYLE_PLAIN,
                        "An edited file no longer says what was run: bring the old text back, and put the change into a new migration.\n");
  if (tide_timeline_count (timeline, TIDE_STATE_MISSING) > 0)
    tide_console_print (self->console, TIDE_STYLE_PLAIN,
                        "A missing migration was applied from files that are not here: is this the right branch?\n");
}

static void
print_human (const Status *self)
{
  print_header (self);
  for (guint i = 0; i < tide_timeline_get_n_entries (self->timeline); i++)
    print_entry (self->console, tide_timeline_get_entry (self->timeline, i));
  print_counts (self);
  print_next (self);
}

static gboolean
read_status (TideCli  *cli,
             Status   *status,
             GError  **error)
{
  GCancellable *cancellable = tide_cli_get_cancellable (cli);
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideHistory) history = NULL;

  status->console = tide_cli_get_console (cli);
  status->project = tide_cli_load_project (cli, error);
  if (status->project == NULL)
    return FALSE;
  status->target = tide_cli_resolve_target (cli, status->project, error);
  if (status->target == NULL)
    return FALSE;
  session = tide_session_open (tide_target_get_conninfo (status->target), cancellable, error);
  if (session == NULL)
    return FALSE;

  status->server_version = tide_session_dup_parameter (session, "server_version");
  history = tide_history_for_project (status->project);
  status->timeline = tide_history_read_timeline (history, status->project, session, cancellable, error);
  return status->timeline != NULL;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  g_auto(Status) status = { 0 };

  if (!read_status (cli, &status, error))
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, &status);
  else
    print_human (&status);
  return tide_timeline_is_up_to_date (status.timeline) ? TIDE_EXIT_DONE : TIDE_EXIT_NOT_IN_ORDER;
}

static const TideExample examples[] = {
  { "status", "Show every migration of the project around here and what DATABASE_URL knows of it." },
  { "status --env staging --json", "The same of an environment of tidemark.json, for a program." },
  { NULL }
};

const TideCommand tide_command_status = {
  .name = "status",
  .summary = "show every migration and its state",
  .description =
    "Shows every migration of the project and its state in the database: applied, pending, failed, rolled back, "
    "edited (the file has changed since it was applied) or missing (applied, and not in the folder), and what a "
    "failed one left behind. Exits with 1 unless everything is applied and unchanged.\n"
    "\n"
    "Nothing is written.",
  .examples = examples,
  .run = run,
};
