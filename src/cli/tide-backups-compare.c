/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backups-compare"

#include "config.h"

#include "backup/tide-backup-compare.h"
#include "tide-backups-compare.h"
#include "tide-cli.h"
#include "tide-report.h"

static void
add_rows (JsonBuilder *builder,
          const char  *name,
          gint64       rows)
{
  json_builder_set_member_name (builder, name);
  if (rows < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, rows);
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
print_json (TideCli                 *cli,
            TideBackup              *backup,
            TideProject             *project,
            TideTarget              *target,
            const TideRowComparison *comparison,
            gboolean                 only_differences)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "path", backup->path);
  tide_report_add_target (builder, project, target);
  tide_report_add_text (builder, "note", comparison->note);
  add_rows (builder, "differences", comparison->n_differences);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < comparison->tables->len; i++)
    {
      const TideTableRows *rows = g_ptr_array_index (comparison->tables, i);

      if (only_differences && rows->state == TIDE_ROWS_EQUAL)
        continue;
      json_builder_begin_object (builder);
      tide_report_add_text (builder, "schema", rows->schema);
      tide_report_add_text (builder, "table", rows->name);
      add_rows (builder, "backup_rows", rows->backup_rows);
      add_rows (builder, "database_rows", rows->database_rows);
      add_flag (builder, "backup_exact", rows->backup_exact);
      add_flag (builder, "database_exact", rows->database_exact);
      tide_report_add_text (builder, "state", tide_rows_state_to_string (rows->state));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static char *
dup_rows (gint64   rows,
          gboolean exact,
          gboolean is_there)
{
  if (!is_there)
    return g_strdup ("no table");
  if (rows < 0)
    return g_strdup ("not known");
  return g_strdup_printf ("%s%" G_GINT64_FORMAT, exact ? "" : "about ", rows);
}

static void
print_table (TideConsole         *console,
             const TideTableRows *rows)
{
  gboolean differs = tide_rows_state_is_difference (rows->state);
  g_autofree char *in_backup = dup_rows (rows->backup_rows, rows->backup_exact, rows->state != TIDE_ROWS_ONLY_DATABASE);
  g_autofree char *in_database = dup_rows (rows->database_rows, rows->database_exact, rows->state != TIDE_ROWS_ONLY_BACKUP);

  tide_console_print (console, TIDE_STYLE_PLAIN, "  %16s  %16s  ", in_backup, in_database);
  if (rows->state == TIDE_ROWS_DIFFERENT)
    tide_console_print (console, TIDE_STYLE_WARNING, "%+12" G_GINT64_FORMAT, rows->database_rows - rows->backup_rows);
  else
    tide_console_print (console, TIDE_STYLE_PLAIN, "%12s", "");
  tide_console_print (console, differs ? TIDE_STYLE_STRONG : TIDE_STYLE_PLAIN, "  %s.%s\n", rows->schema, rows->name);
}

static void
print_human (TideCli                 *cli,
             const TideRowComparison *comparison,
             gboolean                 only_differences)
{
  TideConsole *console = tide_cli_get_console (cli);

  if (comparison->note != NULL)
    tide_console_warn (console, TIDE_STYLE_WARNING, "warning", comparison->note);
  tide_console_print (console, TIDE_STYLE_DIM, "  %16s  %16s  %12s  %s\n", "backup", "database", "difference", "table");
  for (guint i = 0; i < comparison->tables->len; i++)
    {
      const TideTableRows *rows = g_ptr_array_index (comparison->tables, i);

      if (!only_differences || rows->state != TIDE_ROWS_EQUAL)
        print_table (console, rows);
    }
  if (comparison->n_differences > 0)
    tide_console_print (console, TIDE_STYLE_WARNING, "%u of %u tables differ\n", comparison->n_differences, comparison->tables->len);
  else if (comparison->n_unknown == 0)
    tide_console_print (console, TIDE_STYLE_GOOD, "all %u tables have the same number of rows\n", comparison->tables->len);
  if (comparison->n_unknown > 0)
    tide_console_print (console, TIDE_STYLE_PLAIN, "the rows of %u tables could not be compared\n", comparison->n_unknown);
}

static TideExit
choose_exit (const TideRowComparison *comparison)
{
  if (comparison->n_differences > 0)
    return TIDE_EXIT_DIFFERENT;
  return comparison->n_unknown > 0 ? TIDE_EXIT_NOT_IN_ORDER : TIDE_EXIT_DONE;
}

/**
 * tide_backups_compare:
 * @cli: the invocation
 * @error: return location for what kept it from comparing
 *
 * Compares the row counts of the backup that is the second word with those of the database that is meant.
 *
 * Returns: the exit status
 */
TideExit
tide_backups_compare (TideCli  *cli,
                      GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  gboolean only_differences = tide_arguments_get_flag (arguments, "only-differences");
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideBackup) backup = tide_backup_open (tide_arguments_get_word (arguments, 1), error);
  g_autoptr(TideRowComparison) comparison = NULL;

  if (backup == NULL || !tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  comparison = tide_backup_compare_rows (backup, tide_target_get_conninfo (target), 0, tide_cli_get_job (cli), error);
  if (comparison == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, backup, project, target, comparison, only_differences);
  else
    print_human (cli, comparison, only_differences);
  return tide_arguments_get_flag (arguments, "exit-code") ? choose_exit (comparison) : TIDE_EXIT_DONE;
}
