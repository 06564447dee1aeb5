/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-text-diff"

#include "config.h"

#include <string.h>

#include "schema/tide-text-diff.h"
#include "tide-libgit2.h"

/* Lines of which less than this part is common are not shown as one line that changed. */
#define LIKENESS 0.3
/* Words longer lines have are not marked one by one. */
#define MAX_WORDS 400

#define ALL_LINES 10000000

/* How a line or a word of the two texts came out: ' ' in both, '-' left only, '+' right only */
typedef struct
{
  char  origin;
  char *text;
} Piece;

static void
piece_free (gpointer data)
{
  Piece *self = data;

  g_free (self->text);
  g_free (self);
}

static void
row_free (gpointer data)
{
  TideTextRow *self = data;

  g_free (self->left);
  g_free (self->right);
  g_clear_pointer (&self->left_spans, g_array_unref);
  g_clear_pointer (&self->right_spans, g_array_unref);
  g_free (self);
}

static int
take_line (const git_diff_delta *delta,
           const git_diff_hunk  *hunk,
           const git_diff_line  *line,
           void                 *data)
{
  GPtrArray *pieces = data;
  Piece *piece;
  gsize length = line->content_len;

  /* The other origins say that a text has no newline at its end */
  if (line->origin != GIT_DIFF_LINE_CONTEXT && line->origin != GIT_DIFF_LINE_ADDITION
      && line->origin != GIT_DIFF_LINE_DELETION)
    return 0;
  if (length > 0 && line->content[length - 1] == '\n')
    length--;
  piece = g_new0 (Piece, 1);
  piece->origin = line->origin;
  piece->text = g_strndup (line->content, length);
  g_ptr_array_add (pieces, piece);
  return 0;
}

static void
append_whole (GPtrArray  *pieces,
              const char *text,
              char        origin)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);

  for (guint i = 0; i < n; i++)
    {
      Piece *piece;

      if (i == n - 1 && *lines[i] == '\0')
        break;
      piece = g_new0 (Piece, 1);
      piece->origin = origin;
      piece->text = g_strdup (lines[i]);
      g_ptr_array_add (pieces, piece);
    }
}

/* (transfer full) (element-type Piece): line by line, those of the left before those of the right */
static GPtrArray *
compare (const char *left,
         const char *right)
{
  GPtrArray *pieces = g_ptr_array_new_with_free_func (piece_free);
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;

  options.context_lines = ALL_LINES;
  options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
  if (tide_libgit2_get (NULL) == NULL)
    {
      append_whole (pieces, left, GIT_DIFF_LINE_DELETION);
      append_whole (pieces, right, GIT_DIFF_LINE_ADDITION);
    }
  else if (git ()->git_diff_buffers (left, strlen (left), NULL, right, strlen (right), NULL, &options, NULL, NULL, NULL,
                                     take_line, pieces) != 0
           || pieces->len == 0)
    append_whole (pieces, left, GIT_DIFF_LINE_CONTEXT); /* equal texts have no hunk */
  return pieces;
}

/* (transfer full): each word, and each character between words, on a line of its own, for compare() */
static char *
dup_words (const char *line,
           guint      *n_words)
{
  GString *words = g_string_new (NULL);
  gboolean in_word = FALSE;

  *n_words = 0;
  for (const char *c = line; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);
      gboolean of_word = g_unichar_isalnum (character) || character == '_';

      if (words->len > 0 && !(in_word && of_word))
        g_string_append_c (words, '\n');
      if (!(in_word && of_word))
        (*n_words)++;
      g_string_append_unichar (words, character);
      in_word = of_word;
    }
  g_string_append_c (words, '\n');
  return g_string_free (words, FALSE);
}

static void
extend_spans (GArray *spans,
              guint   start,
              guint   end)
{
  TideTextSpan span = { start, end };

  if (spans->len > 0 && g_array_index (spans, TideTextSpan, spans->len - 1).end == start)
    g_array_index (spans, TideTextSpan, spans->len - 1).end = end;
  else
    g_array_append_val (spans, span);
}

static gsize
count_ink (const char *line)
{
  gsize n = 0;

  for (const char *c = line; *c != '\0'; c++)
    n += !g_ascii_isspace (*c);
  return n;
}

/* Marks what differs between the lines of a changed row. Returns how much of them is common, 0 to 1 */
static double
mark_words (TideTextRow *row)
{
  guint n_left;
  guint n_right;
  g_autofree char *left = dup_words (row->left, &n_left);
  g_autofree char *right = dup_words (row->right, &n_right);
  g_autoptr (GPtrArray) pieces = NULL;
  guint left_at = 0;
  guint right_at = 0;
  gsize common = 0;

  if (n_left > MAX_WORDS || n_right > MAX_WORDS)
    return 1;
  row->left_spans = g_array_new (FALSE, FALSE, sizeof (TideTextSpan));
  row->right_spans = g_array_new (FALSE, FALSE, sizeof (TideTextSpan));
  pieces = compare (left, right);
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = g_ptr_array_index (pieces, i);
      guint length = strlen (piece->text);

      if (piece->origin == GIT_DIFF_LINE_DELETION)
        extend_spans (row->left_spans, left_at, left_at + length);
      else if (piece->origin == GIT_DIFF_LINE_ADDITION)
        extend_spans (row->right_spans, right_at, right_at + length);
      else if (!g_ascii_isspace (*piece->text))
        common += length;
      if (piece->origin != GIT_DIFF_LINE_ADDITION)
        left_at += length;
      if (piece->origin != GIT_DIFF_LINE_DELETION)
        right_at += length;
    }
  return common * 2.0 / MAX (1, count_ink (row->left) + count_ink (row->right));
}

static void
add_row (GPtrArray       *rows,
         TideTextRowType  type,
         const char      *left,
         const char      *right)
{
  TideTextRow *row = g_new0 (TideTextRow, 1);

  row->type = type;
  row->left = g_strdup (left);
  row->right = g_strdup (right);
  g_ptr_array_add (rows, row);
}

/* Lines that went and lines that came in the same place: side by side in pairs while they are alike */
static void
add_block (GPtrArray  *rows,
           GPtrArray  *removed,
           GPtrArray  *added)
{
  guint n_pairs = MIN (removed->len, added->len);
  guint n = MAX (removed->len, added->len);

  for (guint i = 0; i < n; i++)
    {
      const char *left = i < removed->len ? g_ptr_array_index (removed, i) : NULL;
      const char *right = i < added->len ? g_ptr_array_index (added, i) : NULL;
      TideTextRow *row;

      if (i >= n_pairs)
        {
          add_row (rows, left ? TIDE_TEXT_REMOVED : TIDE_TEXT_ADDED, left, right);
          continue;
        }
      add_row (rows, TIDE_TEXT_CHANGED, left, right);
      row = g_ptr_array_index (rows, rows->len - 1);
      if (mark_words (row) >= LIKENESS)
        continue;
      g_ptr_array_set_size (rows, rows->len - 1);
      add_row (rows, TIDE_TEXT_REMOVED, left, NULL);
      add_row (rows, TIDE_TEXT_ADDED, NULL, right);
    }
  g_ptr_array_set_size (removed, 0);
  g_ptr_array_set_size (added, 0);
}

GPtrArray *
tide_text_diff (const char *left,
                const char *right)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  g_autoptr (GPtrArray) pieces = compare (left, right);
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();
  g_autoptr (GPtrArray) added = g_ptr_array_new ();

  for (guint i = 0; i < pieces->len; i++)
    {
      Piece *piece = g_ptr_array_index (pieces, i);

      if (piece->origin == GIT_DIFF_LINE_DELETION)
        g_ptr_array_add (removed, piece->text);
      else if (piece->origin == GIT_DIFF_LINE_ADDITION)
        g_ptr_array_add (added, piece->text);
      else
        {
          add_block (rows, removed, added);
          add_row (rows, TIDE_TEXT_SAME, piece->text, piece->text);
        }
    }
  add_block (rows, removed, added);
  return rows;
}
