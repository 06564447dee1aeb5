/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-outline.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_PROPOSAL_KEYWORD,
  TIDE_PROPOSAL_SCHEMA,
  TIDE_PROPOSAL_TABLE,
  TIDE_PROPOSAL_VIEW,
  TIDE_PROPOSAL_ALIAS,    /* of a table, a subquery or a CTE in the statement */
  TIDE_PROPOSAL_COLUMN,
  TIDE_PROPOSAL_FUNCTION,
  TIDE_PROPOSAL_TYPE,
  TIDE_PROPOSAL_JOIN,     /* a whole join condition, from a foreign key */
} TideProposalKind;

typedef struct
{
  TideProposalKind kind;
  char *text;    /* what is put in, quoted where it must be */
  char *label;   /* the bare name, as the list shows it */
  char *detail;  /* a column's type, a function's arguments, a table's schema; "" */
  char *comment; /* (nullable): more, for whoever looks closer */
  int   score;   /* the higher the better */
  gboolean is_system; /* of the server itself */
} TideProposal;

typedef struct
{
  gsize      start;     /* bytes: what a proposal replaces, up to the caret */
  GPtrArray *proposals; /* (element-type TideProposal): best first */
} TideProposals;

/* @outline: (nullable): keywords only
 * @text: a script; only the statement at the caret is looked at
 * @caret: bytes from the start */
TideProposals *tide_completion_propose (const TideOutline *outline,
                                        const char        *text,
                                        gsize              size,
                                        gsize              caret);
void           tide_proposals_free     (TideProposals     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideProposals, tide_proposals_free)

/* How well @name matches what is typed: 0: not at all, 1000: it is that very text */
int            tide_completion_match   (const char        *name,
                                        const char        *prefix);

/* (transfer full): @name as SQL needs it: quoted only where it must be ("userId", "order") */
char          *tide_completion_quote   (const char        *name);

G_END_DECLS
