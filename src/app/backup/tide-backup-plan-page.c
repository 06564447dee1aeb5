/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-plan-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-backup-plan-page.h"
#include "widgets/tide-error-view.h"

struct _TideBackupPlanPage
{
  TideWizardPage       parent_instance;

  /* Template widgets */
  GtkStack            *stack;
  TideErrorView       *error_view;
  AdwActionRow        *database_row;
  AdwActionRow        *place_row;
  AdwActionRow        *size_row;
  AdwActionRow        *space_row;
  AdwActionRow        *tool_row;
  AdwPreferencesGroup *warning_group;
  GtkLabel            *command;

  /* Owned */
  TideBackupRequest   *request;
  GCancellable        *cancellable;
  GPtrArray           *rows;        /* in "warning_group" */
};

G_DEFINE_FINAL_TYPE (TideBackupPlanPage, tide_backup_plan_page, TIDE_TYPE_WIZARD_PAGE)

static void
show_warnings (TideBackupPlanPage   *self,
               const TideBackupPlan *plan)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->warning_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; plan->warnings != NULL && i < plan->warnings->len; i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), g_ptr_array_index (plan->warnings, i));
      adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "dialog-warning-symbolic");
      adw_preferences_group_add (self->warning_group, row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->warning_group), self->rows->len > 0);
}

/* (transfer full): the command as a shell takes it */
static char *
dup_command (const TideBackupPlan *plan)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; plan->command != NULL && plan->command[i] != NULL; i++)
    {
      const char *word = plan->command[i];
      gboolean plain = *word != '\0' && strspn (word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                      "0123456789-_=./:,@+") == strlen (word);
      g_autofree char *quoted = plain ? g_strdup (word) : g_shell_quote (word);

      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, quoted);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_plan (TideBackupPlanPage   *self,
           const TideBackupPlan *plan)
{
  g_autofree char *label = tide_conninfo_dup_label (self->request->conninfo);
  g_autofree char *place = g_filename_display_name (self->request->folder);
  g_autofree char *database_size = g_format_size (plan->database_bytes);
  g_autofree char *estimate = g_format_size (plan->estimate_bytes);
  g_autofree char *free_space = g_format_size (plan->free_bytes);
  g_autofree char *size = g_strdup_printf (_("About %s, of a database of %s"), estimate, database_size);
  g_autofree char *tool = g_strdup_printf ("%s\n%s", plan->tool_version, plan->tool);
  g_autofree char *command = dup_command (plan);

  adw_action_row_set_subtitle (self->database_row, label);
  adw_action_row_set_subtitle (self->place_row, place);
  adw_action_row_set_subtitle (self->size_row, size);
  adw_action_row_set_subtitle (self->space_row, free_space);
  adw_action_row_set_subtitle (self->tool_row, tool);
  gtk_label_set_label (self->command, command);
  show_warnings (self, plan);
}

static void
plan_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  TideBackupRequest *request = task_data;
  GError *error = NULL;
  TideBackupPlan *plan = tide_backup_plan_make (request->conninfo, &request->options, cancellable, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, (GDestroyNotify) tide_backup_plan_free);
  else
    g_task_return_error (task, error);
}

static void
on_planned (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TideBackupPlanPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackupPlan) plan = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (plan != NULL)
    show_plan (self, plan);
  tide_error_view_set_error (self->error_view, error);
  gtk_stack_set_visible_child_name (self->stack, plan ? "plan" : "error");
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), plan != NULL);
}

static void
on_retry (TideBackupPlanPage *self)
{
  g_autoptr(TideBackupRequest) request = tide_backup_request_ref (self->request);

  tide_backup_plan_page_enter (self, request);
}

static void
on_copy (TideBackupPlanPage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_label (self->command));
}

static void
tide_backup_plan_page_dispose (GObject *object)
{
  TideBackupPlanPage *self = TIDE_BACKUP_PLAN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->request, tide_backup_request_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_backup_plan_page_parent_class)->dispose (object);
}

static void
tide_backup_plan_page_class_init (TideBackupPlanPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_backup_plan_page_dispose;

  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-plan-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, database_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, place_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, size_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, space_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, tool_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, warning_group);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPlanPage, command);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_retry);
}

static void
tide_backup_plan_page_init (TideBackupPlanPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_backup_plan_page_enter (TideBackupPlanPage *self,
                             TideBackupRequest  *request)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TIDE_IS_BACKUP_PLAN_PAGE (self));

  g_clear_pointer (&self->request, tide_backup_request_unref);
  self->request = tide_backup_request_ref (request);
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  /* Borrows are put in place here, so that the thread only reads. */
  tide_backup_request_get_options (request);
  task = g_task_new (NULL, self->cancellable, on_planned, g_object_ref (self));
  g_task_set_source_tag (task, tide_backup_plan_page_enter);
  g_task_set_task_data (task, tide_backup_request_ref (request), (GDestroyNotify) tide_backup_request_unref);
  g_task_run_in_thread (task, plan_in_thread);
}
