/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-compare-window"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-compare-window.h"
#include "backup/tide-backup-compare.h"
#include "backup/tide-rows-item.h"
#include "tide-error.h"
#include "tide-job-wait.h"
#include "tide-preferences.h"
#include "widgets/tide-error-view.h"
#include "widgets/tide-format.h"
#include "widgets/tide-kind-label.h"
#include "widgets/tide-short-text.h"

struct _TideBackupCompareWindow
{
  AdwWindow          parent_instance;

  /* Template widgets */
  GtkDropDown       *environment;
  TideKindLabel     *kind;
  GtkCheckButton    *only_differences;
  GtkLabel          *subject;
  GtkLabel          *note;
  GtkLabel          *summary;
  GtkStack          *stack;
  GtkProgressBar    *bar;
  GtkLabel          *status;
  TideErrorView     *error_view;
  GtkColumnView     *table;
  GtkNoSelection    *selection;

  /* Owned */
  TideBackupPage    *page;
  TideBackup        *backup;
  GListStore        *items;      /* TideRowsItem: those that are shown */
  TideJob           *job;        /* nullable: the counting that is under way */
  TideRowComparison *comparison; /* nullable: not done yet, or failed */
};

/* What the counting needs; may be freed in any thread */
typedef struct
{
  TideBackup   *backup;
  TideConninfo *conninfo;
  gint64        exact_below;
} Question;

G_DEFINE_FINAL_TYPE (TideBackupCompareWindow, tide_backup_compare_window, ADW_TYPE_WINDOW)

static void
question_free (gpointer data)
{
  Question *self = data;

  tide_backup_unref (self->backup);
  tide_conninfo_unref (self->conninfo);
  g_free (self);
}

static gpointer
run_compare (TideJob   *job,
             gpointer   data,
             GError   **error)
{
  Question *self = data;

  return tide_backup_compare_rows (self->backup, self->conninfo, self->exact_below, job, error);
}

static void
update_summary (TideBackupCompareWindow *self)
{
  const TideRowComparison *comparison = self->comparison;
  guint n = comparison->tables->len;
  g_autoptr(GString) text = g_string_new (NULL);

  if (comparison->n_differences > 0)
    g_string_append_printf (text, g_dngettext (NULL, "%u of %u table differs.", "%u of %u tables differ.", n),
                            comparison->n_differences, n);
  else if (comparison->n_unknown == 0)
    g_string_append_printf (text, g_dngettext (NULL, "%u table, with the same number of rows on both sides.",
                                               "%u tables, each with the same number of rows on both sides.", n), n);
  if (comparison->n_unknown > 0)
    g_string_append_printf (text, g_dngettext (NULL, " The rows of %u table could not be compared.",
                                               " The rows of %u tables could not be compared.", comparison->n_unknown),
                            comparison->n_unknown);
  gtk_label_set_label (self->summary, g_strstrip (text->str));
  gtk_label_set_label (self->note, comparison->note ? comparison->note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), comparison->note != NULL);
}

/* The one place that makes the table agree with what was counted and what is asked for */
static void
update_table (TideBackupCompareWindow *self)
{
  gboolean narrow = gtk_check_button_get_active (self->only_differences);

  g_list_store_remove_all (self->items);
  if (self->comparison == NULL)
    return;
  for (guint i = 0; i < self->comparison->tables->len; i++)
    {
      const TideTableRows *rows = g_ptr_array_index (self->comparison->tables, i);
      g_autoptr(TideRowsItem) item = tide_rows_item_new (self->comparison, rows);

      if (!narrow || tide_rows_state_is_difference (rows->state))
        g_list_store_append (self->items, item);
    }
  update_summary (self);
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->items)) > 0 ? "table" : "nothing");
}

static void
on_progress (TideBackupCompareWindow *self)
{
  g_autofree char *status = self->job ? tide_job_dup_status (self->job) : NULL;

  gtk_label_set_label (self->status, status ? status : "");
  if (self->job != NULL && tide_job_get_fraction (self->job) >= 0)
    gtk_progress_bar_set_fraction (self->bar, tide_job_get_fraction (self->job));
}

static void
show_error (TideBackupCompareWindow *self,
            const GError            *error)
{
  gtk_label_set_label (self->summary, "");
  tide_error_view_set_error (self->error_view, error);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
on_compared (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  TideBackupCompareWindow *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRowComparison) comparison = tide_job_run_finish (TIDE_JOB (object), result, &error);

  /* Another environment was chosen meanwhile. */
  if (TIDE_JOB (object) != self->job)
    return;
  g_clear_object (&self->job);
  self->comparison = g_steal_pointer (&comparison);
  if (self->comparison != NULL)
    update_table (self);
  else
    show_error (self, error);
}

static void
stop (TideBackupCompareWindow *self)
{
  if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
}

static void
start (TideBackupCompareWindow *self,
       TideEnvironment         *environment,
       TideConninfo            *conninfo)
{
  Question *question = g_new0 (Question, 1);
  g_autofree char *title = g_strdup_printf (_("Compare a backup with %s"), tide_environment_get_name (environment));

  question->backup = tide_backup_ref (self->backup);
  question->conninfo = tide_conninfo_ref (conninfo);
  question->exact_below = tide_preferences_get_exact_below ();
  self->job = tide_job_new (title);
  g_signal_connect_object (self->job, "notify", G_CALLBACK (on_progress), self, G_CONNECT_SWAPPED);
  gtk_progress_bar_set_fraction (self->bar, 0);
  gtk_label_set_label (self->summary, "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "counting");
  tide_job_run_for_window (self->job, GTK_WINDOW (self), tide_backup_page_get_workspace (self->page), run_compare, question,
                           question_free, (GDestroyNotify) tide_row_comparison_unref, on_compared);
}

/* Counts anew, also when another environment is chosen. */
static void
compare (TideBackupCompareWindow *self)
{
  TideEnvironment *environment = gtk_drop_down_get_selected_item (self->environment);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;
  g_autoptr(GError) unknown = NULL;

  /* The drop-down chooses its first row by itself, before it is told which. */
  if (self->backup == NULL || environment == NULL)
    return;
  stop (self);
  g_clear_pointer (&self->comparison, tide_row_comparison_unref);
  update_table (self);
  g_object_set (self->kind, "kind", tide_environment_get_kind (environment), NULL);
  if (target != NULL)
    {
      start (self, environment, tide_target_get_conninfo (target));
      return;
    }
  unknown = tide_error_new (TIDE_ERROR_NOT_FOUND, _("see what its row in the sidebar says"),
                            _("the database of \"%s\" is not known"), tide_environment_get_name (environment));
  show_error (self, tide_environment_get_error (environment) ? tide_environment_get_error (environment) : unknown);
}

/* What else they hold is a matter of the page that compares. */
static void
compare_schemas (TideBackupCompareWindow *self)
{
  TideEnvironment *environment = gtk_drop_down_get_selected_item (self->environment);
  g_autofree char *left = g_strconcat ("backup:", self->backup->path, NULL);
  g_autofree char *right = environment ? g_strconcat ("env:", tide_environment_get_name (environment), NULL) : NULL;

  if (right != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->page), "win.compare", "(ss)", left, right);
  gtk_window_close (GTK_WINDOW (self));
}

static void
setup_cell (GtkSignalListItemFactory *factory,
            GtkListItem              *list_item)
{
  gboolean is_number = g_object_get_data (G_OBJECT (factory), "is-number") != NULL;
  GtkWidget *label = is_number ? g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, "css-classes", (const char *[]) { "numeric", NULL }, NULL)
                               : tide_short_text_new (PANGO_ELLIPSIZE_MIDDLE);

  gtk_list_item_set_child (list_item, label);
}

static void
bind_cell (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           const char               *property)
{
  TideRowsItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *label = gtk_list_item_get_child (list_item);
  g_autofree char *text = NULL;

  g_object_get (item, property, &text, NULL);
  gtk_label_set_label (GTK_LABEL (label), text);
  if (g_str_equal (property, "table"))
    return;
  if (tide_rows_state_is_difference (tide_rows_item_get_state (item)))
    gtk_widget_add_css_class (label, "heading");
  else
    gtk_widget_remove_css_class (label, "heading");
}

static void
add_column (TideBackupCompareWindow *self,
            const char              *title,
            const char              *property)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  gboolean is_number = !g_str_equal (property, "table");
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  if (is_number)
    g_object_set_data (G_OBJECT (factory), "is-number", GINT_TO_POINTER (TRUE));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), (gpointer) property);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, !is_number);
  gtk_column_view_append_column (self->table, column);
}

static void
tide_backup_compare_window_dispose (GObject *object)
{
  TideBackupCompareWindow *self = TIDE_BACKUP_COMPARE_WINDOW (object);

  stop (self);
  g_clear_object (&self->page);
  g_clear_object (&self->items);
  g_clear_pointer (&self->backup, tide_backup_unref);
  g_clear_pointer (&self->comparison, tide_row_comparison_unref);
  G_OBJECT_CLASS (tide_backup_compare_window_parent_class)->dispose (object);
}

static void
tide_backup_compare_window_class_init (TideBackupCompareWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_backup_compare_window_dispose;

  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-compare-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, environment);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, kind);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, only_differences);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, subject);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, note);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, status);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, table);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCompareWindow, selection);
  gtk_widget_class_bind_template_callback (widget_class, compare);
  gtk_widget_class_bind_template_callback (widget_class, compare_schemas);
  gtk_widget_class_bind_template_callback (widget_class, update_table);
}

static void
tide_backup_compare_window_init (TideBackupCompareWindow *self)
{
  self->items = g_list_store_new (TIDE_TYPE_ROWS_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->items));
  add_column (self, _("Table"), "table");
  add_column (self, _("Backup"), "in-backup");
  add_column (self, _("Database"), "in-database");
  add_column (self, _("Difference"), "difference");
}

/* The environment that the backup is of, else the one that is selected in the window */
static guint
find_environment (TideWorkspace    *workspace,
                  const TideBackup *backup)
{
  GListModel *environments = tide_workspace_get_environments (workspace);
  const char *name = backup->manifest ? backup->manifest->environment : NULL;
  guint selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);

      if (g_strcmp0 (tide_environment_get_name (environment), name) == 0)
        return i;
      if (environment == tide_workspace_get_environment (workspace))
        selected = i;
    }
  return selected;
}

/**
 * tide_backup_compare_window_present:
 * @page: the library
 * @backup: one of its backups
 *
 * Opens the window and begins to count in the environment that the backup is of.
 */
void
tide_backup_compare_window_present (TideBackupPage *page,
                                    TideBackup     *backup)
{
  TideWorkspace *workspace = tide_backup_page_get_workspace (page);
  TideBackupCompareWindow *self = g_object_new (TIDE_TYPE_BACKUP_COMPARE_WINDOW, "transient-for",
                                                gtk_widget_get_root (GTK_WIDGET (page)), NULL);
  g_autoptr(GtkExpression) name = gtk_property_expression_new (TIDE_TYPE_ENVIRONMENT, NULL, "name");
  g_autofree char *file = g_filename_display_basename (backup->path);
  g_autofree char *moment = tide_format_moment (backup->created_at);
  g_autofree char *subject = g_strdup_printf (_("%s, of %s"), file, moment);

  gtk_label_set_label (self->subject, subject);
  gtk_drop_down_set_expression (self->environment, name);
  gtk_drop_down_set_model (self->environment, tide_workspace_get_environments (workspace));
  gtk_drop_down_set_selected (self->environment, find_environment (workspace, backup));
  self->page = g_object_ref (page);
  self->backup = tide_backup_ref (backup);
  compare (self);
  gtk_window_present (GTK_WINDOW (self));
}
