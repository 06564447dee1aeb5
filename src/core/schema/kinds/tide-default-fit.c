/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-default-fit"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/kinds/tide-table-ddl.h"

/* A default is stored unevaluated with its column, also one that no row could ever have. ADD COLUMN evaluates it at once, for the rows
 * that are there, and fails even where there are none (https://www.postgresql.org/docs/current/sql-altertable.html, notes). */

/* How long these are at least as text. Seconds are told to the microsecond, unless they end in noughts. */
static guint
get_length_of_call (const char *expression)
{
  static const struct { const char *call; guint length; } calls[] = {
    { "now()", 28 }, { "CURRENT_TIMESTAMP", 28 }, { "transaction_timestamp()", 28 }, { "statement_timestamp()", 28 },
    { "clock_timestamp()", 28 }, { "LOCALTIMESTAMP", 25 }, { "(now() AT TIME ZONE 'utc'::text)", 25 },
    { "(now() AT TIME ZONE 'UTC'::text)", 25 }, { "timezone('utc'::text, now())", 25 }, { "timezone('UTC'::text, now())", 25 },
    { "CURRENT_TIME", 17 }, { "LOCALTIME", 14 }, { "CURRENT_DATE", 10 }, { "gen_random_uuid()", 36 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (g_str_equal (expression, calls[i].call))
      return calls[i].length;
  return 0;
}

/* (transfer full) (nullable): the value of a number or of a string, with a cast or without */
static char *
dup_constant (const char *expression)
{
  GString *value;
  const char *c = expression;

  if (*c != '\'')
    {
      char *end;

      g_ascii_strtod (c, &end);
      return end > c && *end == '\0' ? g_strdup (c) : NULL;
    }
  value = g_string_new (NULL);
  for (c++; *c != '\0' && (*c != '\'' || c[1] == '\''); c++)
    {
      g_string_append_c (value, *c);
      c += *c == '\'';
    }
  if (*c == '\'' && (c[1] == '\0' || (g_str_has_prefix (c + 1, "::") && strpbrk (c + 1, "'+-*/|(") == NULL)))
    return g_string_free (value, FALSE);
  return g_string_free (value, TRUE), NULL;
}

static gboolean
fits_length (const char *type,
             const char *expression,
             const char *constant)
{
  guint length = constant == NULL ? get_length_of_call (expression) : (guint) g_utf8_strlen (constant, -1);
  guint most;

  if (sscanf (type, "bit(%u)", &most) == 1)
    return constant == NULL || length == most;
  if (sscanf (type, "bit varying(%u)", &most) == 1)
    return length <= most;
  if (sscanf (type, "character varying(%u)", &most) != 1 && sscanf (type, "character(%u)", &most) != 1)
    return TRUE;
  /* Blanks at the end are cut. */
  if (constant != NULL)
    for (const char *end = constant + strlen (constant); length > most && end > constant && end[-1] == ' '; end--)
      length--;
  return length <= most;
}

static gboolean
fits_range (const char *type,
            const char *constant)
{
  double number = constant == NULL ? 0 : g_ascii_strtod (constant, NULL);
  double most = 1;
  int precision;
  int scale;

  if (sscanf (type, "numeric(%d,%d)", &precision, &scale) == 2)
    {
      for (int i = 0; i < ABS (precision - scale); i++)
        most = precision > scale ? most * 10 : most / 10;
      return ABS (number) < most;
    }
  if (g_str_equal (type, "smallint"))
    return number >= G_MININT16 && number <= G_MAXINT16;
  if (g_str_equal (type, "integer"))
    return number >= G_MININT32 && number <= G_MAXINT32;
  return !g_str_equal (type, "bigint") || ABS (number) < 9.3e18;
}

/* Whether it asks for a setting of an application's own, which has to be there: such are made in a session, for its rows */
static gboolean
asks_for_setting (const char *expression)
{
  const char *call = strstr (expression, "current_setting('");
  const char *name = call == NULL ? NULL : call + strlen ("current_setting('");
  gsize length = name == NULL ? 0 : strcspn (name, "'");

  return name != NULL && memchr (name, '.', length) != NULL && g_str_has_prefix (name + length, "'::text)");
}

/* (nullable): the type that a column of a domain has underneath */
static const char *
get_basic_type (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);
  const char *type = tide_schema_object_get (object, "type");

  for (guint i = 0; i < n && !g_str_has_suffix (type, "]"); i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_DOMAIN)
      return get_basic_type (on[i]);
  return type;
}

gboolean
tide_default_fits (const TideSchemaObject *column,
                   const char             *expression)
{
  const char *type = get_basic_type (column);
  g_autofree char *constant = dup_constant (expression);

  if (asks_for_setting (expression))
    return FALSE;
  return g_str_has_suffix (type, "]") || (fits_length (type, expression, constant) && fits_range (type, constant));
}
