/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-lexer.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_RESTORE_KEEP,
  TIDE_RESTORE_DROP, /* not wanted, or the restore does it itself */
  TIDE_RESTORE_COPY, /* kept, and rows follow it */
} TideRestoreVerdict;

/* What may be said in a dump */
typedef struct
{
  GHashTable *owners;           /* (nullable): set of the roles that may be made owners; NULL: all */
  GHashTable *grantees;         /* (nullable): likewise for grants */
  gboolean    no_owner;
  gboolean    no_privileges;
  GHashTable *missing_owners;   /* sets of those that statements were dropped for */
  GHashTable *missing_grantees;
  GString    *ownership;        /* what makes owners, and the grants, that were kept, as SQL */
  GString    *privileges;
} TideRestorePolicy;

/* A statement while its tokens come; zero-initialise */
typedef struct
{
  guint        n_tokens;      /* without space and comments */
  gsize        first;         /* offset of the first of them in the statement's text */
  TideSqlToken head[4];       /* the first ones, offsets likewise */
  int          paren_depth;
  int          begin_depth;   /* of BEGIN ATOMIC in the body of a function */
} TideRestoreStatement;

/* @start: where the statement begins in @text; returns: whether @token ends it */
gboolean           tide_restore_statement_add   (TideRestoreStatement       *self,
                                                 const char                 *text,
                                                 gsize                       start,
                                                 const TideSqlToken         *token);
/* @text: the whole statement with its semicolon. REFUSED is set for what a dump has no business to do */
TideRestoreVerdict tide_restore_statement_judge (const TideRestoreStatement *self,
                                                 const char                 *text,
                                                 gsize                       length,
                                                 TideRestorePolicy          *policy,
                                                 GError                    **error);
void               tide_restore_statement_reset (TideRestoreStatement       *self);

G_END_DECLS
