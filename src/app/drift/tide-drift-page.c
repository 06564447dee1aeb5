/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drift/tide-compare-view.h"
#include "drift/tide-drift-actions.h"
#include "drift/tide-drift-loader.h"
#include "drift/tide-drift-page.h"
#include "drift/tide-drift-show.h"
#include "drift/tide-drift-sides.h"
#include "drift/tide-drift-tree.h"
#include "drift/tide-history-slider.h"
#include "drift/tide-lineage-bar.h"
#include "drift/tide-script-view.h"
#include "drift/tide-turning-bin.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-error-view.h"

struct _TideDriftPage
{
  GtkWidget            parent_instance;

  /* Template widgets */
  TideDriftSides      *sides;
  GtkLabel            *summary;
  GtkInfoBar          *note_bar;
  GtkLabel            *note_label;
  GtkStack            *stack;
  GtkLabel            *status;
  TideErrorView       *error_view;
  AdwStatusPage       *equal_page;
  TideDriftTree       *tree;
  TideCompareView     *compare_view;
  TideLineageBar      *lineage_bar;
  TideScriptView      *script_view;

  /* Owned */
  TideWorkspace       *workspace;
  GSignalGroup        *environment_signals;
  GSimpleActionGroup  *actions;
  TideDriftLoader     *loader;
  TideEnvironment     *environment;   /* (nullable): of the comparison, and what it means there: */
  TideTarget          *target;        /* (nullable) */
  GError              *trouble;       /* (nullable): why the selected environment does not answer */
  gboolean             column_order;
  gboolean             stale;         /* to be compared when it is seen */
  char                *settle;        /* (nullable): the action that is asked for once it is compared */
};

enum
{
  PROP_WORKSPACE = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideDriftPage, tide_drift_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static TideDriftComparison *
get_comparison (TideDriftPage *self)
{
  return tide_drift_loader_get_comparison (self->loader);
}

static gboolean
has_differences (TideDriftPage *self)
{
  TideDriftComparison *comparison = get_comparison (self);

  return comparison != NULL && tide_schema_diff_get_changes (comparison->diff)->len > 0;
}

/* Whether what is shown may be of another time: the database that it tells of does not answer any more */
static gboolean
is_old (TideDriftPage *self)
{
  return self->trouble != NULL && tide_drift_sides_has_database (self->sides);
}

/* (nullable): why nothing is shown */
static const GError *
get_error (TideDriftPage *self)
{
  const GError *error = tide_drift_loader_get_error (self->loader);

  return error == NULL && get_comparison (self) == NULL ? self->trouble : error;
}

static const char *
choose_content (TideDriftPage *self)
{
  if (tide_drift_loader_get_job (self->loader) != NULL)
    return "loading";
  if (get_error (self) != NULL)
    return "error";
  if (get_comparison (self) == NULL)
    return "nothing";
  return has_differences (self) ? "differences" : "equal";
}

/* A history that does not run: what stands before the migration that fails can be compared all the same. */
static gboolean
has_failed_migration (TideDriftPage *self)
{
  const GError *error = tide_drift_loader_get_error (self->loader);

  return g_error_matches (error, TIDE_ERROR, TIDE_ERROR_INVALID) && tide_error_get_fields (error)->file != NULL;
}

static void
update_error (TideDriftPage *self)
{
  g_object_set (self->error_view, "action-label",
                has_failed_migration (self) ? _("Compare What Comes _Before It") : _("_Try Again"), NULL);
  tide_error_view_set_error (self->error_view, get_error (self));
}

static void
enable (TideDriftPage *self,
        const char    *name,
        gboolean       enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

/* Whether what is shown is of the database that is selected now: nothing is done to one by what was found in another. */
static gboolean
is_of_selected (TideDriftPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;

  return target != NULL && environment == self->environment &&
         tide_conninfo_is_same_way (tide_target_get_conninfo (target), tide_target_get_conninfo (self->target));
}

static void
update_actions (TideDriftPage *self)
{
  gboolean some = has_differences (self) && tide_drift_loader_get_job (self->loader) == NULL && is_of_selected (self);

  enable (self, "copy-sql", some);
  enable (self, "open-sql", some);
  enable (self, "save-report", get_comparison (self) != NULL);
  enable (self, "adopt", some && tide_drift_sides_is_drift (self->sides));
  enable (self, "revert", some && tide_drift_sides_is_drift (self->sides));
  enable (self, "save-migration", some);
  enable (self, "ignore", some && tide_drift_tree_get_selected (self->tree) != NULL);
  enable (self, "next", some);
  enable (self, "previous", some);
}

/* What is known has not changed, but whether it is of now */
static void
update_age (TideDriftPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, choose_content (self));
  update_error (self);
  tide_drift_show_notes (get_comparison (self), is_old (self), self->note_bar, self->note_label);
  tide_drift_show_equal (get_comparison (self), is_old (self), self->equal_page);
}

/* The one place that makes the page agree with what is known */
static void
update (TideDriftPage *self)
{
  TideDriftComparison *comparison = get_comparison (self);
  TideJob *job = tide_drift_loader_get_job (self->loader);

  tide_drift_tree_set_outline (self->tree, comparison == NULL ? NULL : comparison->outline);
  tide_script_view_set_comparison (self->script_view, comparison);
  if (job != NULL)
    g_object_bind_property (job, "status", self->status, "label", G_BINDING_SYNC_CREATE);
  update_age (self);
  tide_drift_show_summary (comparison, self->summary);
  update_actions (self);
}

static void
prove (TideDriftPage *self)
{
  tide_drift_loader_prove (self->loader, tide_script_view_is_revert (self->script_view));
}

static void
on_loaded (TideDriftPage *self)
{
  g_autofree char *settle = NULL;

  update (self);
  if (tide_drift_loader_get_job (self->loader) != NULL)
    return;
  prove (self);
  settle = g_steal_pointer (&self->settle);
  if (settle != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self->actions), settle, NULL);
}

static void
on_proved (TideDriftPage *self)
{
  tide_script_view_set_proof (self->script_view, tide_drift_loader_get_proof (self->loader),
                              tide_drift_loader_get_proof_error (self->loader));
}

static void
on_selected (TideDriftPage *self)
{
  TideDriftNode *node = tide_drift_tree_get_selected (self->tree);

  update_actions (self);
  tide_lineage_bar_set_object (self->lineage_bar, node == NULL ? NULL : tide_drift_node_get_object (node));
  if (node != NULL)
    tide_drift_show_entry (get_comparison (self), tide_drift_node_get_entry (node), self->compare_view);
}

static void
compare (TideDriftPage *self,
         gboolean       before_failure,
         gboolean       anew)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideProject *project = tide_workspace_get_project (self->workspace);
  TideDriftQuestion *question;

  if (!is_of_selected (self))
    tide_drift_loader_forget (self->loader);
  self->stale = project == NULL || environment == NULL || tide_environment_get_target (environment) == NULL;
  if (self->stale)
    {
      tide_drift_loader_cancel (self->loader);
      update (self);
      return;
    }
  g_set_object (&self->environment, environment);
  g_clear_pointer (&self->target, tide_target_unref);
  self->target = tide_target_ref (tide_environment_get_target (environment));
  question = tide_drift_question_new (project, tide_environment_get_target (environment),
                                      tide_drift_sides_get_left (self->sides), tide_drift_sides_get_right (self->sides));
  question->third = g_strdup (tide_drift_sides_get_third (self->sides));
  question->column_order = self->column_order;
  question->before_failure = before_failure;
  tide_drift_loader_compare (self->loader, question, anew);
}

void
tide_drift_page_compare (TideDriftPage *self)
{
  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  compare (self, FALSE, TRUE);
}

static void
on_error_action (TideDriftPage *self)
{
  compare (self, has_failed_migration (self), TRUE);
}

/* A page that nobody sees waits until somebody does. */
static void
want_comparison (TideDriftPage *self,
                 gboolean       anew)
{
  self->stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    compare (self, FALSE, anew);
}

static void
compare_when_seen (TideDriftPage *self)
{
  want_comparison (self, FALSE);
}

/* Projects and ledgers are read again and again; only another history is a reason to compare again. */
static void
compare_when_changed (TideDriftPage *self)
{
  if (tide_drift_loader_is_outdated (self->loader))
    compare_when_seen (self);
  update_actions (self);
}

/* Once it answers again, what was found before is too old to go on being shown. While it is asked, nothing is known. */
static void
on_environment_state (TideDriftPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  const GError *error = environment == NULL ? NULL : tide_environment_get_error (environment);
  g_autoptr (GError) before = NULL;

  if (environment != NULL && tide_environment_get_state (environment) == TIDE_ENVIRONMENT_LOADING)
    return;
  before = g_steal_pointer (&self->trouble);
  self->trouble = error == NULL ? NULL : g_error_copy (error);
  if (before != NULL && error == NULL)
    want_comparison (self, TRUE);
  update_age (self);
}

static void
on_environment_changed (TideDriftPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);

  g_signal_group_set_target (self->environment_signals, environment);
  if (environment != self->environment)
    {
      g_clear_error (&self->trouble);
      g_clear_pointer (&self->settle, g_free);
    }
  on_environment_state (self);
  compare_when_changed (self);
}

static void
compare_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       self)
{
  tide_drift_page_compare (self);
}

static void
step_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideDriftPage *self = user_data;
  int step = g_str_equal (g_action_get_name (G_ACTION (action)), "next") ? 1 : -1;

  if (!tide_compare_view_step (self->compare_view, step))
    tide_drift_tree_step (self->tree, step);
}

/* The SQL that is shown */
static void
text_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideDriftPage *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  g_autofree char *text = tide_script_view_dup_text (self->script_view);

  if (g_str_equal (name, "copy-sql"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  else if (g_str_equal (name, "open-sql"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-sql", "(ss)", _("Drift"), text);
  else
    tide_drift_save_migration (self, text);
}

static void
order_changed (GSimpleAction *action,
               GVariant      *value,
               gpointer       user_data)
{
  TideDriftPage *self = user_data;

  self->column_order = g_variant_get_boolean (value);
  g_simple_action_set_state (action, value);
  tide_drift_page_compare (self);
}

static void
settle_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       self)
{
  (g_str_equal (g_action_get_name (G_ACTION (action)), "adopt") ? tide_drift_adopt : tide_drift_revert) (self);
}

static void
ignore_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  tide_drift_ignore (user_data, tide_drift_tree_get_selected (TIDE_DRIFT_PAGE (user_data)->tree));
}

static void
report_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       self)
{
  tide_drift_save_report (self);
}

static const GActionEntry action_entries[] = {
  { .name = "compare", .activate = compare_activated },
  { .name = "next", .activate = step_activated },
  { .name = "previous", .activate = step_activated },
  { .name = "copy-sql", .activate = text_activated },
  { .name = "open-sql", .activate = text_activated },
  { .name = "adopt", .activate = settle_activated },
  { .name = "revert", .activate = settle_activated },
  { .name = "save-migration", .activate = text_activated },
  { .name = "ignore", .activate = ignore_activated },
  { .name = "save-report", .activate = report_activated },
  { .name = "column-order", .state = "false", .change_state = order_changed },
};

static void
set_workspace (TideDriftPage *self,
               TideWorkspace *workspace)
{
  if (!g_set_object (&self->workspace, workspace) || workspace == NULL)
    return;
  self->loader = tide_drift_loader_new (workspace);
  g_signal_connect_object (self->loader, "changed", G_CALLBACK (on_loaded), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->loader, "proved", G_CALLBACK (on_proved), self, G_CONNECT_SWAPPED);
  tide_drift_sides_set_workspace (self->sides, workspace);
  tide_lineage_bar_set_workspace (self->lineage_bar, workspace);
  g_signal_connect_object (workspace, "notify::environment", G_CALLBACK (on_environment_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::project", G_CALLBACK (compare_when_changed), self, G_CONNECT_SWAPPED);
  on_environment_changed (self);
}

static void
tide_drift_page_map (GtkWidget *widget)
{
  TideDriftPage *self = TIDE_DRIFT_PAGE (widget);

  GTK_WIDGET_CLASS (tide_drift_page_parent_class)->map (widget);
  if (self->stale || tide_drift_loader_is_outdated (self->loader))
    compare (self, FALSE, FALSE);
}

static void
tide_drift_page_dispose (GObject *object)
{
  TideDriftPage *self = TIDE_DRIFT_PAGE (object);

  if (self->loader != NULL)
    tide_drift_loader_cancel (self->loader);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_DRIFT_PAGE);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->environment_signals);
  g_clear_object (&self->actions);
  g_clear_object (&self->workspace);
  g_clear_object (&self->loader);
  g_clear_object (&self->environment);
  g_clear_pointer (&self->target, tide_target_unref);
  g_clear_error (&self->trouble);
  g_clear_pointer (&self->settle, g_free);
  G_OBJECT_CLASS (tide_drift_page_parent_class)->dispose (object);
}

static void
tide_drift_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    g_value_set_object (value, TIDE_DRIFT_PAGE (object)->workspace);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_drift_page_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    set_workspace (TIDE_DRIFT_PAGE (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (TIDE_TYPE_COMPARE_VIEW);
  g_type_ensure (TIDE_TYPE_DRIFT_SIDES);
  g_type_ensure (TIDE_TYPE_DRIFT_TREE);
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  g_type_ensure (TIDE_TYPE_HISTORY_SLIDER);
  g_type_ensure (TIDE_TYPE_LINEAGE_BAR);
  g_type_ensure (TIDE_TYPE_SCRIPT_VIEW);
  g_type_ensure (TIDE_TYPE_TURNING_BIN);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-drift-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, sides);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, note_bar);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, status);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, equal_page);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, tree);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, compare_view);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, lineage_bar);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, script_view);
  gtk_widget_class_bind_template_callback (widget_class, compare_when_seen);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, prove);
  gtk_widget_class_bind_template_callback (widget_class, on_error_action);
}

static void
tide_drift_page_class_init (TideDriftPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_drift_page_dispose;
  object_class->get_property = tide_drift_page_get_property;
  object_class->set_property = tide_drift_page_set_property;
  widget_class->map = tide_drift_page_map;
  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "drift.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "drift.previous", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_drift_page_init (TideDriftPage *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), action_entries, G_N_ELEMENTS (action_entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "drift", G_ACTION_GROUP (self->actions));
  self->environment_signals = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);
  g_signal_group_connect_swapped (self->environment_signals, "notify::timeline", G_CALLBACK (compare_when_changed), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::target", G_CALLBACK (compare_when_changed), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::state", G_CALLBACK (on_environment_state), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

TideWorkspace *
tide_drift_page_get_workspace (TideDriftPage *self)
{
  return self->workspace;
}

TideDriftComparison *
tide_drift_page_get_comparison (TideDriftPage *self)
{
  return get_comparison (self);
}

TideEnvironment *
tide_drift_page_get_environment (TideDriftPage *self)
{
  g_return_val_if_fail (TIDE_IS_DRIFT_PAGE (self), NULL);

  return self->environment;
}

TideTarget *
tide_drift_page_get_target (TideDriftPage *self)
{
  g_return_val_if_fail (TIDE_IS_DRIFT_PAGE (self), NULL);

  return self->target;
}

void
tide_drift_page_compare_sides (TideDriftPage *self,
                               const char    *left,
                               const char    *right)
{
  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  tide_drift_sides_set (self->sides, left, right);
}

void
tide_drift_page_settle (TideDriftPage *self,
                        const char    *action)
{
  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  g_free (self->settle);
  self->settle = g_strdup (action);
  want_comparison (self, TRUE);
}

void
tide_drift_page_reload_project (TideDriftPage *self)
{
  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  tide_workspace_refresh (self->workspace);
}
