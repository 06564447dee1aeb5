/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-editor"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sql/tide-sql-editor.h"

#include "query/tide-query-statement.h"
#include "sql/tide-sql-colours.h"
#include "sql/tide-sql-file.h"
#include "sql/tide-sql-gaps.h"
#include "sql/tide-sql-mirror.h"
#include "sql/tide-sql-sight.h"
#include "sql/tide-sql-search-bar.h"
#include "sql/tide-sql-text.h"
#include "sql/tide-statement-gutter.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-lint-marks.h"
#include "widgets/tide-sql-buffer.h"

/* How long the caret must rest before its statement is looked for: in a large text, finding it takes more */
#define REST_MS       40
#define REST_LARGE_MS 250
#define LARGE         (256 * 1024)
#define SMALL         (512 * 1024)

struct _TideSqlEditor
{
  GtkWidget            parent_instance;

  /* Template widgets */
  TideSqlSearchBar    *search_bar;
  GtkSourceView       *view;
  GtkSourceBuffer     *buffer;
  GtkInfoBar          *bar;
  GtkLabel            *bar_label;

  /* Borrowed */
  TideStatementGutter *gutter;
  GtkTextTag          *error_tag;

  /* Owned */
  TideSqlColours      *colours; /* of what is too large for those of the language */
  TideSqlGaps         *gaps;
  TideSqlSight        *sight;
  GCancellable        *looking; /* for the statement */
  guint                rest_source;
  guint                colours_source;
  guint                undo_source;
  gboolean             acting;    /* a user action is under way */
  gboolean             replacing; /* it has deleted something */
  gboolean             has_error;
};

G_DEFINE_FINAL_TYPE (TideSqlEditor, tide_sql_editor, GTK_TYPE_WIDGET)

/* Looking for the statement under the caret, in a thread */
typedef struct
{
  TideSqlMirror *mirror;
  glong          caret; /* characters */
  int            first;
  int            last;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  tide_sql_mirror_unref (look->mirror);
  g_free (look);
}

static void
look (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  Look *look = data;
  g_autofree char *text = tide_sql_mirror_dup_text (look->mirror);
  gsize size = strlen (text);
  /* What was typed since then may have made it shorter: then nobody asks any more. */
  gsize offset = g_utf8_offset_to_pointer (text, MIN (look->caret, g_utf8_strlen (text, size))) - text;
  TideSqlStatement statement;

  look->first = 0;
  look->last = -1;
  if (tide_query_statement_find (text, size, offset, &statement))
    {
      look->first = tide_sql_line_of_offset (text, size, statement.start) - 1;
      look->last = tide_sql_line_of_offset (text, size, statement.start + MAX (statement.length, 1) - 1) - 1;
    }
  g_task_return_boolean (task, TRUE);
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(TideSqlEditor) self = data;
  Look *look = g_task_get_task_data (G_TASK (result));

  if (g_task_propagate_boolean (G_TASK (result), NULL))
    tide_statement_gutter_set_lines (self->gutter, look->first, look->last);
}

static gboolean
look_now (gpointer data)
{
  TideSqlEditor *self = data;
  g_autoptr(GTask) task = NULL;
  Look *look_data = g_new0 (Look, 1);
  GtkTextIter iter;

  self->rest_source = 0;
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  task = g_task_new (NULL, self->looking, on_looked, g_object_ref (self));
  g_task_set_source_tag (task, look_now);
  look_data->mirror = tide_sql_mirror_get (GTK_TEXT_BUFFER (self->buffer));
  gtk_text_buffer_get_iter_at_mark (GTK_TEXT_BUFFER (self->buffer), &iter,
                                    gtk_text_buffer_get_insert (GTK_TEXT_BUFFER (self->buffer)));
  look_data->caret = gtk_text_iter_get_offset (&iter);
  g_task_set_task_data (task, look_data, look_free);
  g_task_run_in_thread (task, look);
  return G_SOURCE_REMOVE;
}

static void
on_caret_moved (TideSqlEditor *self)
{
  guint rest = gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (self->buffer)) > LARGE ? REST_LARGE_MS : REST_MS;

  g_clear_handle_id (&self->rest_source, g_source_remove);
  self->rest_source = g_timeout_add (rest, look_now, self);
}

static gboolean
is_small (TideSqlEditor *self)
{
  int n_chars = gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (self->buffer));

  /* Not back at once, lest each key at the border paints everything or nothing */
  return n_chars <= (gtk_source_buffer_get_language (self->buffer) ? SMALL : SMALL / 2)
         && !tide_sql_gaps_has_any (GTK_TEXT_BUFFER (self->buffer));
}

static gboolean
update_colours (gpointer data)
{
  TideSqlEditor *self = data;

  gboolean small = is_small (self);

  self->colours_source = 0;
  tide_sql_buffer_set_coloured (self->buffer, small);
  tide_sql_colours_set_active (self->colours, small ? NULL : tide_sql_buffer_get_language ());
  return G_SOURCE_REMOVE;
}

/* In what is very large, reading on behind each key costs more than a frame has: there only what is seen is coloured. */
static void
check_colours (TideSqlEditor *self)
{
  if (self->colours_source == 0 && is_small (self) != (gtk_source_buffer_get_language (self->buffer) != NULL))
    self->colours_source = g_idle_add_full (G_PRIORITY_HIGH, update_colours, self, NULL);
}

static void
on_gaps (TideSqlEditor *self)
{
  g_autofree char *message = NULL;

  g_object_get (self->gaps, "message", &message, NULL);
  if (message != NULL)
    gtk_label_set_label (self->bar_label, message);
  /* Who reads the text aloud gets from GTK what is shown. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, message ? message : "", -1);
  gtk_info_bar_set_revealed (self->bar, message != NULL);
  check_colours (self);
}

static void
on_changed (TideSqlEditor *self)
{
  check_colours (self);
  tide_sql_editor_clear_error (self);
  on_caret_moved (self);
}

static void
on_action_began (TideSqlEditor *self)
{
  self->acting = TRUE;
  self->replacing = FALSE;
}

static void
on_action_ended (TideSqlEditor *self)
{
  self->acting = self->replacing = FALSE;
}

static void
on_delete_range (TideSqlEditor *self)
{
  self->replacing = self->acting;
}

static gboolean
undo_now (gpointer data)
{
  TideSqlEditor *self = data;

  self->undo_source = 0;
  gtk_text_buffer_undo (GTK_TEXT_BUFFER (self->buffer));
  return G_SOURCE_REMOVE;
}

/* What a person puts in, by pasting, formatting or replacing, comes here before it is in the text. In characters, so that what
 * once was there, in pieces, can be put back by undoing and by the next start. What it was to take the place of comes back. */
static void
on_insert_text (GtkTextBuffer *buffer,
                GtkTextIter   *place,
                const char    *text,
                int            length,
                TideSqlEditor *self)
{
  const glong most = TIDE_SQL_MAX_MEBIBYTES * 1024 * 1024;
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr(GError) error = NULL;

  if (size < LARGE || g_utf8_strlen (text, size) + gtk_text_buffer_get_char_count (buffer) <= most)
    return;
  g_signal_stop_emission_by_name (buffer, "insert-text");
  if (self->replacing && self->undo_source == 0)
    self->undo_source = g_idle_add_full (G_PRIORITY_HIGH, undo_now, self, NULL);
  error = tide_error_new (TIDE_ERROR_REFUSED, _("run it with “tidemarkctl execute --file” or psql"),
                          _("the text has %.0f MB; the editor takes up to %d MB"), size / 1e6, TIDE_SQL_MAX_MEBIBYTES);
  tide_dialog_show_error (GTK_WIDGET (self), _("The Text Is Too Long"), error);
}

static void
activate_find (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  tide_sql_search_bar_open (TIDE_SQL_EDITOR (widget)->search_bar, g_str_equal (action_name, "editor.replace"));
}

static void
activate_comment (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  tide_sql_text_toggle_comment (GTK_TEXT_BUFFER (TIDE_SQL_EDITOR (widget)->buffer));
}

static void
activate_indent (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideSqlEditor *self = TIDE_SQL_EDITOR (widget);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_selection_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  if (g_str_equal (action_name, "editor.indent"))
    gtk_source_view_indent_lines (self->view, &start, &end);
  else
    gtk_source_view_unindent_lines (self->view, &start, &end);
}

static void
activate_format (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideSqlEditor *self = TIDE_SQL_EDITOR (widget);
  g_autofree char *text = tide_sql_editor_dup_text (self);
  gsize start;
  gsize end;

  if (tide_sql_editor_get_range (self, text, TIDE_SQL_PART_CARET, &start, &end))
    tide_sql_text_format (GTK_TEXT_BUFFER (self->buffer), text, start, end);
}

static gboolean
tide_sql_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TIDE_SQL_EDITOR (widget)->view));
}

static void
tide_sql_editor_dispose (GObject *object)
{
  TideSqlEditor *self = TIDE_SQL_EDITOR (object);

  g_clear_handle_id (&self->rest_source, g_source_remove);
  g_clear_handle_id (&self->colours_source, g_source_remove);
  g_clear_handle_id (&self->undo_source, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (self->colours != NULL)
    tide_sql_colours_set_active (self->colours, NULL);
  g_clear_object (&self->colours);
  g_clear_object (&self->sight);
  g_clear_object (&self->gaps);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_EDITOR);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_sql_editor_parent_class)->dispose (object);
}

static void
tide_sql_editor_class_init (TideSqlEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_sql_editor_dispose;
  widget_class->grab_focus = tide_sql_editor_grab_focus;
  gtk_widget_class_install_action (widget_class, "editor.find", NULL, activate_find);
  gtk_widget_class_install_action (widget_class, "editor.replace", NULL, activate_find);
  gtk_widget_class_install_action (widget_class, "editor.comment", NULL, activate_comment);
  gtk_widget_class_install_action (widget_class, "editor.indent", NULL, activate_indent);
  gtk_widget_class_install_action (widget_class, "editor.unindent", NULL, activate_indent);
  gtk_widget_class_install_action (widget_class, "editor.format", NULL, activate_format);

  /* The looks of the list of proposals come with it. */
  gtk_source_init ();
  g_type_ensure (TIDE_TYPE_SQL_SEARCH_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSqlEditor, search_bar);
  gtk_widget_class_bind_template_child (widget_class, TideSqlEditor, view);
  gtk_widget_class_bind_template_child (widget_class, TideSqlEditor, buffer);
  gtk_widget_class_bind_template_child (widget_class, TideSqlEditor, bar);
  gtk_widget_class_bind_template_child (widget_class, TideSqlEditor, bar_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_caret_moved);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_editor_init (TideSqlEditor *self)
{
  g_autoptr(GSettings) settings = g_settings_new (TIDE_APP_ID);
  GtkSourceGutter *gutter;

  gtk_widget_init_template (GTK_WIDGET (self));
  tide_sql_buffer_prepare (self->buffer);
  /* From the start: to copy a large text later takes longer than a frame. */
  tide_sql_mirror_unref (tide_sql_mirror_get (GTK_TEXT_BUFFER (self->buffer)));
  self->colours = tide_sql_colours_new (self->view);
  self->gaps = tide_sql_gaps_new (self->view);
  g_signal_connect_object (self->gaps, "notify::message", G_CALLBACK (on_gaps), self, G_CONNECT_SWAPPED);
  self->sight = tide_sql_sight_new (self->view);
  tide_sql_search_bar_set_view (self->search_bar, self->view);
  self->gutter = g_object_new (TIDE_TYPE_STATEMENT_GUTTER, NULL);
  gutter = gtk_source_view_get_gutter (self->view, GTK_TEXT_WINDOW_LEFT);
  gtk_source_gutter_insert (gutter, GTK_SOURCE_GUTTER_RENDERER (self->gutter), 10);
  self->error_tag = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (self->buffer), NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  tide_lint_marks_follow (self->view);
  gtk_source_completion_set_page_size (gtk_source_view_get_completion (self->view), 8);
  g_settings_bind (settings, "sql-indent", self->view, "indent-width", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "sql-indent", self->view, "tab-width", G_SETTINGS_BIND_GET);
  g_signal_connect_object (self->buffer, "insert-text", G_CALLBACK (on_insert_text), self, 0);
  g_signal_connect_object (self->buffer, "begin-user-action", G_CALLBACK (on_action_began), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->buffer, "end-user-action", G_CALLBACK (on_action_ended), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->buffer, "delete-range", G_CALLBACK (on_delete_range), self, G_CONNECT_SWAPPED);
}

GtkSourceView *
tide_sql_editor_get_view (TideSqlEditor *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_EDITOR (self), NULL);
  return self->view;
}

GtkTextBuffer *
tide_sql_editor_get_buffer (TideSqlEditor *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_EDITOR (self), NULL);
  return GTK_TEXT_BUFFER (self->buffer);
}

char *
tide_sql_editor_dup_text (TideSqlEditor *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_val_if_fail (TIDE_IS_SQL_EDITOR (self), NULL);

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (self->buffer), &start, &end, TRUE);
}

void
tide_sql_editor_set_text (TideSqlEditor *self,
                          const char    *text,
                          int            cursor)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter iter;

  /* What a program puts in is not refused: a draft that comes back empty would be lost. */
  g_signal_handlers_block_by_func (buffer, on_insert_text, self);
  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  g_signal_handlers_unblock_by_func (buffer, on_insert_text, self);
  gtk_text_buffer_get_iter_at_offset (buffer, &iter, cursor);
  gtk_text_buffer_place_cursor (buffer, &iter);
  gtk_text_buffer_set_modified (buffer, FALSE);
  tide_sql_sight_keep (self->sight, 0.1);
}

void
tide_sql_editor_insert (TideSqlEditor *self,
                        const char    *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  tide_sql_sight_keep (self->sight, 0.1);
}

static gsize
get_byte (const char        *text,
          const GtkTextIter *iter)
{
  return g_utf8_offset_to_pointer (text, gtk_text_iter_get_offset (iter)) - text;
}

gboolean
tide_sql_editor_get_range (TideSqlEditor *self,
                           const char    *text,
                           TideSqlPart    part,
                           gsize         *start,
                           gsize         *end)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  TideSqlStatement statement;
  GtkTextIter first;
  GtkTextIter last;

  *start = 0;
  *end = strlen (text);
  if (part == TIDE_SQL_PART_ALL)
    return *end > 0;
  if (gtk_text_buffer_get_selection_bounds (buffer, &first, &last))
    {
      *start = get_byte (text, &first);
      *end = get_byte (text, &last);
      return TRUE;
    }
  if (!tide_query_statement_find (text, *end, get_byte (text, &first), &statement))
    return FALSE;
  *start = statement.start;
  *end = statement.start + statement.length;
  return TRUE;
}

void
tide_sql_editor_mark_error (TideSqlEditor *self,
                            const char    *text,
                            gsize          offset)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start;
  GtkTextIter end;

  g_return_if_fail (TIDE_IS_SQL_EDITOR (self));

  gtk_text_buffer_get_iter_at_offset (buffer, &start, g_utf8_pointer_to_offset (text, text + MIN (offset, strlen (text))));
  /* The server points behind the last word where something is missing. */
  if (gtk_text_iter_is_end (&start) || gtk_text_iter_ends_line (&start))
    gtk_text_iter_backward_char (&start);
  end = start;
  if (!gtk_text_iter_starts_word (&end) || !gtk_text_iter_forward_word_end (&end))
    gtk_text_iter_forward_char (&end);
  gtk_text_buffer_apply_tag (buffer, self->error_tag, &start, &end);
  self->has_error = TRUE;
  gtk_text_buffer_place_cursor (buffer, &start);
  tide_sql_sight_keep (self->sight, 0.2);
}

void
tide_sql_editor_clear_error (TideSqlEditor *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_if_fail (TIDE_IS_SQL_EDITOR (self));

  if (!self->has_error)
    return;
  self->has_error = FALSE;
  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  gtk_text_buffer_remove_tag (GTK_TEXT_BUFFER (self->buffer), self->error_tag, &start, &end);
}
