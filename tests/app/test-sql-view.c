/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "sql/tide-sql-editor.h"
#include "sql/tide-statement-gutter.h"
#include "wait-until.h"

static gboolean
has_language (TideSqlEditor *editor)
{
  return gtk_source_buffer_get_language (GTK_SOURCE_BUFFER (tide_sql_editor_get_buffer (editor))) != NULL;
}

/* (transfer full): how the character is drawn */
static char *
dup_look (const GtkTextIter *iter)
{
  g_autoptr(GSList) tags = gtk_text_iter_get_tags (iter);
  g_autofree char *colour = g_strdup ("plain");
  int weight = PANGO_WEIGHT_NORMAL;

  for (GSList *item = tags; item != NULL; item = item->next)
    {
      g_autoptr(GdkRGBA) rgba = NULL;
      gboolean has_colour, has_weight;

      g_object_get (item->data, "foreground-set", &has_colour, "foreground-rgba", &rgba, "weight-set", &has_weight, NULL);
      if (has_colour)
        {
          g_free (colour);
          colour = gdk_rgba_to_string (rgba);
        }
      if (has_weight)
        g_object_get (item->data, "weight", &weight, NULL);
    }
  return g_strdup_printf ("%s %d", colour, weight);
}

/* How each character of the first @n_chars is drawn: word by word, so that a difference can be read */
static char *
dup_looks (TideSqlEditor *editor,
           int            n_chars)
{
  GString *looks = g_string_new (NULL);
  g_autofree char *last = NULL;
  GtkTextIter iter;

  gtk_text_buffer_get_start_iter (tide_sql_editor_get_buffer (editor), &iter);
  for (int i = 0; i < n_chars; i++, gtk_text_iter_forward_char (&iter))
    {
      g_autofree char *now = dup_look (&iter);

      if (g_unichar_isspace (gtk_text_iter_get_char (&iter)))
        continue;
      if (g_strcmp0 (now, last) != 0)
        g_string_append_printf (looks, "\n%s: ", now);
      g_string_append_unichar (looks, gtk_text_iter_get_char (&iter));
      g_free (last);
      last = g_steal_pointer (&now);
    }
  return g_string_free (looks, FALSE);
}

static gboolean
looks_like (TideSqlEditor *editor,
            const char    *looks,
            int            n_chars)
{
  g_autofree char *now = dup_looks (editor, n_chars);

  return g_str_equal (now, looks);
}

/* As the system does */
static void
set_dark (TideSqlEditor *editor,
          gboolean       dark)
{
  GtkSourceStyleScheme *scheme;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  scheme = gtk_source_buffer_get_style_scheme (GTK_SOURCE_BUFFER (tide_sql_editor_get_buffer (editor)));
  g_assert_cmpstr (gtk_source_style_scheme_get_id (scheme), ==, dark ? "Adwaita-dark" : "Adwaita");
}

static gboolean
is_like_the_first (TideSqlEditor *editor,
                   const char    *word)
{
  GtkTextIter first, found;
  g_autofree char *wanted = NULL, *now = NULL;

  gtk_text_buffer_get_start_iter (tide_sql_editor_get_buffer (editor), &first);
  g_assert_true (gtk_text_iter_forward_search (&first, word, 0, &found, NULL, NULL));
  wanted = dup_look (&first);
  now = dup_look (&found);
  return g_str_equal (wanted, now);
}

/* What is large has the same colours, where it is seen, and they follow what is typed. */
static void
test_colours (void)
{
  static const char sample[] =
    "-- é first\n/* a /* nested */ still */ SELECT E'it\\'s ''in' || U&'d\\0061', B'01', '' , 'a''b' \"Na\"\"me\", t.date, \"é\".select\n"
    "from plain as p where a::text = $1 and b = :name and c[1:n] > 0x1F + 1.5e-3 and x is null or true;\n"
    "do $tag$ begin -- note\n x := 'it''s q2'; perform f(a => 1); /* deep */ end $tag$;\n"
    "create table t (a double precision not null default 1, date timestamptz);\nselect $$free's text$$, after_it, while -- last\n";
  g_autofree char *filler = g_strnfill (600 * 1024, 'x');
  g_autofree char *large = NULL, *looks = NULL, *dark = NULL;
  TideSqlEditor *editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  GtkWidget *window = gtk_window_new ();
  int n_chars = g_utf8_strlen (sample, -1);
  GtkTextIter start, end;

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (editor));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  tide_sql_editor_set_text (editor, sample, 0);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_source_buffer_ensure_highlight (GTK_SOURCE_BUFFER (buffer), &start, &end);
  set_dark (editor, TRUE);
  dark = dup_looks (editor, n_chars);
  set_dark (editor, FALSE);
  looks = dup_looks (editor, n_chars);
  g_assert_cmpstr (dark, !=, looks);
  for (guint i = 63; i < 600 * 1024; i += 64)
    filler[i] = '\n';
  large = g_strconcat (sample, filler, "\n'end of é'", NULL);
  tide_sql_editor_set_text (editor, large, 0);
  wait_until (!has_language (editor));
  wait_until (looks_like (editor, looks, n_chars));
  set_dark (editor, TRUE);
  g_assert_true (looks_like (editor, dark, n_chars));
  set_dark (editor, FALSE);
  g_assert_true (looks_like (editor, looks, n_chars));
  /* What is opened in front goes on to what is seen behind. */
  g_assert_false (is_like_the_first (editor, "plain"));
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_insert (buffer, &start, "/*", 2);
  wait_until (is_like_the_first (editor, "plain"));
  gtk_text_buffer_undo (buffer);
  wait_until (looks_like (editor, looks, n_chars));
  /* What is scrolled to */
  g_assert_false (is_like_the_first (editor, "end of"));
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_insert (buffer, &start, "'first' ", -1);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (tide_sql_editor_get_view (editor)), gtk_text_buffer_get_insert (buffer), 0, FALSE, 0, 0);
  wait_until (is_like_the_first (editor, "end of"));
  /* What gets small is coloured as before. */
  gtk_text_buffer_get_iter_at_offset (buffer, &start, n_chars + 8);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, 8);
  gtk_text_buffer_delete (buffer, &start, &end);
  wait_until (has_language (editor) && looks_like (editor, looks, n_chars));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
set_flag (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_caret_seen (TideSqlEditor *editor)
{
  GtkTextView *view = GTK_TEXT_VIEW (tide_sql_editor_get_view (editor));
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  GdkRectangle seen, caret;
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
  gtk_text_view_get_visible_rect (view, &seen);
  gtk_text_view_get_iter_location (view, &iter, &caret);
  return caret.y >= seen.y && caret.y + caret.height <= seen.y + seen.height;
}

/* The caret in the middle of what is large is where somebody can see it, also when all lines above it have got their heights. */
static void
test_sight (void)
{
  const guint n_lines = 20000;
  TideSqlEditor *editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  GtkTextView *view = GTK_TEXT_VIEW (tide_sql_editor_get_view (editor));
  GtkWidget *window = gtk_window_new ();
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean laid_out = FALSE;

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "select %05u; -- a line\n", i);
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (editor));
  tide_sql_editor_set_text (editor, text->str, text->len / 2);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  g_idle_add_full (G_PRIORITY_LOW + 1, set_flag, &laid_out, NULL);
  wait_until (laid_out);
  g_assert_cmpfloat (gtk_adjustment_get_upper (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view))), >, n_lines * 8);
  wait_until (is_caret_seen (editor));
  gtk_window_destroy (GTK_WINDOW (window));
}

typedef struct
{
  GtkSourceBracketMatchType state;
  int                       offset; /* of the other one; -1: none */
} Match;

static void
on_matched (GtkSourceBuffer          *buffer,
            GtkTextIter              *iter,
            GtkSourceBracketMatchType state,
            Match                    *match)
{
  match->state = state;
  match->offset = state == GTK_SOURCE_BRACKET_MATCH_FOUND ? gtk_text_iter_get_offset (iter) : -1;
}

/* A bracket finds its partner, and takes none that stands in a string for it; each line has its number. */
static void
test_brackets (void)
{
  TideSqlEditor *editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  GtkWidget *window = gtk_window_new ();
  Match match = { GTK_SOURCE_BRACKET_MATCH_NONE, -1 };
  GtkTextIter iter;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (editor));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  g_assert_true (gtk_source_view_get_show_line_numbers (tide_sql_editor_get_view (editor)));
  g_signal_connect (buffer, "bracket-matched", G_CALLBACK (on_matched), &match);
  tide_sql_editor_set_text (editor, "select (')' || (1))", 0);
  gtk_text_buffer_get_iter_at_offset (buffer, &iter, 7);
  gtk_text_buffer_place_cursor (buffer, &iter);
  wait_until (match.state == GTK_SOURCE_BRACKET_MATCH_FOUND && match.offset == 18);
  gtk_text_buffer_insert_at_cursor (buffer, "(", 1);
  gtk_text_buffer_get_iter_at_offset (buffer, &iter, 7);
  gtk_text_buffer_place_cursor (buffer, &iter);
  wait_until (match.state == GTK_SOURCE_BRACKET_MATCH_NOT_FOUND);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* (transfer full): what is drawn of @part, as it stands in @window */
static GdkTexture *
draw (GtkWidget             *window,
      const graphene_rect_t *part)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr(GskRenderNode) node = NULL;

  /* There is nothing between a change and the frame that shows it. */
  while (node == NULL)
    {
      GtkSnapshot *snapshot = gtk_snapshot_new ();

      g_main_context_iteration (NULL, FALSE);
      gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window), gtk_widget_get_height (window));
      node = gtk_snapshot_free_to_node (snapshot);
    }
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, part);
}

/* Whether both are drawn alike, pixel for pixel */
static gboolean
is_alike (GdkTexture *left,
          GdkTexture *right)
{
  gsize stride = 4 * gdk_texture_get_width (left);
  gsize size = stride * gdk_texture_get_height (left);
  g_autofree guchar *one = g_malloc (size), *other = g_malloc (size);

  gdk_texture_download (left, one, stride);
  gdk_texture_download (right, other, stride);
  return memcmp (one, other, size) == 0;
}

static gboolean
is_drawn (GtkWidget             *window,
          const graphene_rect_t *part,
          GdkTexture            *as)
{
  g_autoptr(GdkTexture) drawn = draw (window, part);

  return is_alike (drawn, as);
}

static GtkWidget *
find_type (GtkWidget *root,
           GType      type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (root), type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); found == NULL && child != NULL; child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

/* Which of the first lines are marked in the margin, as "01100": there, it is another colour than beside the last one */
static char *
dup_marks (TideSqlEditor *editor,
           GtkWidget     *window,
           int            n_lines)
{
  GtkTextView *view = GTK_TEXT_VIEW (tide_sql_editor_get_view (editor));
  GtkWidget *gutter = find_type (GTK_WIDGET (view), TIDE_TYPE_STATEMENT_GUTTER);
  GString *marks = g_string_new (NULL);
  g_autoptr(GdkTexture) plain = NULL;
  graphene_rect_t place;

  g_assert_true (gtk_widget_compute_bounds (gutter, window, &place));
  for (int line = n_lines; line >= 0; line--)
    {
      g_autoptr(GdkTexture) drawn = NULL;
      GtkTextIter iter;
      int y, height;

      gtk_text_buffer_get_iter_at_line (tide_sql_editor_get_buffer (editor), &iter, line);
      gtk_text_view_get_line_yrange (view, &iter, &y, &height);
      gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, 0, y, NULL, &y);
      drawn = draw (window, &GRAPHENE_RECT_INIT (place.origin.x, place.origin.y + y + height / 2, 2, 1));
      if (plain == NULL)
        plain = g_steal_pointer (&drawn);
      else
        g_string_prepend_c (marks, is_alike (drawn, plain) ? '0' : '1');
    }
  return g_string_free (marks, FALSE);
}

static gboolean
has_marks (TideSqlEditor *editor,
           GtkWidget     *window,
           const char    *wanted)
{
  g_autofree char *marks = dup_marks (editor, window, strlen (wanted));

  return g_str_equal (marks, wanted);
}

/* What a person sees: the statement that would run is marked in the margin, in light and dark, and a bracket with its partner. */
static void
test_drawn (void)
{
  TideSqlEditor *editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  GtkTextView *view = GTK_TEXT_VIEW (tide_sql_editor_get_view (editor));
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  GtkWidget *window = gtk_window_new ();
  g_autoptr(GdkTexture) plain = NULL;
  graphene_rect_t place;
  GdkRectangle partner;
  GtkTextIter iter;

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (editor));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  tide_sql_editor_set_text (editor, "select 1;\n\nselect (2\n);\nselect 3;\n\n\n", 12);
  wait_until (has_marks (editor, window, "001100"));
  set_dark (editor, TRUE);
  wait_until (has_marks (editor, window, "001100"));
  set_dark (editor, FALSE);
  gtk_text_buffer_get_iter_at_line (buffer, &iter, 4);
  gtk_text_buffer_place_cursor (buffer, &iter);
  wait_until (has_marks (editor, window, "000010"));

  gtk_text_buffer_get_iter_at_line (buffer, &iter, 3);
  gtk_text_view_get_iter_location (view, &iter, &partner);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, partner.x, partner.y, &partner.x, &partner.y);
  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (view), window, &place));
  graphene_rect_init (&place, place.origin.x + partner.x, place.origin.y + partner.y, partner.width, partner.height);
  plain = draw (window, &place);
  for (guint i = 0; i < 2; i++)
    {
      gtk_text_buffer_get_iter_at_line_offset (buffer, &iter, 2, i == 0 ? 7 : 2);
      gtk_text_buffer_place_cursor (buffer, &iter);
      wait_until (is_drawn (window, &place, plain) == (i == 1));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/app/sql-view/colours", test_colours);
  g_test_add_func ("/app/sql-view/sight", test_sight);
  g_test_add_func ("/app/sql-view/brackets", test_brackets);
  g_test_add_func ("/app/sql-view/drawn", test_drawn);
  return g_test_run ();
}
