/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-verify"

#include "config.h"

#include "backup/tide-verify.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

static void
print_json (TideCli           *cli,
            TideBackup        *backup,
            const TideVerdict *verdict)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "path", backup->path);
  tide_report_add_text (builder, "format", tide_backup_format_to_string (backup->format));
  json_builder_set_member_name (builder, "level");
  json_builder_add_int_value (builder, verdict->level);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, verdict->ok);
  tide_report_add_names (builder, "problems", verdict->problems);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_human (TideCli           *cli,
             const TideVerdict *verdict,
             int                level)
{
  static const char *const meanings[] = {
    "nothing is proved", "it can be read from end to end", "its checksums are those of its manifest",
    "it was restored without an error", "every table had its rows after a restore",
  };
  TideConsole *console = tide_cli_get_console (cli);

  for (guint i = 0; i < verdict->problems->len; i++)
    tide_console_warn (console, verdict->ok ? TIDE_STYLE_WARNING : TIDE_STYLE_BAD, verdict->ok ? "warning" : "error",
                       g_ptr_array_index (verdict->problems, i));
  tide_console_print (console, verdict->ok ? TIDE_STYLE_GOOD : TIDE_STYLE_BAD, "level %d of %d: %s\n", verdict->level, level,
                      meanings[verdict->level]);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  int level = tide_arguments_get_number (arguments, "level");
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideVerdict) verdict = NULL;

  if (!tide_arguments_check_number (arguments, "level", 1, 4, error))
    return TIDE_EXIT_USAGE;
  backup = tide_backup_open (tide_arguments_get_word (arguments, 0), error);
  if (backup == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (level == 0)
    level = backup->manifest ? 2 : 1;
  verdict = tide_verify_run (backup, level, tide_cli_get_job (cli), error);
  if (verdict == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, backup, verdict);
  else
    print_human (cli, verdict, level);
  return verdict->ok ? TIDE_EXIT_DONE : TIDE_EXIT_NOT_IN_ORDER;
}

static const GOptionEntry options[] = {
  { "level", 0, 0, G_OPTION_ARG_INT, NULL, "how far to go, 1 to 4; default: 2, and 1 without a manifest", "LEVEL" },
  { NULL }
};

static const TideExample examples[] = {
  { "verify backups/migration_backup_20251122_101500.dump", "Read all of it, and compare its checksums." },
  { "verify shop.sql.gz --level 3", "Restore a file from elsewhere into the private PostgreSQL." },
  { NULL }
};

const TideCommand tide_command_verify = {
  .name = "verify",
  .summary = "prove a backup",
  .words = "FILE",
  .description =
    "Proves a backup step by step: 1 its table of contents and all of its data can be read; 2 its checksums are those "
    "of the manifest; 3 it can be restored into the private PostgreSQL without an error; 4 every table has as many rows "
    "there as in the manifest. FILE is recognised by what it holds, and may be a folder. What was found is written into "
    "the manifest. Exits with 1 when the asked level is not reached.",
  .options = options,
  .examples = examples,
  .n_words_least = 1,
  .n_words_most = 1,
  .run = run,
};
