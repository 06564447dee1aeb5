/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-tables.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"

static void
warning_free (gpointer data)
{
  TideRunWarning *self = data;

  g_free (self->severity);
  g_free (self->rule);
  g_free (self->message);
  g_free (self->recorded_message);
  g_free (self->advice);
  g_free (self);
}

static char *
dup_message (const TideLintFinding *finding)
{
  g_autofree char *size = tide_lint_finding_dup_size (finding);

  return size ? g_strdup_printf ("%s (%s)", finding->message, size) : g_strdup (finding->message);
}

static TideRunWarning *
warning_new (const TideLintFinding *finding)
{
  TideRunWarning *self = g_new0 (TideRunWarning, 1);

  self->severity = g_strdup (tide_lint_severity_to_string (finding->severity));
  self->rule = g_strdup (finding->rule);
  self->message = dup_message (finding);
  self->recorded_message = g_strdup (self->message);
  self->advice = g_strdup (finding->advice);
  self->line = finding->line;
  return self;
}

static void
migration_free (gpointer data)
{
  TideRunMigration *self = data;

  g_free (self->name);
  g_free (self->sql);
  g_free (self->mode);
  g_free (self->recorded_mode);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_free (self);
}

static char *
dup_mode (gpointer script)
{
  static const char *const modes[] = { N_("in one transaction"), N_("statement by statement"), N_("in transactions of its own") };
  g_autofree char *reason = tide_sql_script_dup_reason (script);
  TideSqlRunMode mode = tide_sql_script_get_run_mode (script);

  return mode == TIDE_SQL_RUN_ATOMIC || reason == NULL ? g_strdup (_(modes[mode])) : g_strdup_printf ("%s: %s", _(modes[mode]), reason);
}

static TideRunMigration *
read_migration (TideRunbook           *self,
                const TideDeployStep  *step,
                GError               **error)
{
  TideRunMigration *migration = g_new0 (TideRunMigration, 1);

  migration->name = g_strdup (tide_migration_get_name (step->migration));
  migration->sql = g_strdup (tide_migration_get_sql (step->migration));
  migration->mode = dup_mode (step->script);
  migration->recorded_mode = tide_run_english_dup (dup_mode, step->script, migration->mode);
  migration->n_statements = tide_sql_script_get_n_statements (step->script);
  migration->warnings = g_ptr_array_new_with_free_func (warning_free);
  migration->tables = tide_run_tables_read (self->session, tide_sql_script_get_text (step->script),
                                            tide_pipeline_get_cancellable (TIDE_PIPELINE (self)), error);
  if (migration->tables != NULL)
    return migration;
  migration_free (migration);
  return NULL;
}

/* The same warnings once more, as the journal has them: the rules come to the same on the same files. */
static void
record_warnings (GPtrArray       *pending,
                 GPtrArray       *migrations,
                 guint            first,
                 TideLintContext *context,
                 GCancellable    *cancellable)
{
  g_autoptr(GPtrArray) findings = NULL;

  tide_run_english_begin ();
  findings = tide_lint_history (migrations, first, context, cancellable);
  for (guint i = 0; i < pending->len; i++)
    {
      const TideRunMigration *migration = g_ptr_array_index (pending, i);
      guint n = 0;

      for (guint k = 0; findings != NULL && k < findings->len && n < migration->warnings->len; k++)
        {
          const TideLintFinding *finding = g_ptr_array_index (findings, k);
          TideRunWarning *warning = g_ptr_array_index (migration->warnings, n);

          if (finding->accepted || g_strcmp0 (migration->name, finding->migration) != 0)
            continue;
          g_free (warning->recorded_message);
          warning->recorded_message = dup_message (finding);
          n++;
        }
    }
  tide_run_english_end ();
}

/* What may go wrong with them, by the rules and by what the real tables hold. Never in the way: it is advice. */
static void
add_warnings (TideRunbook *self,
              GPtrArray   *pending)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  GCancellable *cancellable = tide_pipeline_get_cancellable (pipeline);
  GPtrArray *migrations = tide_project_get_migrations (tide_pipeline_get_project (pipeline));
  const TideDeployStep *step = pending->len > 0 ? g_ptr_array_index (self->plan, 0) : NULL;
  g_autoptr(TideLintContext) context = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  guint first;

  if (step == NULL || !g_ptr_array_find (migrations, step->migration, &first))
    return;
  context = tide_lint_context_read (self->session, migrations, first, cancellable, NULL);
  findings = tide_lint_history (migrations, first, context, cancellable);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      for (guint k = 0; k < pending->len && !finding->accepted; k++)
        {
          TideRunMigration *migration = g_ptr_array_index (pending, k);

          if (g_strcmp0 (migration->name, finding->migration) == 0)
            g_ptr_array_add (migration->warnings, warning_new (finding));
        }
    }
  if (findings != NULL && tide_run_english_is_needed ())
    record_warnings (pending, migrations, first, context, cancellable);
}

static void
tell_mode (TidePipeline           *pipeline,
           const TideRunMigration *migration)
{
  static const char format[] = N_("%s: %u statements, %s");
  g_autofree char *recorded = g_strdup_printf (format, migration->name, migration->n_statements, migration->recorded_mode);
  g_autofree char *shown = g_strdup_printf (_(format), migration->name, migration->n_statements, migration->mode);

  tide_pipeline_tell (pipeline, FALSE, recorded, shown);
}

static char *
dup_warning (const char *migration,
             gboolean    is_info,
             const char *line,
             const char *message)
{
  return is_info ? g_strdup_printf ("  %s%s", line, message) : g_strdup_printf ("%s: %s%s", migration, line, message);
}

static void
tell_warning (TidePipeline         *pipeline,
              const char           *migration,
              const TideRunWarning *warning)
{
  static const char format[] = N_("line %d: ");
  gboolean is_info = g_str_equal (warning->severity, "info");
  g_autofree char *recorded_line = g_strdup_printf (format, warning->line);
  g_autofree char *shown_line = g_strdup_printf (_(format), warning->line);
  g_autofree char *recorded = dup_warning (migration, is_info, warning->line > 0 ? recorded_line : "", warning->recorded_message);
  g_autofree char *shown = dup_warning (migration, is_info, warning->line > 0 ? shown_line : "", warning->message);

  tide_pipeline_tell (pipeline, !is_info, recorded, shown);
}

static void
tell (TideRunbook            *self,
      const TideRunMigration *migration)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);

  tell_mode (pipeline, migration);
  for (guint i = 0; i < migration->tables->len; i++)
    {
      const TideRunTable *table = g_ptr_array_index (migration->tables, i);
      g_autofree char *size = g_format_size (table->bytes);
      g_autofree char *rows = g_strdup_printf ("%" G_GINT64_FORMAT, table->rows);

      if (table->rows < 0)
        tide_pipeline_note (pipeline, N_("  touches \"%s\".\"%s\": %s, never counted"), table->schema, table->name, size);
      else
        tide_pipeline_note (pipeline, N_("  touches \"%s\".\"%s\": %s, about %s rows"), table->schema, table->name, size, rows);
    }
  for (guint i = 0; i < migration->warnings->len; i++)
    {
      tell_warning (pipeline, migration->name, g_ptr_array_index (migration->warnings, i));
    }
}

gboolean
tide_runbook_list_pending (TidePipeline  *pipeline,
                           GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  g_autoptr(GPtrArray) pending = g_ptr_array_new_with_free_func (migration_free);

  for (guint i = 0; i < self->plan->len; i++)
    {
      TideRunMigration *migration = read_migration (self, g_ptr_array_index (self->plan, i), error);

      if (migration == NULL)
        return FALSE;
      g_ptr_array_add (pending, migration);
    }
  add_warnings (self, pending);
  for (guint i = 0; i < pending->len; i++)
    tell (self, g_ptr_array_index (pending, i));
  if (pending->len == 0)
    tide_pipeline_skip (pipeline, N_("nothing is pending"));
  else
    tide_pipeline_status (pipeline, N_("%u to apply"), pending->len);
  g_mutex_lock (&self->lock);
  self->pending = g_steal_pointer (&pending);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

gboolean
tide_runbook_confirm (TidePipeline  *pipeline,
                      GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  TideTarget *target = tide_pipeline_get_target (pipeline);
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  gboolean by_name = tide_kind_asks_for_name (tide_target_get_kind (target));
  const char *database = tide_conninfo_get (conninfo, "dbname");
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  g_autofree char *title = g_strdup_printf (_("Apply %u to %s?"), self->plan->len, tide_target_get_name (target));
  g_autofree char *text = NULL;
  GError *failure = NULL;

  if (self->plan->len == 0)
    {
      tide_pipeline_skip (pipeline, N_("there is nothing to confirm"));
      return TRUE;
    }
  text = g_strdup_printf (_("They change %s (%s).%s"), label, tide_kind_to_string (tide_target_get_kind (target)),
                          self->backup ? _(" The way back is the backup that this run has made.") : _(" There is no backup of this run."));
  if (tide_target_get_kind (target) == TIDE_KIND_DEVELOPMENT
      || tide_pipeline_ask (pipeline, tide_run_question_new (TIDE_QUESTION_CONFIRM, tide_pipeline_get_running (pipeline), title, text,
                                                             by_name ? database : NULL, NULL, NULL), NULL, &failure))
    {
      tide_pipeline_status (pipeline, N_("confirmed by %s"), g_get_user_name ());
      return TRUE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    tide_set_error (error, TIDE_ERROR_REFUSED, by_name ? "type the database's name exactly, or run with --yes" : "run with --yes",
                    "it was not confirmed: nothing was changed");
  return FALSE;
}
