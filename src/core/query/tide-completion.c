/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion"

#include "config.h"

#include <string.h>

#include "query/tide-completion-search.h"

/* More than a person looks through */
#define MOST_PROPOSALS 250

static void
proposal_free (gpointer data)
{
  TideProposal *self = data;

  g_free (self->text);
  g_free (self->label);
  g_free (self->detail);
  g_free (self->comment);
  g_free (self);
}

void
tide_proposals_free (TideProposals *self)
{
  g_ptr_array_unref (self->proposals);
  g_free (self);
}

static void
propose_ctes (TideSearch *search)
{
  for (guint i = 0; i < search->scope.ctes->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (search->scope.ctes, i);

      tide_search_name (search, TIDE_PROPOSAL_ALIAS, item->name, "WITH", WEIGHT_WANTED + 40);
    }
}

/* Behind "name." */
static void
propose_qualified (TideSearch *search)
{
  TideContext *context = &search->context;
  TideScopeItem *item = tide_scope_find (&search->scope, context->schema, context->qualifier);
  const TideOutlineRelation *relation;

  if (item != NULL && context->expect != TIDE_EXPECT_RELATION)
    tide_search_columns (search, item, FALSE, WEIGHT_WANTED);
  if (search->outline == NULL)
    return;
  if (context->schema == NULL)
    {
      if (context->expect != TIDE_EXPECT_TYPE && context->expect != TIDE_EXPECT_FUNCTION)
        tide_search_relations (search, context->qualifier);
      if (context->expect == TIDE_EXPECT_TYPE)
        tide_search_types (search, context->qualifier);
      else
        tide_search_functions (search, context->qualifier, 0);
    }
  if (item != NULL || context->expect == TIDE_EXPECT_RELATION)
    return;
  /* A table that is named before FROM tells of it */
  relation = tide_outline_find_relation (search->outline, context->schema, context->qualifier);
  if (relation != NULL)
    {
      guint n;
      const TideOutlineColumn *columns = tide_outline_get_columns (search->outline, relation, &n);

      for (guint i = 0; i < n; i++)
        tide_search_name (search, TIDE_PROPOSAL_COLUMN, columns[i].name, columns[i].type, WEIGHT_WANTED - (int) MIN (i, 40));
    }
}

static void
propose_expression (TideSearch *search)
{
  if (search->outline != NULL && search->context.is_on)
    tide_search_conditions (search);
  if (search->context.is_order)
    tide_search_output (search);
  tide_search_all_columns (search);
  if (search->outline != NULL)
    {
      tide_search_functions (search, NULL, WEIGHT_KEYWORD);
      if (search->tokens.prefix[0] != '\0')
        tide_search_schemas (search, WEIGHT_FAR);
    }
  tide_search_keywords (search, TIDE_EXPECT_EXPRESSION, WEIGHT_KEYWORD);
}

static void
propose_place (TideSearch *search)
{
  TideContext *context = &search->context;

  switch (context->expect)
    {
    case TIDE_EXPECT_EXPRESSION:
      propose_expression (search);
      return;
    case TIDE_EXPECT_RELATION:
      propose_ctes (search);
      if (search->outline != NULL)
        {
          tide_search_relations (search, NULL);
          tide_search_schemas (search, WEIGHT_KEYWORD);
          tide_search_functions (search, NULL, WEIGHT_FAR);
        }
      break;
    case TIDE_EXPECT_COLUMN:
      if (context->is_using)
        tide_search_shared_columns (search);
      else if (search->outline != NULL && context->target != TIDE_NO_TOKEN)
        tide_search_target_columns (search, context->target);
      break;
    case TIDE_EXPECT_TYPE:
      if (search->outline != NULL)
        {
          tide_search_types (search, NULL);
          tide_search_schemas (search, WEIGHT_FAR);
        }
      break;
    case TIDE_EXPECT_SCHEMA:
      if (search->outline != NULL)
        tide_search_schemas (search, WEIGHT_WANTED);
      break;
    case TIDE_EXPECT_FUNCTION:
      if (search->outline != NULL)
        {
          tide_search_functions (search, NULL, WEIGHT_WANTED);
          tide_search_schemas (search, 0);
        }
      break;
    default:
      break;
    }
  tide_search_keywords (search, context->expect, context->expect == TIDE_EXPECT_TYPE ? WEIGHT_LIKELY : WEIGHT_KEYWORD);
}

static int
compare_proposals (gconstpointer a,
                   gconstpointer b)
{
  const TideProposal *left = *(const TideProposal *const *) a;
  const TideProposal *right = *(const TideProposal *const *) b;

  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  if (left->kind != right->kind)
    return left->kind == TIDE_PROPOSAL_KEYWORD ? 1 : right->kind == TIDE_PROPOSAL_KEYWORD ? -1 : 0;
  return strcmp (left->label, right->label);
}

/* The best of what puts in the same text stays; a person's own functions differ by their arguments */
static void
drop_repeated (GPtrArray *found)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < found->len && i < MOST_PROPOSALS;)
    {
      TideProposal *proposal = g_ptr_array_index (found, i);
      gboolean function = proposal->kind == TIDE_PROPOSAL_FUNCTION && !proposal->is_system;

      if (g_hash_table_add (seen, g_strconcat (proposal->text, function ? proposal->detail : NULL, NULL)))
        i++;
      else
        g_ptr_array_remove_index (found, i);
    }
  if (found->len > MOST_PROPOSALS)
    g_ptr_array_set_size (found, MOST_PROPOSALS);
}

/* In lower case where the first word of the statement is, or that which is typed */
static gboolean
writes_lower (const TideTokens *tokens)
{
  const char *word = tokens->prefix;

  if (tokens->caret > 0 && tokens->tokens[0].type == TIDE_SQL_TOKEN_WORD)
    word = tokens->text + tokens->tokens[0].start;
  return g_ascii_islower (*word);
}

/**
 * tide_completion_propose:
 * @outline: (nullable): the names in the database; %NULL: there is no connection, and keywords are all there is
 * @text: a script in UTF-8, complete or not
 * @size: its bytes
 * @caret: where a person is typing, in bytes
 *
 * What may come at the caret. The tables, aliases, CTEs and subqueries of the statement there are looked through as far as they
 * are written; what a query answers is told by libpg_query where it can be parsed.
 *
 * Returns: (transfer full): best first; empty in strings and comments
 */
TideProposals *
tide_completion_propose (const TideOutline *outline,
                         const char        *text,
                         gsize              size,
                         gsize              caret)
{
  TideProposals *self = g_new0 (TideProposals, 1);
  TideSearch search = { .outline = outline };

  g_return_val_if_fail (text != NULL, NULL);

  self->proposals = search.found = g_ptr_array_new_with_free_func (proposal_free);
  tide_tokens_init (&search.tokens, text, size, MIN (caret, size));
  self->start = search.tokens.start;
  if (!search.tokens.closed)
    {
      tide_scope_init (&search.scope, outline, &search.tokens);
      tide_scope_read_at_caret (&search.scope);
      tide_context_init (&search.context, &search.tokens);
      search.lower = writes_lower (&search.tokens);
      if (search.context.qualifier != NULL)
        propose_qualified (&search);
      else
        propose_place (&search);
      g_ptr_array_sort (search.found, compare_proposals);
      drop_repeated (search.found);
      tide_context_clear (&search.context);
      tide_scope_clear (&search.scope);
    }
  tide_tokens_clear (&search.tokens);
  return self;
}
