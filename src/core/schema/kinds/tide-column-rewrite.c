/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-column-rewrite"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/kinds/tide-table-ddl.h"

/* What the server leaves as it is, and what it writes anew: by its support functions of types, and since PostgreSQL 11 by the
 * volatility of a default (https://www.postgresql.org/docs/current/sql-altertable.html, notes) */

/* "timestamp(3) with time zone": what stands around the digits, which are 6 unless they are told
 * Returns: (transfer full): without them */
static char *
split_precision (const char *type,
                 guint      *precision)
{
  const char *open = strchr (type, '(');
  const char *close = open == NULL ? NULL : strchr (open, ')');

  *precision = 6;
  if (close == NULL || sscanf (open, "(%u)", precision) != 1)
    return g_strdup (type);
  return g_strdup_printf ("%.*s%s", (int) (open - type), type, close + 1);
}

static gboolean
keeps_time (const char *from,
            const char *to)
{
  guint old_precision;
  guint new_precision;
  g_autofree char *old = split_precision (from, &old_precision);
  g_autofree char *new = split_precision (to, &new_precision);

  return g_str_has_prefix (old, "time") && g_str_equal (old, new) && new_precision >= old_precision;
}

static gboolean
keeps_numeric (const char *from,
               const char *to)
{
  guint old_precision, old_scale, new_precision, new_scale;

  if (sscanf (from, "numeric(%u,%u)", &old_precision, &old_scale) != 2)
    return FALSE;
  if (g_str_equal (to, "numeric"))
    return TRUE;
  return sscanf (to, "numeric(%u,%u)", &new_precision, &new_scale) == 2 && new_scale == old_scale && new_precision >= old_precision;
}

static gboolean
keeps_length (const char *from,
              const char *to)
{
  guint old_length, new_length;

  if (sscanf (from, "character varying(%u)", &old_length) == 1)
    return g_str_equal (to, "text") || g_str_equal (to, "character varying")
           || (sscanf (to, "character varying(%u)", &new_length) == 1 && new_length >= old_length);
  if (sscanf (from, "bit varying(%u)", &old_length) == 1)
    return g_str_equal (to, "bit varying") || (sscanf (to, "bit varying(%u)", &new_length) == 1 && new_length >= old_length);
  return (g_str_equal (from, "character varying") && g_str_equal (to, "text"))
         || (g_str_equal (from, "text") && g_str_equal (to, "character varying"));
}

gboolean
tide_column_keeps_rows (const char *from,
                        const char *to)
{
  if (g_str_has_suffix (from, "[]") || g_str_has_suffix (to, "[]"))
    return FALSE;
  return keeps_length (from, to) || keeps_numeric (from, to) || keeps_time (from, to);
}

gboolean
tide_column_takes_all (const char *from,
                       const char *to)
{
  static const struct { const char *from, *to; } pairs[] = {
    { "smallint", "integer" }, { "smallint", "bigint" }, { "smallint", "numeric" }, { "integer", "bigint" }, { "integer", "numeric" },
    { "bigint", "numeric" }, { "smallint", "double precision" }, { "integer", "double precision" }, { "real", "double precision" },
    { "date", "timestamp without time zone" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_str_equal (from, pairs[i].from) && g_str_equal (to, pairs[i].to))
      return TRUE;
  return tide_column_keeps_rows (from, to) || (g_str_equal (to, "text") && !g_str_has_suffix (from, "[]"));
}

/* Whether a function of that name, before the parenthesis at @end, gives the same for all rows of one statement: no type, no word
 * of the language, and known to be stable */
static gboolean
is_stable (const char *start,
           const char *end)
{
  static const char *const names[] = {
    "now", "transaction_timestamp", "statement_timestamp", "current_timestamp", "localtimestamp", "localtime", "current_time", "current_setting",
    "timezone", "date_trunc", "age", "make_interval", "jsonb_build_object", "jsonb_build_array", "to_jsonb", "lower", "upper", "md5",
    "numeric", "varying", "character", "bpchar", "bit", "timestamp", "time", "interval", "decode", "coalesce", NULL
  };
  g_autofree char *name = g_ascii_strdown (start, end - start);

  return g_strv_contains (names, name);
}

gboolean
tide_default_is_written (const char *expression)
{
  const char *start = NULL;

  for (const char *c = expression; *c != '\0'; c++)
    {
      if (*c == '\'')
        {
          c = strchr (c + 1, '\'');
          start = NULL;
          if (c == NULL)
            return TRUE;
        }
      else if (g_ascii_isalnum (*c) || *c == '_' || *c == '"')
        {
          start = start == NULL ? c : start;
        }
      else
        {
          if (*c == '(' && start != NULL && !is_stable (start, c))
            return TRUE;
          start = NULL;
        }
    }
  return FALSE;
}
