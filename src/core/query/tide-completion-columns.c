/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-columns"

#include "config.h"

#include <string.h>

#include "query/tide-completion-search.h"

/* Whether another table that the statement reads has such a column, too */
static gboolean
is_ambiguous (TideSearch              *search,
              const TideScopeItem *item,
              const char          *name)
{
  for (guint i = 0; i < search->scope.items->len; i++)
    {
      TideScopeItem *other = g_ptr_array_index (search->scope.items, i);

      if (other == item || other->is_outer != item->is_outer)
        continue;
      for (guint j = 0; j < other->columns->len; j++)
        if (g_strcmp0 (((TideScopeColumn *) g_ptr_array_index (other->columns, j))->name, name) == 0)
          return TRUE;
    }
  return FALSE;
}

static char *
dup_qualified (const char *label,
               const char *column)
{
  g_autofree char *before = tide_completion_quote (label);
  g_autofree char *behind = tide_completion_quote (column);

  return g_strconcat (before, ".", behind, NULL);
}

void
tide_search_columns (TideSearch              *search,
                     const TideScopeItem *item,
                     gboolean             qualify,
                     int                  weight)
{
  const char *label = tide_scope_item_get_label (item);

  for (guint i = 0; i < item->columns->len; i++)
    {
      TideScopeColumn *column = g_ptr_array_index (item->columns, i);
      int score = tide_completion_match (column->name, search->tokens.prefix);
      gboolean ambiguous = qualify && label != NULL && is_ambiguous (search, item, column->name);

      if (score == 0)
        continue;
      tide_search_take (search, TIDE_PROPOSAL_COLUMN, column->name,
            ambiguous ? dup_qualified (label, column->name) : tide_search_dup_name (search, column->name), column->type,
            score + weight + (item->is_outer ? WEIGHT_FAR : 0) - (int) MIN (i, 40));
      if (label != NULL)
        tide_search_get_last (search)->comment = g_strdup (label);
    }
}

void
tide_search_all_columns (TideSearch *search)
{
  for (guint i = 0; i < search->scope.items->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (search->scope.items, i);
      const char *label = tide_scope_item_get_label (item);

      tide_search_columns (search, item, TRUE, WEIGHT_WANTED);
      if (label != NULL)
        tide_search_name (search, TIDE_PROPOSAL_ALIAS, label, item->alias && item->name ? item->name : "", WEIGHT_ALIAS);
    }
}

/* What stands in the list already: INSERT INTO t (a, b, |) */
static gboolean
is_listed (TideSearch     *search,
           const char *name)
{
  guint open = search->context.list;
  guint end = open == TIDE_NO_TOKEN ? 0 : MIN (search->tokens.partners[open], search->tokens.n);

  for (guint i = open + 1; open != TIDE_NO_TOKEN && i < end; i++)
    if (tide_tokens_is_name (&search->tokens, i))
      {
        g_autofree char *listed = tide_tokens_dup_name (&search->tokens, i);

        if (g_str_equal (listed, name))
          return TRUE;
      }
  return FALSE;
}

/* The columns of the table whose name begins at the token @first */
void
tide_search_target_columns (TideSearch *search,
                            guint   first)
{
  const TideTokens *tokens = &search->tokens;
  g_autofree char *name = tide_tokens_is_name (tokens, first) ? tide_tokens_dup_name (tokens, first) : NULL;
  g_autofree char *second = name != NULL && tide_tokens_is_sign (tokens, first + 1, ".") && tide_tokens_is_name (tokens, first + 2)
                            ? tide_tokens_dup_name (tokens, first + 2) : NULL;
  const TideOutlineRelation *relation = NULL;
  const TideOutlineColumn *columns;
  guint n;

  if (name != NULL)
    relation = tide_outline_find_relation (search->outline, second ? name : NULL, second ? second : name);
  if (relation == NULL)
    return;
  columns = tide_outline_get_columns (search->outline, relation, &n);
  for (guint i = 0; i < n; i++)
    if (!is_listed (search, columns[i].name))
      tide_search_name (search, TIDE_PROPOSAL_COLUMN, columns[i].name, columns[i].type, WEIGHT_WANTED - (int) MIN (i, 40));
}

/* The columns that two tables of the statement share: JOIN ... USING (|) */
void
tide_search_shared_columns (TideSearch *search)
{
  for (guint i = 0; i < search->scope.items->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (search->scope.items, i);

      for (guint j = 0; j < item->columns->len; j++)
        {
          TideScopeColumn *column = g_ptr_array_index (item->columns, j);

          if (is_ambiguous (search, item, column->name) && !is_listed (search, column->name))
            tide_search_name (search, TIDE_PROPOSAL_COLUMN, column->name, column->type, WEIGHT_WANTED - (int) MIN (j, 40));
        }
    }
}

/* "o.user_id = u.id" */
static char *
dup_condition (const TideOutlineKey *key,
               const char           *label,
               const char           *target)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; key->columns[i] != NULL && key->target_columns[i] != NULL; i++)
    {
      g_autofree char *left = dup_qualified (label, key->columns[i]);
      g_autofree char *right = dup_qualified (target, key->target_columns[i]);

      g_string_append_printf (text, "%s%s = %s", text->len > 0 ? " AND " : "", left, right);
    }
  return g_string_free (text, FALSE);
}

/* What joins @item with @other by a foreign key of the first, as ON wants it */
static void
propose_join (TideSearch              *search,
              const TideScopeItem *item,
              const TideScopeItem *other,
              int                  weight)
{
  const TideOutlineKey *keys;
  guint n;

  keys = tide_outline_get_keys (search->outline, item->relation, &n);
  for (guint i = 0; i < n; i++)
    if (keys[i].kind == 'f' && keys[i].target == other->relation->oid)
      {
        char *text = dup_condition (&keys[i], tide_scope_item_get_label (item), tide_scope_item_get_label (other));
        int score = tide_completion_match (text, search->tokens.prefix);

        if (score > 0)
          tide_search_take (search, TIDE_PROPOSAL_JOIN, text, text, keys[i].name, score + weight);
        else
          g_free (text);
      }
}

/* Between the table that was joined last before the caret and those before it */
void
tide_search_conditions (TideSearch *search)
{
  GPtrArray *items = search->scope.items;

  for (guint i = 1; i < items->len; i++)
    for (guint j = 0; j < i; j++)
      {
        TideScopeItem *later = g_ptr_array_index (items, i);
        TideScopeItem *earlier = g_ptr_array_index (items, j);
        int weight = WEIGHT_JOIN + (int) i * 5 + (int) j;

        if (later->relation == NULL || earlier->relation == NULL || later->is_outer || earlier->is_outer)
          continue;
        propose_join (search, later, earlier, weight);
        if (later->relation != earlier->relation)
          propose_join (search, earlier, later, weight);
      }
}

/* What the list of SELECT calls its columns: ORDER BY knows them */
void
tide_search_output (TideSearch *search)
{
  g_autoptr(GPtrArray) columns = tide_scope_list_output (&search->scope, search->scope.first, search->scope.end);

  for (guint i = 0; i < columns->len; i++)
    {
      TideScopeColumn *column = g_ptr_array_index (columns, i);

      tide_search_name (search, TIDE_PROPOSAL_COLUMN, column->name, column->type, WEIGHT_WANTED + 20);
    }
}
