/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-actions"

#include "config.h"

#include <string.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drift/tide-drift-actions.h"
#include "drift/tide-drift-report.h"
#include "project/tide-settings.h"
#include "timeline/tide-new-migration.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-save.h"
#include "wire/tide-session.h"

/* For a thread: statements and where to run them */
typedef struct
{
  TideConninfo     *conninfo;
  TideSchemaScript *script;
} Work;

/* From the question to its end */
typedef struct
{
  TideDriftPage       *page;
  TideDriftComparison *comparison;
  TideEnvironment     *environment;
  TideTarget          *target;
  TideProject         *project;
  GtkEditable         *entry;  /* nullable: the reason */
  TideIgnoreSpec       rule;
} Request;

static void
work_free (gpointer data)
{
  Work *self = data;

  tide_conninfo_unref (self->conninfo);
  tide_schema_script_unref (self->script);
  g_free (self);
}

static void
request_free (Request *self)
{
  g_clear_object (&self->page);
  g_clear_object (&self->environment);
  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_free (self->rule.kind);
  g_free (self->rule.schema);
  g_free (self->rule.name);
  g_free (self->rule.reason);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static Request *
create_request (TideDriftPage *page)
{
  Request *self = g_new0 (Request, 1);

  self->page = g_object_ref (page);
  self->comparison = tide_drift_comparison_ref (tide_drift_page_get_comparison (page));
  /* What is asked about now is what is done later, whatever is read or selected while the question stands. */
  g_set_object (&self->environment, tide_drift_page_get_environment (page));
  g_set_object (&self->project, tide_workspace_get_project (tide_drift_page_get_workspace (page)));
  self->target = tide_target_ref (tide_drift_page_get_target (page));
  return self;
}

void
tide_drift_adopt (TideDriftPage *page)
{
  TideDriftComparison *comparison = tide_drift_page_get_comparison (page);
  TideWorkspace *workspace = tide_drift_page_get_workspace (page);
  g_autofree char *sql = tide_schema_script_dup_text (comparison->adopt);

  tide_new_migration_present_sql (GTK_WIDGET (page), workspace, NULL, sql, tide_drift_page_get_environment (page));
}

void
tide_drift_save_migration (TideDriftPage *page,
                           const char    *sql)
{
  tide_new_migration_present_sql (GTK_WIDGET (page), tide_drift_page_get_workspace (page), NULL, sql, NULL);
}

/* One transaction; statements that refuse one each run alone. */
static gboolean
run_statements (TideSession       *session,
                TideSchemaScript  *script,
                TideJob           *job,
                GError           **error)
{
  GPtrArray *statements = tide_schema_script_get_statements (script);
  GCancellable *cancellable = tide_job_get_cancellable (job);
  gboolean together = TRUE;

  for (guint i = 0; i < statements->len; i++)
    together &= !(((TideScriptStatement *) g_ptr_array_index (statements, i))->hazards & TIDE_HAZARD_NO_TRANSACTION);
  if (together)
    {
      g_autofree char *text = tide_schema_script_dup_text (script);
      g_autoptr (GPtrArray) results = tide_session_run (session, text, cancellable, error);

      return results != NULL;
    }
  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      g_autoptr (GPtrArray) results = NULL;

      tide_job_set_status (job, _("Statement %u of %u"), i + 1, statements->len);
      tide_job_set_fraction (job, i / (double) statements->len);
      results = tide_session_run (session, statement->sql, cancellable, error);
      if (results == NULL)
        return FALSE;
    }
  return TRUE;
}

static gpointer
run_revert (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  const Work *self = data;
  g_autoptr (TideSession) session = tide_session_open (self->conninfo, tide_job_get_cancellable (job), error);
  gboolean done;

  if (session == NULL)
    return NULL;
  done = run_statements (session, self->script, job, error);
  tide_session_close (session);
  return done ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
on_reverted (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Request) self = user_data;
  g_autoptr (GError) error = NULL;

  tide_job_run_finish (TIDE_JOB (object), result, &error);
  tide_environment_refresh (self->environment);
  if (gtk_widget_get_root (GTK_WIDGET (self->page)) == NULL)
    return;
  tide_drift_page_compare (self->page);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tide_dialog_show_error (GTK_WIDGET (self->page), _("Could Not Revert"), error);
}

static void
on_revert_confirmed (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (Request) self = user_data;
  TideWorkspace *workspace = tide_drift_page_get_workspace (self->page);
  g_autofree char *title = NULL;
  g_autoptr (TideJob) job = NULL;
  Work *work;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    return;
  work = g_new0 (Work, 1);
  work->conninfo = tide_conninfo_ref (tide_target_get_conninfo (self->target));
  work->script = tide_schema_script_ref (self->comparison->revert);
  title = g_strdup_printf (_("Revert drift in %s"), tide_environment_get_name (self->environment));
  job = tide_job_new (title);
  tide_workspace_run_job (workspace, job, run_revert, work, work_free, NULL, on_reverted, g_steal_pointer (&self));
}

static char *
dup_hazards (TideSchemaScript *script)
{
  GPtrArray *statements = tide_schema_script_get_statements (script);
  TideHazard all = TIDE_HAZARD_NONE;

  for (guint i = 0; i < statements->len; i++)
    all |= ((TideScriptStatement *) g_ptr_array_index (statements, i))->hazards;
  return all == TIDE_HAZARD_NONE ? g_strdup ("") : tide_hazard_dup_text (all);
}

void
tide_drift_revert (TideDriftPage *page)
{
  Request *self = create_request (page);
  TideSchemaScript *script = self->comparison->revert;
  TideConninfo *conninfo = tide_target_get_conninfo (self->target);
  TideKind kind = tide_environment_get_kind (self->environment);
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  g_autofree char *hazards = dup_hazards (script);
  guint n = tide_schema_script_get_statements (script)->len;
  g_autofree char *statements = g_strdup_printf (g_dngettext (NULL, "%u statement is run.", "%u statements are run.", n), n);
  g_autofree char *body = g_strdup_printf (_("Database: %s\nEnvironment: %s\n\n%s\n%s"), label,
                                           tide_environment_get_name (self->environment), statements, hazards);

  tide_dialog_confirm_async (GTK_WIDGET (page), _("Take the Database Back to Its Migrations?"), body, NULL, _("_Revert"),
                             tide_kind_asks_for_name (kind) ? tide_conninfo_get (conninfo, "dbname") : NULL, TRUE,
                             on_revert_confirmed, self);
}

static void
on_ignore_confirmed (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (Request) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    return;
  self->rule.reason = g_strdup (gtk_editable_get_text (self->entry));
  if (!tide_settings_write_ignore (tide_project_get_root (self->project), &self->rule, FALSE, &error))
    {
      tide_dialog_show_error (GTK_WIDGET (self->page), _("Could Not Write the Rule"), error);
      return;
    }
  tide_drift_page_reload_project (self->page);
}

void
tide_drift_ignore (TideDriftPage *page,
                   TideDriftNode *node)
{
  Request *self = create_request (page);
  const TideDriftEntry *entry = tide_drift_node_get_entry (node);
  const TideSchemaChange *change = tide_drift_node_get_change (node);
  const TideSchemaObject *object = entry->to != NULL ? entry->to : entry->from;
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *body = NULL;

  if (change != NULL)
    object = change->to != NULL ? change->to : change->from;
  self->rule.kind = g_strdup (tide_object_kind_get_info (tide_schema_object_get_kind (object))->name);
  self->rule.schema = g_strdup (tide_schema_object_get_namespace (object));
  self->rule.name = tide_schema_object_dup_name (object);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Reason"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  self->entry = GTK_EDITABLE (g_object_ref (row));
  body = g_strdup_printf (_("The %s “%s” is not told of again. The rule and its reason stand in tidemark.json."), self->rule.kind,
                          self->rule.name);
  tide_dialog_confirm_async (GTK_WIDGET (page), _("Ignore This Difference?"), body, group, _("_Ignore"), NULL, FALSE,
                             on_ignore_confirmed, self);
}

static gpointer
run_report (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  char *html = tide_drift_report_dup_html (data);

  return g_bytes_new_take (html, strlen (html));
}

static void
on_report_written (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (TideDriftPage) page = user_data;
  g_autoptr (GBytes) bytes = tide_job_run_finish (TIDE_JOB (object), result, NULL);

  if (bytes != NULL && gtk_widget_get_root (GTK_WIDGET (page)) != NULL)
    tide_save_bytes (GTK_WIDGET (page), _("Save the Report"), "drift.html", bytes, _("Could Not Save the Report"));
}

/* Tens of thousands of objects take their time */
void
tide_drift_save_report (TideDriftPage *page)
{
  g_autoptr (TideJob) job = tide_job_new (_("Write the report"));

  tide_job_run_async (job, run_report, tide_drift_comparison_ref (tide_drift_page_get_comparison (page)),
                      (GDestroyNotify) tide_drift_comparison_unref, (GDestroyNotify) g_bytes_unref, on_report_written,
                      g_object_ref (page));
}
