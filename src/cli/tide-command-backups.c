/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-backups"

#include "config.h"

#include "backup/tide-backup-library.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

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
    tide_console_print (console, TIDE_STYLE_STRONG, library->dry_run ? "%u of %u would go:\n" : "%u of %u are gone:\n",
                        shown->len, library->backups->len);
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

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *word = tide_arguments_get_word (arguments, 0);
  gboolean pruning = g_strcmp0 (word, "prune") == 0;
  g_autoptr(TideProject) project = tide_cli_load_project (cli, error);
  g_auto(Library) library = { .dry_run = tide_arguments_get_flag (arguments, "dry-run") };

  if (project == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (library.dry_run && !pruning)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "tidemarkctl backups prune --dry-run", "--dry-run belongs to \"prune\"");
      return TIDE_EXIT_USAGE;
    }
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

static const char *const choices[] = { "list", "prune", NULL };

static const GOptionEntry options[] = {
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, NULL, "with prune: show what would go, and remove nothing", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "backups", "List the project's backups, newest first." },
  { "backups prune --dry-run", "Show which of them would go." },
  { NULL }
};

const TideCommand tide_command_backups = {
  .name = "backups",
  .summary = "list the backups, or remove old ones",
  .words = "list|prune",
  .choices = choices,
  .description =
    "Lists what is in the project's folder of backups (tidemark.json's \"backups\": \"folder\", else backups), with the "
    "level to which each is proved, and what a crash left there.\n"
    "\n"
    "prune keeps what tidemark.json's \"backups\": \"keep\" asks for (\"last\", and the newest of each of the last so "
    "many days, weeks and months: \"daily\", \"weekly\", \"monthly\"), for each database. Pinned ones, the newest one "
    "that is proved, and files that were made elsewhere never go. What a crash left goes.",
  .options = options,
  .examples = examples,
  .n_words_most = 1,
  .run = run,
};
