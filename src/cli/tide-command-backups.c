/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-backups"

#include "config.h"

#include "backup/tide-backup-library.h"
#include "tide-backups-compare.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

static const GOptionEntry options[] = {
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, NULL, "with prune: show what would go, and remove nothing", NULL },
  { "only-differences", 0, 0, G_OPTION_ARG_NONE, NULL, "with compare: leave out the tables whose rows are equal", NULL },
  { "exit-code", 0, 0, G_OPTION_ARG_NONE, NULL, "with compare: exit with 2 when there are differences", NULL },
  { NULL }
};

/* What there is, and what of it goes */
typedef struct
{
  const char *folder;   /* borrowed */
  GPtrArray  *backups;  /* (element-type TideBackup) */
  GPtrArray  *orphans;  /* (element-type filename) */
  GPtrArray  *pruned;   /* (nullable) (element-type TideBackup): only when it was asked to prune */
  gboolean    dry_run;
} Library;

static void
library_clear (Library *self)
{
  g_clear_pointer (&self->backups, g_ptr_array_unref);
  g_clear_pointer (&self->orphans, g_ptr_array_unref);
  g_clear_pointer (&self->pruned, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Library, library_clear)

static void
add_backups (JsonBuilder *builder,
             const char  *name,
             GPtrArray   *backups)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < backups->len; i++)
    {
      const TideBackup *backup = g_ptr_array_index (backups, i);
      const TideManifest *manifest = backup->manifest;

      json_builder_begin_object (builder);
      tide_report_add_text (builder, "path", backup->path);
      tide_report_add_text (builder, "format", tide_backup_format_to_string (backup->format));
      json_builder_set_member_name (builder, "bytes");
      json_builder_add_int_value (builder, backup->bytes);
      tide_report_add_time (builder, "created_at", backup->created_at);
      tide_report_add_text (builder, "database", manifest ? manifest->database : NULL);
      tide_report_add_text (builder, "environment", manifest ? manifest->environment : NULL);
      tide_report_add_text (builder, "for", manifest ? manifest->purpose : NULL);
      tide_report_add_text (builder, "migration", manifest ? manifest->migration : NULL);
      json_builder_set_member_name (builder, "verified");
      json_builder_add_int_value (builder, manifest ? manifest->level : 0);
      json_builder_set_member_name (builder, "pinned");
      json_builder_add_boolean_value (builder, manifest != NULL && manifest->pinned);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (TideCli       *cli,
            const Library *library)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "folder", library->folder);
  add_backups (builder, "backups", library->backups);
  tide_report_add_names (builder, "orphans", library->orphans);
  if (library->pruned != NULL)
    {
      add_backups (builder, "pruned", library->pruned);
      json_builder_set_member_name (builder, "dry_run");
      json_builder_add_boolean_value (builder, library->dry_run);
    }
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_backup (TideConsole      *console,
              const TideBackup *backup)
{
  const TideManifest *manifest = backup->manifest;
  g_autofree char *name = g_path_get_basename (backup->path);
  g_autofree char *time = tide_report_dup_time (backup->created_at, "%Y-%m-%d %H:%M");
  g_autofree char *size = g_format_size (backup->bytes);

  tide_console_print (console, TIDE_STYLE_PLAIN, "  %s  %10s  %-9s  ", time, size,
                      tide_backup_format_to_string (backup->format));
  if (manifest == NULL)
    tide_console_print (console, TIDE_STYLE_DIM, "not proved  ");
  else
    tide_console_print (console, manifest->level >= 2 ? TIDE_STYLE_GOOD : TIDE_STYLE_BAD, "level %d     ", manifest->level);
  tide_console_print (console, TIDE_STYLE_STRONG, "%s", name);
  if (manifest != NULL)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  %s%s%s%s", manifest->database, manifest->purpose ? ", " : "",
                        manifest->purpose ? manifest->purpose : "", manifest->pinned ? " (pinned)" : "");
  tide_console_print (console, TIDE_STYLE_PLAIN, "\n");
}

static void
print_human (TideCli       *cli,
             const Library *library)
{
  TideConsole *console = tide_cli_get_console (cli);
  GPtrArray *shown = library->pruned != NULL ? library->pruned : library->backups;

  if (library->pruned != NULL)
    tide_console_print (console, TIDE_STYLE_STRONG, library->dry_run ? "%u of %u would go%s\n" : "%u of %u are gone%s\n",
                        shown->len, library->backups->len, shown->len > 0 ? ":" : "");
  else if (shown->len == 0)
    tide_console_print (console, TIDE_STYLE_PLAIN, "There are no backups in \"%s\".\n", library->folder);
  for (guint i = 0; i < shown->len; i++)
    print_backup (console, g_ptr_array_index (shown, i));
  for (guint i = 0; i < library->orphans->len; i++)
    tide_console_print (console, TIDE_STYLE_WARNING, "  %s was left by a crash%s\n",
                        (char *) g_ptr_array_index (library->orphans, i),
                        library->pruned == NULL ? ": \"prune\" removes it" : "");
}

static gboolean
prune (Library                *library,
       const TideBackupsSpec  *spec,
       GError                **error)
{
  TideRetention retention = { spec->last, spec->daily, spec->weekly, spec->monthly };

  if (spec->last + spec->daily + spec->weekly + spec->monthly == 0)
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "write \"backups\": { \"keep\": { \"last\": 10 } } into tidemark.json",
                      "the project does not say how many backups to keep");
      return FALSE;
    }
  library->pruned = tide_retention_choose (library->backups, &retention, g_get_real_time ());
  for (guint i = 0; !library->dry_run && i < library->pruned->len; i++)
    if (!tide_library_delete (g_ptr_array_index (library->pruned, i), error))
      return FALSE;
  for (guint i = 0; !library->dry_run && i < library->orphans->len; i++)
    if (!tide_library_remove_orphan (g_ptr_array_index (library->orphans, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
has_option (TideArguments      *arguments,
            const GOptionEntry *option)
{
  switch (option->arg)
    {
    case G_OPTION_ARG_NONE: return tide_arguments_get_flag (arguments, option->long_name);
    case G_OPTION_ARG_INT: return tide_arguments_get_number (arguments, option->long_name) != 0;
    default: return tide_arguments_get_text (arguments, option->long_name) != NULL;
    }
}

/* Each option belongs to one of the words, and says so first in its description; a file belongs to "compare". */
static gboolean
check_options (TideArguments  *arguments,
               const char     *word,
               GError        **error)
{
  gboolean comparing = g_strcmp0 (word, "compare") == 0;
  g_autofree char *prefix = g_strdup_printf ("with %s:", word ? word : "list");

  for (guint i = 0; options[i].long_name != NULL; i++)
    if (has_option (arguments, &options[i]) && !g_str_has_prefix (options[i].description, prefix))
      {
        tide_set_error (error, TIDE_ERROR_USAGE, "tidemarkctl backups --help tells what belongs together",
                        "--%s does not belong to \"%s\"", options[i].long_name, word ? word : "list");
        return FALSE;
      }
  if (comparing == (tide_arguments_get_n_words (arguments) == 2))
    return TRUE;
  if (comparing)
    tide_set_error (error, TIDE_ERROR_USAGE, "tidemarkctl backups compare FILE", "\"compare\" needs a backup");
  else
    tide_set_error (error, TIDE_ERROR_USAGE, NULL, "\"%s\" has no use for \"%s\"", word, tide_arguments_get_word (arguments, 1));
  return FALSE;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *word = tide_arguments_get_word (arguments, 0);
  gboolean pruning = g_strcmp0 (word, "prune") == 0;
  g_autoptr(TideProject) project = NULL;
  g_auto(Library) library = { .dry_run = tide_arguments_get_flag (arguments, "dry-run") };

  if (!check_options (arguments, word, error))
    return TIDE_EXIT_USAGE;
  if (g_strcmp0 (word, "compare") == 0)
    return tide_backups_compare (cli, error);
  project = tide_cli_load_project (cli, error);
  if (project == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  library.folder = tide_project_get_backups (project)->folder;
  library.backups = tide_library_list (library.folder, error);
  library.orphans = library.backups ? tide_library_list_orphans (library.folder, error) : NULL;
  if (library.orphans == NULL || (pruning && !prune (&library, tide_project_get_backups (project), error)))
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, &library);
  else
    print_human (cli, &library);
  return TIDE_EXIT_DONE;
}

static const char *const choices[] = { "list", "prune", "compare", NULL };

static const TideExample examples[] = {
  { "backups", "List the project's backups, newest first." },
  { "backups prune --dry-run", "Show which of them would go." },
  { "backups compare backups/migration_backup_20251122_101500.dump --env prod",
    "Set its row counts beside those of an environment." },
  { NULL }
};

const TideCommand tide_command_backups = {
  .name = "backups",
  .summary = "list the backups, remove old ones, or compare one with a database",
  .words = "list|prune|compare FILE",
  .choices = choices,
  .description =
    "Lists what is in the project's folder of backups (tidemark.json's \"backups\": \"folder\", else backups), with the "
    "level to which each is proved, and what a crash left there.\n"
    "\n"
    "prune keeps what tidemark.json's \"backups\": \"keep\" asks for (\"last\", and the newest of each of the last so "
    "many days, weeks and months: \"daily\", \"weekly\", \"monthly\"), for each database. Pinned ones, the newest one "
    "that is proved, and files that were made elsewhere never go. What a crash left goes.\n"
    "\n"
    "compare sets the rows that FILE's manifest tells of beside those that the database has now, counted in one snapshot. "
    "Tables that one side lacks are differences; what was only estimated on a side is not. Without a manifest an archive "
    "still tells which tables it has. With --exit-code it exits with 0 when all rows are equal, 2 when there are "
    "differences, and 1 when there are none but some rows could not be compared.",
  .options = options,
  .examples = examples,
  .n_words_most = 2,
  .run = run,
};
