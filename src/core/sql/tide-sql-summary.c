/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-summary"

#include "config.h"

#include "sql/tide-sql-head.h"
#include "sql/tide-sql-summary.h"

typedef struct
{
  const char *word; /* the keyword, or NULL for a count that is no kind of object */
  const char *one;
  const char *many;
} Kind;

/* In the order in which they are told */
static const Kind kinds[] = {
  { "schema", "schema", "schemas" },
  { "extension", "extension", "extensions" },
  { "type", "type", "types" },
  { "domain", "domain", "domains" },
  { "sequence", "sequence", "sequences" },
  { "table", "table", "tables" },
  { "view", "view", "views" },
  { "index", "index", "indexes" },
  { "function", "function", "functions" },
  { "procedure", "procedure", "procedures" },
  { "trigger", "trigger", "triggers" },
  { "policy", "policy", "policies" },
};

enum
{
  COUNT_ALTERED = G_N_ELEMENTS (kinds),
  COUNT_DROPPED,
  COUNT_DATA,
  N_COUNTS,
};

static const Kind others[] = {
  [COUNT_ALTERED - COUNT_ALTERED] = { NULL, "alteration", "alterations" },
  [COUNT_DROPPED - COUNT_ALTERED] = { NULL, "drop", "drops" },
  [COUNT_DATA - COUNT_ALTERED] = { NULL, "data change", "data changes" },
};

/* Index into the counts; N_COUNTS: nothing worth telling */
static guint
find_created (const TideSqlHead *head)
{
  static const char *const between[] = {
    "or", "replace", "unique", "temp", "temporary", "global", "local", "unlogged", "materialized", "recursive",
    "constraint", "foreign", "event",
  };

  for (guint i = 1; i < head->n_tokens; i++)
    {
      gboolean skip = FALSE;

      for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
        if (tide_sql_head_is (head, i, kinds[k].word))
          return k;
      for (guint k = 0; k < G_N_ELEMENTS (between) && !skip; k++)
        skip = tide_sql_head_is (head, i, between[k]);
      if (!skip)
        break;
    }
  return N_COUNTS;
}

static guint
find_count (const TideSqlHead *head)
{
  static const char *const data[] = { "insert", "update", "delete", "truncate", "merge", "copy" };

  if (tide_sql_head_is (head, 0, "create"))
    return find_created (head);
  if (tide_sql_head_is (head, 0, "alter"))
    return COUNT_ALTERED;
  if (tide_sql_head_is (head, 0, "drop"))
    return COUNT_DROPPED;
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    if (tide_sql_head_is (head, 0, data[i]))
      return COUNT_DATA;
  return N_COUNTS;
}

static void
append_count (GString    *text,
              guint       n,
              const Kind *kind)
{
  if (n > 0)
    g_string_append_printf (text, "%s%u %s", text->len > 0 ? ", " : "", n, n == 1 ? kind->one : kind->many);
}

char *
tide_sql_summarise (const TideSqlScript *script)
{
  static const Kind statements = { NULL, "statement", "statements" };
  guint n_statements = tide_sql_script_get_n_statements (script);
  GString *text = g_string_new (NULL);
  guint counts[N_COUNTS + 1] = { 0 };

  if (n_statements == 0)
    return g_string_free (g_string_append (text, "no statements"), FALSE);
  for (guint i = 0; i < n_statements; i++)
    {
      TideSqlHead head;

      tide_sql_head_init (&head, tide_sql_script_get_text (script), tide_sql_script_get_statement (script, i));
      counts[find_count (&head)]++;
    }
  for (guint i = 0; i < N_COUNTS; i++)
    append_count (text, counts[i], i < COUNT_ALTERED ? &kinds[i] : &others[i - COUNT_ALTERED]);
  append_count (text, n_statements, &statements);
  return g_string_free (text, FALSE);
}
