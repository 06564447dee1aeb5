/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-schema"

#include "config.h"

#include "health/tide-health-private.h"

#define NEAR_END     75
#define TOO_NEAR_END 90

/* A bigint that counts from one does not end in a lifetime, unless the column that it fills is a narrower one: never an identity
 * column, whose type is its sequence's. What is left is looked at where most was inserted: each costs the server the opening of a file. */
#define MOST_SEQUENCES "500"

static char *
dup_sequences_sql (int version)
{
  return g_strdup (
    "WITH owned AS MATERIALIZED (\n"
    "  SELECT s.seqrelid, s.seqstart, s.seqincrement, d.refobjid, d.refobjsubid,\n"
    "    CASE WHEN s.seqincrement > 0 THEN s.seqmax ELSE s.seqmin END AS bound\n"
    "    FROM pg_sequence s\n"
    "    LEFT JOIN pg_depend d ON d.classid = 1259 AND d.objid = s.seqrelid AND d.refclassid = 1259 AND d.refobjsubid > 0\n"
    "                         AND d.deptype IN ('a', 'i')\n"
    "   WHERE NOT s.seqcycle AND (d.deptype = 'a' OR CASE WHEN s.seqincrement > 0 THEN s.seqmax < 9007199254740992\n"
    "                                                     ELSE s.seqmin > -9007199254740992 END)),\n"
    "finite AS MATERIALIZED (\n"
    "  SELECT * FROM (\n"
    "    SELECT o.*, a.attname,\n"
    "      CASE WHEN o.seqincrement > 0 THEN least(o.bound, CASE a.atttypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 END)\n"
    "           ELSE greatest(o.bound, CASE a.atttypid WHEN 21 THEN -32768 WHEN 23 THEN -2147483648 END) END AS last\n"
    "      FROM owned o JOIN pg_class c ON c.oid = o.seqrelid\n"
    "      LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid\n"
    "     WHERE c.relpersistence <> 't' AND (c.relpersistence = 'p' OR NOT pg_is_in_recovery())) AS narrow\n"
    "   WHERE abs(last::numeric) < 9007199254740992),\n"
    "used AS MATERIALIZED (\n"
    "  SELECT *, CASE WHEN has_sequence_privilege(seqrelid, 'SELECT,USAGE') THEN pg_sequence_last_value(seqrelid) END AS value\n"
    "    FROM (SELECT * FROM finite ORDER BY greatest(pg_stat_get_tuples_inserted(refobjid), pg_stat_get_live_tuples(refobjid))\n"
    "            DESC NULLS LAST, seqrelid LIMIT " MOST_SEQUENCES ") AS most),\n"
    "shares AS (SELECT *, CASE WHEN value IS NULL OR last = seqstart THEN 0\n"
    "                       ELSE 100 * (value::numeric - seqstart) / (last - seqstart) END AS share FROM used)\n"
    "SELECT seqrelid::regclass::text, refobjid::regclass::text, attname, value, last, round(share, 1), (SELECT count(*) FROM finite)\n"
    "  FROM shares WHERE share >= 50 OR seqrelid = (SELECT min(seqrelid) FROM shares)\n"
    " ORDER BY share DESC LIMIT 50");
}

static void
judge_sequences (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "schema", "sequences", _("Sequences"));
  int n_all = tide_result_get_n_rows (result) > 0 ? tide_result_get_int64 (result, 0, 6) : 0;
  g_autofree char *looked = NULL;

  check->threshold = g_strdup_printf (_("%d %% used"), NEAR_END);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      double share = g_ascii_strtod (tide_result_get_value (result, i, 5), NULL);
      const char *table = tide_result_get_value (result, i, 1);
      const char *column = tide_result_get_value (result, i, 2);

      if (share < NEAR_END)
        continue;
      tide_health_check_take_row (check, share >= TOO_NEAR_END ? TIDE_HEALTH_CRITICAL : TIDE_HEALTH_WARNING,
                                  g_strdup (tide_result_get_value (result, i, 0)),
                                  g_strdup_printf (_("%.1f %% used, ends at %s%s%s%s%s"), share,
                                                   tide_result_get_value (result, i, 4), table ? _("; for ") : "",
                                                   table ? table : "", column ? "." : "", column ? column : ""));
    }
  looked = n_all > atoi (MOST_SEQUENCES) ? g_strdup_printf (_("; looked at the %s with most inserts of %d"),
                                                            MOST_SEQUENCES, n_all) : g_strdup ("");
  check->value = check->rows->len == 0
                   ? g_strdup_printf (_("None near its end%s"), looked)
                   : g_strdup_printf (g_dngettext (NULL, "%u near its end%s", "%u near their ends%s", check->rows->len),
                                      check->rows->len, looked);
  if (check->rows->len > 0)
    check->advice = g_strdup (_("At the end every INSERT fails. Change the column and its sequence to bigint in good time: "
                                "it rewrites the table, so in steps on a large one"));
}

static char *
dup_not_valid_sql (int version)
{
  return g_strdup_printf (
    "SELECT k.conname, k.conrelid::regclass::text, quote_ident(k.conname)\n"
    "  FROM pg_constraint k WHERE NOT k.convalidated AND k.conrelid <> 0%s\n"
    " ORDER BY 2, 1 LIMIT 50", version >= 180000 ? " AND k.conenforced" : "");
}

static void
judge_not_valid (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "schema", "not-valid-constraints", _("Constraints not validated"));

  check->threshold = g_strdup (_("any"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *table = tide_result_get_value (result, i, 1);
      TideHealthRow *row = tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup (tide_result_get_value (result, i, 0)),
                                                       g_strdup_printf (_("of %s"), table));

      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("ALTER TABLE %s VALIDATE CONSTRAINT %s;", table, tide_result_get_value (result, i, 2));
    }
  check->value = check->rows->len == 0 ? g_strdup (_("None")) : g_strdup_printf ("%u", check->rows->len);
  if (check->rows->len > 0)
    check->advice = g_strdup (_("They hold for new rows only, and the planner does not rely on them: VALIDATE CONSTRAINT in a "
                                "migration reads the table without blocking writes"));
}

const TideHealthProbe tide_health_schema_probes[] = {
  { "schema", "not-valid-constraints", N_("Constraints not validated"), TRUE, dup_not_valid_sql, judge_not_valid },
  { "schema", "sequences", N_("Sequences"), FALSE, dup_sequences_sql, judge_sequences },
  { NULL }
};
