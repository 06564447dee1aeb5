/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-completion-private.h"

G_BEGIN_DECLS

/* How much a proposal counts beside how well it matches; the gaps are wide enough that a kind that fits the place comes first
 * among equal matches, and a better match of another kind before a worse one */
enum
{
  WEIGHT_JOIN = 300,
  WEIGHT_WANTED = 200,
  WEIGHT_ALIAS = 150,
  WEIGHT_LIKELY = 120,
  WEIGHT_KEYWORD = 60,
  WEIGHT_FAR = -120,
  WEIGHT_SYSTEM = -250,
};

/* One question, and what was found so far */
typedef struct
{
  const TideOutline *outline; /* (nullable) */
  TideTokens         tokens;
  TideScope          scope;
  TideContext        context;
  GPtrArray         *found;
  gboolean           lower;   /* keywords as the person writes them */
} TideSearch;

void tide_search_take (TideSearch *search,
                       TideProposalKind kind,
                       const char *label,
                       char *text,
                       const char *detail,
                       int score);
TideProposal *tide_search_get_last (TideSearch *search);
char *tide_search_dup_name (TideSearch *search,
                            const char *name);
gboolean tide_search_name (TideSearch *search,
                           TideProposalKind kind,
                           const char *name,
                           const char *detail,
                           int weight);
void tide_search_keywords (TideSearch *search,
                           TideExpect expect,
                           int weight);
void tide_search_schemas (TideSearch *search,
                          int weight);
void tide_search_relations (TideSearch *search,
                            const char *schema);
void tide_search_functions (TideSearch *search,
                            const char *schema,
                            int weight);
void tide_search_types (TideSearch *search,
                        const char *schema);
void tide_search_columns (TideSearch *search,
                          const TideScopeItem *item,
                          gboolean qualify,
                          int weight);
void tide_search_all_columns (TideSearch *search);
void tide_search_target_columns (TideSearch *search,
                                 guint first);
void tide_search_shared_columns (TideSearch *search);
void tide_search_conditions (TideSearch *search);
void tide_search_output (TideSearch *search);

G_END_DECLS
