/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-result-view"

#include "config.h"

#include <glib/gi18n.h>

#include "query/tide-row-order.h"
#include "query/tide-row-writer.h"
#include "sql/tide-result-view-private.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-wrap-box.h"

G_DEFINE_FINAL_TYPE (TideResultView, tide_result_view, GTK_TYPE_WIDGET)

static guint sort_signal;

guint
tide_result_view_get_n_rows (TideResultView *self)
{
  if (self->rows != NULL)
    return g_bytes_get_size (self->rows) / sizeof (guint32);
  return self->edit != NULL ? self->n_read : tide_row_store_get_n_rows (self->store);
}

guint
tide_result_view_find_row (TideResultView *self,
                           guint           row)
{
  guint n_rows = tide_result_view_get_n_rows (self);
  GBytes *order = self->order ? self->order : self->rows;
  gsize size = 0;
  const guint32 *rows = order ? g_bytes_get_data (order, &size) : NULL;

  if (row >= n_rows && self->edit != NULL)
    return TIDE_ROW_EDIT_FIRST_NEW + row - n_rows;
  return row < size / sizeof *rows ? rows[row] : row;
}

GBytes *
tide_result_view_dup_shown (TideResultView  *self,
                            guint            first,
                            guint            n,
                            GError         **error)
{
  g_autofree guint32 *rows = NULL;

  if (tide_result_view_get_n_changes (self) == 0)
    return NULL;
  rows = g_new (guint32, n);
  for (guint i = 0; i < n; i++)
    rows[i] = tide_result_view_find_row (self, first + i);
  return tide_row_edit_write_down (self->edit, rows, n, error);
}

const char *
tide_result_view_get_value (TideResultView   *self,
                            guint             row,
                            guint             column,
                            gsize            *length,
                            TideGridCellLook *look)
{
  static const TideGridCellLook looks[] = {
    [TIDE_ROW_SAME] = TIDE_GRID_CELL_PLAIN, [TIDE_ROW_CHANGED] = TIDE_GRID_CELL_CHANGED,
    [TIDE_ROW_ADDED] = TIDE_GRID_CELL_ADDED, [TIDE_ROW_REMOVED] = TIDE_GRID_CELL_REMOVED,
    [TIDE_ROW_DEFAULT] = TIDE_GRID_CELL_DEFAULT,
  };
  guint index = tide_result_view_find_row (self, row);
  TideRowChange change;
  const char *value;

  *look = TIDE_GRID_CELL_PLAIN;
  *length = 0;
  if (self->edit != NULL && !self->applying &&
      tide_row_edit_look_up (self->edit, index, column, &value, length, &change))
    {
      *look = looks[change];
      return value;
    }
  if (index >= tide_row_store_get_n_rows (self->store))
    return NULL;
  return tide_row_reader_get (&self->reader, index, column, length);
}

static const char *
get_value (gpointer          data,
           guint             row,
           guint             column,
           gsize            *length,
           TideGridCellLook *look)
{
  return tide_result_view_get_value (data, row, column, length, look);
}

static void
set_columns (TideResultView *self)
{
  guint n = tide_row_store_get_n_columns (self->store);
  g_auto(GStrv) names = g_new0 (char *, n + 1);
  g_autofree gboolean *flush_right = g_new0 (gboolean, n);

  for (guint i = 0; i < n; i++)
    {
      names[i] = g_utf8_make_valid (tide_row_store_get_column_name (self->store, i), -1);
      flush_right[i] = tide_type_is_number (tide_row_store_get_column_type (self->store, i));
    }
  tide_grid_set_columns (self->grid, n, (const char * const *) names, flush_right);
}

/* (transfer full): "1,000,000 rows · 136.2 MB · first row after 12 ms · 1.3 s in all" */
static char *
dup_status (TideResultView *self)
{
  guint n = tide_result_view_get_n_rows (self);
  gint64 first = tide_row_store_get_first_row (self->store);
  g_autofree char *bytes = g_format_size (tide_row_store_get_text_bytes (self->store));
  g_autofree char *first_text = tide_format_duration (first);
  g_autofree char *total = tide_format_duration (tide_row_store_get_elapsed (self->store));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, g_dngettext (NULL, "%'u row", "%'u rows", n), n);
  g_string_append_printf (text, " · %s", bytes);
  if (self->paged)
    return g_string_free (text, FALSE);
  if (first >= 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, _("first row after %s"), first_text);
    }
  g_string_append (text, " · ");
  if (tide_row_store_get_state (self->store) == TIDE_ROW_STORE_RUNNING)
    g_string_append_printf (text, _("running for %s"), total);
  else
    g_string_append_printf (text, _("%s in all"), total);
  if (tide_row_store_get_spilled (self->store) > 0)
    {
      g_autofree char *spilled = g_format_size (tide_row_store_get_spilled (self->store));

      g_string_append (text, " · ");
      g_string_append_printf (text, _("%s on disk"), spilled);
    }
  return g_string_free (text, FALSE);
}

/* What came stays; here stands what is missing. */
static void
show_trouble (TideResultView *self)
{
  TideRowStoreState state = tide_row_store_get_state (self->store);
  g_autoptr(GError) error = tide_row_store_dup_error (self->store);
  guint n = self->edit ? self->n_read : tide_row_store_get_n_rows (self->store);
  g_autofree char *what = NULL;
  g_autofree char *why = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->trouble, state == TIDE_ROW_STORE_FAILED || state == TIDE_ROW_STORE_CANCELLED);
  if (state != TIDE_ROW_STORE_FAILED && state != TIDE_ROW_STORE_CANCELLED)
    return;
  what = g_strdup_printf (g_dngettext (NULL, "Only the first %'u row came; those after it are missing.",
                                       "Only the first %'u rows came; those after them are missing.", n), n);
  why = state == TIDE_ROW_STORE_CANCELLED ? g_strdup (_("Cancelled.")) : tide_error_dup_text (error);
  text = g_strdup_printf ("%s %s", what, why);
  gtk_label_set_text (self->trouble_label, text);
}

void
tide_result_view_update (TideResultView *self)
{
  g_autofree char *status = dup_status (self);
  gboolean running = !self->paged && tide_row_store_get_state (self->store) == TIDE_ROW_STORE_RUNNING;
  guint n_rows = tide_result_view_get_n_rows (self) + (self->edit ? tide_row_edit_get_n_added (self->edit) : 0);

  if (tide_grid_get_n_columns (self->grid) != tide_row_store_get_n_columns (self->store))
    {
      set_columns (self);
      tide_result_edit_set_up (self);
    }
  if (tide_grid_get_n_rows (self->grid) != n_rows)
    tide_grid_set_n_rows (self->grid, n_rows);
  gtk_label_set_text (self->status, status);
  gtk_spinner_set_spinning (self->spinner, running || self->sorting != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running || self->sorting != NULL);
  show_trouble (self);
}

static void
store_changed (TideRowStore   *store,
               TideResultView *self)
{
  tide_result_view_update (self);
  if (tide_row_store_get_state (store) != TIDE_ROW_STORE_RUNNING)
    tide_grid_fit_columns (self->grid);
  /* What came after the sorting began is not in its order yet. */
  if (self->sort_column >= 0 && tide_row_store_get_state (store) != TIDE_ROW_STORE_RUNNING)
    tide_result_view_start_sort (self);
}

typedef struct
{
  TideRowStore *store;
  GBytes       *rows;       /* (nullable) */
  guint         n_rows;
  guint         column;
  gboolean      descending;
} Sort;

static void
sort_free (gpointer data)
{
  Sort *sort = data;

  g_object_unref (sort->store);
  g_clear_pointer (&sort->rows, g_bytes_unref);
  g_free (sort);
}

static void
sort_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Sort *sort = data;
  GError *error = NULL;
  GBytes *order = tide_row_order_new (sort->store, sort->rows, sort->n_rows, sort->column, sort->descending, cancellable, &error);

  if (order != NULL)
    g_task_return_pointer (task, order, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
sorted (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(TideResultView) self = data;
  GBytes *order = g_task_propagate_pointer (G_TASK (result), NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->sorting)
    {
      g_clear_pointer (&order, g_bytes_unref);
      return;
    }
  g_clear_object (&self->sorting);
  if (order != NULL)
    {
      g_clear_pointer (&self->order, g_bytes_unref);
      self->order = order;
      tide_grid_set_sort (self->grid, self->sort_column, self->descending);
    }
  tide_result_view_update (self);
}

static void
stop_sort (TideResultView *self)
{
  g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
}

void
tide_result_view_start_sort (TideResultView *self)
{
  g_autoptr(GTask) task = NULL;
  Sort *sort = g_new0 (Sort, 1);

  stop_sort (self);
  self->sorting = g_cancellable_new ();
  sort->store = g_object_ref (self->store);
  sort->rows = self->rows ? g_bytes_ref (self->rows) : NULL;
  sort->n_rows = tide_result_view_get_n_rows (self);
  sort->column = self->sort_column;
  sort->descending = self->descending;
  task = g_task_new (NULL, self->sorting, sorted, g_object_ref (self));
  g_task_set_source_tag (task, tide_result_view_start_sort);
  g_task_set_task_data (task, sort, sort_free);
  g_task_run_in_thread (task, sort_in_thread);
  tide_result_view_update (self);
}

/* Up, down, and as the rows came */
static void
header_clicked_cb (TideResultView *self,
                   guint           column)
{
  gboolean sorted_elsewhere = FALSE;

  g_signal_emit (self, sort_signal, 0, column, &sorted_elsewhere);
  if (sorted_elsewhere)
    return;
  if (self->sort_column != (int) column)
    self->descending = FALSE;
  else if (!self->descending)
    self->descending = TRUE;
  else
    {
      stop_sort (self);
      self->sort_column = -1;
      g_clear_pointer (&self->order, g_bytes_unref);
      tide_grid_set_sort (self->grid, -1, FALSE);
      tide_result_view_update (self);
      return;
    }
  self->sort_column = column;
  tide_result_view_start_sort (self);
}

static void
activate_cb (TideResultView *self,
             guint           row,
             guint           column)
{
  tide_result_view_show_value (self);
}

static void
edit_cb (TideResultView *self,
         guint           row,
         guint           column)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "result.edit", NULL);
}

static void
erase_cb (TideResultView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "result.set-null", NULL);
}

static void
menu_cb (TideResultView *self,
         double          x,
         double          y)
{
  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (self->cell_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, self->overlay);
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
jump_cb (TideResultView *self)
{
  g_autoptr(GString) digits = g_string_new (NULL);
  guint row, column;
  guint64 wanted;

  /* As it stands in the footer, with whatever separates thousands */
  for (const char *at = gtk_editable_get_text (GTK_EDITABLE (self->jump_entry)); *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
  wanted = g_ascii_strtoull (digits->str, NULL, 10);
  if (wanted == 0 || !tide_grid_get_cursor (self->grid, &row, &column))
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  tide_grid_move_to (self->grid, (guint) MIN (wanted, G_MAXUINT) - 1, column, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->grid));
}

static gboolean
tide_result_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TIDE_RESULT_VIEW (widget)->grid));
}

static void
tide_result_view_dispose (GObject *object)
{
  TideResultView *self = TIDE_RESULT_VIEW (object);

  stop_sort (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->editor, gtk_widget_unparent);
  if (self->grid != NULL)
    tide_grid_set_n_rows (self->grid, 0);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  self->gone = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_RESULT_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_result_view_parent_class)->dispose (object);
}

/* Not before: a thread may still be reading the table, or applying changes. */
static void
tide_result_view_finalize (GObject *object)
{
  TideResultView *self = TIDE_RESULT_VIEW (object);

  g_clear_pointer (&self->edit, tide_row_edit_free);
  tide_row_reader_clear (&self->reader);
  g_clear_pointer (&self->rows, g_bytes_unref);
  g_clear_pointer (&self->order, g_bytes_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->workspace);
  g_clear_object (&self->session);
  g_clear_object (&self->console);
  g_clear_pointer (&self->again, tide_conninfo_unref);
  g_clear_pointer (&self->again_sql, g_free);
  g_clear_object (&self->cell_menu);
  G_OBJECT_CLASS (tide_result_view_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TideResultView, grid);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, overlay);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, trouble);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, spinner);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, status);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, jump_entry);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, copy_button);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, export_button);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, edit_box);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, review_button);
  gtk_widget_class_bind_template_child (widget_class, TideResultView, discard_button);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, erase_cb);
  gtk_widget_class_bind_template_callback (widget_class, header_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_cb);
  gtk_widget_class_bind_template_callback (widget_class, jump_cb);
}

static void
tide_result_view_class_init (TideResultViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TIDE_TYPE_GRID);
  G_OBJECT_CLASS (klass)->dispose = tide_result_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_result_view_finalize;
  widget_class->grab_focus = tide_result_view_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "resultview");
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-result-view.ui");
  bind_children (widget_class);
  tide_result_actions_class_init (widget_class);
  tide_result_edit_class_init (widget_class);
  sort_signal = g_signal_new ("sort", TIDE_TYPE_RESULT_VIEW, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL, NULL,
                              G_TYPE_BOOLEAN, 1, G_TYPE_UINT);
}

static void
tide_result_view_init (TideResultView *self)
{
  g_autoptr(GtkBuilder) builder = NULL;

  self->sort_column = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  builder = gtk_builder_new_from_resource ("/com/broxiva/Tidemark/ui/tide-result-menus.ui");
  gtk_menu_button_set_menu_model (self->copy_button, G_MENU_MODEL (gtk_builder_get_object (builder, "copy_menu")));
  gtk_menu_button_set_menu_model (self->export_button, G_MENU_MODEL (gtk_builder_get_object (builder, "export_menu")));
  self->cell_menu = g_object_ref (G_MENU_MODEL (gtk_builder_get_object (builder, "cell_menu")));
}

GtkWidget *
tide_result_view_new (TideRowStore  *store,
                      TideWorkspace *workspace,
                      TideSession   *session,
                      gboolean       read_only)
{
  TideResultView *self = g_object_new (TIDE_TYPE_RESULT_VIEW, NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->session, session);
  self->again = session ? tide_conninfo_ref (tide_session_get_conninfo (session)) : NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.export-again", session != NULL);
  self->read_only = read_only;
  tide_result_edit_set_up (self);
  tide_row_reader_init (&self->reader, store);
  tide_grid_set_values (self->grid, get_value, self);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed), self, 0);
  tide_result_view_update (self);
  return GTK_WIDGET (self);
}

void
tide_result_view_set_console (TideResultView *self,
                              TideSqlConsole *console)
{
  g_return_if_fail (TIDE_IS_RESULT_VIEW (self));

  g_set_object (&self->console, console);
}

void
tide_result_view_set_paged (TideResultView *self,
                            TideConninfo   *conninfo,
                            const char     *sql)
{
  g_return_if_fail (TIDE_IS_RESULT_VIEW (self));

  self->paged = TRUE;
  g_clear_pointer (&self->again, tide_conninfo_unref);
  self->again = tide_conninfo_ref (conninfo);
  g_free (self->again_sql);
  self->again_sql = g_strdup (sql);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.export-again", TRUE);
  tide_result_view_update (self);
}

void
tide_result_view_show_sort (TideResultView *self,
                            int             column,
                            gboolean        descending)
{
  g_return_if_fail (TIDE_IS_RESULT_VIEW (self));

  tide_grid_set_sort (self->grid, column, descending);
}
