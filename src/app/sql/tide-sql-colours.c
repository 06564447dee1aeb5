/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-colours"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-colours.h"
#include "sql/tide-sql-gaps.h"
#include "sql/tide-sql-mirror.h"
#include "sql/tide-sql-spans.h"

/* Behind the frame that shows what was typed or scrolled to */
#define DELAY_MS 20
/* Characters that are coloured at most, beside the lines that stay plain; and lines beside what is seen, so that scrolling shows few
 * plain */
#define MOST     (64 * 1024)
#define MARGIN   20
/* No line is lower (pixels), but those that GTK has not laid out yet have no height at all, and any number seems to be seen. */
#define LOWEST   8

struct _TideSqlColours
{
  GObject            parent_instance;

  /* Borrowed */
  GtkSourceView     *view;
  GtkTextTag        *tags[TIDE_SQL_N_STYLES]; /* that of no style is the fence */

  /* Owned */
  GtkSourceLanguage *language;   /* NULL: not active */
  GtkAdjustment     *adjustment; /* that is followed */
  GCancellable      *finding;    /* NULL: nothing is looked for */
  guint              delay;      /* source id */
  guint              n_changes;  /* of the text, to tell that a finding is out of date */
  gboolean           again;
};

G_DEFINE_FINAL_TYPE (TideSqlColours, tide_sql_colours, G_TYPE_OBJECT)

/* A line that is not shown as a whole, in characters. It stays plain: to get to a place in it, GTK counts from its start. */
typedef struct
{
  int from;
  int to;
} Plain;

typedef struct
{
  TideSqlMirror *mirror;
  GArray        *spans;
  int            from; /* characters */
  int            to;
  guint          n_changes;
} Finding;

static void ask (TideSqlColours *self);

static void
finding_free (gpointer data)
{
  Finding *finding = data;

  tide_sql_mirror_unref (finding->mirror);
  g_clear_pointer (&finding->spans, g_array_unref);
  g_free (finding);
}

static GtkTextBuffer *
get_buffer (TideSqlColours *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

/* In a thread */
static void
find (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  Finding *finding = data;
  g_autofree char *text = tide_sql_mirror_dup_text (finding->mirror);

  finding->spans = tide_sql_spans_find (text, strlen (text), finding->from, finding->to);
  g_task_return_boolean (task, TRUE);
}

/* Which of the styles @iter has */
static TideSqlStyle
get_style (TideSqlColours    *self,
           const GtkTextIter *iter)
{
  g_autoptr(GSList) tags = gtk_text_iter_get_tags (iter);

  for (GSList *item = tags; item != NULL; item = item->next)
    for (guint i = 1; i < TIDE_SQL_N_STYLES; i++)
      if (item->data == self->tags[i])
        return i;
  return TIDE_SQL_STYLE_NONE;
}

/* Changes the style where it is another one now: most of what stands there does not change with a key. */
static void
restyle (TideSqlColours *self,
         int             from,
         int             to,
         TideSqlStyle    style)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter start, end, limit;

  gtk_text_buffer_get_iter_at_offset (buffer, &start, from);
  limit = start;
  gtk_text_iter_forward_chars (&limit, to - from);
  for (; gtk_text_iter_compare (&start, &limit) < 0; start = end)
    {
      TideSqlStyle now = get_style (self, &start);

      end = start;
      if (!gtk_text_iter_forward_to_tag_toggle (&end, NULL) || gtk_text_iter_compare (&end, &limit) > 0)
        end = limit;
      if (now == style)
        continue;
      if (now != TIDE_SQL_STYLE_NONE)
        gtk_text_buffer_remove_tag (buffer, self->tags[now], &start, &end);
      if (style != TIDE_SQL_STYLE_NONE)
        gtk_text_buffer_apply_tag (buffer, self->tags[style], &start, &end);
    }
}

/* Whoever looks for the next change of tags would look through all of a text that has none: it stops at the fence. */
static void
set_fence (TideSqlColours *self,
           int             place,
           gboolean        stands)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_offset (buffer, &start, place);
  end = start;
  gtk_text_iter_forward_char (&end);
  if (stands)
    gtk_text_buffer_apply_tag (buffer, self->tags[TIDE_SQL_STYLE_NONE], &start, &end);
  else
    gtk_text_buffer_remove_tag (buffer, self->tags[TIDE_SQL_STYLE_NONE], &start, &end);
}

/* (transfer full) (element-type Plain): those between @from and @to, in their order */
static GArray *
get_plain (TideSqlColours *self,
           int             from,
           int             to)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (Plain));
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &start, from);
  while (tide_sql_gaps_find (get_buffer (self), &start, &end) && gtk_text_iter_get_offset (&start) < to)
    {
      Plain line;

      gtk_text_iter_set_line_offset (&start, 0);
      line.from = gtk_text_iter_get_offset (&start);
      line.to = line.from + gtk_text_iter_get_chars_in_line (&start);
      g_array_append_val (lines, line);
      if (!gtk_text_iter_forward_line (&start))
        break;
    }
  return lines;
}

/* Whether @span lies in one of @lines; asked from the last span to the first: lines behind it are taken off. */
static gboolean
is_plain (GArray            *lines,
          const TideSqlSpan *span)
{
  const Plain *last;

  while (lines->len > 0 && g_array_index (lines, Plain, lines->len - 1).from >= span->end)
    g_array_set_size (lines, lines->len - 1);
  last = lines->len > 0 ? &g_array_index (lines, Plain, lines->len - 1) : NULL;
  return last != NULL && span->start >= last->from && span->end <= last->to;
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(TideSqlColours) self = data;
  Finding *finding = g_task_get_task_data (G_TASK (result));
  g_autoptr(GArray) plain = NULL;
  int place = finding->to;

  /* The colours have ended, or begun anew. */
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  g_clear_object (&self->finding);
  if (finding->n_changes != self->n_changes || self->again)
    ask (self);
  if (finding->n_changes != self->n_changes)
    return;
  plain = get_plain (self, finding->from, finding->to);
  set_fence (self, finding->to, TRUE);
  /* The last first: its tag is what the search from the one before it stops at. */
  for (guint i = finding->spans->len; i > 0; i--)
    {
      const TideSqlSpan *span = &g_array_index (finding->spans, TideSqlSpan, i - 1);

      if (is_plain (plain, span))
        continue;
      restyle (self, span->end, place, TIDE_SQL_STYLE_NONE);
      restyle (self, span->start, span->end, span->style);
      place = span->start;
    }
  restyle (self, finding->from, place, TIDE_SQL_STYLE_NONE);
  set_fence (self, finding->to, FALSE);
}

/* The characters of the lines that are seen, and some beside */
static void
get_range (TideSqlColours *self,
           int            *from,
           int            *to)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  g_autoptr(GArray) plain = NULL;
  GdkRectangle seen;
  GtkTextIter start, end;
  int most = MOST;

  gtk_text_view_get_visible_rect (view, &seen);
  gtk_text_view_get_line_at_y (view, &start, seen.y, NULL);
  gtk_text_view_get_line_at_y (view, &end, seen.y + seen.height, NULL);
  gtk_text_iter_set_line (&end, MIN (gtk_text_iter_get_line (&end), gtk_text_iter_get_line (&start) + seen.height / LOWEST));
  gtk_text_iter_backward_lines (&start, MARGIN);
  gtk_text_iter_forward_lines (&end, MARGIN);
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  *from = gtk_text_iter_get_offset (&start);
  *to = gtk_text_iter_get_offset (&end);
  plain = get_plain (self, *from, *to);
  for (guint i = 0; i < plain->len; i++)
    most += g_array_index (plain, Plain, i).to - g_array_index (plain, Plain, i).from;
  *to = MIN (*to, *from + most);
}

static gboolean
begin (gpointer data)
{
  TideSqlColours *self = data;
  g_autoptr(GTask) task = NULL;
  Finding *finding = g_new0 (Finding, 1);

  self->delay = 0;
  self->again = FALSE;
  self->finding = g_cancellable_new ();
  finding->mirror = tide_sql_mirror_get (get_buffer (self));
  finding->n_changes = self->n_changes;
  get_range (self, &finding->from, &finding->to);
  task = g_task_new (NULL, self->finding, on_found, g_object_ref (self));
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, finding, finding_free);
  g_task_run_in_thread (task, find);
  return G_SOURCE_REMOVE;
}

/* One search at a time, however fast somebody types */
static void
ask (TideSqlColours *self)
{
  if (self->language == NULL)
    return;
  if (self->finding != NULL)
    self->again = TRUE;
  else if (self->delay == 0)
    self->delay = g_timeout_add (DELAY_MS, begin, self);
}

static void
on_changed (TideSqlColours *self)
{
  self->n_changes++;
  ask (self);
}

static void
on_adjustment (TideSqlColours *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  if (g_set_object (&self->adjustment, adjustment) && adjustment != NULL)
    {
      g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (adjustment, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
    }
}

/* As the highlighting of GtkSourceView looks a style up: where the scheme has none, that of what it is a kind of */
static GtkSourceStyle *
look_up (TideSqlColours *self,
         TideSqlStyle    style)
{
  GtkSourceStyleScheme *scheme = gtk_source_buffer_get_style_scheme (GTK_SOURCE_BUFFER (get_buffer (self)));
  g_autofree char *own = g_strdup_printf ("%s:%s", gtk_source_language_get_id (self->language), tide_sql_style_get_name (style));
  GtkSourceStyle *found = NULL;

  for (const char *id = own; scheme != NULL && id != NULL && found == NULL;
       id = gtk_source_language_get_style_fallback (self->language, id))
    found = gtk_source_style_scheme_get_style (scheme, id);
  return found;
}

static void
update_styles (TideSqlColours *self)
{
  for (guint i = 0; self->language != NULL && i < TIDE_SQL_N_STYLES; i++)
    {
      if (self->tags[i] == NULL)
        {
          self->tags[i] = gtk_text_buffer_create_tag (get_buffer (self), NULL, NULL);
          /* Below what marks errors and matches */
          gtk_text_tag_set_priority (self->tags[i], 0);
        }
      if (i != TIDE_SQL_STYLE_NONE)
        gtk_source_style_apply (look_up (self, i), self->tags[i]);
    }
}

static void
tide_sql_colours_dispose (GObject *object)
{
  TideSqlColours *self = TIDE_SQL_COLOURS (object);

  g_clear_handle_id (&self->delay, g_source_remove);
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_object (&self->language);
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (tide_sql_colours_parent_class)->dispose (object);
}

static void
tide_sql_colours_class_init (TideSqlColoursClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_sql_colours_dispose;
}

static void
tide_sql_colours_init (TideSqlColours *self)
{
}

TideSqlColours *
tide_sql_colours_new (GtkSourceView *view)
{
  TideSqlColours *self = g_object_new (TIDE_TYPE_SQL_COLOURS, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));

  self->view = view;
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::style-scheme", G_CALLBACK (update_styles), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::vadjustment", G_CALLBACK (on_adjustment), self, G_CONNECT_SWAPPED);
  on_adjustment (self);
  return self;
}

void
tide_sql_colours_set_active (TideSqlColours    *self,
                             GtkSourceLanguage *language)
{
  GtkTextIter start, end;

  g_return_if_fail (TIDE_IS_SQL_COLOURS (self));

  if (!g_set_object (&self->language, language))
    return;
  g_clear_handle_id (&self->delay, g_source_remove);
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  update_styles (self);
  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  for (guint i = 1; language == NULL && i < TIDE_SQL_N_STYLES; i++)
    if (self->tags[i] != NULL)
      gtk_text_buffer_remove_tag (get_buffer (self), self->tags[i], &start, &end);
  ask (self);
}
