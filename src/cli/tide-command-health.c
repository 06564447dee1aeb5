/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-health"

#include "config.h"

#include "health/tide-health.h"
#include "schema/tide-schema-drift.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

/* What is worth saying of tables on a terminal */
#define SHOWN_TABLES 10

static const struct
{
  TideStyle   style;
  const char *mark;
} looks[] = {
  [TIDE_HEALTH_OK] = { TIDE_STYLE_GOOD, "ok" },
  [TIDE_HEALTH_NOTICE] = { TIDE_STYLE_STRONG, "notice" },
  [TIDE_HEALTH_UNKNOWN] = { TIDE_STYLE_DIM, "unknown" },
  [TIDE_HEALTH_WARNING] = { TIDE_STYLE_WARNING, "warning" },
  [TIDE_HEALTH_CRITICAL] = { TIDE_STYLE_BAD, "critical" },
};

static void
add_rows (JsonBuilder     *builder,
          const GPtrArray *rows)
{
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    {
      const TideHealthRow *row = g_ptr_array_index (rows, i);

      json_builder_begin_object (builder);
      tide_report_add_text (builder, "title", row->title);
      tide_report_add_text (builder, "text", row->text);
      tide_report_add_text (builder, "state", tide_health_state_to_string (row->state));
      json_builder_set_member_name (builder, "depth");
      json_builder_add_int_value (builder, row->depth);
      tide_report_add_text (builder, "action", row->action);
      tide_report_add_text (builder, "argument", row->argument);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_check (JsonBuilder           *builder,
           const TideHealthCheck *check)
{
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "name", check->id);
  tide_report_add_text (builder, "title", check->title);
  tide_report_add_text (builder, "group", check->group);
  json_builder_set_member_name (builder, "ok");
  if (check->state == TIDE_HEALTH_UNKNOWN)
    json_builder_add_null_value (builder);
  else
    json_builder_add_boolean_value (builder, check->state < TIDE_HEALTH_WARNING);
  tide_report_add_text (builder, "state", tide_health_state_to_string (check->state));
  tide_report_add_text (builder, "value", check->value);
  tide_report_add_text (builder, "threshold", check->threshold);
  tide_report_add_text (builder, "advice", check->advice);
  add_rows (builder, check->rows);
  json_builder_end_object (builder);
}

static void
add_number (JsonBuilder *builder,
            const char  *name,
            gint64       number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
add_table (JsonBuilder           *builder,
           const TideHealthTable *table)
{
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "schema", table->schema);
  tide_report_add_text (builder, "table", table->table);
  add_number (builder, "live_rows", MAX (table->live_rows, 0));
  add_number (builder, "dead_rows", table->dead_rows);
  add_number (builder, "bytes", table->bytes);
  add_number (builder, "index_bytes", table->index_bytes);
  tide_report_add_time (builder, "vacuumed_at", table->vacuumed_at);
  tide_report_add_time (builder, "analyzed_at", table->analyzed_at);
  json_builder_set_member_name (builder, "estimated");
  json_builder_add_boolean_value (builder, table->is_estimate);
  json_builder_end_object (builder);
}

static void
print_json (TideCli          *cli,
            const TideHealth *health)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "database", health->database);
  tide_report_add_text (builder, "state", tide_health_state_to_string (tide_health_get_state (health)));
  add_number (builder, "milliseconds", health->duration / 1000);
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < health->checks->len; i++)
    add_check (builder, g_ptr_array_index (health->checks, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < health->tables->len; i++)
    add_table (builder, g_ptr_array_index (health->tables, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_check (TideConsole           *console,
             const TideHealthCheck *check)
{
  tide_console_print (console, looks[check->state].style, "%-9s", looks[check->state].mark);
  tide_console_print (console, TIDE_STYLE_STRONG, "%s: ", check->title);
  tide_console_print (console, TIDE_STYLE_PLAIN, "%s\n", check->value);
  for (guint i = 0; i < check->rows->len; i++)
    {
      const TideHealthRow *row = g_ptr_array_index (check->rows, i);

      if (row->text != NULL)
        tide_console_print (console, TIDE_STYLE_PLAIN, "%*s%s: %s\n", 11 + 2 * (int) row->depth, "", row->title, row->text);
      else
        tide_console_print (console, TIDE_STYLE_PLAIN, "%*s%s\n", 11 + 2 * (int) row->depth, "", row->title);
    }
  if (check->advice != NULL)
    tide_console_print (console, TIDE_STYLE_DIM, "%*s%s\n", 9, "", check->advice);
}

static void
print_tables (TideConsole      *console,
              const TideHealth *health)
{
  if (health->tables->len == 0)
    return;
  tide_console_print (console, TIDE_STYLE_STRONG, "\n%12s %12s %12s  Largest tables\n", "Size", "Rows", "Dead");
  for (guint i = 0; i < MIN (health->tables->len, SHOWN_TABLES); i++)
    {
      const TideHealthTable *table = g_ptr_array_index (health->tables, i);
      g_autofree char *size = g_format_size (table->bytes);
      g_autofree char *rows = table->live_rows < 0 ? g_strdup ("?") : g_strdup_printf ("%" G_GINT64_FORMAT, table->live_rows);

      tide_console_print (console, TIDE_STYLE_PLAIN, "%12s %12s %12" G_GINT64_FORMAT "  %s.%s\n", size, rows, table->dead_rows,
                          table->schema, table->table);
    }
}

static void
print_text (TideConsole      *console,
            const TideHealth *health)
{
  TideHealthState state = tide_health_get_state (health);
  guint n = tide_health_count (health, TIDE_HEALTH_WARNING) + tide_health_count (health, TIDE_HEALTH_CRITICAL);

  tide_console_print (console, TIDE_STYLE_STRONG, "%s\n\n", health->label);
  for (guint i = 0; i < health->checks->len; i++)
    print_check (console, g_ptr_array_index (health->checks, i));
  print_tables (console, health);
  if (n == 0)
    tide_console_print (console, looks[state].style, "\nNothing is wrong.\n");
  else
    tide_console_print (console, looks[state].style, "\n%u of %u checks want to be looked at.\n", n, health->checks->len);
}

/* Takes @health. What keeps it from being compared is told like everything else that is not known. */
static TideHealth *
look_for_drift (TideCli     *cli,
                TideProject *project,
                TideTarget  *target,
                TideHealth  *health)
{
  g_autoptr(TideHealth) self = health;
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) failure = NULL;
  g_autoptr(TideSchemaDiff) diff = tide_schema_drift_read (project, target, notes, tide_cli_get_job (cli), &failure);

  return tide_health_tell_drift (self, &(TideHealthDrift) { .diff = diff, .error = failure });
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideHealthFlags flags = tide_arguments_get_flag (tide_cli_get_arguments (cli), "quick") ? TIDE_HEALTH_QUICK : TIDE_HEALTH_FULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideHealth) health = NULL;

  if (!tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  health = tide_health_read (project, tide_target_get_conninfo (target), flags, tide_cli_get_cancellable (cli), error);
  if (health == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (project != NULL && tide_arguments_get_flag (tide_cli_get_arguments (cli), "drift"))
    health = look_for_drift (cli, project, target, health);
  if (g_cancellable_set_error_if_cancelled (tide_cli_get_cancellable (cli), error))
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, health);
  else
    print_text (tide_cli_get_console (cli), health);
  return tide_health_get_state (health) >= TIDE_HEALTH_WARNING ? TIDE_EXIT_NOT_IN_ORDER : TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "quick", 0, 0, G_OPTION_ARG_NONE, NULL, "leave out what grows with the number of tables: sizes, indexes, sequences", NULL },
  { "drift", 0, 0, G_OPTION_ARG_NONE, NULL, "look for drift, too, which replays the migrations", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "health --env prod", "What production suffers from, and what helps." },
  { "health --drift", "Whether the database is what its migrations say, too." },
  { "health --quick --json", "For a check that runs every minute." },
  { NULL }
};

const TideCommand tide_command_health = {
  .name = "health",
  .summary = "tell how a database is, and what helps",
  .description =
    "Asks the server for what usually goes wrong: migrations that failed or were edited, sessions that block others, forgotten "
    "transactions, invalid, unused and duplicate indexes, dead rows, sequences near their end, transaction age, replication, "
    "connections. Each check says what it found, from what on that is not in order, and what to do. Waits for no lock, changes "
    "nothing, and needs no particular rights: what the user may not see is told as unknown. Exits with 1 when a check warns.",
  .options = options,
  .examples = examples,
  .run = run,
};
