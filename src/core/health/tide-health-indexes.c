/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-indexes"

#include "config.h"

#include "health/tide-health-private.h"

/* The first row on, or none: how many there are */
static void
set_found (TideHealthCheck *check,
           const char      *advice)
{
  if (check->rows->len == 0)
    {
      check->value = g_strdup (_("None"));
      return;
    }
  check->value = check->rows->len < TIDE_HEALTH_MAX_ROWS ? g_strdup_printf ("%u", check->rows->len)
                                                         : g_strdup_printf (_("%u or more"), check->rows->len);
  check->advice = g_strdup (advice);
}

static char *
dup_invalid_sql (int version)
{
  return g_strdup (
    "SELECT x.indexrelid::regclass::text, x.indrelid::regclass::text, c.relname, c.relkind,\n"
    "  EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)\n"
    "  FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid\n"
    " WHERE NOT (x.indisvalid AND x.indisready) AND x.indislive ORDER BY 1 LIMIT 50");
}

/* "orders_pkey_ccnew", also with a number behind: what REINDEX CONCURRENTLY leaves where it is stopped */
static gboolean
is_leftover (const char *name)
{
  return g_regex_match_simple ("_cc(new|old)[0-9]*$", name, 0, 0);
}

static void
judge_invalid (TideHealth *health,
               TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "invalid-indexes", _("Invalid indexes"));

  check->threshold = g_strdup (_("any"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *index = tide_result_get_value (result, i, 0);
      const char *table = tide_result_get_value (result, i, 1);
      gboolean is_built = tide_result_get_boolean (result, i, 4);
      gboolean leftover = is_leftover (tide_result_get_value (result, i, 2));
      gboolean partitioned = g_str_equal (tide_result_get_value (result, i, 3), "I");
      char *text;
      TideHealthRow *row;

      if (is_built)
        text = g_strdup_printf (_("of %s; it is being built at this moment"), table);
      else if (leftover)
        text = g_strdup_printf (_("of %s; left by a REINDEX CONCURRENTLY that was stopped: drop it"), table);
      else if (partitioned)
        text = g_strdup_printf (_("of %s; an index is not attached on every partition"), table);
      else
        text = g_strdup_printf (_("of %s; no query uses it, every write pays for it: build it again"), table);
      row = tide_health_check_take_row (check, is_built ? TIDE_HEALTH_NOTICE : TIDE_HEALTH_WARNING, g_strdup (index), text);
      if (is_built || partitioned)
        continue;
      row->action = leftover ? TIDE_HEALTH_ACTION_OPEN_SQL : TIDE_HEALTH_ACTION_REINDEX;
      row->argument = leftover ? g_strdup_printf ("DROP INDEX CONCURRENTLY %s;", index) : g_strdup (index);
    }
  set_found (check, _("CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed or was stopped; a unique one does not guard "
                      "what was there before"));
}

/* @result: (nullable) */
static guint
count (TideResult *result)
{
  return result ? tide_result_get_n_rows (result) : 0;
}

static void
judge_unused (TideHealth *health,
              TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "unused-indexes", _("Unused indexes"));

  check->threshold = g_strdup (_("1 MB, and not one scan"));
  for (guint i = 0; i < count (result); i++)
    {
      const char *index = tide_result_get_value (result, i, 0);
      const char *since = tide_result_get_value (result, i, 3);
      g_autofree char *size = g_format_size (tide_result_get_int64 (result, i, 2));
      TideHealthRow *row =
        tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup (index),
                                    since ? g_strdup_printf (_("of %s; %s, not used since %s"),
                                                             tide_result_get_value (result, i, 1), size, since)
                                          : g_strdup_printf (_("of %s; %s, never used"),
                                                             tide_result_get_value (result, i, 1), size));

      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("DROP INDEX CONCURRENTLY %s;", index);
    }
  set_found (check, _("Each makes writes slower and takes space. Look whether a replica uses it, or a report that runs once "
                      "a month, before you drop it in a migration"));
}

static void
judge_duplicate (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "duplicate-indexes", _("Duplicate indexes"));

  check->threshold = g_strdup (_("any"));
  for (guint i = 0; i < count (result); i++)
    {
      const char *index = tide_result_get_value (result, i, 0);
      TideHealthRow *row =
        tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup (index),
                                    g_strdup_printf (_("of %s; the same as %s"), tide_result_get_value (result, i, 1),
                                                     tide_result_get_value (result, i, 2)));

      if (tide_result_get_boolean (result, i, 3))
        continue;
      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("DROP INDEX CONCURRENTLY %s;", index);
    }
  set_found (check, _("Two indexes on the same columns cost twice and help once: drop one of them in a migration"));
}

static void
judge_foreign (TideHealth *health,
               TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "foreign-keys-without-index", _("Foreign keys without an index"));

  check->threshold = g_strdup (_("tables of 1,000 rows"));
  for (guint i = 0; i < count (result); i++)
    {
      const char *table = tide_result_get_value (result, i, 1);
      const char *columns = tide_result_get_value (result, i, 3);
      TideHealthRow *row =
        tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup_printf ("%s (%s)", table, columns),
                                    g_strdup_printf (_("%s; every DELETE in %s reads all of it"),
                                                     tide_result_get_value (result, i, 0), tide_result_get_value (result, i, 2)));

      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("CREATE INDEX %sON %s (%s);",
                                       tide_result_get_boolean (result, i, 4) ? "" : "CONCURRENTLY ", table, columns);
    }
  set_found (check, _("Deleting or changing a row that is referred to looks for those that refer to it, and joins do so, too: "
                      "add the index in a migration"));
}

void
tide_health_judge_indexes (TideHealth              *health,
                           const TideHealthCatalog *catalog)
{
  judge_unused (health, catalog->unused);
  judge_duplicate (health, catalog->duplicate);
  judge_foreign (health, catalog->foreign);
}

const TideHealthProbe tide_health_index_probes[] = {
  { "indexes", "invalid-indexes", N_("Invalid indexes"), TRUE, TRUE, dup_invalid_sql, judge_invalid },
  { NULL }
};
