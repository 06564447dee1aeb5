/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-batch"

#include "config.h"

#include "batch/tide-batch.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-json.h"
#include "tide-report.h"

static gboolean
take_options (TideCli           *cli,
              TideBatchOptions  *options,
              GError           **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);

  if (!tide_arguments_check_number (arguments, "size", 1, G_MAXINT, error)
      || !tide_arguments_check_number (arguments, "rest", 0, 1000, error))
    return FALSE;
  options->size = options->most = tide_arguments_get_number (arguments, "size");
  options->rest_percent = tide_arguments_get_number (arguments, "rest");
  return TRUE;
}

static void
print_plan (TideCli       *cli,
            TideBatchPlan *plan,
            guint          size)
{
  g_autofree char *text = tide_batch_plan_dup_text (plan, size ? size : 1000);
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN, "%s", text);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tide_json_add_text (builder, "table", tide_batch_plan_get_table (plan));
  tide_json_add_number (builder, "rows", tide_batch_plan_get_rows (plan));
  tide_json_add_text (builder, "sql", text);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_report (TideCli               *cli,
              TideBatchPlan         *plan,
              const TideBatchReport *report)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "%s %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " rows",
                          tide_batch_plan_is_update (plan) ? "changed" : "deleted", report->changed, report->visited);
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN, " in %" G_GINT64_FORMAT " batches, %.1f s%s\n", report->batches,
                          report->seconds, report->resumed ? " (an earlier run had begun)" : "");
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tide_json_add_text (builder, "table", tide_batch_plan_get_table (plan));
  tide_json_add_number (builder, "visited", report->visited);
  tide_json_add_number (builder, "changed", report->changed);
  tide_json_add_number (builder, "batches", report->batches);
  tide_json_add_number (builder, "lock_waits", report->lock_waits);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, report->seconds);
  json_builder_set_member_name (builder, "resumed");
  json_builder_add_boolean_value (builder, report->resumed);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  GCancellable *cancellable = tide_cli_get_cancellable (cli);
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideBatchPlan) plan = NULL;
  g_autofree TideBatchReport *report = NULL;
  TideBatchOptions options = { 0 };

  if (!take_options (cli, &options, error) || !tide_batch_plan_check (tide_arguments_get_word (arguments, 0), error) ||
      !tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  session = target ? tide_session_open (tide_target_get_conninfo (target), cancellable, error) : NULL;
  plan = session ? tide_batch_plan_new (session, tide_arguments_get_word (arguments, 0), cancellable, error) : NULL;
  if (plan == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_arguments_get_flag (arguments, "dry-run"))
    {
      print_plan (cli, plan, options.size);
      return TIDE_EXIT_DONE;
    }
  if (tide_arguments_get_flag (arguments, "anew"))
    tide_batch_forget (plan);
  g_clear_object (&session);
  report = tide_batch_run (tide_target_get_conninfo (target), plan, &options, NULL, tide_cli_get_job (cli), error);
  if (report == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  print_report (cli, plan, report);
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "size", 0, 0, G_OPTION_ARG_INT, NULL, "rows in a batch; default: as many as take half a second", "ROWS" },
  { "rest", 0, 0, G_OPTION_ARG_INT, NULL, "rest after each batch, of the time it took; default: 0", "PERCENT" },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, NULL, "print the SQL of a batch and change nothing", NULL },
  { "anew", 0, 0, G_OPTION_ARG_NONE, NULL, "forget how far an earlier run came", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "batch \"DELETE FROM sessions WHERE expires < '2025-01-01'\"", "Delete many rows without holding anybody up." },
  { "--env prod batch \"UPDATE users SET locale = 'en' WHERE locale IS NULL\" --rest 100", "Work half of the time." },
  { NULL }
};

const TideCommand tide_command_batch = {
  .name = "batch",
  .summary = "run a large UPDATE or DELETE in small transactions",
  .words = "SQL",
  .description =
    "Runs one UPDATE or DELETE along the primary key of its table, a range of rows at a time, each in a transaction of its own. Who "
    "waits for a row waits for one batch. It stops when others hold its rows locked for too long. Interrupted or killed, it goes on "
    "where it was when it is run again: every row is changed once. What cannot be done piece by piece with the same outcome is "
    "refused: no key, a change of the key, a subquery on the same table, a WHERE that answers differently each time.",
  .options = options,
  .examples = examples,
  .n_words_least = 1,
  .n_words_most = 1,
  .run = run,
};
