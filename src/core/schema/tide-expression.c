/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-expression"

#include "config.h"

#include <string.h>

#include "schema/tide-boolean-chain.h"
#include "schema/tide-expression-private.h"
#include "schema/tide-expression.h"

const char *
tide_expression_skip_token (const char *at)
{
  if (*at == '\'' || *at == '"')
    {
      char quote = *at++;

      while (*at != '\0' && (*at != quote || at[1] == quote))
        at += *at == quote ? 2 : 1;
      return *at == '\0' ? at : at + 1;
    }
  if (g_ascii_isalpha (*at) || *at == '_' || (guchar) *at >= 0x80)
    {
      while (g_ascii_isalnum (*at) || *at == '_' || *at == '$' || (guchar) *at >= 0x80)
        at++;
      return at;
    }
  return at + 1;
}

/* Whether the token from @at to @end names @name, quoted or not */
static gboolean
is_name (const char *at,
         const char *end,
         const char *name)
{
  gsize length = end - at;

  if (*at != '"')
    return length == strlen (name) && memcmp (at, name, length) == 0;
  for (at++; at < end - 1; at++, name++)
    {
      if (*at == '"')
        at++;
      if (*name == '\0' || *at != *name)
        return FALSE;
    }
  return *name == '\0';
}

const char *
tide_expression_skip_name (const char *at,
                           const char *name)
{
  const char *end = tide_expression_skip_token (at);

  return *at != '\0' && is_name (at, end, name) ? end : NULL;
}

const char *
tide_expression_find_close (const char *at)
{
  guint depth = 0;

  while (*at != '\0')
    {
      if (*at == '(' || *at == '[')
        depth++;
      else if (*at == ')' || *at == ']')
        depth--;
      if (depth == 0)
        return at;
      at = tide_expression_skip_token (at);
    }
  return NULL;
}

/* --- texts that mean the same --- */

/* Each element of the list up to @end as `(element)::type` */
static void
append_cast_elements (GString    *text,
                      const char *at,
                      const char *end,
                      const char *type,
                      int         type_length)
{
  while (at < end)
    {
      const char *start = at;

      while (at < end && *at != ',')
        {
          const char *close = *at == '(' || *at == '[' ? tide_expression_find_close (at) : NULL;

          at = close != NULL ? close + 1 : tide_expression_skip_token (at);
        }
      g_string_append_printf (text, "(%.*s)::%.*s", (int) (at - start), start, type_length, type);
      if (at < end)
        {
          g_string_append (text, ", ");
          at++;
          at += *at == ' ' ? 1 : 0;
        }
    }
}

/* `(ARRAY['a'::character varying])::text[]` reads `ARRAY[('a'::character varying)::text]` after one more round through the
 * server's parser. */
static char *
dup_settled (const char *expression)
{
  GString *text = g_string_new (NULL);

  for (const char *at = expression; *at != '\0';)
    {
      gboolean array = g_str_has_prefix (at, "(ARRAY[");
      const char *close = array ? tide_expression_find_close (at + strlen ("(ARRAY")) : NULL;
      const char *type = close == NULL || !g_str_has_prefix (close, "])::") ? NULL : close + strlen ("])::");
      int length = type == NULL ? 0 : (int) strcspn (type, "[](),");
      const char *next = tide_expression_skip_token (at);

      if (length > 0 && g_str_has_prefix (type + length, "[]"))
        {
          g_string_append (text, "ARRAY[");
          append_cast_elements (text, at + strlen ("(ARRAY["), close, type, length);
          g_string_append_c (text, ']');
          at = type + length + strlen ("[]");
          continue;
        }
      g_string_append_len (text, at, next - at);
      at = next;
    }
  return g_string_free (text, FALSE);
}

/* (transfer full): as it reads after one more round through the server's parser */
static char *
dup_once_more (const char *expression)
{
  g_autofree char *settled = strstr (expression, "ARRAY[") == NULL ? NULL : dup_settled (expression);
  char *flat = tide_boolean_chain_flatten (settled == NULL ? expression : settled);

  if (flat != NULL)
    return flat;
  return settled == NULL ? g_strdup (expression) : g_steal_pointer (&settled);
}

gboolean
tide_expression_equal (const char *left,
                       const char *right)
{
  g_autofree char *settled = NULL;
  g_autofree char *other = NULL;

  if ((strstr (left, "ARRAY[") == NULL || strstr (right, "ARRAY[") == NULL) && strstr (left, "((") == NULL
      && strstr (right, "((") == NULL)
    return FALSE;
  settled = dup_once_more (left);
  other = dup_once_more (right);
  return g_str_equal (settled, other);
}

/* --- texts of servers of other majors --- */

static gboolean
is_word (const char *at)
{
  return g_ascii_isalpha (*at) || *at == '_' || *at == '"' || (guchar) *at >= 0x80;
}

/* Whether the word from @at to @end, before a dot, can name a table that a column is of: no schema of a type or a function */
static gboolean
is_qualifier (const char *start,
              const char *at,
              const char *end)
{
  return is_word (at) && *end == '.' && is_word (end + 1) && *tide_expression_skip_token (end + 1) != '('
         && (at == start || (at[-1] != ':' && at[-1] != '.'));
}

/* Whether @with is @without, but for one name before columns */
static gboolean
is_qualified (const char *with,
              const char *without)
{
  const char *start = with;
  const char *qualifier = NULL;
  gsize qualifier_length = 0;

  while (*with != '\0')
    {
      const char *end = tide_expression_skip_token (with);
      const char *other_end = *without == '\0' ? without : tide_expression_skip_token (without);
      gsize length = end - with;
      gboolean same = length == (gsize) (other_end - without) && memcmp (with, without, length) == 0;

      if (same && (*end != '.' || *other_end == '.'))
        {
          with = end;
          without = other_end;
          continue;
        }
      if (!is_qualifier (start, with, end)
          || (qualifier != NULL && (length != qualifier_length || memcmp (with, qualifier, length) != 0)))
        return FALSE;
      qualifier = with;
      qualifier_length = length;
      with = end + 1;
    }
  return *without == '\0';
}

gboolean
tide_expression_equal_across (const char *left,
                              const char *right)
{
  return tide_expression_equal (left, right) || is_qualified (left, right) || is_qualified (right, left);
}

/* `'de@collation=phonebook'` and `'de-u-co-phonebk'` begin with `'de` */
static void
cut_keywords (char *locale)
{
  char *keywords = strstr (locale, "-u-");

  if (keywords == NULL)
    keywords = locale + strcspn (locale, "@");
  if (*keywords == '\0' && g_str_has_suffix (locale, "'"))
    keywords--;
  *keywords = '\0';
}

gboolean
tide_locale_equal_across (const char *left,
                          const char *right)
{
  g_autofree char *one = g_strdelimit (g_ascii_strdown (left, -1), "_", '-');
  g_autofree char *other = g_strdelimit (g_ascii_strdown (right, -1), "_", '-');

  if (strchr (one, '@') == NULL && strchr (other, '@') == NULL)
    return g_str_equal (one, other);
  cut_keywords (one);
  cut_keywords (other);
  return g_str_equal (one, other);
}

/* --- texts that become the same --- */

const char *
tide_expression_skip_dollars (const char *at)
{
  const char *end = at + 1;
  g_autofree char *tag = NULL;
  const char *close;

  while (g_ascii_isalnum (*end) || *end == '_')
    end++;
  if (*at != '$' || *end != '$')
    return at;
  tag = g_strndup (at, end + 1 - at);
  close = strstr (end + 1, tag);
  return close == NULL ? at + strlen (at) : close + strlen (tag);
}

/* (nullable): where the type begins that the array at @at, an operand of ANY or ALL, is cast to as a whole. Only the parser makes
 * such a cast, of an array of another type; one that a person writes goes to the elements. */
static const char *
find_cast_of_array (const char *start,
                    const char *at)
{
  const char *close = NULL;

  if (!g_str_has_prefix (at, "(ARRAY[") || at - start < 5
      || (strncmp (at - 5, "ANY (", 5) != 0 && strncmp (at - 5, "ALL (", 5) != 0))
    return NULL;
  close = tide_expression_find_close (at + strlen ("(ARRAY"));
  if (close == NULL || !g_str_has_prefix (close, "])::text[]"))
    return NULL;
  return close + strlen ("]");
}

static char *
dup_exact_arrays (const char *sql)
{
  GString *text;

  if (strstr (sql, "((ARRAY[") == NULL)
    return NULL;
  text = g_string_new (NULL);
  for (const char *at = sql; *at != '\0';)
    {
      const char *cast = find_cast_of_array (sql, at);
      const char *next = tide_expression_skip_dollars (at);

      if (cast != NULL)
        {
          g_string_append_len (text, at + 1, cast - at - 1);
          at = cast + strlen (")::text[]");
          continue;
        }
      next = next == at ? tide_expression_skip_token (at) : next;
      g_string_append_len (text, at, next - at);
      at = next;
    }
  return g_string_free (text, FALSE);
}

char *
tide_expression_dup_exact (const char *sql)
{
  g_autofree char *arrays = dup_exact_arrays (sql);
  char *kept = tide_boolean_chain_keep (arrays == NULL ? sql : arrays);

  return kept != NULL ? kept : g_steal_pointer (&arrays);
}

/* --- names in texts --- */

/* As the server writes it: quoted only where it must be */
static void
append_name (GString    *text,
             const char *name,
             gboolean    quoted)
{
  gboolean plain = !quoted && (g_ascii_islower (*name) || *name == '_');

  for (const char *c = name; plain && *c != '\0'; c++)
    plain = g_ascii_islower (*c) || g_ascii_isdigit (*c) || *c == '_';
  if (plain)
    {
      g_string_append (text, name);
      return;
    }
  g_string_append_c (text, '"');
  for (const char *c = name; *c != '\0'; c++)
    g_string_append_printf (text, *c == '"' ? "\"%c" : "%c", *c);
  g_string_append_c (text, '"');
}

char *
tide_expression_rename (const char *expression,
                        const char *from,
                        const char *to,
                        gboolean    qualifier)
{
  GString *text = g_string_new (NULL);

  for (const char *at = expression; *at != '\0';)
    {
      const char *end = tide_expression_skip_token (at);

      if (*at == '\'' && g_str_has_prefix (end, "::regclass"))
        {
          g_autofree char *inner = g_strndup (at + 1, end - at - 2);
          g_autofree char *renamed = tide_expression_rename (inner, from, to, qualifier);

          g_string_append_printf (text, "'%s'", renamed);
        }
      else if (*at != '\'' && is_name (at, end, from) && (!qualifier || *end == '.'))
        {
          append_name (text, to, *at == '"');
        }
      else
        {
          g_string_append_len (text, at, end - at);
        }
      at = end;
    }
  return g_string_free (text, FALSE);
}
