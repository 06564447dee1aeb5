/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-names"

#include "config.h"

#include <string.h>

#include "query/tide-completion-search.h"

/* @text: (transfer full) */
void
tide_search_take (TideSearch           *search,
                  TideProposalKind  kind,
                  const char       *label,
                  char             *text,
                  const char       *detail,
                  int               score)
{
  TideProposal *proposal = g_new0 (TideProposal, 1);

  proposal->kind = kind;
  proposal->label = g_strdup (label);
  proposal->text = text;
  proposal->detail = g_strdup (detail ? detail : "");
  proposal->score = score;
  g_ptr_array_add (search->found, proposal);
}

TideProposal *
tide_search_get_last (TideSearch *search)
{
  return g_ptr_array_index (search->found, search->found->len - 1);
}

char *
tide_search_dup_name (TideSearch     *search,
                      const char *name)
{
  return search->tokens.quoted ? tide_quote_identifier (name) : tide_completion_quote (name);
}

/* FALSE: it does not match what is typed */
gboolean
tide_search_name (TideSearch           *search,
                  TideProposalKind  kind,
                  const char       *name,
                  const char       *detail,
                  int               weight)
{
  int score = tide_completion_match (name, search->tokens.prefix);

  if (score == 0)
    return FALSE;
  tide_search_take (search, kind, name, tide_search_dup_name (search, name), detail, score + weight);
  return TRUE;
}

void
tide_search_keywords (TideSearch     *search,
                      TideExpect  expect,
                      int         weight)
{
  const char *const *words = tide_completion_list_keywords (expect);

  if (search->tokens.quoted)
    return;
  for (int rank = 0; *words != NULL; words++, rank++)
    {
      gsize typed = strlen (search->tokens.prefix);
      int score = tide_completion_match (*words, search->tokens.prefix) - MIN (rank, 50);

      /* Keywords are known by heart: only their beginning is worth a place in the list */
      if (typed > 0 && g_ascii_strncasecmp (*words, search->tokens.prefix, typed) != 0)
        continue;
      tide_search_take (search, TIDE_PROPOSAL_KEYWORD, *words, search->lower ? g_ascii_strdown (*words, -1) : g_strdup (*words), "",
            score + weight);
    }
}

static gboolean
is_view (const TideOutlineRelation *relation)
{
  return relation->kind == 'v' || relation->kind == 'm';
}

static void
propose_relation (TideSearch                    *search,
                  const TideOutlineRelation *relation,
                  gboolean                   qualify,
                  int                        weight)
{
  TideProposalKind kind = is_view (relation) ? TIDE_PROPOSAL_VIEW : TIDE_PROPOSAL_TABLE;
  int score = tide_completion_match (relation->name, search->tokens.prefix);
  char *text;

  if (score == 0)
    return;
  text = tide_search_dup_name (search, relation->name);
  if (qualify)
    {
      g_autofree char *bare = text;
      g_autofree char *schema = tide_completion_quote (relation->schema->name);

      text = g_strconcat (schema, ".", bare, NULL);
    }
  if (relation->is_partition)
    weight += WEIGHT_FAR;
  if (relation->schema->is_system)
    weight += WEIGHT_SYSTEM;
  tide_search_take (search, kind, relation->name, text, relation->schema->name, score + weight);
  tide_search_get_last (search)->comment = g_strdup (relation->comment);
}

/* Whether a foreign key joins @relation with a table of the statement */
static gboolean
is_related (TideSearch                    *search,
            const TideOutlineRelation *relation)
{
  for (guint i = 0; i < search->scope.items->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (search->scope.items, i);
      const TideOutlineKey *keys;
      guint n;

      if (item->relation == NULL)
        continue;
      keys = tide_outline_get_keys (search->outline, relation, &n);
      for (guint j = 0; j < n; j++)
        if (keys[j].target == item->relation->oid)
          return TRUE;
      keys = tide_outline_get_keys (search->outline, item->relation, &n);
      for (guint j = 0; j < n; j++)
        if (keys[j].target == relation->oid)
          return TRUE;
    }
  return FALSE;
}

void
tide_search_schemas (TideSearch *search,
                     int     weight)
{
  guint n;
  const TideOutlineSchema *schemas = tide_outline_get_schemas (search->outline, &n);

  for (guint i = 0; i < n; i++)
    tide_search_name (search, TIDE_PROPOSAL_SCHEMA, schemas[i].name, "", weight + (schemas[i].is_system ? WEIGHT_SYSTEM : 0));
}

/* Of one schema, or of all: those outside the search path get their schema before their name */
void
tide_search_relations (TideSearch     *search,
                       const char *schema)
{
  guint n;
  const TideOutlineRelation *relations = tide_outline_get_relations (search->outline, &n);

  for (guint i = 0; i < n; i++)
    {
      gboolean in_path = relations[i].schema->in_path;

      if (schema != NULL ? g_strcmp0 (schema, relations[i].schema->name) != 0 : relations[i].kind == 'S')
        continue;
      /* What stands in pg_catalog is asked for by name */
      if (schema == NULL && relations[i].schema->is_system && search->tokens.prefix[0] == '\0')
        continue;
      propose_relation (search, &relations[i], schema == NULL && !in_path,
                        WEIGHT_WANTED + (schema == NULL && !in_path ? WEIGHT_FAR : 0)
                          + (search->context.is_join && is_related (search, &relations[i]) ? WEIGHT_ALIAS : 0));
    }
}

void
tide_search_functions (TideSearch     *search,
                       const char *schema,
                       int         weight)
{
  guint n;
  const TideOutlineFunction *functions = tide_outline_get_functions (search->outline, &n);

  if (schema == NULL && search->tokens.prefix[0] == '\0')
    return;
  for (guint i = 0; i < n; i++)
    {
      int score;
      g_autofree char *detail = NULL;
      g_autofree char *name = NULL;

      if (schema != NULL ? g_strcmp0 (schema, functions[i].schema->name) != 0 : !functions[i].schema->in_path)
        continue;
      score = tide_completion_match (functions[i].name, search->tokens.prefix);
      /* There are thousands: letters from here and there would bury the rest */
      if (score < 400 && functions[i].schema->is_system)
        continue;
      if (score == 0)
        continue;
      name = tide_search_dup_name (search, functions[i].name);
      detail = g_strdup_printf ("(%s)%s%s", functions[i].arguments, *functions[i].result ? " → " : "", functions[i].result);
      tide_search_take (search, TIDE_PROPOSAL_FUNCTION, functions[i].name, g_strconcat (name, "(", NULL), detail,
            score + weight + (functions[i].schema->is_system ? WEIGHT_FAR : 0));
      tide_search_get_last (search)->is_system = functions[i].schema->is_system;
    }
}

void
tide_search_types (TideSearch     *search,
                   const char *schema)
{
  guint n;
  const TideOutlineType *types = tide_outline_get_types (search->outline, &n);

  for (guint i = 0; i < n; i++)
    {
      int weight = types[i].schema->is_system ? 0 : WEIGHT_WANTED;

      if (schema != NULL ? g_strcmp0 (schema, types[i].schema->name) != 0 : !types[i].schema->in_path)
        continue;
      if (types[i].schema->is_system && schema == NULL && g_str_has_prefix (types[i].name, "pg_"))
        continue;
      tide_search_name (search, TIDE_PROPOSAL_TYPE, types[i].name, *types[i].detail ? types[i].detail : types[i].schema->name, weight);
    }
}
