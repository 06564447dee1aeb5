/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-result-edit"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sql/tide-result-view-private.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-format.h"
#include "widgets/tide-sql-buffer.h"
#include "widgets/tide-text-label.h"

/* Longer values are no work for a small field. */
#define LONGEST (256 * 1024)
#define REVIEWED (64 * 1024)

typedef void (*Then) (TideResultView *self);

static void
update (TideResultView *self)
{
  guint n = self->edit ? tide_row_edit_get_n_changes (self->edit) : 0;
  g_autofree char *label = g_strdup_printf (g_dngettext (NULL, "_Review %u Change…", "_Review %u Changes…", n), n);

  gtk_button_set_label (GTK_BUTTON (self->review_button), label);
  gtk_widget_set_visible (self->review_button, n > 0);
  gtk_widget_set_visible (self->discard_button, n > 0);
  tide_result_view_update (self);
  tide_grid_refresh (self->grid);
}

/* No task holds the view: the last who drops one may be its thread. */
typedef struct
{
  TideResultView *view;
  Then            then;
} Reading;

static void
table_read (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autofree Reading *reading = data;
  g_autoptr(TideResultView) self = reading->view;
  g_autoptr(GError) error = NULL;
  TideRowTable *table = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->gone || self->edit != NULL)
    g_clear_pointer (&table, tide_row_table_free);
  if (self->gone)
    return;
  if (table != NULL)
    {
      self->edit = tide_row_edit_new (self->store, table);
      self->n_read = tide_row_store_get_n_rows (self->store);
    }
  if (self->edit != NULL)
    reading->then (self);
  else
    tide_dialog_show_error (GTK_WIDGET (self), _("These Rows Cannot Be Changed"), error);
}

static void
read_table_in_thread (GTask        *task,
                      gpointer      source,
                      gpointer      data,
                      GCancellable *cancellable)
{
  TideResultView *self = data;
  GError *error = NULL;
  TideRowTable *table = tide_row_table_read (self->store, self->session, cancellable, &error);

  if (table != NULL)
    g_task_return_pointer (task, table, (GDestroyNotify) tide_row_table_free);
  else
    g_task_return_error (task, error);
}

/* Goes on with @then when it is known which table the rows are of */
static void
with_edit (TideResultView *self,
           Then            then)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  if (!self->editable || self->applying || (self->console != NULL && tide_sql_console_is_busy (self->console)) ||
      tide_row_store_get_state (self->store) == TIDE_ROW_STORE_RUNNING)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  if (self->edit != NULL)
    {
      then (self);
      return;
    }
  reading = g_new0 (Reading, 1);
  reading->view = g_object_ref (self);
  reading->then = then;
  task = g_task_new (NULL, NULL, table_read, reading);
  g_task_set_source_tag (task, with_edit);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, read_table_in_thread);
}

/* @index: of the store, or of a new row */
static void
set_value (TideResultView *self,
           guint           index,
           guint           column,
           const char     *value)
{
  g_autoptr(GError) error = NULL;

  if (!tide_row_edit_set (self->edit, index, column, value, &error))
    tide_dialog_show_error (GTK_WIDGET (self), _("This Value Cannot Be Changed"), error);
  update (self);
}

/* (nullable): what has the keyboard of the window and is none of the editor's */
static GtkWidget *
get_focus_outside (TideResultView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && !gtk_widget_is_ancestor (focus, self->editor) ? focus : NULL;
}

static void
close_editor (TideResultView *self)
{
  gboolean inside = get_focus_outside (self) == NULL;

  gtk_popover_popdown (GTK_POPOVER (self->editor));
  if (inside)
    gtk_widget_grab_focus (GTK_WIDGET (self->grid));
}

static void
editor_done (TideResultView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->editor_text);
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  gtk_text_buffer_set_modified (buffer, FALSE);
  close_editor (self);
  set_value (self, self->edited, self->edited_column, text);
}

static void
editor_null (TideResultView *self)
{
  gtk_text_buffer_set_modified (gtk_text_view_get_buffer (self->editor_text), FALSE);
  close_editor (self);
  set_value (self, self->edited, self->edited_column, NULL);
}

static void
take_written (TideResultView *self)
{
  if (gtk_text_buffer_get_modified (gtk_text_view_get_buffer (self->editor_text)))
    editor_done (self);
  else
    close_editor (self);
}

/* As in a spreadsheet what was written is taken by whatever is clicked next, and the click is not lost. */
static void
focus_moved (TideResultView *self)
{
  if (self->editor != NULL && gtk_widget_get_visible (self->editor) && get_focus_outside (self) != NULL)
    take_written (self);
}

/* The editor stays with its cell, and takes what was written when that goes out of sight. */
static void
follow_cell (TideResultView *self)
{
  GdkRectangle area;

  if (self->editor == NULL || !gtk_widget_get_visible (self->editor))
    return;
  if (tide_grid_get_cell_area (self->grid, self->edited_row, self->edited_column, &area))
    gtk_popover_set_pointing_to (GTK_POPOVER (self->editor), &area);
  else
    take_written (self);
}

static void
follow_scrolling (TideResultView *self,
                  const char     *which)
{
  g_autoptr(GtkAdjustment) adjustment = NULL;

  g_object_get (self->grid, which, &adjustment, NULL);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (follow_cell), self, G_CONNECT_SWAPPED);
}

static gboolean
editor_key (GtkEventControllerKey *controller,
            guint                  key,
            guint                  code,
            GdkModifierType        state,
            TideResultView        *self)
{
  if (key == GDK_KEY_Escape)
    {
      gtk_text_buffer_set_modified (gtk_text_view_get_buffer (self->editor_text), FALSE);
      close_editor (self);
      return GDK_EVENT_STOP;
    }
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || (state & GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  editor_done (self);
  return GDK_EVENT_STOP;
}

static void
set_margins (GtkTextView *text)
{
  gtk_text_view_set_left_margin (text, 9);
  gtk_text_view_set_right_margin (text, 9);
  gtk_text_view_set_top_margin (text, 7);
  gtk_text_view_set_bottom_margin (text, 7);
}

static GtkWidget *
make_button (TideResultView *self,
             const char     *label,
             GCallback       callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static void
make_editor (TideResultView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *text = gtk_text_view_new ();
  GtkWidget *done = make_button (self, _("_Set"), G_CALLBACK (editor_done));
  GtkEventController *key = gtk_event_controller_key_new ();

  self->editor = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->editor), FALSE);
  self->editor_text = GTK_TEXT_VIEW (text);
  g_signal_connect (key, "key-pressed", G_CALLBACK (editor_key), self);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (text, key);
  gtk_text_view_set_wrap_mode (self->editor_text, GTK_WRAP_WORD_CHAR);
  set_margins (self->editor_text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, _("New value"), -1);
  gtk_widget_add_css_class (scrolled, "card");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), text);
  gtk_widget_add_css_class (done, "suggested-action");
  gtk_widget_set_hexpand (done, TRUE);
  gtk_widget_set_halign (done, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (buttons), make_button (self, _("Set to _NULL"), G_CALLBACK (editor_null)));
  gtk_box_append (GTK_BOX (buttons), done);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_popover_set_child (GTK_POPOVER (self->editor), box);
  gtk_widget_set_parent (self->editor, self->overlay);
  g_signal_connect_object (gtk_widget_get_root (GTK_WIDGET (self)), "notify::focus-widget", G_CALLBACK (focus_moved), self,
                           G_CONNECT_SWAPPED);
  follow_scrolling (self, "hadjustment");
  follow_scrolling (self, "vadjustment");
}

/* One that it takes too long to wrap */
static gboolean
has_long_line (const char *text)
{
  g_autofree char *lines = tide_format_lines (text, G_MAXSIZE);

  return strlen (lines) > strlen (text);
}

static void
open_editor (TideResultView *self)
{
  GdkRectangle area;
  g_autofree char *text = NULL;
  TideGridCellLook look;
  const char *value;
  gsize length;
  guint row;

  if (!tide_grid_get_cursor (self->grid, &row, &self->edited_column))
    return;
  tide_grid_move_to (self->grid, row, self->edited_column, FALSE);
  if (!tide_grid_get_cell_area (self->grid, row, self->edited_column, &area))
    return;
  self->edited_row = row;
  self->edited = tide_result_view_find_row (self, row);
  value = tide_result_view_get_value (self, row, self->edited_column, &length, &look);
  if (length > LONGEST || (value != NULL && !g_utf8_validate (value, length, NULL)))
    {
      g_autoptr(GError) error = tide_error_new (TIDE_ERROR_UNSUPPORTED, _("write an UPDATE statement for it"),
                                                _("the value is too long, or no text, to be changed here"));

      tide_dialog_show_error (GTK_WIDGET (self), _("This Value Cannot Be Changed"), error);
      return;
    }
  if (self->editor == NULL)
    make_editor (self);
  text = value ? g_strndup (value, length) : g_strdup ("");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->editor_text), text, -1);
  gtk_text_buffer_set_modified (gtk_text_view_get_buffer (self->editor_text), FALSE);
  gtk_text_view_set_wrap_mode (self->editor_text, has_long_line (text) ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
  gtk_widget_set_size_request (gtk_widget_get_parent (GTK_WIDGET (self->editor_text)),
                               CLAMP (gtk_widget_get_width (GTK_WIDGET (self)) - 60, 200, 340), 84);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->editor), &area);
  gtk_popover_popup (GTK_POPOVER (self->editor));
  gtk_widget_grab_focus (GTK_WIDGET (self->editor_text));
}

static void
set_null (TideResultView *self)
{
  guint row, column;

  if (tide_grid_get_cursor (self->grid, &row, &column))
    set_value (self, tide_result_view_find_row (self, row), column, NULL);
}

static void
delete_rows (TideResultView *self)
{
  TideGridRange range;

  if (!tide_grid_get_range (self->grid, &range))
    return;
  for (guint row = range.first_row; row <= range.last_row; row++)
    tide_row_edit_toggle_removed (self->edit, tide_result_view_find_row (self, row));
  update (self);
}

static void
insert_row (TideResultView *self)
{
  guint row = tide_row_edit_add (self->edit);

  update (self);
  tide_grid_move_to (self->grid, row, 0, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->grid));
}

static void
discard (TideResultView *self)
{
  tide_row_edit_discard (self->edit);
  update (self);
}

/* The edit is the thread's alone meanwhile */
typedef struct
{
  TideRowEdit *edit;
  TideSession *from; /* that the rows came by */
  TideSession *to;   /* (nullable): the same, or the one that the tab has now; NULL: it has none, and is connected again */
} Applying;

static void
applying_free (Applying *applying)
{
  g_object_unref (applying->from);
  g_clear_object (&applying->to);
  g_free (applying);
}

static gboolean
connect_again (Applying      *applying,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideConninfo) conninfo = NULL;

  if (applying->to != NULL)
    return TRUE;
  conninfo = tide_conninfo_copy (tide_session_get_conninfo (applying->from));
  tide_conninfo_set_read_only (conninfo, FALSE);
  applying->to = tide_session_open (conninfo, cancellable, error);
  return applying->to != NULL;
}

static void
apply_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Applying *applying = data;
  GError *error = NULL;

  if (connect_again (applying, cancellable, &error)
      && (applying->to == applying->from
          || tide_row_edit_may_follow (applying->edit, applying->from, applying->to, cancellable, &error))
      && tide_row_edit_apply (applying->edit, applying->to, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Shows what the rows are now, each where it was: an order is made anew when it is asked for. */
static void
renew (TideResultView *self)
{
  GBytes *rows = tide_row_edit_renew (self->edit, self->rows, self->n_read);
  GBytes *order = self->order ? tide_row_edit_renew (self->edit, self->order, 0) : NULL;

  g_clear_pointer (&self->rows, g_bytes_unref);
  g_clear_pointer (&self->order, g_bytes_unref);
  self->rows = rows;
  self->order = order;
  if (self->sorting != NULL)
    tide_result_view_start_sort (self);
}

static void
applied (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(TideResultView) self = data;
  Applying *applying = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  self->applying = FALSE;
  if (self->console != NULL)
    tide_sql_console_release (self->console, applying->to);
  if (self->gone)
    return;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_set_object (&self->session, applying->to);
      renew (self);
    }
  else
    tide_dialog_show_error (GTK_WIDGET (self), _("Nothing Was Changed"), error);
  update (self);
}

static void
reviewed (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  TideResultView *self = TIDE_RESULT_VIEW (source);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GTask) task = NULL;
  Applying *applying;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (self), result) || self->gone || self->applying)
    return;
  if (self->console != NULL && !tide_sql_console_hold (self->console, cancellable, &error))
    {
      tide_dialog_show_error (GTK_WIDGET (self), _("Nothing Was Changed"), error);
      return;
    }
  self->applying = TRUE;
  applying = g_new0 (Applying, 1);
  applying->edit = self->edit;
  applying->from = g_object_ref (self->session);
  if (self->console != NULL)
    g_set_object (&applying->to, tide_sql_console_get_session (self->console));
  else if (!tide_session_is_lost (self->session))
    applying->to = g_object_ref (self->session);
  task = g_task_new (NULL, cancellable, applied, g_object_ref (self));
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, applying, (GDestroyNotify) applying_free);
  g_task_set_source_tag (task, reviewed);
  g_task_run_in_thread (task, apply_in_thread);
}

static void
review (TideResultView *self)
{
  g_autofree char *sql = tide_row_edit_dup_sql (self->edit);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *text = gtk_source_view_new ();

  tide_sql_buffer_prepare (GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text))));
  tide_text_buffer_show_lines (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), sql, REVIEWED);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (text), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (text), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (text), GTK_WRAP_WORD_CHAR);
  set_margins (GTK_TEXT_VIEW (text));
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What will run"), -1);
  gtk_widget_set_size_request (scrolled, CLAMP (gtk_widget_get_width (GTK_WIDGET (self)) - 100, 240, 560), 220);
  gtk_widget_add_css_class (scrolled, "card");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), text);
  tide_dialog_confirm_async (GTK_WIDGET (self), _("Apply These Changes?"),
                             _("In one transaction. If a row is another one by now than it was when it was read, nothing is changed."),
                             scrolled, _("_Apply"), NULL, FALSE, reviewed, NULL);
}

static void
action (GtkWidget  *widget,
        const char *name,
        GVariant   *parameter)
{
  static const struct
  {
    const char *name;
    Then        then;
  } all[] = {
    { "result.edit", open_editor },
    { "result.set-null", set_null },
    { "result.delete-rows", delete_rows },
    { "result.insert-row", insert_row },
    { "result.discard", discard },
    { "result.review", review },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      if (g_str_equal (all[i].name, name))
        with_edit (TIDE_RESULT_VIEW (widget), all[i].then);
    }
}

/* While they are applied they are the thread's, and the console says that it is busy. */
guint
tide_result_view_get_n_changes (TideResultView *self)
{
  g_return_val_if_fail (TIDE_IS_RESULT_VIEW (self), 0);

  return self->edit == NULL || self->applying ? 0 : tide_row_edit_get_n_changes (self->edit);
}

void
tide_result_edit_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "result.edit", NULL, action);
  gtk_widget_class_install_action (widget_class, "result.set-null", NULL, action);
  gtk_widget_class_install_action (widget_class, "result.delete-rows", NULL, action);
  gtk_widget_class_install_action (widget_class, "result.insert-row", NULL, action);
  gtk_widget_class_install_action (widget_class, "result.discard", NULL, action);
  gtk_widget_class_install_action (widget_class, "result.review", NULL, action);
}

void
tide_result_edit_set_up (TideResultView *self)
{
  self->editable = self->session != NULL && !self->read_only &&
                   tide_row_store_get_n_columns (self->store) > 0 && tide_row_table_is_likely (self->store);
  gtk_widget_set_visible (self->edit_box, self->editable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.edit", self->editable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.set-null", self->editable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.delete-rows", self->editable);
}
