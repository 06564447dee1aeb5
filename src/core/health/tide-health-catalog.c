/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-catalog"

#include "config.h"

#include "health/tide-health-private.h"

/* Thousands of tables are no reason to wait: pg_class, pg_index and the statistics are read through once for all that is asked of them,
 * what is the same in every row is worked out once, and the rows are put in order here.
 *
 * The true size asks the file system for every file of a table and of its indexes, and waits for whoever holds the table: it is
 * asked for the largest ones that nobody holds. What the last VACUUM or ANALYZE saw does for the others.
 *
 * Which indexes are alike is looked at where two of a table fall on the same bit by their columns. */
#define TABLES_SQL \
  "WITH classes AS MATERIALIZED (\n" \
  "  SELECT oid, relname, relnamespace, relkind, relispartition, relpages, reltuples, reltoastrelid,\n" \
  "    CASE WHEN relkind <> 'i' THEN pg_stat_get_live_tuples(oid) END AS live FROM pg_class\n" \
  "   WHERE (relkind = 'r' OR relkind = 'i' AND relpages > 1 OR relkind = 'p' OR relkind = 'm') AND oid >= 16384\n" \
  "     AND relpersistence <> 't'),\n" \
  "indexes AS (\n" \
  "  SELECT x.indrelid, sum(coalesce(i.relpages, 1)) AS pages, bool_or(x.indisprimary OR x.indisreplident) AS is_keyed,\n" \
  "    sum(columns.bit) <> bit_or(columns.bit) AS has_alike\n" \
  "    FROM pg_index x LEFT JOIN (SELECT oid, relpages FROM classes WHERE relkind = 'i') AS i ON i.oid = x.indexrelid\n" \
  "    CROSS JOIN LATERAL (SELECT CASE WHEN x.indisvalid THEN 1::bigint << (hash_array(x.indkey::int2[]) & 63) ELSE 0 END) AS columns (bit)\n" \
  "   WHERE x.indrelid >= 16384 GROUP BY 1),\n" \
  "tables AS MATERIALIZED (\n" \
  "  SELECT c.*, n.nspname, coalesce(p.pages, 0) AS indexes, coalesce(p.is_keyed, false) AS is_keyed,\n" \
  "    coalesce(p.has_alike, false) AS has_alike,\n" \
  "    c.relpages + CASE WHEN c.relpages > 0 AND c.reltoastrelid > 0\n" \
  "                      THEN (SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid) ELSE 0 END AS heap\n" \
  "    FROM classes c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN indexes p ON p.indrelid = c.oid\n" \
  "   WHERE c.relkind <> 'i' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),\n" \
  "held AS MATERIALIZED (\n" \
  "  SELECT coalesce(x.indrelid, l.relation) AS oid FROM pg_locks l LEFT JOIN pg_index x ON x.indexrelid = l.relation\n" \
  "   WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid()),\n" \
  "largest AS MATERIALIZED (\n" \
  "  SELECT oid FROM tables WHERE oid NOT IN (SELECT oid FROM held) AND reltoastrelid NOT IN (SELECT oid FROM held)\n" \
  "   ORDER BY greatest(heap, live / 40) + indexes DESC LIMIT (SELECT CASE WHEN count(*) > 1000 THEN 10 ELSE 25 END FROM tables)),\n" \
  "sizes AS MATERIALIZED (\n" \
  "  SELECT oid, pg_indexes_size(oid) AS indexes, pg_table_size(oid) AS heap FROM largest)\n" \
  "SELECT 't', t.nspname::text, t.relname::text, NULL, NULL,\n" \
  "  greatest(t.live, CASE WHEN t.live = 0 THEN t.reltuples::bigint ELSE 0 END), pg_stat_get_dead_tuples(t.oid),\n" \
  "  coalesce(s.heap + s.indexes, (greatest(t.heap, t.live / 40) + t.indexes) * (SELECT current_setting('block_size')::int))::bigint,\n" \
  "  coalesce(s.indexes, t.indexes * (SELECT current_setting('block_size')::int))::bigint,\n" \
  "  (date_part('epoch', greatest(pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid)))\n" \
  "    * 1000000)::bigint,\n" \
  "  (date_part('epoch', greatest(pg_stat_get_last_analyze_time(t.oid), pg_stat_get_last_autoanalyze_time(t.oid)))\n" \
  "    * 1000000)::bigint,\n" \
  "  pg_stat_get_mod_since_analyze(t.oid), t.relkind = 'p', s.oid IS NULL, t.reltuples >= 0 AND t.heap > 0,\n" \
  "  CASE WHEN t.relkind <> 'm' AND NOT t.is_keyed AND NOT t.relispartition THEN NOT EXISTS\n" \
  "    (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e') ELSE false END\n" \
  "  FROM tables t LEFT JOIN sizes s ON s.oid = t.oid\n"

#define NOTHING_ELSE "NULL, NULL, NULL, NULL, NULL, NULL"

/* Unused: those that serve no constraint and are no copy of what the planner needs otherwise */
#define UNUSED_SQL \
  "UNION ALL (SELECT 'u', x.indexrelid::regclass::text, x.indrelid::regclass::text,\n" \
  "    (SELECT to_char(stats_reset, 'YYYY-MM-DD') FROM pg_stat_database WHERE datname = current_database()), NULL,\n" \
  "    c.relpages::bigint * current_setting('block_size')::int, " NOTHING_ELSE ", NULL, NULL, NULL, NULL\n" \
  "  FROM classes c JOIN pg_index x ON x.indexrelid = c.oid\n" \
  " WHERE c.relkind = 'i' AND c.relpages >= 128 AND NOT c.relispartition AND c.relnamespace <> 'pg_toast'::regnamespace\n" \
  "   AND pg_stat_get_numscans(c.oid) = 0 AND NOT x.indisunique AND NOT x.indisexclusion AND NOT x.indisreplident AND x.indisvalid\n" \
  " ORDER BY c.relpages DESC, 2 LIMIT 50)\n"

/* Unique in another way is another promise: where NULLs are not distinct, or where it is checked at the end only. */
#define DUPLICATE_SQL \
  "UNION ALL (SELECT 'd', other::regclass::text, same.indrelid::regclass::text, ids[1]::regclass::text, NULL,\n" \
  "    NULL, " NOTHING_ELSE ", EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = other), NULL, NULL, NULL\n" \
  "  FROM (SELECT x.indrelid, array_agg(x.indexrelid ORDER BY x.indisprimary DESC, k.oid IS NOT NULL DESC, x.indisunique DESC,\n" \
  "                 c.relname) AS ids, sum(c.relpages) AS pages\n" \
  "          FROM tables t JOIN pg_index x ON x.indrelid = t.oid AND x.indisvalid JOIN pg_class c ON c.oid = x.indexrelid\n" \
  "          LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')\n" \
  "         WHERE t.has_alike AND c.relkind = 'i' AND NOT c.relispartition\n" \
  "         GROUP BY x.indrelid, c.relam, x.indkey::text, x.indclass::text, x.indcollation::text, x.indoption::text, x.indnkeyatts,\n" \
  "           x.indexprs::text, x.indpred::text, x.indisunique AND NOT x.indimmediate%s\n" \
  "        HAVING count(*) > 1) AS same CROSS JOIN unnest(ids[2:]) AS other\n" \
  " ORDER BY pages DESC, 2 LIMIT 50)\n"

/* Foreign keys without an index: tables that are small enough to be read through need none. */
#define FOREIGN_SQL \
  "UNION ALL (SELECT 'f', k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,\n" \
  "    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, n)\n" \
  "       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),\n" \
  "    greatest(t.reltuples::bigint, t.live), " NOTHING_ELSE ", t.relkind = 'p', NULL, NULL, NULL\n" \
  "  FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid\n" \
  " WHERE (t.reltuples >= 1000 OR t.live >= 1000) AND k.contype = 'f' AND k.conparentid = 0\n" \
  "   AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = k.conrelid AND x.indisvalid AND x.indpred IS NULL\n" \
  "                      AND (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)\n" \
  " ORDER BY 6 DESC, 2 LIMIT 50)"

static char *
dup_sql (int version)
{
  return g_strdup_printf (TABLES_SQL UNUSED_SQL DUPLICATE_SQL FOREIGN_SQL,
                          version >= 150000 ? ", x.indisunique AND x.indnullsnotdistinct" : "");
}

static void
judge (TideHealth *health,
       TideResult *result)
{
  tide_health_judge_indexes (health, result);
  tide_health_judge_tables (health, result);
}

const TideHealthProbe tide_health_catalog_probes[] = {
  { "tables", "tables", N_("Tables"), FALSE, TRUE, dup_sql, judge },
  { NULL }
};
