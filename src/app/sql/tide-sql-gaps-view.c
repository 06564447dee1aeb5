/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-gaps"

#include "config.h"

#include "sql/tide-sql-gaps-private.h"
#include "sql/tide-selection-text.h"

/* From here on Pango takes longer than a frame to find the character on the left of the caret. */
#define WIDE 256

/* Where the line is not too long for that, over all that is one sign for who reads it */
static void
walk (GtkTextIter *iter,
      int          n_steps)
{
  if (gtk_text_iter_get_chars_in_line (iter) <= TIDE_SQL_GAPS_LONG)
    {
      gtk_text_iter_forward_cursor_positions (iter, n_steps);
      return;
    }
  gtk_text_iter_forward_chars (iter, n_steps);
  while (g_unichar_iszerowidth (gtk_text_iter_get_char (iter)) && gtk_text_iter_forward_chars (iter, n_steps > 0 ? 1 : -1))
    continue;
}

/* A step to the left or right, which in a long line takes Pango time that grows with its square. In those it follows the text, also
 * where that is written from right to left. */
static void
on_move_cursor (GtkTextView     *view,
                GtkMovementStep  movement,
                int              n_steps,
                gboolean         extend)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextMark *mark = gtk_text_buffer_get_insert (buffer);
  GtkTextIter caret;

  gtk_text_buffer_get_iter_at_mark (buffer, &caret, mark);
  if (movement != GTK_MOVEMENT_VISUAL_POSITIONS || gtk_text_iter_get_chars_in_line (&caret) < WIDE
      || (!extend && gtk_text_buffer_get_has_selection (buffer)))
    return;
  g_signal_stop_emission_by_name (view, "move-cursor");
  walk (&caret, n_steps);
  gtk_text_view_reset_im_context (view);
  if (extend)
    gtk_text_buffer_move_mark (buffer, mark, &caret);
  else
    gtk_text_buffer_place_cursor (buffer, &caret);
  gtk_text_view_scroll_mark_onscreen (view, mark);
  gtk_text_view_reset_cursor_blink (view);
}

static gboolean
get_selection_with_gap (GtkTextBuffer *buffer,
                        GtkTextIter   *start,
                        GtkTextIter   *end)
{
  return gtk_text_buffer_get_selection_bounds (buffer, start, end) && tide_sql_gaps_has_between (start, end);
}

/* GTK copies what is seen. */
static void
on_copy (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  if (!get_selection_with_gap (buffer, &start, &end))
    return;
  g_signal_stop_emission (view, g_signal_get_invocation_hint (view)->signal_id, 0);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (view)), text);
}

static void
on_cut (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start, end;

  if (!get_selection_with_gap (buffer, &start, &end))
    return;
  on_copy (view);
  gtk_text_buffer_delete_selection (buffer, TRUE, gtk_text_view_get_editable (view));
}

/* What is dragged away would be gone, and what is dropped only what was seen of it: such a selection is not dragged. */
static void
on_pressed (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            GtkTextView     *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start, end, place;
  int left, top;

  if (!get_selection_with_gap (buffer, &start, &end))
    return;
  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &left, &top);
  if (gtk_text_view_get_iter_at_location (view, &place, left, top) && gtk_text_iter_in_range (&place, &start, &end) &&
      (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) & GDK_SHIFT_MASK) == 0)
    gtk_text_buffer_place_cursor (buffer, &place);
}

void
tide_sql_gaps_follow_view (GtkSourceView *view)
{
  GtkGesture *press = gtk_gesture_click_new ();

  g_signal_connect (view, "move-cursor", G_CALLBACK (on_move_cursor), NULL);
  g_signal_connect (view, "copy-clipboard", G_CALLBACK (on_copy), NULL);
  g_signal_connect (view, "cut-clipboard", G_CALLBACK (on_cut), NULL);
  tide_selection_text_offer (GTK_TEXT_VIEW (view));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect (press, "pressed", G_CALLBACK (on_pressed), view);
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (press));
}
