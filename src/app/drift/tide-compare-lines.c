/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-compare-lines"

#include "config.h"

#include "drift/tide-compare-lines.h"
#include "schema/tide-text-diff.h"

static void
line_free (gpointer data)
{
  TideCompareLine *self = data;

  g_free (self->text);
  g_clear_pointer (&self->spans, g_array_unref);
  g_free (self);
}

static void
add_line (GPtrArray    *lines,
          guint        *number,
          TideLineType  type,
          const char   *text,
          GArray       *spans)
{
  TideCompareLine *line = g_new0 (TideCompareLine, 1);

  line->type = text == NULL ? TIDE_LINE_GAP : type;
  line->text = g_strdup (text == NULL ? "" : text);
  line->number = text == NULL ? 0 : ++*number;
  line->spans = spans == NULL ? NULL : g_array_ref (spans);
  g_ptr_array_add (lines, line);
}

static TideLineType
get_line_type (const TideTextRow *row)
{
  static const TideLineType types[] = {
    [TIDE_TEXT_SAME] = TIDE_LINE_SAME,
    [TIDE_TEXT_CHANGED] = TIDE_LINE_CHANGED,
    [TIDE_TEXT_REMOVED] = TIDE_LINE_REMOVED,
    [TIDE_TEXT_ADDED] = TIDE_LINE_ADDED,
  };

  return types[row->type];
}

static void
add_pair (GPtrArray *columns,
          GPtrArray *rows)
{
  guint numbers[2] = { 0, 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      const TideTextRow *row = g_ptr_array_index (rows, i);

      add_line (g_ptr_array_index (columns, 0), &numbers[0], get_line_type (row), row->left, row->left_spans);
      add_line (g_ptr_array_index (columns, 1), &numbers[1], get_line_type (row), row->right, row->right_spans);
    }
}

/* Lines that the middle does not have stand before the line of the middle that they precede, those of both sides together. */
static void
add_triple (GPtrArray *columns,
            GPtrArray *before,
            GPtrArray *after)
{
  guint numbers[3] = { 0, 0, 0 };
  guint i = 0;
  guint k = 0;

  while (i < before->len || k < after->len)
    {
      const TideTextRow *first = i < before->len ? g_ptr_array_index (before, i) : NULL;
      const TideTextRow *second = k < after->len ? g_ptr_array_index (after, k) : NULL;
      gboolean first_alone = first != NULL && first->right == NULL;
      gboolean second_alone = second != NULL && second->left == NULL;
      gboolean middle = !first_alone && !second_alone;

      if (!middle && !first_alone)
        first = NULL;
      if (!middle && !second_alone)
        second = NULL;
      add_line (g_ptr_array_index (columns, 0), &numbers[0], first ? get_line_type (first) : TIDE_LINE_GAP,
                first ? first->left : NULL, first ? first->left_spans : NULL);
      add_line (g_ptr_array_index (columns, 1), &numbers[1],
                first && middle && first->type != TIDE_TEXT_SAME ? get_line_type (first)
                                                                 : second ? get_line_type (second) : TIDE_LINE_GAP,
                middle ? first->right : NULL,
                middle ? (first->right_spans ? first->right_spans : second->left_spans) : NULL);
      add_line (g_ptr_array_index (columns, 2), &numbers[2], second ? get_line_type (second) : TIDE_LINE_GAP,
                second ? second->right : NULL, second ? second->right_spans : NULL);
      i += first != NULL;
      k += second != NULL;
    }
}

GPtrArray *
tide_compare_lines_new (const char *const *texts,
                        guint              n)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) before = NULL;

  g_return_val_if_fail (n == 2 || n == 3, NULL);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (columns, g_ptr_array_new_with_free_func (line_free));
  before = tide_text_diff (texts[0], texts[1]);
  if (n == 2)
    add_pair (columns, before);
  else
    {
      g_autoptr (GPtrArray) after = tide_text_diff (texts[1], texts[2]);

      add_triple (columns, before, after);
    }
  return columns;
}
