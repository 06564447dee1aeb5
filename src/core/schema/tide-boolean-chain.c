/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-boolean-chain"

#include "config.h"

#include <string.h>

#include "schema/tide-boolean-chain.h"
#include "schema/tide-expression-private.h"

#define AND " AND "
#define OR  " OR "

/* A pair of brackets whose inside is a chain of AND or of OR, and stands first in another of the same */
typedef struct
{
  const char *open;
  const char *close;
  const char *link;   /* AND or OR */
  const char *second; /* where the first operand ends */
} Chain;

/* Brackets that are open */
typedef struct
{
  const char *open;
  const char *link;   /* (nullable): what the operands so far are joined by */
  const char *second;
} Level;

static const char *
get_link (const char *at)
{
  return g_str_has_prefix (at, AND) ? AND : g_str_has_prefix (at, OR) ? OR : NULL;
}

static void
close_level (GArray     *chains,
             GArray     *levels,
             const char *at)
{
  Level level = g_array_index (levels, Level, levels->len - 1);
  Chain chain = { level.open, at, level.link, level.second };

  g_array_set_size (levels, levels->len - 1);
  /* Right behind the bracket that is around both, and before the same word */
  if (*level.open == '(' && level.link != NULL && levels->len > 0
      && g_array_index (levels, Level, levels->len - 1).open + 1 == level.open && get_link (at + 1) == level.link)
    g_array_append_val (chains, chain);
}

static int
compare_chains (gconstpointer a,
                gconstpointer b)
{
  const Chain *left = a;
  const Chain *right = b;

  return left->open < right->open ? -1 : left->open > right->open ? 1 : 0;
}

/* (element-type Chain) (nullable): in the order they are opened */
static GArray *
find_chains (const char *text)
{
  g_autoptr (GArray) levels = NULL;
  g_autoptr (GArray) chains = NULL;

  if (strstr (text, "((") == NULL || (strstr (text, ")" AND) == NULL && strstr (text, ")" OR) == NULL))
    return NULL;
  levels = g_array_new (FALSE, FALSE, sizeof (Level));
  chains = g_array_new (FALSE, FALSE, sizeof (Chain));
  for (const char *at = text; *at != '\0';)
    {
      const char *next = tide_expression_skip_dollars (at);
      Level *level = levels->len == 0 ? NULL : &g_array_index (levels, Level, levels->len - 1);

      if (*at == '(' || *at == '[')
        {
          Level inner = { at, NULL, NULL };

          g_array_append_val (levels, inner);
        }
      else if ((*at == ')' || *at == ']') && level != NULL)
        {
          close_level (chains, levels, at);
        }
      else if (*at == ' ' && level != NULL && level->link == NULL && (level->link = get_link (at)) != NULL)
        {
          level->second = at;
        }
      at = next != at ? next : tide_expression_skip_token (at);
    }
  if (chains->len == 0)
    return NULL;
  g_array_sort (chains, compare_chains);
  return g_steal_pointer (&chains);
}

char *
tide_boolean_chain_flatten (const char *expression)
{
  g_autoptr (GArray) chains = find_chains (expression);
  GString *text;
  g_autofree gboolean *left_out = NULL;

  if (chains == NULL)
    return NULL;
  left_out = g_new0 (gboolean, strlen (expression) + 1);
  for (guint i = 0; i < chains->len; i++)
    {
      const Chain *chain = &g_array_index (chains, Chain, i);

      left_out[chain->open - expression] = left_out[chain->close - expression] = TRUE;
    }
  text = g_string_new (NULL);
  for (const char *at = expression; *at != '\0'; at++)
    if (!left_out[at - expression])
      g_string_append_c (text, *at);
  return g_string_free (text, FALSE);
}

/* (nullable): where the operator @op stands right inside of the brackets from @open to @close */
static const char *
find_operator (const char *open,
               const char *close,
               const char *op)
{
  guint depth = 0;

  for (const char *at = open + 1; at < close;)
    {
      if (depth == 0 && g_str_has_prefix (at, op))
        return at;
      if (*at == '(' || *at == '[')
        depth++;
      else if (*at == ')' || *at == ']')
        depth--;
      at = tide_expression_skip_token (at);
    }
  return NULL;
}

/* `((a >= 1) AND (a <= 2))` as `(a BETWEEN 1 AND 2)`, if it is one */
static gboolean
append_between (GString     *text,
                const Chain *chain)
{
  const char *first = chain->open + 1;
  const char *second = chain->second + strlen (AND);
  const char *lower = find_operator (first, chain->second - 1, " >= ");
  const char *upper = lower == NULL ? NULL : find_operator (second, chain->close - 1, " <= ");
  gsize length;

  if (upper == NULL || chain->link[1] != 'A' || *first != '(' || *second != '(' || chain->second[-1] != ')'
      || chain->close[-1] != ')' || find_operator (second - 1, chain->close, AND) != NULL)
    return FALSE;
  length = lower - first - 1;
  if (length != (gsize) (upper - second - 1) || strncmp (first + 1, second + 1, length) != 0)
    return FALSE;
  lower += strlen (" >= ");
  upper += strlen (" <= ");
  g_string_append_printf (text, "(%.*s BETWEEN %.*s AND %.*s)", (int) length, first + 1, (int) (chain->second - 1 - lower), lower,
                          (int) (chain->close - 1 - upper), upper);
  return TRUE;
}

/* A cast to what it is already keeps the parser from joining the two, and leaves nothing behind. */
char *
tide_boolean_chain_keep (const char *sql)
{
  g_autoptr (GArray) chains = find_chains (sql);
  g_autoptr (GArray) closes = NULL;
  const char *at = sql;
  GString *text;

  if (chains == NULL)
    return NULL;
  text = g_string_new (NULL);
  closes = g_array_new (FALSE, FALSE, sizeof (const char *));
  for (guint i = 0; i <= chains->len; i++)
    {
      const Chain *chain = i == chains->len ? NULL : &g_array_index (chains, Chain, i);

      while (closes->len > 0 && (chain == NULL || g_array_index (closes, const char *, closes->len - 1) < chain->open))
        {
          const char *close = g_array_index (closes, const char *, closes->len - 1) + 1;

          g_string_append_len (text, at, close - at);
          g_string_append (text, "::boolean");
          at = close;
          g_array_set_size (closes, closes->len - 1);
        }
      if (chain == NULL)
        break;
      if (chain->open < at) /* Inside of a BETWEEN */
        continue;
      g_string_append_len (text, at, chain->open - at);
      at = chain->open;
      if (append_between (text, chain))
        at = chain->close + 1;
      else
        g_array_append_val (closes, chain->close);
    }
  g_string_append (text, at);
  return g_string_free (text, FALSE);
}
