/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The lexer of PostgreSQL's SQL, as far as finding statements needs it: quotes ('', E'', U&'', "", B'', X''),
 * dollar quotes with tags, nested comments, BEGIN ATOMIC bodies, psql's backslash lines (reported, not run).
 * It never fails: an unterminated quote or comment ends with the text and is flagged.
 */
typedef enum
{
  TIDE_SQL_TOKEN_SPACE,
  TIDE_SQL_TOKEN_COMMENT,
  TIDE_SQL_TOKEN_WORD,         /* identifier or keyword, unquoted */
  TIDE_SQL_TOKEN_QUOTED_NAME,
  TIDE_SQL_TOKEN_STRING,       /* any string, dollar quoted ones included */
  TIDE_SQL_TOKEN_NUMBER,
  TIDE_SQL_TOKEN_PARAMETER,    /* $1 */
  TIDE_SQL_TOKEN_OPERATOR,     /* and punctuation */
  TIDE_SQL_TOKEN_SEMICOLON,
  TIDE_SQL_TOKEN_META,         /* a backslash command to the end of its line */
  TIDE_SQL_TOKEN_END,
} TideSqlTokenType;

typedef struct
{
  TideSqlTokenType type;
  gsize            start;        /* bytes from the text's start */
  gsize            length;       /* bytes */
  gboolean         unterminated;
} TideSqlToken;

typedef struct
{
  const char *text;
  gsize       size;
  gsize       offset;
} TideSqlLexer;

void     tide_sql_lexer_init (TideSqlLexer *self,
                              const char   *text,
                              gssize        size); /* bytes; -1: NUL-terminated */
gboolean tide_sql_lexer_next (TideSqlLexer *self,
                              TideSqlToken *token); /* FALSE at the end, token->type END */
/* @word in lower case; a quoted name is no word */
gboolean tide_sql_token_is_word (const TideSqlToken *token,
                                 const char         *text,
                                 const char         *word);

/* One statement of a script, without its semicolon, leading and trailing space and comments */
typedef struct
{
  gsize    start;        /* bytes */
  gsize    length;
  int      line;         /* of the first word, from 1 */
  gboolean unterminated; /* a quote or comment in it never ends */
  gboolean is_meta;      /* a psql backslash command */
} TideSqlStatement;

/* (transfer full) (element-type TideSqlStatement): statements with at least one token that counts */
GArray  *tide_sql_split           (const char *text,
                                   gssize      size);
/* The line of a byte offset, from 1 */
int      tide_sql_line_of_offset  (const char *text,
                                   gsize       size,
                                   gsize       offset);
/* A server's position (characters from 1) as a byte offset */
gsize    tide_sql_offset_of_position (const char *text,
                                      gsize       size,
                                      int         position);

G_END_DECLS
