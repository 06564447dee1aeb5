/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "schema/pair.h"
#include "schema/pairs.h"

static void
append (GString    *sql,
        const char *name,
        const char *part)
{
  g_string_append_printf (sql, "CREATE SCHEMA \"%s\"; SET search_path = \"%s\";\n%s;\n", name, name, part);
}

static void
test_all (gconstpointer data)
{
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);

  for (const TideTestPair *pair = data; pair->name != NULL; pair++)
    {
      append (before, pair->name, pair->before);
      append (after, pair->name, pair->after);
    }
  tide_test_pair_both_ways (before->str, after->str);
}

static void
test_one (gconstpointer data)
{
  const TideTestPair *pair = data;

  tide_test_pair_both_ways (pair->before, pair->after);
}

static void
add_one_by_one (const char         *path,
                const TideTestPair *pairs,
                const char         *pattern)
{
  for (; pairs->name != NULL; pairs++)
    {
      g_autofree char *one = g_strdup_printf ("%s/%s", path, pairs->name);

      if (g_pattern_match_simple (pattern, pairs->name))
        g_test_add_data_func (one, pairs, test_one);
    }
}

void
tide_test_add_pairs (const char         *path,
                     const TideTestPair *pairs)
{
  const char *pattern = g_getenv ("TIDE_TEST_PAIRS");

  if (pattern == NULL)
    g_test_add_data_func (path, pairs, test_all);
  else
    add_one_by_one (path, pairs, pattern);
}

void
tide_test_add_lone_pairs (const char         *path,
                          const TideTestPair *pairs)
{
  const char *pattern = g_getenv ("TIDE_TEST_PAIRS");

  add_one_by_one (path, pairs, pattern == NULL ? "*" : pattern);
}
