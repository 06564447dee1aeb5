/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-type"

#include "config.h"

#include <string.h>

#include "lint/tide-lint-type.h"

TideLintType *
tide_lint_type_new (const TideSqlNode *node)
{
  const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (node, "names"));
  const TideSqlNode *mod = tide_sql_node_first (tide_sql_node_get (node, "typmods"));
  static const char *const serials[][2] = {
    { "smallserial", "int2" }, { "serial2", "int2" }, { "serial", "int4" }, { "serial4", "int4" }, { "bigserial", "int8" }, { "serial8", "int8" },
  };
  TideLintType *self;

  if (name == NULL)
    return NULL;
  self = g_new0 (TideLintType, 1);
  while (tide_sql_node_next (name) != NULL)
    name = tide_sql_node_next (name);
  self->name = g_strdup (tide_sql_node_get_string (name));
  /* Those that come with a sequence are no types of their own */
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++)
    if (g_str_equal (self->name, serials[i][0]))
      {
        g_free (self->name);
        self->name = g_strdup (serials[i][1]);
      }
  self->is_array = tide_sql_node_get (node, "arrayBounds") != NULL;
  for (; mod != NULL && self->n_mods < G_N_ELEMENTS (self->mods); mod = tide_sql_node_next (mod))
    {
      const TideSqlNode *constant = tide_sql_node_as (mod, "A_Const");

      self->mods[self->n_mods++] = tide_sql_node_get_integer (tide_sql_node_get (constant, "ival"), "ival");
    }
  return self;
}

TideLintType *
tide_lint_type_parse (const char *text)
{
  g_autofree char *statement = g_strdup_printf ("SELECT NULL::%s", text);
  g_autoptr(TideSqlTree) tree = tide_sql_tree_parse (statement);

  return tree ? tide_lint_type_new (tide_sql_node_find (tide_sql_tree_get_root (tree, NULL), "typeName")) : NULL;
}

void
tide_lint_type_free (TideLintType *self)
{
  g_free (self->name);
  g_free (self);
}

char *
tide_lint_type_dup_text (const TideLintType *self)
{
  static const char *const words[][2] = {
    { "int2", "smallint" }, { "int4", "integer" }, { "int8", "bigint" }, { "float4", "real" }, { "float8", "double precision" },
    { "bool", "boolean" }, { "bpchar", "char" },
  };
  GString *text = g_string_new (self->name);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (self->name, words[i][0]))
      g_string_assign (text, words[i][1]);
  /* An interval's first one is a mask of its fields */
  if (self->n_mods == 1 && !g_str_equal (self->name, "interval"))
    g_string_append_printf (text, "(%d)", self->mods[0]);
  else if (self->n_mods == 2 && !g_str_equal (self->name, "interval"))
    g_string_append_printf (text, "(%d,%d)", self->mods[0], self->mods[1]);
  if (self->is_array)
    g_string_append (text, "[]");
  return g_string_free (text, FALSE);
}

static gboolean
is_one (const TideLintType *self,
        const char         *names)
{
  const char *found = names;
  gsize length = strlen (self->name);

  for (; (found = strstr (found, self->name)) != NULL; found += length)
    if ((found == names || found[-1] == ' ') && (found[length] == ' ' || found[length] == '\0'))
      return TRUE;
  return FALSE;
}

/* Whether a value of one is a value of the other byte by byte: the casts WITHOUT FUNCTION between different types that people use */
static gboolean
is_same_in_storage (const TideLintType *from,
                    const TideLintType *to)
{
  return (is_one (from, "varchar text citext") && is_one (to, "varchar text citext"))
         || (is_one (from, "cidr inet") && g_str_equal (to->name, "inet"))
         || (is_one (from, "xml") && is_one (to, "text varchar"))
         || (is_one (from, "bit varbit") && is_one (to, "bit varbit"));
}

/* How many of their kind a type holds, for those that can be ordered; 0: not among them */
static int
get_width (const TideLintType *self)
{
  static const struct { const char *name; int width; } widths[] = {
    { "int2", 1 }, { "int4", 2 }, { "int8", 3 }, { "float4", 4 }, { "float8", 5 }, { "numeric", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    if (g_str_equal (self->name, widths[i].name))
      return widths[i].width;
  return 0;
}

static gboolean
narrows_kind (const TideLintType *from,
              const TideLintType *to)
{
  int old = get_width (from);
  int new = get_width (to);

  if (old != 0 && new != 0)
    return new < old;
  if (is_one (from, "timestamp timestamptz") && is_one (to, "date time timetz"))
    return TRUE;
  /* Text into anything that is none has to be understood */
  return is_one (from, "text varchar bpchar citext json jsonb") && !is_one (to, "text varchar bpchar citext json jsonb name");
}

/* Length or precision of the same type, or of two that are stored alike; no modifier has no limit */
static TideLintTypeChange
compare_mods (const TideLintType *from,
              const TideLintType *to)
{
  gboolean is_text = is_one (to, "varchar text citext varbit");

  if (to->n_mods == 0)
    /* char is char(1), bit is bit(1) */
    return is_one (to, "bpchar bit") && from->n_mods > 0 ? TIDE_LINT_TYPE_REWRITES | TIDE_LINT_TYPE_NARROWS : TIDE_LINT_TYPE_SAME;
  if (from->n_mods == 0)
    return TIDE_LINT_TYPE_REWRITES | TIDE_LINT_TYPE_NARROWS;
  if (g_str_equal (to->name, "numeric"))
    {
      int old_scale = from->n_mods > 1 ? from->mods[1] : 0;
      int new_scale = to->n_mods > 1 ? to->mods[1] : 0;

      if (new_scale == old_scale && to->mods[0] >= from->mods[0])
        return TIDE_LINT_TYPE_SAME;
      return TIDE_LINT_TYPE_REWRITES
             | (new_scale < old_scale || to->mods[0] - new_scale < from->mods[0] - old_scale ? TIDE_LINT_TYPE_NARROWS : 0);
    }
  if (to->mods[0] == from->mods[0])
    return TIDE_LINT_TYPE_SAME;
  if (to->mods[0] < from->mods[0])
    return TIDE_LINT_TYPE_REWRITES | TIDE_LINT_TYPE_NARROWS;
  return is_text || is_one (to, "timestamp timestamptz time timetz interval") ? TIDE_LINT_TYPE_SAME : TIDE_LINT_TYPE_REWRITES;
}

/**
 * tide_lint_type_compare:
 * @from: (nullable): what the column is, where it is known
 * @to: what it becomes
 *
 * By the casts of pg_cast and the support functions of PostgreSQL 15 (ATColumnChangeRequiresRewrite() of tablecmds.c):
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 *
 * Returns: what the change does to the rows
 */
TideLintTypeChange
tide_lint_type_compare (const TideLintType *from,
                        const TideLintType *to)
{
  TideLintTypeChange change;

  if (from == NULL)
    return TIDE_LINT_TYPE_UNKNOWN;
  if (from->is_array || to->is_array)
    {
      gboolean same = from->is_array == to->is_array && g_str_equal (from->name, to->name) && from->n_mods == to->n_mods
                      && memcmp (from->mods, to->mods, sizeof (from->mods)) == 0;

      return same ? TIDE_LINT_TYPE_SAME : TIDE_LINT_TYPE_REWRITES;
    }
  if (g_str_equal (from->name, to->name) || is_same_in_storage (from, to))
    {
      change = compare_mods (from, to);
      /* Indexes on it are made anew: their operators compare differently */
      if (is_one (from, "citext") != is_one (to, "citext") || is_one (from, "bit") != is_one (to, "bit"))
        change |= TIDE_LINT_TYPE_READS;
      return change;
    }
  /* Nothing is rewritten where the session's time zone is UTC, which the text does not tell */
  if (is_one (from, "timestamp timestamptz") && is_one (to, "timestamp timestamptz"))
    return TIDE_LINT_TYPE_REWRITES;
  return TIDE_LINT_TYPE_REWRITES | (narrows_kind (from, to) ? TIDE_LINT_TYPE_NARROWS : 0);
}
