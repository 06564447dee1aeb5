/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-window"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-window-private.h"

#include "batch/tide-batch-window.h"
#include "batch/tide-phases-window.h"
#include "drift/tide-drift-page.h"
#include "health/tide-diagnosis-window.h"
#include "sql/tide-sql-page.h"
#include "tide-error.h"
#include "tide-heading.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-error-view.h"

/* (nullable): what is wrong with what the pages go on showing: the project cannot be read again, or the
 * database no longer answers. The sample's can be started here, whatever the pages show. */
static const GError *
get_trouble (TideWindow *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  const GError *error = tide_workspace_get_error (self->workspace);

  if (self->profile != NULL || error != NULL)
    return error;
  if (environment == NULL || (tide_environment_get_timeline (environment) == NULL && !tide_window_shows_sample (self)))
    return NULL;
  return tide_environment_get_error (environment);
}

void
tide_window_update_trouble (TideWindow *self)
{
  const GError *error = get_trouble (self);
  gboolean is_stopped = tide_window_shows_sample (self) && g_error_matches (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);

  if (error != NULL)
    gtk_label_set_label (self->trouble_label, is_stopped ? _("The sample's PostgreSQL is stopped") : error->message);
  gtk_button_set_label (self->trouble_button, is_stopped ? _("_Start the Sample") : _("_Retry"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->trouble_button), is_stopped ? "win.start-sample" : "win.refresh");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.start-sample", is_stopped && !self->starting_sample);
  gtk_info_bar_set_revealed (self->trouble_bar, error != NULL);
}

static gboolean
is_production (TideWindow *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);

  if (self->profile != NULL)
    return tide_profile_get_kind (self->profile) == TIDE_KIND_PRODUCTION;
  return environment != NULL && tide_environment_get_kind (environment) == TIDE_KIND_PRODUCTION;
}

static const char *
choose_page (TideWindow *self)
{
  if (self->opening != NULL)
    return "loading";
  if (self->profile != NULL)
    return "connection";
  if (self->error != NULL)
    return "error";
  if (tide_workspace_get_project (self->workspace) != NULL)
    return "project";
  return "welcome";
}

/* Not a binding of the template: GTK 4.8 warns when one that watches its own widget is taken down with it. */
static void
update_title (TideWindow *self)
{
  g_autofree char *heading = tide_heading_format (tide_workspace_get_project (self->workspace), self->profile);
  g_autofree char *title = heading ? g_strdup_printf (_("%s — Tidemark"), heading) : g_strdup (_("Tidemark"));

  gtk_window_set_title (GTK_WINDOW (self), title);
}

void
tide_window_update_content (TideWindow *self)
{
  gboolean anything = tide_workspace_get_project (self->workspace) != NULL ||
                      g_list_model_get_n_items (G_LIST_MODEL (self->profiles)) > 0;

  gtk_stack_set_visible_child_name (self->stack, choose_page (self));
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->sidebar)),
                          anything && !self->sidebar_hidden);
  if (self->error != NULL)
    tide_error_view_set_error (TIDE_ERROR_VIEW (tide_lazy_get_child (self->error_place)), self->error);
  tide_reminder_bar_set_project (self->reminder_bar, self->profile == NULL ? tide_workspace_get_project (self->workspace) : NULL);
  update_title (self);
  tide_window_update_runs (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop-sample", tide_window_shows_sample (self));
  tide_window_update_trouble (self);
  tide_window_update_writing (self);
  if (is_production (self))
    gtk_widget_add_css_class (GTK_WIDGET (self), "production");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "production");
}

static void
show_trouble (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  const GError *error = get_trouble (TIDE_WINDOW (widget));

  if (error != NULL)
    tide_dialog_show_error (widget, _("What Is Shown Is Not Up to Date"), error);
}

/* From any page: two sides, in words of tide_schema_source_parse() */
static void
compare (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideLazy *place = TIDE_LAZY (adw_view_stack_get_child_by_name (self->pages, "drift"));
  const char *left;
  const char *right;

  g_variant_get (parameter, "(&s&s)", &left, &right);
  tide_drift_page_compare_sides (TIDE_DRIFT_PAGE (tide_lazy_get_child (place)), left, right);
  adw_view_stack_set_visible_child_name (self->pages, "drift");
}

/* From any page: "adopt" or "revert", which is asked once the differences are known */
static void
settle_drift (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  TideLazy *place = TIDE_LAZY (adw_view_stack_get_child_by_name (TIDE_WINDOW (widget)->pages, "drift"));

  gtk_widget_activate_action (widget, "win.compare", "(ss)", "applied", "database");
  tide_drift_page_settle (TIDE_DRIFT_PAGE (tide_lazy_get_child (place)), g_variant_get_string (parameter, NULL));
}

TideSqlPage *
tide_window_get_sql_page (TideWindow *self,
                          gboolean    make)
{
  GtkWidget *of_project = adw_view_stack_get_child_by_name (self->pages, "sql");
  TideLazy *place = self->profile != NULL ? self->connection_sql : TIDE_LAZY (of_project);

  if (!make && gtk_widget_get_first_child (GTK_WIDGET (place)) == NULL)
    return NULL;
  return TIDE_SQL_PAGE (tide_lazy_get_child (place));
}

char *
tide_window_dup_sql_use (TideWindow *self)
{
  GtkWidget *places[] = { adw_view_stack_get_child_by_name (self->pages, "sql"), GTK_WIDGET (self->connection_sql) };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      GtkWidget *page = gtk_widget_get_first_child (places[i]);
      char *why = NULL;

      if (page != NULL && tide_sql_page_is_in_use (TIDE_SQL_PAGE (page), &why))
        return why;
    }
  return NULL;
}

/* The header says it on every page, and locks it again. */
void
tide_window_update_writing (TideWindow *self)
{
  TideSqlPage *page = tide_window_get_sql_page (self, FALSE);
  gboolean writing = FALSE;

  if (page != NULL)
    g_object_get (page, "writing", &writing, NULL);
  gtk_widget_set_visible (self->writing_button, writing);
  if (writing)
    gtk_widget_add_css_class (GTK_WIDGET (self), "writing");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "writing");
}

static void
lock_sql (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  TideSqlPage *page = tide_window_get_sql_page (TIDE_WINDOW (widget), FALSE);

  if (page != NULL && tide_sql_page_get_desk (page) != NULL)
    tide_sql_desk_lock (tide_sql_page_get_desk (page));
}

/* In the editor Ctrl+W means the tab. */
static void
close_tab (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideSqlPage *page = tide_window_get_sql_page (self, FALSE);

  if (page == NULL || !gtk_widget_get_mapped (GTK_WIDGET (page)) || tide_sql_page_get_desk (page) == NULL)
    gtk_window_close (GTK_WINDOW (self));
  else
    gtk_widget_activate_action (GTK_WIDGET (tide_sql_page_get_desk (page)), "desk.close-tab", NULL);
}

/* From any page: a title, and SQL that is put into a tab of the chosen environment, but not run */
static void
open_sql (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideSqlDesk *desk = tide_sql_page_get_desk (tide_window_get_sql_page (self, TRUE));
  const char *title;
  const char *text;

  g_variant_get (parameter, "(&s&s)", &title, &text);
  if (desk == NULL)
    return;
  adw_view_stack_set_visible_child_name (self->profile != NULL ? self->connection_pages : self->pages, "sql");
  tide_sql_desk_open_text (desk, title, text);
}

static void
show_page (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  if (tide_window_show_run (self, name) || adw_view_stack_get_child_by_name (self->pages, name) == NULL)
    return;
  adw_view_stack_set_visible_child_name (self->pages, name);
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  gtk_widget_grab_focus (adw_view_stack_get_child_by_name (self->pages, name));
}

/* From any page: a migration, or "" for all of them */
static void
show_migration (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideLazy *place = TIDE_LAZY (adw_view_stack_get_child_by_name (self->pages, "timeline"));
  const char *name = g_variant_get_string (parameter, NULL);

  adw_view_stack_set_visible_child_name (self->pages, "timeline");
  if (*name != '\0')
    gtk_widget_activate_action (tide_lazy_get_child (place), "timeline.select", "s", name);
}

static void
diagnose (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  tide_diagnosis_window_present (widget, TIDE_WINDOW (widget)->workspace);
}

/* From any page: an UPDATE or DELETE that is proposed, or "" */
static void
run_batches (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  tide_batch_window_present (widget, TIDE_WINDOW (widget)->workspace, g_variant_get_string (parameter, NULL));
}

static void
phases (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  tide_phases_window_present (widget, TIDE_WINDOW (widget)->workspace);
}

void
tide_window_install_content (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-sql", "(ss)", open_sql);
  gtk_widget_class_install_action (widget_class, "win.lock-sql", NULL, lock_sql);
  gtk_widget_class_install_action (widget_class, "win.close-tab", NULL, close_tab);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page);
  gtk_widget_class_install_action (widget_class, "win.compare", "(ss)", compare);
  gtk_widget_class_install_action (widget_class, "win.settle-drift", "s", settle_drift);
  gtk_widget_class_install_action (widget_class, "win.show-migration", "s", show_migration);
  gtk_widget_class_install_action (widget_class, "win.diagnose", NULL, diagnose);
  gtk_widget_class_install_action (widget_class, "win.run-batches", "s", run_batches);
  gtk_widget_class_install_action (widget_class, "win.phases", NULL, phases);
  gtk_widget_class_install_action (widget_class, "win.show-trouble", NULL, show_trouble);
}
