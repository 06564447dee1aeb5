/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drift/tide-compare-view.h"
#include "drift/tide-drift-actions.h"
#include "drift/tide-drift-page.h"
#include "drift/tide-drift-tree.h"
#include "drift/tide-script-view.h"
#include "drift/tide-source-chooser.h"
#include "widgets/tide-children.h"
#include "widgets/tide-error-view.h"

struct _TideDriftPage
{
  GtkWidget            parent_instance;

  /* Template widgets */
  TideSourceChooser   *left;
  TideSourceChooser   *right;
  GtkLabel            *summary;
  GtkInfoBar          *note_bar;
  GtkLabel            *note_label;
  GtkStack            *stack;
  GtkLabel            *status;
  TideErrorView       *error_view;
  TideDriftTree       *tree;
  TideCompareView     *compare_view;
  TideScriptView      *script_view;

  /* Owned */
  TideWorkspace       *workspace;
  GSignalGroup        *environment_signals;
  GSimpleActionGroup  *actions;
  TideDriftComparison *comparison;    /* nullable */
  TideJob             *job;           /* nullable: of the comparison under way */
  TideJob             *proof_job;     /* nullable */
  GError              *error;         /* nullable */
  char                *compared_state; /* nullable: what was last compared, see dup_state() */
  gboolean             column_order;
  gboolean             choosing;      /* both sides are being set */
  gboolean             stale;         /* to be compared when it is seen */
};

enum
{
  PROP_WORKSPACE = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideDriftPage, tide_drift_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static const char *
choose_content (TideDriftPage *self)
{
  if (self->job != NULL)
    return "loading";
  if (self->error != NULL)
    return "error";
  if (self->comparison == NULL)
    return "nothing";
  return tide_schema_diff_get_changes (self->comparison->diff)->len > 0 ? "differences" : "equal";
}

static void
update_summary (TideDriftPage *self)
{
  g_autofree char *text = NULL;

  if (self->comparison != NULL)
    {
      TideDriftCounts counts = tide_drift_outline_get_counts (self->comparison->outline);
      guint n_ignored = tide_schema_diff_get_ignored (self->comparison->diff)->len;
      g_autofree char *ignored = g_strdup_printf (g_dngettext (NULL, ", %u ignored", ", %u ignored", n_ignored), n_ignored);

      text = g_strdup_printf (_("%u added, %u removed, %u changed%s"), counts.added, counts.removed, counts.changed,
                              n_ignored > 0 ? ignored : "");
    }
  gtk_label_set_label (self->summary, text == NULL ? "" : text);
}

static void
update_notes (TideDriftPage *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; self->comparison != NULL && i < self->comparison->notes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) g_ptr_array_index (self->comparison->notes, i));
  gtk_label_set_label (self->note_label, text->str);
  gtk_info_bar_set_revealed (self->note_bar, text->len > 0);
  g_string_free (text, TRUE);
}

static void
enable (TideDriftPage *self,
        const char    *name,
        gboolean       enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

static gboolean
is_drift (TideDriftPage *self)
{
  return g_strcmp0 (tide_source_chooser_get_source (self->left), "applied") == 0
         && g_strcmp0 (tide_source_chooser_get_source (self->right), "database") == 0;
}

static void
update_actions (TideDriftPage *self)
{
  gboolean some = self->comparison != NULL && tide_schema_diff_get_changes (self->comparison->diff)->len > 0;

  enable (self, "copy-sql", some);
  enable (self, "save-report", self->comparison != NULL);
  enable (self, "adopt", some && is_drift (self));
  enable (self, "revert", some && is_drift (self));
  enable (self, "save-migration", some);
  enable (self, "ignore", some && tide_drift_tree_get_selected (self->tree) != NULL);
  enable (self, "next", some);
  enable (self, "previous", some);
}

/* The one place that makes the page agree with what is known */
static void
update (TideDriftPage *self)
{
  tide_drift_tree_set_outline (self->tree, self->comparison == NULL ? NULL : self->comparison->outline);
  tide_script_view_set_comparison (self->script_view, self->comparison);
  tide_error_view_set_error (self->error_view, self->error);
  gtk_stack_set_visible_child_name (self->stack, choose_content (self));
  update_summary (self);
  update_notes (self);
  update_actions (self);
}

static void
on_selected (TideDriftPage *self)
{
  TideDriftNode *node = tide_drift_tree_get_selected (self->tree);
  const TideDriftEntry *entry = node == NULL ? NULL : tide_drift_node_get_entry (node);
  const TideSchemaObject *third = NULL;
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *beside = NULL;

  update_actions (self);
  if (entry == NULL)
    return;
  left = tide_drift_dup_definition (entry->from);
  right = tide_drift_dup_definition (entry->to);
  if (self->comparison->third != NULL)
    third = tide_schema_find_same (self->comparison->third, entry->to != NULL ? entry->to : entry->from);
  beside = tide_drift_dup_definition (third);
  tide_compare_view_set_texts (
    self->compare_view,
    (const char *[]) { self->comparison->left_label, self->comparison->right_label, self->comparison->third_label },
    (const char *[]) { left, right, beside }, self->comparison->third != NULL ? 3 : 2);
  tide_compare_view_step (self->compare_view, 1);
}

static void
on_proved (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (TideDriftPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSchemaProof) proof = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->proof_job != TIDE_JOB (object))
    return;
  g_clear_object (&self->proof_job);
  tide_script_view_set_proof (self->script_view, proof, error);
}

static void
proof_question_free (gpointer data)
{
  TideDriftProofQuestion *self = data;

  tide_drift_comparison_unref (self->comparison);
  g_free (self);
}

static void
forget_job (TideJob **job)
{
  if (*job != NULL)
    tide_job_cancel (*job);
  g_clear_object (job);
}

/* What is shown is tried at once: nothing is said to be right that was not. */
static void
prove (TideDriftPage *self)
{
  TideDriftProofQuestion *question;

  forget_job (&self->proof_job);
  tide_script_view_set_proof (self->script_view, NULL, NULL);
  if (self->comparison == NULL || tide_schema_diff_get_changes (self->comparison->diff)->len == 0)
    return;
  question = g_new0 (TideDriftProofQuestion, 1);
  question->comparison = tide_drift_comparison_ref (self->comparison);
  question->revert = tide_script_view_is_revert (self->script_view);
  self->proof_job = tide_job_new (_("Prove the SQL"));
  tide_workspace_run_job (self->workspace, self->proof_job, tide_drift_comparison_prove, question, proof_question_free,
                          (GDestroyNotify) tide_schema_proof_free, on_proved, g_object_ref (self));
}

static void
on_compared (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (TideDriftPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TideDriftComparison) comparison = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->job != TIDE_JOB (object))
    return;
  g_clear_object (&self->job);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_error (&self->error);
  self->comparison = g_steal_pointer (&comparison);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  update (self);
  prove (self);
}

/* (transfer full): what the comparison of two sides follows from, as far as the window knows it: the history in the database and
 * the rules of what to ignore */
static char *
dup_state (TideDriftPage *self)
{
  TideProject *project = tide_workspace_get_project (self->workspace);
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTimeline *timeline = environment == NULL ? NULL : tide_environment_get_timeline (environment);
  GPtrArray *ignores = project == NULL ? NULL : tide_project_get_ignores (project);
  GString *state = g_string_new (environment == NULL ? "" : tide_environment_get_label (environment));

  for (guint i = 0; timeline != NULL && i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      g_string_append_printf (state, "\n%d %s", entry->state, entry->name);
    }
  for (guint i = 0; ignores != NULL && i < ignores->len; i++)
    {
      const TideIgnoreSpec *rule = g_ptr_array_index (ignores, i);

      g_string_append_printf (state, "\n%s %s %s", rule->kind, rule->schema, rule->name);
    }
  return g_string_free (state, FALSE);
}

void
tide_drift_page_compare (TideDriftPage *self)
{
  TideEnvironment *environment;
  TideDriftQuestion *question;

  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  forget_job (&self->job);
  forget_job (&self->proof_job);
  environment = tide_workspace_get_environment (self->workspace);
  self->stale = FALSE;
  g_free (self->compared_state);
  self->compared_state = dup_state (self);
  if (tide_workspace_get_project (self->workspace) == NULL || environment == NULL
      || tide_environment_get_target (environment) == NULL)
    {
      self->stale = TRUE;
      g_clear_pointer (&self->compared_state, g_free);
      update (self);
      return;
    }
  question = tide_drift_question_new (tide_workspace_get_project (self->workspace),
                                      tide_environment_get_target (environment),
                                      tide_source_chooser_get_source (self->left),
                                      tide_source_chooser_get_source (self->right));
  question->column_order = self->column_order;
  self->job = tide_job_new (_("Compare schemas"));
  g_object_bind_property (self->job, "status", self->status, "label", G_BINDING_SYNC_CREATE);
  tide_workspace_run_job (self->workspace, self->job, tide_drift_comparison_run, question,
                          (GDestroyNotify) tide_drift_question_free, (GDestroyNotify) tide_drift_comparison_unref,
                          on_compared, g_object_ref (self));
  update (self);
}

/* A page that nobody sees waits until somebody does. */
static void
compare_when_seen (TideDriftPage *self)
{
  self->stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && !self->choosing)
    tide_drift_page_compare (self);
}

/* Projects and ledgers are read again and again; only another history is a reason to compare again. */
static void
compare_when_changed (TideDriftPage *self)
{
  g_autofree char *state = dup_state (self);

  if (g_strcmp0 (state, self->compared_state) != 0)
    compare_when_seen (self);
}

static void
on_environment_changed (TideDriftPage *self)
{
  g_signal_group_set_target (self->environment_signals, tide_workspace_get_environment (self->workspace));
  compare_when_changed (self);
}

static void
on_swap (TideDriftPage *self)
{
  g_autofree char *left = g_strdup (tide_source_chooser_get_source (self->left));

  tide_drift_page_compare_sides (self, tide_source_chooser_get_source (self->right), left);
}

static void
compare_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       self)
{
  tide_drift_page_compare (self);
}

static void
next_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideDriftPage *self = user_data;

  if (!tide_compare_view_step (self->compare_view, 1))
    tide_drift_tree_step (self->tree, 1);
}

static void
previous_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  TideDriftPage *self = user_data;

  if (!tide_compare_view_step (self->compare_view, -1))
    tide_drift_tree_step (self->tree, -1);
}

static void
copy_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideDriftPage *self = user_data;
  g_autofree char *text = tide_script_view_dup_text (self->script_view);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
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
adopt_activated (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       self)
{
  tide_drift_adopt (self);
}

static void
revert_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       self)
{
  tide_drift_revert (self);
}

static void
save_migration_activated (GSimpleAction *action,
                          GVariant      *parameter,
                          gpointer       user_data)
{
  TideDriftPage *self = user_data;
  g_autofree char *text = tide_script_view_dup_text (self->script_view);

  tide_drift_save_migration (self, text);
}

static void
ignore_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  TideDriftPage *self = user_data;

  tide_drift_ignore (self, tide_drift_tree_get_selected (self->tree));
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
  { .name = "next", .activate = next_activated },
  { .name = "previous", .activate = previous_activated },
  { .name = "copy-sql", .activate = copy_activated },
  { .name = "adopt", .activate = adopt_activated },
  { .name = "revert", .activate = revert_activated },
  { .name = "save-migration", .activate = save_migration_activated },
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
  tide_source_chooser_set_workspace (self->left, workspace);
  tide_source_chooser_set_workspace (self->right, workspace);
  g_signal_connect_object (workspace, "notify::environment", G_CALLBACK (on_environment_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::project", G_CALLBACK (compare_when_changed), self, G_CONNECT_SWAPPED);
  on_environment_changed (self);
}

static void
tide_drift_page_map (GtkWidget *widget)
{
  TideDriftPage *self = TIDE_DRIFT_PAGE (widget);

  GTK_WIDGET_CLASS (tide_drift_page_parent_class)->map (widget);
  if (self->stale)
    tide_drift_page_compare (self);
}

static void
tide_drift_page_dispose (GObject *object)
{
  TideDriftPage *self = TIDE_DRIFT_PAGE (object);

  forget_job (&self->job);
  forget_job (&self->proof_job);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_DRIFT_PAGE);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->environment_signals);
  g_clear_object (&self->actions);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->compared_state, g_free);
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
  g_type_ensure (TIDE_TYPE_DRIFT_TREE);
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  g_type_ensure (TIDE_TYPE_SCRIPT_VIEW);
  g_type_ensure (TIDE_TYPE_SOURCE_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-drift-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, left);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, right);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, note_bar);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, status);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, tree);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, compare_view);
  gtk_widget_class_bind_template_child (widget_class, TideDriftPage, script_view);
  gtk_widget_class_bind_template_callback (widget_class, compare_when_seen);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_swap);
  gtk_widget_class_bind_template_callback (widget_class, prove);
  gtk_widget_class_bind_template_callback (widget_class, tide_drift_page_compare);
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
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F8, 0, "drift.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F8, GDK_SHIFT_MASK, "drift.previous", NULL);
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
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_source_chooser_set_source (self->left, "applied");
  tide_source_chooser_set_source (self->right, "database");
}

TideWorkspace *
tide_drift_page_get_workspace (TideDriftPage *self)
{
  return self->workspace;
}

TideDriftComparison *
tide_drift_page_get_comparison (TideDriftPage *self)
{
  return self->comparison;
}

void
tide_drift_page_compare_sides (TideDriftPage *self,
                               const char    *left,
                               const char    *right)
{
  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  self->choosing = TRUE;
  tide_source_chooser_set_source (self->left, left);
  tide_source_chooser_set_source (self->right, right);
  self->choosing = FALSE;
  compare_when_seen (self);
}

void
tide_drift_page_reload_project (TideDriftPage *self)
{
  g_return_if_fail (TIDE_IS_DRIFT_PAGE (self));

  tide_workspace_refresh (self->workspace);
}
