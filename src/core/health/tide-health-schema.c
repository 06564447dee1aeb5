/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-schema"

#include "config.h"

#include "health/tide-health-private.h"

#define NEAR_END     75
#define TOO_NEAR_END 90

/* A bigint that counts from one does not end in a lifetime, unless the column that it fills is a narrower one: never an identity
 * column, whose type is its sequence's. Each bigint costs a look for its column, and each that is left the opening of a file: those are
 * looked at that are used most. */
#define MOST_WIDE      "500"
#define MOST_SEQUENCES "500"

static char *
dup_sequences_sql (int version)
{
  return g_strdup (
    "WITH bounded AS MATERIALIZED (\n"
    "  SELECT seqrelid, seqstart, seqincrement, CASE WHEN seqincrement > 0 THEN seqmax ELSE seqmin END AS bound\n"
    "    FROM pg_sequence WHERE NOT seqcycle),\n"
    "chosen AS MATERIALIZED (\n"
    "  (SELECT *, true AS is_wide FROM bounded WHERE bound NOT BETWEEN -9007199254740991 AND 9007199254740991\n"
    "    ORDER BY pg_stat_get_blocks_fetched(seqrelid) DESC NULLS LAST, seqrelid LIMIT " MOST_WIDE ")\n"
    "  UNION ALL SELECT *, false FROM bounded WHERE bound BETWEEN -9007199254740991 AND 9007199254740991),\n"
    "owned AS MATERIALIZED (\n"
    "  SELECT s.seqrelid, s.seqstart, s.seqincrement, s.bound, d.refobjid, d.refobjsubid FROM chosen s LEFT JOIN LATERAL (\n"
    "    SELECT refobjid, refobjsubid, deptype FROM pg_depend WHERE classid = 1259 AND objid = s.seqrelid AND refclassid = 1259\n"
    "       AND refobjsubid > 0 AND deptype IN ('a', 'i') LIMIT 1) AS d ON true\n"
    "   WHERE d.deptype = 'a' OR NOT s.is_wide),\n"
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
    "SELECT s.seqrelid::regclass::text, s.refobjid::regclass::text, s.attname, s.value, s.last, round(s.share, 1), n.finite, n.wide\n"
    "  FROM (SELECT (SELECT count(*) FROM finite) AS finite,\n"
    "               (SELECT count(*) FROM bounded) - (SELECT count(*) FROM chosen) AS wide) AS n\n"
    "  LEFT JOIN shares s ON s.share >= 50 ORDER BY s.share DESC LIMIT 50");
}

/* Which were not looked at, for behind another text */
static char *
dup_left_out (gint64 n_finite,
              gint64 n_wide)
{
  if (n_finite > atoi (MOST_SEQUENCES))
    return g_strdup_printf (_("; looked at the %s with most inserts of %d"), MOST_SEQUENCES, (int) n_finite);
  return g_strdup (n_wide > 0 ? _("; looked at the bigint ones that are used most") : "");
}

static void
judge_sequences (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "schema", "sequences", _("Sequences"));
  g_autofree char *looked = dup_left_out (tide_result_get_int64 (result, 0, 6), tide_result_get_int64 (result, 0, 7));

  check->threshold = g_strdup_printf (_("%d %% used"), NEAR_END);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *share_text = tide_result_get_value (result, i, 5);
      double share = share_text ? g_ascii_strtod (share_text, NULL) : 0;
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
  { "schema", "not-valid-constraints", N_("Constraints not validated"), TRUE, TRUE, dup_not_valid_sql, judge_not_valid },
  { "schema", "sequences", N_("Sequences"), FALSE, FALSE, dup_sequences_sql, judge_sequences },
  { NULL }
};
