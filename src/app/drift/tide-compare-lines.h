/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_LINE_SAME,
  TIDE_LINE_CHANGED,
  TIDE_LINE_REMOVED, /* not in the text to the right */
  TIDE_LINE_ADDED,   /* not in the text to the left */
  TIDE_LINE_GAP,     /* stands for a line that another text has here */
} TideLineType;

/* A line of one of the texts that stand side by side */
typedef struct
{
  TideLineType  type;
  char         *text;   /* "" in a gap */
  guint         number; /* from 1; 0 in a gap */
  GArray       *spans;  /* (nullable) (element-type TideTextSpan) */
} TideCompareLine;

/* (transfer full) (array length=n) (element-type GPtrArray): for each text (two or three) its lines, all of the same number, lined
 * up. The middle one of three is compared with both. */
GPtrArray *tide_compare_lines_new (const char *const *texts,
                                   guint              n);

G_END_DECLS
