/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-tool.h"
#include "job/tide-tool.h"
#include "runbook/tide-runbook-private.h"

char **
tide_pipeline_dup_command (TidePipeline *self,
                           ...)
{
  TideProject *project = tide_pipeline_get_project (self);
  TideTarget *target = tide_pipeline_get_target (self);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();
  const char *word;
  va_list args;

  va_start (args, self);
  word = va_arg (args, const char *);
  g_strv_builder_add_many (words, "tidemarkctl", "--project", tide_project_get_root (project), NULL);
  if (tide_project_find_environment (project, tide_target_get_name (target)) != NULL)
    {
      /* "run prod" names it itself */
      if (!g_str_equal (word, "run"))
        g_strv_builder_add_many (words, "--env", tide_target_get_name (target), NULL);
    }
  else if (!g_str_equal (tide_target_get_name (target), "DATABASE_URL"))
    {
      g_autofree char *dbname = tide_backup_tool_dup_dbname (tide_target_get_conninfo (target));

      g_strv_builder_add_many (words, "--url", dbname, NULL);
    }
  for (; word != NULL; word = va_arg (args, const char *))
    g_strv_builder_add (words, word);
  va_end (args);
  return g_strv_builder_end (words);
}

static char *
dup_connection (TideConninfo *conninfo,
                const char   *database)
{
  g_autoptr(TideConninfo) copy = tide_conninfo_copy (conninfo);

  tide_conninfo_set (copy, "dbname", database);
  return tide_backup_tool_dup_dbname (copy);
}

/* How the file of @format is read into the new database, with PostgreSQL's own programs */
static char *
dup_read_line (const char       *file,
               TideBackupFormat  format,
               const char       *connection)
{
  g_autofree char *option = g_strconcat ("--dbname=", connection, NULL);
  const char *archive[] = { "pg_restore", "--exit-on-error", option, file, NULL };
  const char *plain[] = { "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", option, "--file", file, NULL };
  const char *from_pipe[] = { "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", option, NULL };
  g_autofree char *quoted = g_shell_quote (file);
  g_autofree char *reader = NULL;

  if (tide_backup_format_is_archive (format))
    return tide_tool_dup_line (archive);
  if (format == TIDE_BACKUP_FORMAT_PLAIN)
    return tide_tool_dup_line (plain);
  reader = tide_tool_dup_line (from_pipe);
  return g_strdup_printf ("%s -dc %s | %s", format == TIDE_BACKUP_FORMAT_ZSTD ? "zstd" : format == TIDE_BACKUP_FORMAT_LZ4 ? "lz4" : "gzip",
                          quoted, reader);
}

/* (transfer full): the lines that do what restore --swap does, without this program */
static char **
dup_by_hand (TideConninfo     *conninfo,
             const char       *file,
             TideBackupFormat  format)
{
  const char *database = tide_conninfo_get (conninfo, "dbname");
  g_autofree char *restored = g_strconcat (database, "_restored", NULL);
  g_autofree char *before = g_strconcat (database, "_before_restore", NULL);
  g_autofree char *quoted = tide_quote_identifier (database);
  g_autofree char *quoted_restored = tide_quote_identifier (restored);
  g_autofree char *quoted_before = tide_quote_identifier (before);
  g_autofree char *admin = dup_connection (conninfo, "postgres");
  g_autofree char *target = dup_connection (conninfo, restored);
  g_autofree char *option = g_strconcat ("--dbname=", admin, NULL);
  g_autofree char *create = g_strdup_printf ("CREATE DATABASE %s TEMPLATE template0", quoted_restored);
  g_autofree char *away = g_strdup_printf ("ALTER DATABASE %s RENAME TO %s", quoted, quoted_before);
  g_autofree char *back = g_strdup_printf ("ALTER DATABASE %s RENAME TO %s", quoted_restored, quoted);
  const char *make[] = { "psql", "--no-psqlrc", option, "--command", create, NULL };
  const char *swap[] = { "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", option, "--command", away, "--command", back, NULL };
  char **lines = g_new0 (char *, 4);

  lines[0] = tide_tool_dup_line (make);
  lines[1] = dup_read_line (file, format, target);
  lines[2] = tide_tool_dup_line (swap);
  return lines;
}

gboolean
tide_runbook_tell_way_back (TidePipeline  *pipeline,
                            GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  TideConninfo *conninfo = tide_target_get_conninfo (tide_pipeline_get_target (pipeline));
  g_autofree char *line = NULL;

  if (self->backup == NULL)
    {
      tide_pipeline_skip (pipeline, self->plan->len == 0 ? N_("nothing was changed") : N_("this run has made no backup"));
      return TRUE;
    }
  outcome->rollback = tide_pipeline_dup_command (pipeline, "restore", self->backup->path, "--swap", NULL);
  outcome->rollback_by_hand = dup_by_hand (conninfo, self->backup->path, self->backup->format);
  line = tide_tool_dup_line ((const char *const *) outcome->rollback);
  tide_pipeline_note (pipeline, "%s", line);
  tide_pipeline_note (pipeline, N_("or, with PostgreSQL's own programs:"));
  for (guint i = 0; outcome->rollback_by_hand[i] != NULL; i++)
    tide_pipeline_note (pipeline, "  %s", outcome->rollback_by_hand[i]);
  tide_pipeline_status (pipeline, N_("the backup of this run can be swapped in"));
  return TRUE;
}
