/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-maintain"

#include "config.h"

#include "health/tide-maintain.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

static void
print (TideCli            *cli,
       TideMaintainReport *report)
{
  TideConsole *console = tide_cli_get_console (cli);
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_cli_wants_json (cli))
    {
      for (guint i = 0; i < report->skipped->len; i++)
        tide_console_warn (console, TIDE_STYLE_WARNING, "left out", g_ptr_array_index (report->skipped, i));
      for (guint i = 0; i < report->done->len; i++)
        tide_console_print (console, TIDE_STYLE_PLAIN, "%s\n", (const char *) g_ptr_array_index (report->done, i));
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tide_report_add_names (builder, "done", report->done);
  tide_report_add_names (builder, "skipped", report->skipped);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static gboolean
choose (TideArguments      *arguments,
        TideMaintainFlags  *flags,
        const char        **target,
        GError            **error)
{
  *flags = 0;
  *target = tide_arguments_get_n_words (arguments) > 0 ? tide_arguments_get_word (arguments, 0) : NULL;
  if (tide_arguments_get_flag (arguments, "vacuum"))
    *flags |= TIDE_MAINTAIN_VACUUM;
  if (tide_arguments_get_flag (arguments, "analyze"))
    *flags |= TIDE_MAINTAIN_ANALYZE;
  if (tide_arguments_get_text (arguments, "reindex") == NULL)
    {
      if (*flags == 0)
        *flags = TIDE_MAINTAIN_VACUUM | TIDE_MAINTAIN_ANALYZE;
      return TRUE;
    }
  if (*flags != 0 || *target != NULL)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "run it twice", "--reindex NAME stands alone");
      return FALSE;
    }
  *flags = TIDE_MAINTAIN_REINDEX;
  *target = tide_arguments_get_text (arguments, "reindex");
  return TRUE;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideMaintainFlags flags;
  const char *name;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideMaintainReport) report = NULL;

  if (!choose (tide_cli_get_arguments (cli), &flags, &name, error))
    return TIDE_EXIT_USAGE;
  if (!tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  report = tide_maintain_run (tide_target_get_conninfo (target), flags, name, tide_cli_get_job (cli), error);
  if (report == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  print (cli, report);
  return report->done->len == 0 && report->skipped->len > 0 ? TIDE_EXIT_NOT_IN_ORDER : TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "vacuum", 0, 0, G_OPTION_ARG_NONE, NULL, "give the space of dead rows to new ones", NULL },
  { "analyze", 0, 0, G_OPTION_ARG_NONE, NULL, "count anew what the planner needs to know", NULL },
  { "reindex", 0, 0, G_OPTION_ARG_FILENAME, NULL, "build an index, or all of a table, again beside the old one", "NAME" },
  { NULL }
};

static const TideExample examples[] = {
  { "maintain --env prod", "VACUUM and ANALYZE of the whole database." },
  { "maintain --vacuum public.orders", "Of one table." },
  { "maintain --reindex public.orders_pkey", "Without keeping anybody from writing." },
  { NULL }
};

const TideCommand tide_command_maintain = {
  .name = "maintain",
  .summary = "vacuum, analyze or reindex, with progress",
  .words = "TABLE",
  .description =
    "Runs VACUUM, ANALYZE or both (when neither is asked for, both) over a table, or over all that the user may, the largest first; "
    "tables that somebody holds are passed over then, and told. --reindex builds an index, or all those of a table, again with "
    "REINDEX CONCURRENTLY.\n"
    "\n"
    "None of it keeps anybody from reading or writing. Interrupting it ends the statement on the server; what is done stays done, "
    "and the unfinished index that a stopped REINDEX leaves is dropped.",
  .options = options,
  .examples = examples,
  .n_words_most = 1,
  .run = run,
};
