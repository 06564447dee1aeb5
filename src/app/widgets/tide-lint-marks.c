/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-marks"

#include "config.h"

#include <string.h>

#include "lint/tide-lint.h"
#include "widgets/tide-lint-marks.h"

#define DELAY_MS 700
#define SIZE_MOST (512 * 1024)

/* What a view knows of its marks; lives with it */
typedef struct
{
  GtkSourceView *view;     /* borrowed */
  GPtrArray     *shown;    /* (element-type TideLintFinding) */
  GtkTextTag    *tags[3];  /* borrowed; by severity */
  GCancellable  *looking;
  guint          delay;    /* source id */
} Marks;

static GQuark
get_quark (void)
{
  return g_quark_from_static_string ("tide-lint-marks");
}

static void
marks_free (gpointer data)
{
  Marks *self = data;

  g_clear_handle_id (&self->delay, g_source_remove);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_ptr_array_unref (self->shown);
  g_free (self);
}

static char *
dup_text (Marks *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

/* The finding at a place of the buffer, told by bytes */
static const TideLintFinding *
find_at (Marks *self,
         gsize  offset)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (self->shown, i);

      if (offset >= finding->start && offset < finding->start + finding->length)
        return finding;
    }
  return NULL;
}

static gboolean
on_query_tooltip (GtkWidget  *widget,
                  int         x,
                  int         y,
                  gboolean    keyboard_mode,
                  GtkTooltip *tooltip,
                  gpointer    user_data)
{
  Marks *self = user_data;
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  const TideLintFinding *finding;
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;
  GtkTextIter start, at;
  int buffer_x, buffer_y;

  if (keyboard_mode || self->shown->len == 0)
    return FALSE;
  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, x, y, &buffer_x, &buffer_y);
  if (!gtk_text_view_get_iter_at_location (view, &at, buffer_x, buffer_y))
    return FALSE;
  gtk_text_buffer_get_start_iter (gtk_text_view_get_buffer (view), &start);
  before = gtk_text_iter_get_text (&start, &at);
  finding = find_at (self, strlen (before));
  if (finding == NULL)
    return FALSE;
  text = g_strdup_printf ("%s\n%s%s%s", finding->message, finding->reason, finding->advice ? "\n" : "", finding->advice ? finding->advice : "");
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static Marks *
get_marks (GtkSourceView *view)
{
  static const char *const colors[] = { NULL, "#c88800", "#c01c28" };
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  Marks *self = g_object_get_qdata (G_OBJECT (view), get_quark ());

  if (self != NULL)
    return self;
  self = g_new0 (Marks, 1);
  self->view = view;
  self->shown = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_lint_finding_unref);
  for (guint i = TIDE_LINT_WARNING; i <= TIDE_LINT_ERROR; i++)
    {
      GdkRGBA color;

      gdk_rgba_parse (&color, colors[i]);
      self->tags[i] = gtk_text_buffer_create_tag (buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, "underline-rgba", &color, NULL);
    }
  g_object_set_qdata_full (G_OBJECT (view), get_quark (), self, marks_free);
  gtk_widget_set_has_tooltip (GTK_WIDGET (view), TRUE);
  g_signal_connect (view, "query-tooltip", G_CALLBACK (on_query_tooltip), self);
  return self;
}

static void
underline (Marks                 *self,
           const TideLintFinding *finding,
           const char            *text,
           gsize                  size)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start, end;

  if (finding->start + finding->length > size)
    return;
  gtk_text_buffer_get_iter_at_offset (buffer, &start, g_utf8_strlen (text, finding->start));
  end = start;
  gtk_text_iter_forward_chars (&end, g_utf8_strlen (text + finding->start, finding->length));
  gtk_text_buffer_apply_tag (buffer, self->tags[finding->severity], &start, &end);
}

void
tide_lint_marks_show (GtkSourceView *view,
                      GPtrArray     *findings,
                      const char    *migration)
{
  Marks *self = get_marks (view);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_autofree char *text = dup_text (self);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  for (guint i = TIDE_LINT_WARNING; i <= TIDE_LINT_ERROR; i++)
    gtk_text_buffer_remove_tag (buffer, self->tags[i], &start, &end);
  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity < TIDE_LINT_WARNING || finding->accepted || finding->line == 0
          || g_strcmp0 (finding->migration, migration) != 0)
        continue;
      underline (self, finding, text, strlen (text));
      g_ptr_array_add (self->shown, tide_lint_finding_ref (finding));
    }
}

static void
look_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GPtrArray *findings = tide_lint_text (task_data, -1, NULL, NULL, cancellable);

  g_task_return_pointer (task, findings, findings ? (GDestroyNotify) g_ptr_array_unref : NULL);
}

static void
on_looked (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkSourceView) view = user_data;
  g_autoptr(GPtrArray) findings = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Of a text that has changed meanwhile nothing comes: it was cancelled */
  if (findings != NULL)
    tide_lint_marks_show (view, findings, NULL);
}

static gboolean
on_delay (gpointer data)
{
  Marks *self = data;
  g_autoptr(GTask) task = NULL;
  g_autofree char *text = NULL;

  self->delay = 0;
  if (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view))) > SIZE_MOST)
    return G_SOURCE_REMOVE;
  text = dup_text (self);
  if (strlen (text) > SIZE_MOST)
    return G_SOURCE_REMOVE;
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  task = g_task_new (NULL, self->looking, on_looked, g_object_ref (self->view));
  g_task_set_source_tag (task, on_delay);
  g_task_set_priority (task, G_PRIORITY_LOW);
  g_task_set_task_data (task, g_steal_pointer (&text), g_free);
  g_task_run_in_thread (task, look_in_thread);
  return G_SOURCE_REMOVE;
}

static void
on_changed (GtkSourceView *view)
{
  Marks *self = get_marks (view);

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_handle_id (&self->delay, g_source_remove);
  self->delay = g_timeout_add_full (G_PRIORITY_LOW, DELAY_MS, on_delay, self, NULL);
}

void
tide_lint_marks_follow (GtkSourceView *view)
{
  g_return_if_fail (GTK_SOURCE_IS_VIEW (view));

  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "changed", G_CALLBACK (on_changed), view, G_CONNECT_SWAPPED);
  on_changed (view);
}
