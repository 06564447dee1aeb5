/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-summary"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-head.h"
#include "sql/tide-sql-summary.h"

/* What is told, in this order; those before COUNT_ALTERED are made by the keyword in "words" */
enum
{
  COUNT_SCHEMA,
  COUNT_EXTENSION,
  COUNT_TYPE,
  COUNT_DOMAIN,
  COUNT_SEQUENCE,
  COUNT_TABLE,
  COUNT_VIEW,
  COUNT_INDEX,
  COUNT_FUNCTION,
  COUNT_PROCEDURE,
  COUNT_TRIGGER,
  COUNT_POLICY,
  COUNT_ALTERED,
  COUNT_DROPPED,
  COUNT_DATA,
  N_COUNTS,
};

static const char *const words[COUNT_ALTERED] = {
  "schema", "extension", "type", "domain", "sequence", "table", "view", "index", "function", "procedure", "trigger", "policy",
};

/* @count: N_COUNTS: statements */
static char *
dup_count (guint count,
           guint n)
{
  switch (count)
    {
    case COUNT_SCHEMA: return g_strdup_printf (g_dngettext (NULL, "%u schema", "%u schemas", n), n);
    case COUNT_EXTENSION: return g_strdup_printf (g_dngettext (NULL, "%u extension", "%u extensions", n), n);
    case COUNT_TYPE: return g_strdup_printf (g_dngettext (NULL, "%u type", "%u types", n), n);
    case COUNT_DOMAIN: return g_strdup_printf (g_dngettext (NULL, "%u domain", "%u domains", n), n);
    case COUNT_SEQUENCE: return g_strdup_printf (g_dngettext (NULL, "%u sequence", "%u sequences", n), n);
    case COUNT_TABLE: return g_strdup_printf (g_dngettext (NULL, "%u table", "%u tables", n), n);
    case COUNT_VIEW: return g_strdup_printf (g_dngettext (NULL, "%u view", "%u views", n), n);
    case COUNT_INDEX: return g_strdup_printf (g_dngettext (NULL, "%u index", "%u indexes", n), n);
    case COUNT_FUNCTION: return g_strdup_printf (g_dngettext (NULL, "%u function", "%u functions", n), n);
    case COUNT_PROCEDURE: return g_strdup_printf (g_dngettext (NULL, "%u procedure", "%u procedures", n), n);
    case COUNT_TRIGGER: return g_strdup_printf (g_dngettext (NULL, "%u trigger", "%u triggers", n), n);
    case COUNT_POLICY: return g_strdup_printf (g_dngettext (NULL, "%u policy", "%u policies", n), n);
    case COUNT_ALTERED: return g_strdup_printf (g_dngettext (NULL, "%u alteration", "%u alterations", n), n);
    case COUNT_DROPPED: return g_strdup_printf (g_dngettext (NULL, "%u drop", "%u drops", n), n);
    case COUNT_DATA: return g_strdup_printf (g_dngettext (NULL, "%u data change", "%u data changes", n), n);
    case N_COUNTS:
    default: return g_strdup_printf (g_dngettext (NULL, "%u statement", "%u statements", n), n);
    }
}

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

      for (guint k = 0; k < G_N_ELEMENTS (words); k++)
        if (tide_sql_head_is (head, i, words[k]))
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
append_count (GString *text,
              guint    count,
              guint    n)
{
  g_autofree char *told = n > 0 ? dup_count (count, n) : NULL;

  if (told != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", told);
}

char *
tide_sql_summarise (const TideSqlScript *script)
{
  guint n_statements = tide_sql_script_get_n_statements (script);
  GString *text = g_string_new (NULL);
  guint counts[N_COUNTS + 1] = { 0 };

  if (n_statements == 0)
    return g_string_free (g_string_append (text, _("no statements")), FALSE);
  for (guint i = 0; i < n_statements; i++)
    {
      TideSqlHead head;

      tide_sql_head_init (&head, tide_sql_script_get_text (script), tide_sql_script_get_statement (script, i));
      counts[find_count (&head)]++;
    }
  for (guint i = 0; i < N_COUNTS; i++)
    append_count (text, i, counts[i]);
  append_count (text, N_COUNTS, n_statements);
  return g_string_free (text, FALSE);
}
