/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-text"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-text.h"

#include "query/tide-query-format.h"

#define MARK "-- "

/* @iter: at the first character of the line that is no space; FALSE: there is none */
static gboolean
get_first (GtkTextBuffer *buffer,
           int            line,
           GtkTextIter   *iter)
{
  gtk_text_buffer_get_iter_at_line (buffer, iter, line);
  while (!gtk_text_iter_ends_line (iter) && g_unichar_isspace (gtk_text_iter_get_char (iter)))
    gtk_text_iter_forward_char (iter);
  return !gtk_text_iter_ends_line (iter);
}

static gboolean
is_comment (const GtkTextIter *iter)
{
  GtkTextIter end = *iter;
  g_autofree char *text = NULL;

  gtk_text_iter_forward_chars (&end, 2);
  text = gtk_text_iter_get_text (iter, &end);
  return g_str_equal (text, "--");
}

static void
uncomment (GtkTextBuffer *buffer,
           GtkTextIter   *iter)
{
  GtkTextIter end = *iter;

  gtk_text_iter_forward_chars (&end, 2);
  if (gtk_text_iter_get_char (&end) == ' ')
    gtk_text_iter_forward_char (&end);
  gtk_text_buffer_delete (buffer, iter, &end);
}

void
tide_sql_text_toggle_comment (GtkTextBuffer *buffer)
{
  GtkTextIter start;
  GtkTextIter end;
  GtkTextIter iter;
  gboolean all = TRUE;
  int first;
  int last;

  gtk_text_buffer_get_selection_bounds (buffer, &start, &end);
  first = gtk_text_iter_get_line (&start);
  last = gtk_text_iter_get_line (&end);
  if (last > first && gtk_text_iter_starts_line (&end))
    last--;
  for (int line = first; line <= last; line++)
    if (get_first (buffer, line, &iter) && !is_comment (&iter))
      all = FALSE;
  gtk_text_buffer_begin_user_action (buffer);
  for (int line = first; line <= last; line++)
    {
      if (!get_first (buffer, line, &iter))
        continue;
      if (all)
        uncomment (buffer, &iter);
      else
        {
          gtk_text_buffer_get_iter_at_line (buffer, &iter, line);
          gtk_text_buffer_insert (buffer, &iter, MARK, -1);
        }
    }
  gtk_text_buffer_end_user_action (buffer);
}

void
tide_sql_text_format (GtkTextBuffer *buffer,
                      const char    *text,
                      gsize          start,
                      gsize          end)
{
  g_autoptr(GSettings) settings = g_settings_new (TIDE_APP_ID);
  g_autofree char *part = g_strndup (text + start, end - start);
  g_autofree char *formatted = tide_query_format (part, g_settings_get_enum (settings, "sql-keywords"),
                                                  g_settings_get_uint (settings, "sql-indent"));
  GtkTextIter first;
  GtkTextIter last;

  if (g_str_equal (part, formatted))
    return;
  gtk_text_buffer_get_iter_at_offset (buffer, &first, g_utf8_pointer_to_offset (text, text + start));
  gtk_text_buffer_get_iter_at_offset (buffer, &last, g_utf8_pointer_to_offset (text, text + end));
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &first, &last);
  gtk_text_buffer_insert (buffer, &first, formatted, -1);
  gtk_text_buffer_end_user_action (buffer);
}
