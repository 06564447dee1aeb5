/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drift/tide-down-window.h"
#include "drift/tide-history-point.h"
#include "runbook/tide-last-run-bar.h"
#include "tide-environment-actions.h"
#include "timeline/tide-kind-question.h"
#include "timeline/tide-lint-actions.h"
#include "timeline/tide-matrix-view.h"
#include "timeline/tide-new-migration.h"
#include "timeline/tide-timeline-actions.h"
#include "timeline/tide-timeline-page.h"
#include "timeline/tide-timeline-status.h"
#include "timeline/tide-timeline-summary.h"
#include "timeline/tide-timeline-view.h"
#include "widgets/tide-children.h"
#include "widgets/tide-lazy.h"
#include "widgets/tide-shrink.h"

struct _TideTimelinePage
{
  GtkWidget             parent_instance;

  /* Template widgets */
  GtkStack             *content;
  GtkSearchBar         *search_bar;
  GtkSearchEntry       *search_entry;
  GtkWidget            *toolbar;
  GtkMenuButton        *filter;
  GtkLabel             *summary;
  TideLazy             *status_place;
  TideLastRunBar       *last_run;
  GtkWidget            *kind_question;
  GtkWidget            *diagnose_bar;
  TideTimelineView     *view;

  /* Owned */
  TideWorkspace        *workspace;
  GSignalGroup         *environment_signals;
  GSimpleActionGroup   *actions;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideTimelinePage, tide_timeline_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *name;
  const char *label;
} filters[] = {
  [TIDE_TIMELINE_FILTER_ALL] = { "all", N_("All") },
  [TIDE_TIMELINE_FILTER_PENDING] = { "pending", N_("Pending") },
  [TIDE_TIMELINE_FILTER_APPLIED] = { "applied", N_("Applied") },
  [TIDE_TIMELINE_FILTER_ATTENTION] = { "attention", N_("Needs Attention") },
};

static TideEnvironment *
get_environment (TideTimelinePage *self)
{
  return tide_workspace_get_environment (self->workspace);
}

static TideTimeline *
get_timeline (TideTimelinePage *self)
{
  TideEnvironment *environment = get_environment (self);

  return environment ? tide_environment_get_timeline (environment) : NULL;
}

static TideTimelineItem *
get_item (TideTimelinePage *self)
{
  return tide_timeline_view_get_selected_item (self->view);
}

static void
enable (TideTimelinePage *self,
        const char       *name,
        gboolean          enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)),
                               enabled);
}

static void
update_actions (TideTimelinePage *self)
{
  TideEnvironment *environment = get_environment (self);
  TideTimeline *timeline = get_timeline (self);
  TideTimelineItem *item = get_item (self);
  const TideTimelineEntry *entry = item ? tide_timeline_item_get_entry (item) : NULL;
  gboolean pending = entry && (entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK);
  gboolean failed = entry && entry->state == TIDE_STATE_FAILED && !entry->running;
  gboolean on_disk = entry && entry->migration;
  /* What was read last stays while it is connected to anew; nothing can be done to it then. */
  gboolean connected = environment && tide_environment_get_target (environment);
  /* Prisma too applies nothing while a failed migration stands in the ledger. */
  gboolean blocked = timeline == NULL || !connected || tide_timeline_count (timeline, TIDE_STATE_FAILED) > 0;

  enable (self, "new", tide_workspace_get_project (self->workspace) != NULL);
  enable (self, "apply-all", !blocked && tide_timeline_count_pending (timeline) > 0);
  enable (self, "apply-to", !blocked && pending);
  enable (self, "mark-applied", connected && on_disk && (pending || failed));
  enable (self, "mark-rolled-back", connected && failed);
  enable (self, "roll-back", connected && (failed || (on_disk && entry->state == TIDE_STATE_APPLIED)));
  enable (self, "copy-sql", on_disk && tide_migration_get_problem (entry->migration) == NULL);
  enable (self, "open-sql", on_disk && tide_migration_get_problem (entry->migration) == NULL);
  enable (self, "copy-name", entry != NULL);
  enable (self, "open-folder", on_disk);
  enable (self, "show-schema", on_disk);
  enable (self, "show-down-sql", on_disk);
}

/* (nullable): what is to be told in place of the timeline */
static const char *
choose_status (TideTimelinePage *self)
{
  TideEnvironment *environment = get_environment (self);
  TideTimeline *timeline = get_timeline (self);

  if (environment == NULL)
    return "none";
  if (timeline == NULL)
    return tide_environment_get_state (environment) == TIDE_ENVIRONMENT_FAILED ? "error" : NULL;
  return tide_timeline_get_n_entries (timeline) > 0 ? NULL : "empty";
}

static const char *
choose_content (TideTimelinePage *self)
{
  g_autoptr(GVariant) layout = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "layout");

  if (g_str_equal (g_variant_get_string (layout, NULL), "matrix"))
    return "matrix";
  if (choose_status (self) != NULL)
    return "status";
  return get_timeline (self) != NULL ? "list" : "loading";
}

/* What no deploy mends by itself */
static gboolean
is_troubled (TideTimeline *timeline)
{
  return timeline != NULL && tide_timeline_count_ended (timeline, TIDE_STATE_FAILED) + tide_timeline_count (timeline, TIDE_STATE_EDITED) +
                             tide_timeline_count (timeline, TIDE_STATE_MISSING) > 0;
}

/* The one place that makes the page agree with what the workspace holds */
static void
tide_timeline_page_update (TideTimelinePage *self)
{
  TideEnvironment *environment = get_environment (self);
  TideTimeline *timeline = get_timeline (self);
  g_autofree char *summary = timeline ? tide_timeline_dup_summary (timeline) : g_strdup ("");

  tide_timeline_view_look_through (self->view, timeline, environment ? tide_environment_get_target (environment) : NULL);
  tide_timeline_view_set_timeline (self->view, timeline, tide_workspace_get_authorship (self->workspace));
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (self->diagnose_bar, is_troubled (timeline));
  if (choose_status (self) != NULL)
    tide_timeline_status_show (TIDE_TIMELINE_STATUS (tide_lazy_get_child (self->status_place)), choose_status (self),
                               environment ? tide_environment_get_error (environment) : NULL);
  gtk_widget_set_visible (self->kind_question,
                          environment && tide_environment_get_kind (environment) == TIDE_KIND_UNKNOWN);
  gtk_stack_set_visible_child_name (self->content, choose_content (self));
  update_actions (self);
}

static TideTimelineFilter
get_filter (TideTimelinePage *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "filter");
  guint i = 0;

  while (i < G_N_ELEMENTS (filters) - 1 && !g_str_equal (filters[i].name, g_variant_get_string (state, NULL)))
    i++;
  return i;
}

static void
on_filter_changed (TideTimelinePage *self)
{
  gtk_menu_button_set_label (self->filter, _(filters[get_filter (self)].label));
  tide_timeline_view_set_filter (self->view, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)),
                                 get_filter (self));
}

static void
init_filter_menu (TideTimelinePage *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree char *action = g_strdup_printf ("timeline.filter::%s", filters[i].name);

      g_menu_append (menu, _(filters[i].label), action);
    }
  tide_lazy_set_menu (self->filter, G_MENU_MODEL (menu));
}

static void
on_matrix_activated (TideTimelinePage *self,
                     const char       *name,
                     TideEnvironment  *environment)
{
  if (environment != NULL)
    tide_workspace_set_environment (self->workspace, environment);
  g_action_group_change_action_state (G_ACTION_GROUP (self->actions), "layout", g_variant_new_string ("list"));
  tide_timeline_view_select (self->view, name);
}

static GtkWidget *
create_matrix (TideTimelinePage *self)
{
  GtkWidget *matrix = g_object_new (TIDE_TYPE_MATRIX_VIEW, NULL);

  tide_matrix_view_set_environments (TIDE_MATRIX_VIEW (matrix), tide_workspace_get_environments (self->workspace));
  g_signal_connect_swapped (matrix, "activated", G_CALLBACK (on_matrix_activated), self);
  return matrix;
}

static void
layout_changed (GSimpleAction *action,
                GVariant      *value,
                gpointer       user_data)
{
  g_simple_action_set_state (action, value);
  tide_timeline_page_update (user_data);
}

static void
filter_changed (GSimpleAction *action,
                GVariant      *value,
                gpointer       user_data)
{
  g_simple_action_set_state (action, value);
  on_filter_changed (user_data);
}

static void
tell_kind_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  TideTimelinePage *self = user_data;
  TideKind kind;

  if (get_environment (self) != NULL && tide_kind_from_string (g_variant_get_string (parameter, NULL), &kind))
    tide_environment_tell_kind (GTK_WIDGET (self), self->workspace, get_environment (self), kind);
}

static void
retry_activated (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  if (get_environment (self) != NULL)
    tide_environment_refresh (get_environment (self));
}

static void
enter_password_activated (GSimpleAction *action,
                          GVariant      *parameter,
                          gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  if (get_environment (self) != NULL)
    tide_environment_ask_password (GTK_WIDGET (self), get_environment (self));
}

static void
new_activated (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  tide_new_migration_present (GTK_WIDGET (self), self->workspace);
}

static void
find_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
select_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  g_action_group_change_action_state (G_ACTION_GROUP (self->actions), "layout", g_variant_new_string ("list"));
  tide_timeline_view_select (self->view, g_variant_get_string (parameter, NULL));
}

static void
apply_all_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  /* Where a name is asked for, no step is left out. */
  if (tide_kind_asks_for_name (tide_environment_get_kind (get_environment (self))))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.deploy", NULL);
  else
    tide_timeline_apply (GTK_WIDGET (self), self->workspace, get_environment (self), NULL);
}

static void
roll_back_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.roll-back-migration", "s",
                              tide_timeline_item_get_name (get_item (self)));
}

static void
apply_to_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  tide_timeline_apply (GTK_WIDGET (self), self->workspace, get_environment (self),
                       tide_timeline_item_get_name (get_item (self)));
}

static void
mark_applied_activated (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  tide_timeline_mark_applied (GTK_WIDGET (self), self->workspace, get_environment (self),
                              tide_timeline_item_get_name (get_item (self)));
}

static void
mark_rolled_back_activated (GSimpleAction *action,
                            GVariant      *parameter,
                            gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  tide_timeline_mark_rolled_back (GTK_WIDGET (self), self->workspace, get_environment (self),
                                  tide_timeline_item_get_name (get_item (self)));
}

static void
take_along_activated (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  tide_timeline_take_along (user_data, get_item (user_data), g_action_get_name (G_ACTION (action)));
}

/* What this migration changed: the point before it and the one after it, on the page that compares */
static void
show_schema_activated (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  TideTimelinePage *self = user_data;
  const char *name = tide_timeline_item_get_name (get_item (self));
  g_autofree char *before = tide_history_point_dup_before (tide_workspace_get_project (self->workspace), name);
  g_autofree char *after = tide_history_point_dup_after (name);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.compare", "(ss)", before, after);
}

static void
show_down_sql_activated (GSimpleAction *action,
                         GVariant      *parameter,
                         gpointer       user_data)
{
  TideTimelinePage *self = user_data;

  tide_down_window_present (GTK_WIDGET (self), self->workspace, tide_timeline_item_get_name (get_item (self)));
}

static const GActionEntry action_entries[] = {
  { "layout", NULL, "s", "'list'", layout_changed },
  { "filter", NULL, "s", "'all'", filter_changed },
  { "tell-kind", tell_kind_activated, "s" },
  { "retry", retry_activated },
  { "enter-password", enter_password_activated },
  { "new", new_activated },
  { "find", find_activated },
  { "select", select_activated, "s" },
  { "apply-all", apply_all_activated },
  { "apply-to", apply_to_activated },
  { "mark-applied", mark_applied_activated },
  { "mark-rolled-back", mark_rolled_back_activated },
  { "roll-back", roll_back_activated },
  { "copy-sql", take_along_activated },
  { "open-sql", take_along_activated },
  { "copy-name", take_along_activated },
  { "open-folder", take_along_activated },
  { "show-schema", show_schema_activated },
  { "show-down-sql", show_down_sql_activated },
};

static void
on_environment_changed (TideTimelinePage *self)
{
  g_signal_group_set_target (self->environment_signals, get_environment (self));
  tide_timeline_page_update (self);
}

static void
tide_timeline_page_constructed (GObject *object)
{
  TideTimelinePage *self = TIDE_TIMELINE_PAGE (object);

  G_OBJECT_CLASS (tide_timeline_page_parent_class)->constructed (object);

  g_assert (self->workspace != NULL);
  g_signal_connect_object (self->workspace, "notify::environment", G_CALLBACK (on_environment_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::authorship", G_CALLBACK (tide_timeline_page_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::project", G_CALLBACK (tide_timeline_page_update), self,
                           G_CONNECT_SWAPPED);
  tide_last_run_bar_set_workspace (self->last_run, self->workspace);
  tide_lint_actions_add (G_ACTION_MAP (self->actions), GTK_WIDGET (self), self->workspace, tide_timeline_view_get_board (self->view));
  on_environment_changed (self);
}

static void
tide_timeline_page_dispose (GObject *object)
{
  TideTimelinePage *self = TIDE_TIMELINE_PAGE (object);

  g_clear_object (&self->environment_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_TIMELINE_PAGE);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (tide_timeline_page_parent_class)->dispose (object);
}

static void
tide_timeline_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, TIDE_TIMELINE_PAGE (object)->workspace);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_WORKSPACE:
      TIDE_TIMELINE_PAGE (object)->workspace = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_page_class_init (TideTimelinePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_timeline_page_constructed;
  object_class->dispose = tide_timeline_page_dispose;
  object_class->get_property = tide_timeline_page_get_property;
  object_class->set_property = tide_timeline_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_KIND_QUESTION);
  g_type_ensure (TIDE_TYPE_LAST_RUN_BAR);
  g_type_ensure (TIDE_TYPE_LAZY);
  g_type_ensure (TIDE_TYPE_TIMELINE_STATUS);
  g_type_ensure (TIDE_TYPE_TIMELINE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-timeline-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, content);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, filter);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, summary);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, status_place);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, last_run);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, kind_question);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, diagnose_bar);
  gtk_widget_class_bind_template_child (widget_class, TideTimelinePage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, create_matrix);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_timeline_page_init (TideTimelinePage *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), action_entries, G_N_ELEMENTS (action_entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "timeline", G_ACTION_GROUP (self->actions));

  self->environment_signals = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);
  g_signal_group_connect_swapped (self->environment_signals, "notify::timeline",
                                  G_CALLBACK (tide_timeline_page_update), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::state",
                                  G_CALLBACK (tide_timeline_page_update), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::target", G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::kind",
                                  G_CALLBACK (tide_timeline_page_update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  tide_shrink_labels (self->toolbar);
  init_filter_menu (self);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self));
}
