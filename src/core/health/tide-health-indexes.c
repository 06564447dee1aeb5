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

/* Of those that serve no constraint and are no copy of what the planner needs otherwise */
static char *
dup_unused_sql (int version)
{
  return g_strdup (
    "WITH idle AS MATERIALIZED (\n"
    "  SELECT oid, relpages FROM pg_class\n"
    "   WHERE relpages >= 128 AND relkind = 'i' AND oid >= 16384 AND NOT relispartition AND relpersistence <> 't'\n"
    "     AND relnamespace <> 'pg_toast'::regnamespace AND pg_stat_get_numscans(oid) = 0)\n"
    "SELECT x.indexrelid::regclass::text, x.indrelid::regclass::text, i.relpages::bigint * current_setting('block_size')::int,\n"
    "  (SELECT to_char(stats_reset, 'YYYY-MM-DD') FROM pg_stat_database WHERE datname = current_database())\n"
    "  FROM idle i JOIN pg_index x ON x.indexrelid = i.oid\n"
    " WHERE NOT x.indisunique AND NOT x.indisexclusion AND NOT x.indisreplident AND x.indisvalid\n"
    " ORDER BY i.relpages DESC, 1 LIMIT 50");
}

static void
judge_unused (TideHealth *health,
              TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "unused-indexes", _("Unused indexes"));

  check->threshold = g_strdup (_("1 MB, and not one scan"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
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

static char *
dup_duplicate_sql (int version)
{
  /* Unique in another way is another promise: where NULLs are not distinct, or where it is checked at the end only. */
  return g_strdup_printf (
    "WITH alike AS MATERIALIZED (\n"
    "  SELECT indrelid, indkey::text AS columns FROM pg_index WHERE indrelid >= 16384 AND indisvalid\n"
    "   GROUP BY 1, 2 HAVING count(*) > 1),\n"
    "same AS (\n"
    "  SELECT x.indrelid, array_agg(x.indexrelid ORDER BY x.indisprimary DESC, k.oid IS NOT NULL DESC, x.indisunique DESC,\n"
    "           c.relname) AS ids, sum(c.relpages) AS pages\n"
    "    FROM alike s JOIN pg_index x ON x.indrelid = s.indrelid AND x.indkey::text = s.columns AND x.indisvalid\n"
    "    JOIN pg_class c ON c.oid = x.indexrelid\n"
    "    LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')\n"
    "   WHERE c.relkind = 'i' AND NOT c.relispartition\n"
    "   GROUP BY x.indrelid, c.relam, x.indkey::text, x.indclass::text, x.indcollation::text, x.indoption::text, x.indnkeyatts,\n"
    "     x.indexprs::text, x.indpred::text, x.indisunique AND NOT x.indimmediate%s\n"
    "  HAVING count(*) > 1)\n"
    "SELECT other::regclass::text, ids[1]::regclass::text, same.indrelid::regclass::text,\n"
    "  EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = other)\n"
    "  FROM same CROSS JOIN unnest(ids[2:]) AS other\n"
    " ORDER BY pages DESC, 1 LIMIT 50", version >= 150000 ? ", x.indisunique AND x.indnullsnotdistinct" : "");
}

static void
judge_duplicate (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "duplicate-indexes", _("Duplicate indexes"));

  check->threshold = g_strdup (_("any"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *index = tide_result_get_value (result, i, 0);
      TideHealthRow *row =
        tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup (index),
                                    g_strdup_printf (_("of %s; the same as %s"), tide_result_get_value (result, i, 2),
                                                     tide_result_get_value (result, i, 1)));

      if (tide_result_get_boolean (result, i, 3))
        continue;
      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("DROP INDEX CONCURRENTLY %s;", index);
    }
  set_found (check, _("Two indexes on the same columns cost twice and help once: drop one of them in a migration"));
}

/* Tables that are small enough to be read through need none. */
static char *
dup_foreign_sql (int version)
{
  return g_strdup (
    "WITH large AS MATERIALIZED (\n"
    "  SELECT oid, relkind, greatest(reltuples::bigint, pg_stat_get_live_tuples(oid)) AS rows FROM pg_class\n"
    "   WHERE (relkind = 'r' OR relkind = 'p') AND oid >= 16384 AND (reltuples >= 1000 OR pg_stat_get_live_tuples(oid) >= 1000))\n"
    "SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,\n"
    "  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.n)\n"
    "     FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, n) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),\n"
    "  t.rows, t.relkind = 'p'\n"
    "  FROM large t JOIN pg_constraint k ON k.conrelid = t.oid\n"
    " WHERE k.contype = 'f' AND k.conparentid = 0\n"
    "   AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = k.conrelid AND x.indisvalid AND x.indpred IS NULL\n"
    "                      AND (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)\n"
    " ORDER BY 5 DESC, 1 LIMIT 50");
}

static void
judge_foreign (TideHealth *health,
               TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "indexes", "foreign-keys-without-index", _("Foreign keys without an index"));

  check->threshold = g_strdup (_("tables of 1,000 rows"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *table = tide_result_get_value (result, i, 1);
      const char *columns = tide_result_get_value (result, i, 3);
      TideHealthRow *row =
        tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup_printf ("%s (%s)", table, columns),
                                    g_strdup_printf (_("%s; every DELETE in %s reads all of it"),
                                                     tide_result_get_value (result, i, 0), tide_result_get_value (result, i, 2)));

      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("CREATE INDEX %sON %s (%s);",
                                       tide_result_get_boolean (result, i, 5) ? "" : "CONCURRENTLY ", table, columns);
    }
  set_found (check, _("Deleting or changing a row that is referred to looks for those that refer to it, and joins do so, too: "
                      "add the index in a migration"));
}

const TideHealthProbe tide_health_index_probes[] = {
  { "indexes", "invalid-indexes", N_("Invalid indexes"), TRUE, FALSE, dup_invalid_sql, judge_invalid },
  { "indexes", "unused-indexes", N_("Unused indexes"), FALSE, TRUE, dup_unused_sql, judge_unused },
  { "indexes", "duplicate-indexes", N_("Duplicate indexes"), FALSE, FALSE, dup_duplicate_sql, judge_duplicate },
  { "indexes", "foreign-keys-without-index", N_("Foreign keys without an index"), FALSE, TRUE, dup_foreign_sql, judge_foreign },
  { NULL }
};
