/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-completion.h"
#include "sql/tide-sql-lexer.h"

G_BEGIN_DECLS

#define TIDE_NO_TOKEN G_MAXUINT

/* The tokens of the statement at the caret that count, each parenthesis with its partner */
typedef struct
{
  const char   *text;    /* borrowed */
  TideSqlToken *tokens;
  guint        *partners; /* of a parenthesis: the other one; TIDE_NO_TOKEN: none, or no parenthesis */
  guint         n;
  guint         caret;   /* how many tokens stand before the caret, without the word that is being typed */
  gsize         start;   /* where that word begins, or the caret */
  char         *prefix;  /* what is typed of it, without a quote */
  gboolean      quoted;  /* it begins with a quote */
  gboolean      closed;  /* the caret is inside a string or a comment: nothing to propose */
  GArray       *storage; /* owned: of the tokens */
} TideTokens;

void        tide_tokens_init        (TideTokens       *self,
                                     const char       *text,
                                     gsize             size,
                                     gsize             caret);
void        tide_tokens_clear       (TideTokens       *self);
gboolean    tide_tokens_is          (const TideTokens *self,
                                     guint             index,
                                     const char       *word); /* a keyword in lower case */
gboolean    tide_tokens_is_one_of   (const TideTokens *self,
                                     guint             index,
                                     const char *const *words);
gboolean    tide_tokens_is_sign     (const TideTokens *self,
                                     guint             index,
                                     const char       *sign);
gboolean    tide_tokens_is_name     (const TideTokens *self,
                                     guint             index);
/* (transfer full): as the server folds it */
char       *tide_tokens_dup_name    (const TideTokens *self,
                                     guint             index);
/* Behind the parenthesis that opens at @index; @end if it never closes */
guint       tide_tokens_skip_parens (const TideTokens *self,
                                     guint             index,
                                     guint             end);
/* Whether a query begins behind the parenthesis at @index */
gboolean    tide_tokens_opens_query (const TideTokens *self,
                                     guint             index);

typedef struct
{
  char       *name;
  const char *type; /* of the outline; "" when it is not known */
} TideScopeColumn;

/* Something that columns come from */
typedef struct
{
  char                      *schema;   /* (nullable) */
  char                      *name;     /* (nullable): of a table or a CTE */
  char                      *alias;    /* (nullable) */
  const TideOutlineRelation *relation; /* (nullable) */
  GPtrArray                 *columns;  /* (element-type TideScopeColumn): of whatever it is */
  gboolean                   is_outer; /* of a query around the one with the caret */
  gboolean                   is_cte;   /* only declared, in WITH */
} TideScopeItem;

const char *tide_scope_item_get_label (const TideScopeItem *self); /* alias or name */

/* What is known at one place of a statement */
typedef struct
{
  const TideOutline *outline; /* (nullable) */
  const TideTokens  *tokens;
  GPtrArray         *items;   /* (element-type TideScopeItem): in FROM and the like, innermost first */
  GPtrArray         *ctes;    /* (element-type TideScopeItem) */
  guint              first;   /* token where the innermost query begins */
  guint              end;
} TideScope;

void        tide_scope_init         (TideScope         *self,
                                     const TideOutline *outline,
                                     const TideTokens  *tokens);
void        tide_scope_clear        (TideScope         *self);
/* Adds what the query in the tokens from @first to @end reads, as seen from the token @from (TIDE_NO_TOKEN: as a whole) */
void        tide_scope_read         (TideScope         *self,
                                     guint              first,
                                     guint              end,
                                     guint              from);
void        tide_scope_read_at_caret (TideScope        *self);
/* (nullable) */
TideScopeItem *tide_scope_find      (const TideScope   *self,
                                     const char        *schema,
                                     const char        *name);
/* (transfer full) (element-type TideScopeColumn): what the query in these tokens answers */
GPtrArray  *tide_scope_list_output  (const TideScope   *self,
                                     guint              first,
                                     guint              end);
void        tide_scope_add_column   (GPtrArray         *columns,
                                     const char        *name,
                                     const char        *type);
GPtrArray  *tide_scope_columns_new  (void);

typedef enum
{
  TIDE_EXPECT_NOTHING,    /* a new name */
  TIDE_EXPECT_STATEMENT,
  TIDE_EXPECT_EXPRESSION,
  TIDE_EXPECT_RELATION,
  TIDE_EXPECT_KEYWORD,    /* behind a relation: an alias or what goes on */
  TIDE_EXPECT_COLUMN,     /* of the target alone */
  TIDE_EXPECT_TYPE,
  TIDE_EXPECT_SCHEMA,
  TIDE_EXPECT_FUNCTION,
} TideExpect;

typedef struct
{
  TideExpect  expect;
  char       *schema;     /* (nullable): what stands before a dot */
  char       *qualifier;  /* (nullable) */
  guint       target;     /* the first token of the table whose columns are expected; TIDE_NO_TOKEN */
  guint       list;       /* the parenthesis of a list whose names are not proposed again; TIDE_NO_TOKEN */
  gboolean    is_join;    /* RELATION behind JOIN */
  gboolean    is_on;      /* EXPRESSION behind JOIN ... ON */
  gboolean    is_using;   /* COLUMN in JOIN ... USING () */
  gboolean    is_order;   /* EXPRESSION in ORDER BY, GROUP BY */
} TideContext;

void        tide_context_init       (TideContext       *self,
                                     const TideTokens  *tokens);
void        tide_context_clear      (TideContext       *self);

gboolean    tide_completion_is_reserved (const char    *name);
/* (array zero-terminated=1): in upper case */
const char *const *tide_completion_list_keywords (TideExpect expect);

G_END_DECLS
