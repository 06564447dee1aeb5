/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-restore"

#include "config.h"

#include "backup/tide-restore.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

static gboolean
usage_error (GError     **error,
             const char  *hint,
             const char  *what)
{
  tide_set_error (error, TIDE_ERROR_USAGE, hint, "%s", what);
  return FALSE;
}

static gboolean
take_options (TideCli             *cli,
              TideRestoreOptions  *options,
              GError             **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  gboolean swap = tide_arguments_get_flag (arguments, "swap");
  gboolean in_place = tide_arguments_get_flag (arguments, "in-place");
  int wait = tide_arguments_get_number (arguments, "wait");

  options->into = tide_arguments_get_text (arguments, "into");
  options->jobs = tide_arguments_get_number (arguments, "jobs");
  options->no_owner = tide_arguments_get_flag (arguments, "no-owner");
  options->end_sessions = tide_arguments_get_flag (arguments, "end-sessions");
  if ((swap ? 1 : 0) + (in_place ? 1 : 0) + (options->into != NULL ? 1 : 0) > 1)
    return usage_error (error, "give one of them, or none", "--into, --swap and --in-place say where to restore, each another place");
  if (!swap && (options->end_sessions || wait != 0))
    return usage_error (error, "give --swap with them", "--wait and --end-sessions are for a swap");
  if (!tide_arguments_check_number (arguments, "wait", 0, 86400, error)
      || !tide_arguments_check_number (arguments, "jobs", 1, G_MAXINT, error))
    return FALSE;
  options->wait_ms = wait * 1000;
  options->mode = swap ? TIDE_RESTORE_SWAP : in_place ? TIDE_RESTORE_IN_PLACE : TIDE_RESTORE_NEW;
  return TRUE;
}

static gboolean
check_consent (TideCli      *cli,
               TideBackup   *backup,
               TideProject  *project,
               TideTarget   *target,
               GError      **error)
{
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  g_autofree char *label = tide_conninfo_dup_label (conninfo);

  if (!tide_arguments_get_flag (tide_cli_get_arguments (cli), "yes"))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "add --yes if what is in it now may go; without --in-place nothing is lost",
                      "restore refused: it would replace the contents of %s", label);
      return FALSE;
    }
  return tide_restore_check_in_place (backup, project ? tide_project_get_backups (project)->folder : NULL, conninfo,
                                      tide_target_get_kind (target), error);
}

/* What is in it now, proved, before it goes: in the project's folder, else beside what is restored. Production
 * has shown its own already. */
static gboolean
keep_present (TideCli      *cli,
              TideBackup   *backup,
              TideProject  *project,
              TideTarget   *target,
              char        **path,
              GError      **error)
{
  g_autofree char *beside = g_path_get_dirname (backup->path);
  const TideBackupOptions options = {
    .folder = project ? tide_project_get_backups (project)->folder : beside,
    .environment = tide_target_get_name (target), .kind = tide_target_get_kind (target),
  };
  g_autoptr(TideBackup) fresh = NULL;

  if (options.kind == TIDE_KIND_PRODUCTION)
    return TRUE;
  fresh = tide_restore_keep_present (tide_target_get_conninfo (target), &options, tide_cli_get_job (cli), error);
  if (fresh == NULL)
    {
      g_prefix_error (error, "no fresh backup of what is there now, so nothing is restored in place: ");
      return FALSE;
    }
  *path = g_strdup (fresh->path);
  return TRUE;
}

static void
print_json (TideCli                 *cli,
            const TideRestoreReport *report,
            const char              *fresh)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "database", report->database);
  tide_report_add_text (builder, "old_database", report->old_database);
  tide_report_add_text (builder, "backup", fresh);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_int_value (builder, report->seconds);
  tide_report_add_names (builder, "problems", report->problems);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_human (TideCli                 *cli,
             const TideRestoreReport *report,
             const char              *fresh)
{
  TideConsole *console = tide_cli_get_console (cli);
  g_autofree char *words = tide_cli_dup_target_words (cli);
  g_autofree char *kept = report->old_database ? g_shell_quote (report->old_database) : NULL;

  for (guint i = 0; i < report->problems->len; i++)
    tide_console_warn (console, TIDE_STYLE_WARNING, "warning", g_ptr_array_index (report->problems, i));
  tide_console_print (console, TIDE_STYLE_GOOD, "Restored into \"%s\" in %" G_GINT64_FORMAT " s.\n", report->database, report->seconds);
  if (fresh != NULL)
    tide_console_print (console, TIDE_STYLE_PLAIN, "What was in it before is in \"%s\".\n", fresh);
  if (report->old_database == NULL)
    return;
  tide_console_print (console, TIDE_STYLE_PLAIN, "The old one is kept as \"%s\".\n", report->old_database);
  tide_console_print (console, TIDE_STYLE_STRONG, "the way back: tidemarkctl restore%s --back %s\n", words, kept);
}

static void
print_report (TideCli                 *cli,
              const TideRestoreReport *report,
              const char              *fresh) /* (nullable) */
{
  if (tide_cli_wants_json (cli))
    print_json (cli, report, fresh);
  else
    print_human (cli, report, fresh);
}

/* A swap in the other direction, told in the same words */
static TideExit
go_back (TideCli     *cli,
         TideTarget  *target,
         const char  *old_database,
         GError     **error)
{
  gint64 start = g_get_monotonic_time ();
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  g_autofree char *kept = tide_restore_swap_back (conninfo, old_database,
                                                  tide_arguments_get_flag (tide_cli_get_arguments (cli), "end-sessions"),
                                                  tide_cli_get_cancellable (cli), error);
  g_autoptr(TideRestoreReport) report = NULL;

  if (kept == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  report = g_new0 (TideRestoreReport, 1);
  report->database = g_strdup (tide_conninfo_get (conninfo, "dbname"));
  report->old_database = *kept != '\0' ? g_steal_pointer (&kept) : NULL;
  report->seconds = (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  report->problems = g_ptr_array_new ();
  print_report (cli, report, NULL);
  return TIDE_EXIT_DONE;
}

static void
add_kept (JsonBuilder            *builder,
          const TideKeptDatabase *kept)
{
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "database", kept->name);
  tide_report_add_time (builder, "kept_at", kept->kept_at);
  json_builder_set_member_name (builder, "bytes");
  if (kept->bytes >= 0)
    json_builder_add_int_value (builder, kept->bytes);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

static void
print_state_json (TideCli             *cli,
                  const TideSwapState *state)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "closed");
  json_builder_add_boolean_value (builder, state->closed);
  json_builder_set_member_name (builder, "kept");
  json_builder_begin_array (builder);
  for (guint i = 0; i < state->kept->len; i++)
    add_kept (builder, g_ptr_array_index (state->kept, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_state (TideCli             *cli,
             const TideSwapState *state,
             const char          *database)
{
  TideConsole *console = tide_cli_get_console (cli);
  g_autofree char *words = tide_cli_dup_target_words (cli);

  if (state->closed)
    tide_console_print (console, TIDE_STYLE_BAD, "\"%s\" takes no connections: a swap was interrupted. tidemarkctl restore%s --reopen\n",
                        database, words);
  for (guint i = 0; i < state->kept->len; i++)
    {
      const TideKeptDatabase *kept = g_ptr_array_index (state->kept, i);
      g_autofree char *size = kept->bytes >= 0 ? g_format_size (kept->bytes) : g_strdup ("?");
      g_autofree char *time = tide_report_dup_time (kept->kept_at, "%Y-%m-%d %H:%M:%S");

      tide_console_print (console, TIDE_STYLE_STRONG, "%s", kept->name);
      tide_console_print (console, TIDE_STYLE_PLAIN, "  %s, %s\n", time, size);
    }
  if (state->kept->len == 0)
    tide_console_print (console, TIDE_STYLE_PLAIN, "No swap has kept a database of \"%s\".\n", database);
  else
    tide_console_print (console, TIDE_STYLE_DIM, "Back to one: tidemarkctl restore%s --back NAME; when none is needed any more: --drop-kept NAME\n", words);
}

/* What swaps have left, whoever made them and however long ago */
static TideExit
tell_kept (TideCli     *cli,
           TideTarget  *target,
           GError     **error)
{
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  g_autoptr(TideSwapState) state = tide_restore_read_swaps (conninfo, tide_cli_get_cancellable (cli), error);

  if (state == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_cli_wants_json (cli))
    print_state_json (cli, state);
  else
    print_state (cli, state, tide_conninfo_get (conninfo, "dbname"));
  return state->closed ? TIDE_EXIT_NOT_IN_ORDER : TIDE_EXIT_DONE;
}

static TideExit
drop_kept (TideCli     *cli,
           TideTarget  *target,
           const char  *name,
           GError     **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  if (!tide_arguments_get_flag (tide_cli_get_arguments (cli), "yes"))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "add --yes if nobody needs it any more; nothing brings it back",
                      "refused: the database \"%s\" would be dropped", name);
      return TIDE_EXIT_NOT_IN_ORDER;
    }
  if (!tide_restore_drop_kept (tide_target_get_conninfo (target), name, tide_cli_get_cancellable (cli), error))
    return TIDE_EXIT_NOT_IN_ORDER;
  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "\"%s\" is dropped.\n", name);
      return TIDE_EXIT_DONE;
    }
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "dropped", name);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
  return TIDE_EXIT_DONE;
}

/* The way out after a swap that was killed */
static TideExit
reopen (TideCli     *cli,
        TideTarget  *target,
        GError     **error)
{
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  if (!tide_restore_reopen (conninfo, tide_cli_get_cancellable (cli), error))
    return TIDE_EXIT_NOT_IN_ORDER;
  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "\"%s\" takes connections.\n",
                          tide_conninfo_get (conninfo, "dbname"));
      return TIDE_EXIT_DONE;
    }
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "database", tide_conninfo_get (conninfo, "dbname"));
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
  return TIDE_EXIT_DONE;
}

static TideExit
restore (TideCli             *cli,
         TideProject         *project,
         TideTarget          *target,
         TideRestoreOptions  *options,
         GError             **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *only = tide_arguments_get_text (arguments, "only");
  g_auto(GStrv) selectors = only ? g_strsplit (only, ",", -1) : NULL;
  g_autoptr(TideBackup) backup = tide_backup_open (tide_arguments_get_word (arguments, 0), error);
  g_autoptr(TideRestoreReport) report = NULL;
  g_autofree char *fresh = NULL;

  if (backup == NULL || (options->mode == TIDE_RESTORE_IN_PLACE && !(check_consent (cli, backup, project, target, error) &&
                                                                     keep_present (cli, backup, project, target, &fresh, error))))
    return TIDE_EXIT_NOT_IN_ORDER;
  options->only = (const char *const *) selectors;
  report = tide_restore_run (backup, tide_target_get_conninfo (target), options, tide_cli_get_job (cli), error);
  if (report == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  print_report (cli, report, fresh);
  return TIDE_EXIT_DONE;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *back = tide_arguments_get_text (arguments, "back");
  const char *drop = tide_arguments_get_text (arguments, "drop-kept");
  gboolean opening = tide_arguments_get_flag (arguments, "reopen");
  gboolean listing = tide_arguments_get_flag (arguments, "kept");
  TideRestoreOptions options = { 0 };
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;

  if ((back != NULL) + (drop != NULL) + (opening != FALSE) + (listing != FALSE) + tide_arguments_get_n_words (arguments) != 1)
    {
      usage_error (error, "usage: tidemarkctl restore FILE, or restore with one of --back, --kept, --drop-kept and --reopen",
                   "restore needs either a FILE, --back, --kept, --drop-kept or --reopen");
      return TIDE_EXIT_USAGE;
    }
  if (tide_arguments_get_n_words (arguments) > 0 && !take_options (cli, &options, error))
    return TIDE_EXIT_USAGE;
  if (!tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (opening)
    return reopen (cli, target, error);
  if (listing)
    return tell_kept (cli, target, error);
  if (drop != NULL)
    return drop_kept (cli, target, drop, error);
  return back ? go_back (cli, target, back, error) : restore (cli, project, target, &options, error);
}

static const GOptionEntry options[] = {
  { "into", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the name of the new database; default: NAME_restored_ and the time", "NAME" },
  { "swap", 0, 0, G_OPTION_ARG_NONE, NULL, "let the new database take the name of the old one, which is kept", NULL },
  { "wait", 0, 0, G_OPTION_ARG_INT, NULL, "with --swap: wait so long for those who use the database", "SECONDS" },
  { "end-sessions", 0, 0, G_OPTION_ARG_NONE, NULL, "with --swap and --back: end their sessions", NULL },
  { "back", 0, 0, G_OPTION_ARG_FILENAME, NULL, "undo a swap: give the name back to the database it kept", "DATABASE" },
  { "kept", 0, 0, G_OPTION_ARG_NONE, NULL, "list the databases that swaps have kept", NULL },
  { "drop-kept", 0, 0, G_OPTION_ARG_FILENAME, NULL, "drop one of them for good; needs --yes", "DATABASE" },
  { "reopen", 0, 0, G_OPTION_ARG_NONE, NULL, "let a database take connections that an interrupted swap has closed", NULL },
  { "in-place", 0, 0, G_OPTION_ARG_NONE, NULL, "replace what is in the database itself, after a fresh backup of it", NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, NULL, "with --in-place and --drop-kept: yes, what is in it now may go", NULL },
  { "only", 0, 0, G_OPTION_ARG_FILENAME, NULL, "these schemas, schema.tables or #IDs, and what they need, divided by commas", "SELECTOR" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, NULL, "restore by several sessions (custom and directory)", "N" },
  { "no-owner", 0, 0, G_OPTION_ARG_NONE, NULL, "everything belongs to the role that restores it", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "restore backups/migration_backup_20251122_101500.dump", "Restore into a new database beside the old one." },
  { "restore shop.sql.gz --env staging --swap --wait 60", "Restore, and swap once nobody uses the old one." },
  { "restore --env staging --back shop_before_restore_20251122_102000", "Undo that swap." },
  { "restore shop.dump --only public.orders --into shop_orders", "One table, with all that belongs to it." },
  { NULL }
};

const TideCommand tide_command_restore = {
  .name = "restore",
  .summary = "restore a backup, by default into a new database",
  .words = "FILE",
  .description =
    "Restores a backup of any format, recognised by what it holds. By default into a new database beside the one that is "
    "meant, with the backup's encoding and locale; its rows are counted and compared with the manifest. All or nothing: after a "
    "failure or an interrupt nothing has changed, and what was made is dropped.\n"
    "\n"
    "With --swap the new database then takes the old one's name, settings and grants; the old one is kept under a dated name, and "
    "--back undoes it, at any time later: --kept lists what there is, --drop-kept drops one. Should a swap be killed half-way, the "
    "database keeps its name but takes no connections until --reopen; --kept tells. It is told who uses the database; they are waited "
    "for or ended as asked. With --in-place the database itself is overwritten in one transaction; what is not in the backup stays, and SQL text has to drop by itself what it makes. "
    "That needs --yes, and a fresh backup of it is made first, in the project's folder or beside FILE; for a production database it has "
    "to be there already, proved, and of the last hour.\n"
    "\n"
    "SQL text runs in one transaction, stops at the first error, and is refused when it holds commands to psql: a dump is not "
    "trusted code.",
  .options = options,
  .examples = examples,
  .n_words_most = 1,
  .run = run,
};
