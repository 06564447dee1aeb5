/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-text-diff"

#include "config.h"

#include <locale.h>

#include "schema/tide-text-diff.h"

/* " |=|a|a" a line each: type, left and right ("~" for a gap) */
static char *
dup_picture (GPtrArray *rows)
{
  GString *picture = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const TideTextRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (picture, "%c%s|%s\n", "=~-+"[row->type], row->left ? row->left : "_",
                              row->right ? row->right : "_");
    }
  return g_string_free (picture, FALSE);
}

static void
check (const char *left,
       const char *right,
       const char *expected)
{
  g_autoptr (GPtrArray) rows = tide_text_diff (left, right);
  g_autofree char *picture = dup_picture (rows);

  g_assert_cmpstr (picture, ==, expected);
}

static void
test_lines (void)
{
  check ("", "", "");
  check ("a\nb\n", "a\nb\n", "=a|a\n=b|b\n");
  check ("a\nb", "a\nb", "=a|a\n=b|b\n");
  check ("", "a\n\nb\n", "+_|a\n+_|\n+_|b\n");
  check ("a\n", "", "-a|_\n");
  check ("a\nb\nc\n", "a\nc\n", "=a|a\n-b|_\n=c|c\n");
  check ("one\n  \"id\" integer,\nend\n", "one\n  \"id\" bigint,\nend\n", "=one|one\n~  \"id\" integer,|  \"id\" bigint,\n=end|end\n");
  check ("wholly different\n", "1234567\n", "-wholly different|_\n+_|1234567\n");
  check ("a\r\nb", "a\r\nb\n", "=a\r|a\r\n~b|b\n");
}

static void
test_words (void)
{
  g_autoptr (GPtrArray) rows = tide_text_diff ("x größe text NOT NULL,\n", "x größer text,\n");
  const TideTextRow *row = g_ptr_array_index (rows, 0);
  const TideTextSpan *span;

  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpint (row->type, ==, TIDE_TEXT_CHANGED);
  g_assert_cmpuint (row->left_spans->len, ==, 2);
  span = &g_array_index (row->left_spans, TideTextSpan, 0);
  g_assert_cmpuint (span->start, ==, 2);
  g_assert_cmpuint (span->end, ==, 2 + strlen ("größe"));
  span = &g_array_index (row->left_spans, TideTextSpan, 1);
  g_assert_cmpint (strncmp (row->left + span->start, " NOT NULL", span->end - span->start), ==, 0);
  g_assert_cmpuint (row->right_spans->len, ==, 1);
}

/* Every line of both texts is there once, in order, whatever the texts are */
static void
test_random (void)
{
  for (guint round = 0; round < 300; round++)
    {
      GString *texts[2] = { g_string_new (NULL), g_string_new (NULL) };
      GString *seen[2] = { g_string_new (NULL), g_string_new (NULL) };
      g_autoptr (GPtrArray) rows = NULL;

      for (guint side = 0; side < 2; side++)
        for (int n = g_test_rand_int_range (0, 30); n > 0; n--)
          g_string_append_printf (texts[side], "%s %d\n", g_test_rand_bit () ? "word" : "", g_test_rand_int_range (0, 8));
      rows = tide_text_diff (texts[0]->str, texts[1]->str);
      for (guint i = 0; i < rows->len; i++)
        {
          const TideTextRow *row = g_ptr_array_index (rows, i);

          g_assert_true ((row->left == NULL) == (row->type == TIDE_TEXT_ADDED));
          g_assert_true ((row->right == NULL) == (row->type == TIDE_TEXT_REMOVED));
          if (row->left != NULL)
            g_string_append_printf (seen[0], "%s\n", row->left);
          if (row->right != NULL)
            g_string_append_printf (seen[1], "%s\n", row->right);
        }
      for (guint side = 0; side < 2; side++)
        {
          g_assert_cmpstr (texts[side]->str, ==, seen[side]->str);
          g_string_free (texts[side], TRUE);
          g_string_free (seen[side], TRUE);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/text-diff/lines", test_lines);
  g_test_add_func ("/schema/text-diff/words", test_words);
  g_test_add_func ("/schema/text-diff/random", test_random);
  return g_test_run ();
}
