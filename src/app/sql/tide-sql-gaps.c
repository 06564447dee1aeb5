/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-gaps"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-gaps-private.h"

/* In characters */
#define LONG   TIDE_SQL_GAPS_LONG
#define ENDS   500
#define AROUND 500
/* What stays seen on either side of the caret before the next ones are shown */
#define NEAR   100
/* Shown of a line at most, before it is cut again: twice what is shown then */
#define MOST   TIDE_SQL_GAPS_MOST
G_STATIC_ASSERT (MOST == 2 * (2 * ENDS + 2 * AROUND));

struct _TideSqlGaps
{
  GObject        parent_instance;

  /* Borrowed */
  GtkSourceView *view;
  GtkTextBuffer *buffer;
  GtkTextTag    *tag;
  GtkTextTag    *edge;     /* the characters beside a gap */

  /* Owned */
  char          *message;
  guint          source;
  gboolean       cutting;
  gboolean       careful;  /* what reads a whole line for each key is off: proposals, and the search for a bracket's partner */
};

enum
{
  PROP_MESSAGE = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideSqlGaps, tide_sql_gaps, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static GtkTextTag *
get_tag (GtkTextBuffer *buffer)
{
  return gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "tide-gap");
}

/**
 * tide_sql_gaps_find:
 * @buffer: a buffer, that may have gaps
 * @start: (inout): where to look from; then where the gap begins, or goes on
 * @end: (out): then where it ends
 *
 * Returns: FALSE: there is none from there on
 */
gboolean
tide_sql_gaps_find (GtkTextBuffer *buffer,
                    GtkTextIter   *start,
                    GtkTextIter   *end)
{
  GtkTextTag *tag = get_tag (buffer);

  if (tag == NULL || (!gtk_text_iter_has_tag (start, tag) && !gtk_text_iter_forward_to_tag_toggle (start, tag)))
    return FALSE;
  *end = *start;
  gtk_text_iter_forward_to_tag_toggle (end, tag);
  return TRUE;
}

/* Whether any of @buffer is not shown */
gboolean
tide_sql_gaps_has_any (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  return tide_sql_gaps_find (buffer, &start, &end);
}

gboolean
tide_sql_gaps_has_between (const GtkTextIter *from,
                           const GtkTextIter *to)
{
  GtkTextIter start = *from, end;

  return tide_sql_gaps_find (gtk_text_iter_get_buffer (from), &start, &end) && gtk_text_iter_compare (&start, to) < 0;
}

static void
get_line (const GtkTextIter *iter,
          GtkTextIter       *start,
          GtkTextIter       *end)
{
  *start = *end = *iter;
  gtk_text_iter_set_line_offset (start, 0);
  if (!gtk_text_iter_ends_line (end))
    gtk_text_iter_forward_to_line_end (end);
}

static char *
dup_message (TideSqlGaps *self)
{
  GtkTextIter start, end;
  guint n_lines = 0;
  int line = 0, n_chars = 0;

  gtk_text_buffer_get_start_iter (self->buffer, &start);
  while (tide_sql_gaps_find (self->buffer, &start, &end))
    {
      if (n_lines++ == 0)
        {
          line = gtk_text_iter_get_line (&start) + 1;
          n_chars = gtk_text_iter_get_chars_in_line (&start);
        }
      gtk_text_iter_forward_line (&start);
    }
  if (n_lines == 0)
    return NULL;
  if (n_lines == 1)
    return g_strdup_printf (_("Line %d has %'d characters. Shown are its two ends and what is around the caret; all of it is run and saved."),
                            line, n_chars);
  return g_strdup_printf (_("%'u lines have more than %'d characters. Shown are their two ends and what is around the caret; all of them "
                            "are run and saved."), n_lines, LONG);
}

static gboolean
tell (gpointer data)
{
  TideSqlGaps *self = data;
  char *message = dup_message (self);
  gboolean same = g_strcmp0 (message, self->message) == 0;

  self->source = 0;
  g_free (self->message);
  self->message = message;
  if (!same)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  return G_SOURCE_REMOVE;
}

/* Before anything is highlighted or drawn */
static void
tell_soon (TideSqlGaps *self)
{
  if (self->source == 0)
    self->source = g_idle_add_full (G_PRIORITY_HIGH, tell, self, NULL);
}

static void
show_all (TideSqlGaps       *self,
          const GtkTextIter *start,
          const GtkTextIter *end)
{
  gtk_text_buffer_remove_tag (self->buffer, self->tag, start, end);
  gtk_text_buffer_remove_tag (self->buffer, self->edge, start, end);
  tell_soon (self);
}

/* Cuts out the characters from @from to @to of the line, unless they are too few */
static void
cut_out (TideSqlGaps       *self,
         const GtkTextIter *line,
         int                from,
         int                to)
{
  GtkTextIter start = *line, end = *line;

  if (to - from < NEAR)
    return;
  gtk_text_iter_set_line_offset (&start, from);
  gtk_text_iter_set_line_offset (&end, to);
  gtk_text_buffer_apply_tag (self->buffer, self->tag, &start, &end);
  gtk_text_iter_backward_char (&start);
  gtk_text_iter_forward_char (&end);
  gtk_text_buffer_apply_tag (self->buffer, self->edge, &start, &end);
}

static void
cut (TideSqlGaps       *self,
     const GtkTextIter *iter)
{
  GtkTextIter start, end, caret;
  int length, from, to;

  get_line (iter, &start, &end);
  length = gtk_text_iter_get_line_offset (&end);
  show_all (self, &start, &end);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &caret, gtk_text_buffer_get_insert (self->buffer));
  from = to = ENDS;
  if (gtk_text_iter_get_line (&caret) == gtk_text_iter_get_line (&start))
    {
      from = MAX (from, gtk_text_iter_get_line_offset (&caret) - AROUND);
      to = MAX (to, gtk_text_iter_get_line_offset (&caret) + AROUND);
    }
  self->cutting = TRUE;
  cut_out (self, &start, ENDS, MIN (from, length - ENDS));
  cut_out (self, &start, to, length - ENDS);
  self->cutting = FALSE;
}

static int
count_shown (TideSqlGaps       *self,
             const GtkTextIter *line_start,
             const GtkTextIter *line_end)
{
  GtkTextIter start = *line_start, end;
  int n_shown = gtk_text_iter_get_line_offset (line_end);

  while (tide_sql_gaps_find (self->buffer, &start, &end) && gtk_text_iter_compare (&start, line_end) < 0)
    {
      n_shown -= gtk_text_iter_get_offset (&end) - gtk_text_iter_get_offset (&start);
      start = end;
    }
  return n_shown;
}

static void
check_line (TideSqlGaps       *self,
            const GtkTextIter *iter)
{
  GtkTextIter start, end;
  int length = gtk_text_iter_get_chars_in_line (iter);

  /* Those that have been cut stay so for a while, lest each key at the border does it again */
  if (length <= LONG && !tide_sql_gaps_has_any (self->buffer))
    return;
  get_line (iter, &start, &end);
  if (length <= LONG / 2 && tide_sql_gaps_has_between (&start, &end))
    show_all (self, &start, &end);
  else if (length > LONG && count_shown (self, &start, &end) > MOST)
    cut (self, iter);
}

/* Afterwards: @iter stands behind what was put in. */
static void
on_inserted (GtkTextBuffer *buffer,
             GtkTextIter   *iter,
             const char    *text,
             int            size,
             TideSqlGaps   *self)
{
  GtkTextIter line = *iter;
  int last = gtk_text_iter_get_line (iter);

  gtk_text_iter_backward_chars (&line, g_utf8_strlen (text, size));
  do
    check_line (self, &line);
  while (gtk_text_iter_get_line (&line) < last && gtk_text_iter_forward_line (&line));
}

static void
on_deleted (GtkTextBuffer *buffer,
            GtkTextIter   *start,
            GtkTextIter   *end,
            TideSqlGaps   *self)
{
  check_line (self, start);
  tell_soon (self);
}

/* What is pasted may bring a tag with it. */
static void
on_apply_tag (GtkTextBuffer *buffer,
              GtkTextTag    *tag,
              GtkTextIter   *start,
              GtkTextIter   *end,
              TideSqlGaps   *self)
{
  if (!self->cutting && (tag == self->tag || tag == self->edge))
    g_signal_stop_emission_by_name (buffer, "apply-tag");
}

static gboolean
is_near_gap (TideSqlGaps       *self,
             const GtkTextIter *caret)
{
  GtkTextIter start, end, from = *caret, to = *caret;

  get_line (caret, &start, &end);
  gtk_text_iter_backward_chars (&from, NEAR);
  gtk_text_iter_forward_chars (&to, NEAR);
  return tide_sql_gaps_has_between (gtk_text_iter_compare (&from, &start) < 0 ? &start : &from,
                                    gtk_text_iter_compare (&to, &end) > 0 ? &end : &to);
}

static void
set_careful (TideSqlGaps *self,
             gboolean     careful)
{
  if (careful == self->careful)
    return;
  self->careful = careful;
  gtk_source_buffer_set_highlight_matching_brackets (GTK_SOURCE_BUFFER (self->buffer), !careful);
  if (careful)
    gtk_source_completion_block_interactive (gtk_source_view_get_completion (self->view));
  else
    gtk_source_completion_unblock_interactive (gtk_source_view_get_completion (self->view));
}

static void
on_caret_moved (TideSqlGaps *self)
{
  GtkTextIter caret;
  gboolean is_long;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &caret, gtk_text_buffer_get_insert (self->buffer));
  is_long = gtk_text_iter_get_chars_in_line (&caret) > LONG;
  if (is_long && is_near_gap (self, &caret))
    cut (self, &caret);
  set_careful (self, is_long);
}

static void
tide_sql_gaps_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (prop_id == PROP_MESSAGE)
    g_value_set_string (value, TIDE_SQL_GAPS (object)->message);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_sql_gaps_dispose (GObject *object)
{
  TideSqlGaps *self = TIDE_SQL_GAPS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->message, g_free);
  G_OBJECT_CLASS (tide_sql_gaps_parent_class)->dispose (object);
}

static void
tide_sql_gaps_class_init (TideSqlGapsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_sql_gaps_dispose;
  G_OBJECT_CLASS (klass)->get_property = tide_sql_gaps_get_property;
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_sql_gaps_init (TideSqlGaps *self)
{
}

TideSqlGaps *
tide_sql_gaps_new (GtkSourceView *view)
{
  TideSqlGaps *self = g_object_new (TIDE_TYPE_SQL_GAPS, NULL);
  const GdkRGBA colour = { 0.6, 0.5, 0.2, 0.5 };

  self->view = view;
  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  self->tag = gtk_text_buffer_create_tag (self->buffer, "tide-gap", "invisible", TRUE, NULL);
  self->edge = gtk_text_buffer_create_tag (self->buffer, NULL, "background-rgba", &colour, NULL);
  g_signal_connect_object (self->buffer, "insert-text", G_CALLBACK (on_inserted), self, G_CONNECT_AFTER);
  g_signal_connect_object (self->buffer, "delete-range", G_CALLBACK (on_deleted), self, G_CONNECT_AFTER);
  g_signal_connect_object (self->buffer, "apply-tag", G_CALLBACK (on_apply_tag), self, 0);
  g_signal_connect_object (self->buffer, "notify::cursor-position", G_CALLBACK (on_caret_moved), self, G_CONNECT_SWAPPED);
  tide_sql_gaps_follow_view (view);
  return self;
}
