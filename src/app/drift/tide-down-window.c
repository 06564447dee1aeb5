/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-down-window"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-down-window.h"
#include "drift/tide-drift-loader.h"
#include "drift/tide-history-point.h"
#include "drift/tide-script-view.h"
#include "widgets/tide-error-view.h"

struct _TideDownWindow
{
  AdwWindow           parent_instance;

  /* Template widgets */
  GtkStack           *stack;
  GtkLabel           *status;
  GtkLabel           *losses;
  TideErrorView      *error_view;
  TideScriptView     *script_view;

  /* Owned */
  TideDriftLoader    *loader;
  GSimpleActionGroup *actions;
};

G_DEFINE_FINAL_TYPE (TideDownWindow, tide_down_window, ADW_TYPE_WINDOW)

/* (transfer full): what the migration itself loses, no SQL brings back. "": nothing */
static char *
dup_losses (TideSchemaScript *up)
{
  GPtrArray *statements = tide_schema_script_get_statements (up);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);

      if ((statement->hazards & TIDE_HAZARD_DATA_LOSS) != 0)
        g_string_append_printf (text, "%s%s", text->len == 0 ? _("These are made again without the data that was in them:\n") : "\n",
                                statement->sql);
    }
  return g_string_free (text, FALSE);
}

static void
show_comparison (TideDownWindow      *self,
                 TideDriftComparison *comparison)
{
  g_autofree char *losses = dup_losses (comparison->revert);

  tide_script_view_set_comparison (self->script_view, comparison);
  gtk_label_set_label (self->losses, losses);
  gtk_widget_set_visible (GTK_WIDGET (self->losses), *losses != '\0');
  gtk_stack_set_visible_child_name (self->stack, tide_schema_diff_get_changes (comparison->diff)->len > 0 ? "script" : "nothing");
}

static void
on_loaded (TideDownWindow *self)
{
  TideJob *job = tide_drift_loader_get_job (self->loader);

  if (job != NULL)
    {
      g_object_bind_property (job, "status", self->status, "label", G_BINDING_SYNC_CREATE);
      gtk_stack_set_visible_child_name (self->stack, "loading");
      return;
    }
  tide_error_view_set_error (self->error_view, tide_drift_loader_get_error (self->loader));
  if (tide_drift_loader_get_comparison (self->loader) == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }
  show_comparison (self, tide_drift_loader_get_comparison (self->loader));
  tide_drift_loader_prove (self->loader, FALSE);
}

static void
on_proved (TideDownWindow *self)
{
  tide_script_view_set_proof (self->script_view, tide_drift_loader_get_proof (self->loader),
                              tide_drift_loader_get_proof_error (self->loader));
}

static void
copy_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideDownWindow *self = user_data;
  g_autofree char *text = tide_script_view_dup_text (self->script_view);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
tide_down_window_dispose (GObject *object)
{
  TideDownWindow *self = TIDE_DOWN_WINDOW (object);

  if (self->loader != NULL)
    tide_drift_loader_cancel (self->loader);
  g_clear_object (&self->loader);
  g_clear_object (&self->actions);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_DOWN_WINDOW);
  G_OBJECT_CLASS (tide_down_window_parent_class)->dispose (object);
}

static void
tide_down_window_class_init (TideDownWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_down_window_dispose;
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  g_type_ensure (TIDE_TYPE_SCRIPT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-down-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDownWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TideDownWindow, status);
  gtk_widget_class_bind_template_child (widget_class, TideDownWindow, losses);
  gtk_widget_class_bind_template_child (widget_class, TideDownWindow, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideDownWindow, script_view);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tide_down_window_init (TideDownWindow *self)
{
  static const GActionEntry entries[] = { { .name = "copy-sql", .activate = copy_activated } };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "drift", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_down_window_present (GtkWidget     *parent,
                          TideWorkspace *workspace,
                          const char    *migration)
{
  TideDownWindow *self = g_object_new (TIDE_TYPE_DOWN_WINDOW, "transient-for", gtk_widget_get_root (parent), NULL);
  TideProject *project = tide_workspace_get_project (workspace);
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  g_autofree char *before = tide_history_point_dup_before (project, migration);
  g_autofree char *after = tide_history_point_dup_after (migration);
  g_autofree char *title = g_strdup_printf (_("Down SQL of %s"), migration);

  gtk_window_set_title (GTK_WINDOW (self), title);
  self->loader = tide_drift_loader_new (workspace);
  g_signal_connect_object (self->loader, "changed", G_CALLBACK (on_loaded), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->loader, "proved", G_CALLBACK (on_proved), self, G_CONNECT_SWAPPED);
  tide_drift_loader_compare (self->loader,
                             tide_drift_question_new (project, environment == NULL ? NULL : tide_environment_get_target (environment),
                                                      after, before), FALSE);
  gtk_window_present (GTK_WINDOW (self));
}
