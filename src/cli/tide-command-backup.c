/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-backup"

#include "config.h"

#include "backup/tide-backup-names.h"
#include "backup/tide-backup.h"
#include "history/tide-history.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

/* (transfer full) (nullable): what is pending, so what the backup is made before; nobody needs to know where it cannot be told */
static char *
find_pending (TideCli     *cli,
              TideProject *project,
              TideTarget  *target)
{
  GCancellable *cancellable = tide_cli_get_cancellable (cli);
  g_autoptr(TideHistory) history = project ? tide_history_for_project (project) : NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideTimeline) timeline = NULL;

  if (history != NULL)
    session = tide_session_open (tide_target_get_conninfo (target), cancellable, NULL);
  if (session != NULL)
    timeline = tide_history_read_timeline (history, project, session, cancellable, NULL);
  for (guint i = 0; timeline != NULL && i < tide_timeline_get_n_entries (timeline); i++)
    if (tide_timeline_get_entry (timeline, i)->state == TIDE_STATE_PENDING)
      return g_strdup (tide_timeline_get_entry (timeline, i)->name);
  return NULL;
}

/* --format, else what the project asks for */
static gboolean
take_format (TideBackupOptions  *options,
             TideCli            *cli,
             TideProject        *project,
             GError            **error)
{
  const char *word = tide_arguments_get_text (tide_cli_get_arguments (cli), "format");

  if (word == NULL && project != NULL)
    word = tide_project_get_backups (project)->format;
  if (word == NULL || tide_backup_format_from_string (word, &options->format))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_USAGE, "it is custom, directory, plain, gzip or tar", "there is no format \"%s\"", word);
  return FALSE;
}

/* --output names the backup, or a folder that is there; else the project's folder takes it. */
static gboolean
take_place (TideBackupOptions  *options,
            TideCli            *cli,
            TideProject        *project,
            GError            **error)
{
  const char *output = tide_arguments_get_text (tide_cli_get_arguments (cli), "output");

  if (output != NULL && g_file_test (output, G_FILE_TEST_IS_DIR))
    options->folder = output;
  else if (output != NULL)
    options->path = output;
  else if (project != NULL)
    options->folder = tide_project_get_backups (project)->folder;
  else
    tide_set_error (error, TIDE_ERROR_USAGE, "name a file or a folder with --output, or a project with --project",
                    "there is no project here whose folder of backups could take it");
  return options->folder != NULL || options->path != NULL;
}

/* --only, --schema-only, --data-only; the names stay the caller's */
static gboolean
take_contents (TideBackupOptions   *options,
               TideCli             *cli,
               char              ***schemas,
               char              ***tables,
               GError             **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *only = tide_arguments_get_text (arguments, "only");
  gboolean schema_only = tide_arguments_get_flag (arguments, "schema-only");
  gboolean data_only = tide_arguments_get_flag (arguments, "data-only");

  if (schema_only && data_only)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, NULL, "--schema-only and --data-only leave nothing to back up");
      return FALSE;
    }
  options->contents = schema_only ? TIDE_BACKUP_SCHEMA_ONLY : data_only ? TIDE_BACKUP_DATA_ONLY : TIDE_BACKUP_EVERYTHING;
  if (only == NULL)
    return TRUE;
  if (!tide_backup_names_parse (only, schemas, tables, error))
    return FALSE;
  options->schemas = **schemas != NULL ? (const char *const *) *schemas : NULL;
  options->tables = **tables != NULL ? (const char *const *) *tables : NULL;
  return TRUE;
}

static void
print_json (TideCli    *cli,
            TideBackup *backup)
{
  const TideManifest *manifest = backup->manifest;
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "path", backup->path);
  tide_report_add_text (builder, "manifest", backup->manifest_path);
  tide_report_add_text (builder, "format", tide_backup_format_to_string (backup->format));
  tide_report_add_text (builder, "database", manifest->database);
  tide_report_add_text (builder, "migration", manifest->migration);
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, backup->bytes);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_int_value (builder, manifest->seconds);
  json_builder_set_member_name (builder, "verified");
  json_builder_add_int_value (builder, manifest->level);
  tide_report_add_strings (builder, "problems", manifest->problems);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_human (TideCli    *cli,
             TideBackup *backup)
{
  TideConsole *console = tide_cli_get_console (cli);
  const TideManifest *manifest = backup->manifest;
  g_autofree char *size = g_format_size (backup->bytes);

  for (guint i = 0; manifest->problems[i] != NULL; i++)
    tide_console_warn (console, TIDE_STYLE_WARNING, "warning", manifest->problems[i]);
  tide_console_print (console, TIDE_STYLE_STRONG, "%s\n", backup->path);
  tide_console_print (console, TIDE_STYLE_PLAIN, "  %s of \"%s\", %u tables, in %" G_GINT64_FORMAT " s\n", size,
                      manifest->database, manifest->tables->len, manifest->seconds);
  tide_console_print (console, TIDE_STYLE_GOOD, "  proved to level %d of 4\n", manifest->level);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideBackup) backup = NULL;
  g_autofree char *migration = NULL;
  g_auto(GStrv) schemas = NULL;
  g_auto(GStrv) tables = NULL;
  TideBackupOptions options = {
    .compression = -1,
    .jobs = tide_arguments_get_number (arguments, "jobs"),
    .purpose = tide_arguments_get_text (arguments, "for"),
    .with_roles = tide_arguments_get_flag (arguments, "roles"),
    .verify_level = tide_arguments_get_number (arguments, "verify"),
    .exact_rows_below = (gint64) tide_arguments_get_number (arguments, "exact-below") * 1024 * 1024,
  };

  if (!tide_arguments_check_number (arguments, "verify", 1, 4, error)
      || !tide_arguments_check_number (arguments, "jobs", 1, G_MAXINT, error)
      || !tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_USAGE;
  /* A URL needs no project, but what is made has to lie somewhere. */
  if (project == NULL && tide_arguments_get_text (arguments, "output") == NULL)
    project = tide_cli_load_project (cli, NULL);
  if (!take_format (&options, cli, project, error) || !take_contents (&options, cli, &schemas, &tables, error) ||
      !take_place (&options, cli, project, error) || !tide_backup_options_check (&options, error))
    return TIDE_EXIT_USAGE;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  migration = find_pending (cli, project, target);
  options.migration = migration;
  options.environment = tide_target_get_name (target);
  options.kind = tide_target_get_kind (target);
  backup = tide_backup_run (tide_target_get_conninfo (target), &options, tide_cli_get_job (cli), error);
  if (backup == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, backup);
  else
    print_human (cli, backup);
  return backup->manifest->level >= options.verify_level ? TIDE_EXIT_DONE : TIDE_EXIT_NOT_IN_ORDER;
}

static const GOptionEntry options[] = {
  { "format", 0, 0, G_OPTION_ARG_FILENAME, NULL, "custom, directory, plain, gzip or tar; default: the project's, else custom",
    "FORMAT" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, NULL, "the file to make, or a folder; default: the project's folder of backups",
    "PATH" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, NULL, "how many tables are read at once, for directory; default: one per processor", "N" },
  { "for", 0, 0, G_OPTION_ARG_FILENAME, NULL, "what it is made for; kept in its manifest", "TEXT" },
  { "verify", 0, 0, G_OPTION_ARG_INT, NULL, "how far it is to be proved, 1 to 4; default: 2", "LEVEL" },
  { "only", 0, 0, G_OPTION_ARG_FILENAME, NULL, "these schemas, or these schema.tables, divided by commas", "NAME,..." },
  { "schema-only", 0, 0, G_OPTION_ARG_NONE, NULL, "no rows", NULL },
  { "data-only", 0, 0, G_OPTION_ARG_NONE, NULL, "rows and nothing else", NULL },
  { "exact-below", 0, 0, G_OPTION_ARG_INT, NULL,
    "the size of a table below which its rows are counted, and not estimated; default: 1024", "MIB" },
  { "roles", 0, 0, G_OPTION_ARG_NONE, NULL, "write the server's roles, without passwords, beside it", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "backup --for \"before the release\"", "Back up DATABASE_URL into the project's folder." },
  { "backup --only 'public.users,\"my.schema\".orders'", "Back up two tables; a name with a dot stands in double quotes." },
  { "backup --env prod --format directory --jobs 4 --verify 4", "Read four tables at once, and prove it by a restore." },
  { NULL }
};

const TideCommand tide_command_backup = {
  .name = "backup",
  .summary = "back up the database, and prove the backup",
  .description =
    "Runs pg_dump of the server's version on a snapshot in which the rows of every table were counted, reads what it "
    "wrote from end to end, and only then gives it its name, with a manifest beside it: checksums, rows, versions, and "
    "how far it is proved. A failure or an interrupt (Ctrl-C) leaves nothing behind.\n"
    "\n"
    "Levels of proof: 1 its table of contents and all of its data can be read; 2 its checksums are those of the "
    "manifest; 3 it was restored into the private PostgreSQL without an error; 4 every table had as many rows there. "
    "Exits with 1 when the asked level was not reached; the backup stays.",
  .options = options,
  .examples = examples,
  .run = run,
};
