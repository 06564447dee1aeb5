/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_TEXT_SAME,
  TIDE_TEXT_CHANGED, /* a line of each side, alike enough to stand side by side */
  TIDE_TEXT_REMOVED, /* left only */
  TIDE_TEXT_ADDED,   /* right only */
} TideTextRowType;

/* A run of bytes of a line that the other side does not have; whole words, whole characters */
typedef struct
{
  guint start;
  guint end;
} TideTextSpan;

/* A line of two aligned texts */
typedef struct
{
  TideTextRowType  type;
  char            *left;        /* (nullable): without its newline; NULL: a gap */
  char            *right;       /* (nullable) */
  GArray          *left_spans;  /* (nullable) (element-type TideTextSpan): CHANGED: what is not on the right */
  GArray          *right_spans; /* (nullable) */
} TideTextRow;

/**
 * tide_text_diff:
 * @left: a text, UTF-8
 * @right: another
 *
 * Lines up two texts, as a person compares them. Pure; libgit2 finds the lines that stay.
 *
 * Returns: (transfer full) (element-type TideTextRow): from top to bottom
 */
GPtrArray *tide_text_diff (const char *left,
                           const char *right);

G_END_DECLS
