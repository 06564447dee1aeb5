/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-status-json"

#include "config.h"

#include "tide-report.h"
#include "tide-run-mode.h"
#include "tide-status.h"

/* "database", "server_version" and the rest of what stands above the list */
static void
add_header (JsonBuilder      *builder,
            const TideStatus *self)
{
  tide_report_add_target (builder, self->project, self->target);
  tide_report_add_text (builder, "server_version", self->server_version);
  json_builder_set_member_name (builder, "initialised");
  json_builder_add_boolean_value (builder, tide_timeline_is_initialised (self->timeline));
  json_builder_set_member_name (builder, "up_to_date");
  json_builder_add_boolean_value (builder, tide_status_is_up_to_date (self));
  tide_report_add_text (builder, "problem", self->problem ? self->problem->message : NULL);
  json_builder_set_member_name (builder, "pending");
  json_builder_add_int_value (builder, tide_timeline_count_pending (self->timeline));
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
add_run_mode (JsonBuilder         *builder,
              const TideSqlScript *script)
{
  g_autofree char *reason = script ? tide_sql_script_dup_reason (script) : NULL;

  tide_report_add_text (builder, "mode",
                        script ? tide_run_mode_word (tide_sql_script_get_run_mode (script)) : NULL);
  tide_report_add_text (builder, "mode_reason", reason);
}

static void
add_entry (JsonBuilder             *builder,
           const TideStatus        *self,
           const TideTimelineEntry *entry)
{
  g_autofree char *title = entry->migration ? tide_migration_dup_title (entry->migration) : NULL;
  g_autoptr(GError) problem = NULL;
  g_autoptr(TideSqlScript) script = tide_status_read_script (entry, &problem);

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "name", entry->name);
  tide_report_add_text (builder, "title", title);
  tide_report_add_text (builder, "state", tide_migration_state_to_string (entry->state));
  add_checksums (builder, entry);
  add_ledger_row (builder, entry);
  add_flag (builder, "running", entry->running);
  add_flag (builder, "edited", entry->edited);
  add_flag (builder, "out_of_order", entry->out_of_order);
  add_run_mode (builder, script);
  tide_report_add_text (builder, "explanation", tide_status_explain (self, entry));
  tide_report_add_text (builder, "problem", problem ? problem->message : NULL);
  json_builder_end_object (builder);
}

static void
add_last_run (JsonBuilder          *builder,
              const TideRunOutcome *run)
{
  json_builder_set_member_name (builder, "last_run");
  if (run == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "run", run->run);
  tide_report_add_text (builder, "purpose", run->purpose);
  tide_report_add_text (builder, "state", tide_run_state_to_string (run->state));
  tide_report_add_text (builder, "step", run->step);
  tide_report_add_text (builder, "database_state", run->database);
  tide_report_add_text (builder, "backup", run->backup);
  tide_report_add_text (builder, "journal", run->journal);
  json_builder_end_object (builder);
}

/**
 * tide_status_print_json:
 * @self: a status
 * @cli: prints it
 */
void
tide_status_print_json (const TideStatus *self,
                        TideCli          *cli)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_header (builder, self);
  json_builder_set_member_name (builder, "migrations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tide_timeline_get_n_entries (self->timeline); i++)
    add_entry (builder, self, tide_timeline_get_entry (self->timeline, i));
  json_builder_end_array (builder);
  add_last_run (builder, self->last_run);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}
