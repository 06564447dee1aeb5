/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The little that the Prisma schema language and TypeScript have in common: names, strings, signs, comments */
typedef enum
{
  TIDE_CODE_END,
  TIDE_CODE_WORD,
  TIDE_CODE_STRING,
  TIDE_CODE_SIGN,   /* one character */
} TideCodeTokenType;

typedef struct
{
  TideCodeTokenType  type;
  char              *text;   /* of a string: what it stands for */
  gboolean           opaque; /* a template with ${} in it: its value is not known */
  int                line;
} TideCodeToken;

/* (transfer full) (element-type TideCodeToken): ends with a TIDE_CODE_END; never fails */
GArray  *tide_code_scan    (const char          *text);
/* Whether the token at @index is this word or sign */
gboolean tide_code_is      (GArray              *tokens,
                            guint                index,
                            const char          *text);
/* Never past the last one */
TideCodeToken *tide_code_get (GArray            *tokens,
                              guint              index);

G_END_DECLS
