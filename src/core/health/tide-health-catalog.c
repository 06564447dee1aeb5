/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-catalog"

#include "config.h"

#include "health/tide-health-private.h"

/* So many tables are asked for their true size where there are many of them, and where there are few */
#define MANY_TABLES 1000
#define MANY_SIZES  10
#define FEW_SIZES   25

/* Thousands of tables are no reason to wait. A page of memory that a new connection touches for the first time costs the server more than
 * reading the rows on it: each table of the catalog is read through once, in the order in which it lies there (hence oid::bigint, for which
 * there is no index), one by each of two connections, and nothing is joined, sorted, hashed or kept there. What belongs together is put
 * together here, and what is worth knowing of few tables is asked of those few afterwards. A nought is NULL: that costs nothing to send. */
#define TABLES_SQL \
  "SELECT c.oid, n.nspname, c.relname, c.relkind, nullif(pg_stat_get_live_tuples(c.oid), 0), nullif(pg_stat_get_dead_tuples(c.oid), 0),\n" \
  "  (date_part('epoch', greatest(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid)))\n" \
  "    * 1000000)::bigint,\n" \
  "  (date_part('epoch', greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)))\n" \
  "    * 1000000)::bigint,\n" \
  "  nullif(pg_stat_get_mod_since_analyze(c.oid), 0), nullif(c.reltuples, 0)::bigint,\n" \
  "  CASE WHEN c.relpages > 0 THEN c.relpages + CASE WHEN c.reltoastrelid > 0\n" \
  "    THEN (SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid) ELSE 0 END END,\n" \
  "  nullif(c.relispartition, false)\n" \
  "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n" \
  " WHERE c.relkind IN ('r', 'p', 'm') AND c.oid::bigint >= 16384 AND c.relpersistence <> 't'\n" \
  "   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

/* Of indexes there are thousands, too, and little is told of each: as arrays of one row they cost who reads them least.
 *
 * What they have beyond a page; most that are empty have but that. Large ones without a scan may be unused. */
#define PAGES_SQL \
  "SELECT array_agg(c.oid), array_agg(c.relpages - 1), array_agg((c.relpages >= 128 AND NOT c.relispartition\n" \
  "    AND c.relnamespace <> 'pg_toast'::regnamespace AND pg_stat_get_numscans(c.oid) = 0)::int)\n" \
  "  FROM pg_class c WHERE c.relkind = 'i' AND c.relpages > 1 AND c.oid::bigint >= 16384 AND c.relpersistence <> 't'"

/* What stands for the columns is the same where they are, and another one for each that cannot be used */
#define INDEXES_SQL \
  "SELECT array_agg(indrelid), array_agg(indexrelid), array_agg((indisprimary OR indisreplident)::int),\n" \
  "    array_agg(CASE WHEN indisvalid THEN hash_array(indkey::int2[]) ELSE indexrelid::bigint + 4294967296 END)\n" \
  "  FROM pg_index WHERE indrelid::bigint >= 16384"

/* The true size asks the file system for every file of a table and of its indexes, and waits for whoever holds the table: it is
 * asked for the largest ones that nobody holds. What the last VACUUM or ANALYZE saw does for the others. */
#define SIZES_SQL \
  "WITH held AS MATERIALIZED (\n" \
  "  SELECT coalesce(x.indrelid, l.relation) AS oid FROM pg_locks l LEFT JOIN pg_index x ON x.indexrelid = l.relation\n" \
  "   WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid())\n" \
  "SELECT c.oid, pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c WHERE c.oid = ANY (%s)\n" \
  "   AND c.oid NOT IN (SELECT oid FROM held) AND c.reltoastrelid NOT IN (SELECT oid FROM held)"

/* Unused: those that serve no constraint and are no copy of what the planner needs otherwise */
#define UNUSED_SQL \
  "SELECT x.indexrelid::regclass::text, x.indrelid::regclass::text, c.relpages::bigint * current_setting('block_size')::int,\n" \
  "    (SELECT to_char(stats_reset, 'YYYY-MM-DD') FROM pg_stat_database WHERE datname = current_database())\n" \
  "  FROM pg_class c JOIN pg_index x ON x.indexrelid = c.oid\n" \
  " WHERE c.oid = ANY (%s) AND NOT x.indisunique AND NOT x.indisexclusion AND NOT x.indisreplident AND x.indisvalid\n" \
  " ORDER BY c.relpages DESC, 1 LIMIT 50"

/* An extension's table has the keys that its maker gave it. */
#define MEMBERS_SQL \
  "SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = ANY (%s) AND objsubid = 0 AND deptype = 'e'"

/* Unique in another way is another promise: where NULLs are not distinct, or where it is checked at the end only. */
#define DUPLICATE_SQL \
  "SELECT other::regclass::text, same.indrelid::regclass::text, ids[1]::regclass::text,\n" \
  "    EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = other)\n" \
  "  FROM (SELECT x.indrelid, array_agg(x.indexrelid ORDER BY x.indisprimary DESC, k.oid IS NOT NULL DESC, x.indisunique DESC,\n" \
  "                 c.relname) AS ids, sum(c.relpages) AS pages\n" \
  "          FROM unnest(%s) AS t (oid) JOIN pg_index x ON x.indrelid = t.oid AND x.indisvalid\n" \
  "          JOIN pg_class c ON c.oid = x.indexrelid\n" \
  "          LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')\n" \
  "         WHERE c.relkind = 'i' AND NOT c.relispartition\n" \
  "         GROUP BY x.indrelid, c.relam, x.indkey::text, x.indclass::text, x.indcollation::text, x.indoption::text, x.indnkeyatts,\n" \
  "           x.indexprs::text, x.indpred::text, x.indisunique AND NOT x.indimmediate%s\n" \
  "        HAVING count(*) > 1) AS same CROSS JOIN unnest(ids[2:]) AS other\n" \
  " ORDER BY pages DESC, 1 LIMIT 50"

#define FOREIGN_SQL \
  "SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,\n" \
  "    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, n)\n" \
  "       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),\n" \
  "    c.relkind = 'p'\n" \
  "  FROM unnest(%s) AS t (oid) JOIN pg_class c ON c.oid = t.oid JOIN pg_constraint k ON k.conrelid = c.oid\n" \
  " WHERE k.contype = 'f' AND k.conparentid = 0\n" \
  "   AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = k.conrelid AND x.indisvalid AND x.indpred IS NULL\n" \
  "                      AND (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)\n" \
  " ORDER BY greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid)) DESC, 1 LIMIT 50"

/* A constant of type oid[] */
static void
append_oid (GString *list,
            gint64   oid)
{
  g_string_append_printf (list, "%s%" G_GINT64_FORMAT, list->len > 0 ? "," : "", oid);
}

/* (transfer full) (element-type gint64): of an array of numbers in the only row; empty where it is NULL */
static GArray *
parse_numbers (TideResult *result,
               guint       column)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  const char *text = tide_result_get_value (result, 0, column);

  for (const char *at = text; at != NULL && *at != '\0' && *at != '}'; )
    {
      char *end = NULL;
      gint64 number = g_ascii_strtoll (at + 1, &end, 10);

      g_array_append_val (numbers, number);
      at = end;
    }
  return numbers;
}

static char *
dup_oids (GString *list)
{
  return g_strdup_printf ("'{%s}'::oid[]", list->str);
}

/* What is asked of few of the tables */
typedef struct
{
  TideHealthCatalog *catalog;
  GString           *script;
  GPtrArray         *places;  /* (element-type TideResult**): where the answer of each statement goes */
} Further;

G_GNUC_PRINTF (3, 4)
static void
ask_further (Further     *self,
             TideResult **place,
             const char  *format,
             ...)
{
  va_list args;

  if (self->script->len > 0)
    g_string_append (self->script, ";\n");
  va_start (args, format);
  g_string_append_vprintf (self->script, format, args);
  va_end (args);
  g_ptr_array_add (self->places, place);
}

typedef struct
{
  gint64 oid;
  gint64 pages;
} Estimate;

static int
compare_estimates (gconstpointer a,
                   gconstpointer b)
{
  const Estimate *left = a, *right = b;

  return (left->pages < right->pages) - (left->pages > right->pages);
}

static void
ask_for_sizes (Further *self)
{
  TideHealthCatalog *catalog = self->catalog;
  guint n = tide_result_get_n_rows (catalog->tables);
  g_autoptr(GArray) estimates = g_array_sized_new (FALSE, FALSE, sizeof (Estimate), n);
  g_autoptr(GString) largest = g_string_new (NULL);
  g_autofree char *oids = NULL;

  for (guint i = 0; i < n; i++)
    {
      gint64 heap = tide_health_catalog_estimate_heap (catalog, i);
      Estimate estimate = { tide_result_get_int64 (catalog->tables, i, TIDE_TABLE_OID),
                            heap + tide_health_catalog_get_indexes (catalog, i)->pages };

      g_array_append_val (estimates, estimate);
    }
  g_array_sort (estimates, compare_estimates);
  for (guint i = 0; i < MIN (n, n > MANY_TABLES ? MANY_SIZES : FEW_SIZES); i++)
    append_oid (largest, g_array_index (estimates, Estimate, i).oid);
  oids = dup_oids (largest);
  ask_further (self, &catalog->sizes, SIZES_SQL, oids);
}

static void
ask_for_unused (Further *self)
{
  TideResult *pages = self->catalog->pages;
  g_autoptr(GArray) indexes = parse_numbers (pages, 0);
  g_autoptr(GArray) may_be = parse_numbers (pages, 2);
  g_autoptr(GString) unused = g_string_new (NULL);
  g_autofree char *oids = NULL;

  for (guint i = 0; i < indexes->len; i++)
    if (g_array_index (may_be, gint64, i))
      append_oid (unused, g_array_index (indexes, gint64, i));
  if (unused->len == 0)
    return;
  oids = dup_oids (unused);
  ask_further (self, &self->catalog->unused, UNUSED_SQL, oids);
}

/* Foreign keys without an index: tables that are small enough to be read through need none. */
static void
ask_of_some (Further *self,
             int      version)
{
  TideHealthCatalog *catalog = self->catalog;
  g_autoptr(GString) alike = g_string_new (NULL);
  g_autoptr(GString) large = g_string_new (NULL);
  g_autoptr(GString) keyless = g_string_new (NULL);

  for (guint i = 0; i < tide_result_get_n_rows (catalog->tables); i++)
    {
      gint64 oid = tide_result_get_int64 (catalog->tables, i, TIDE_TABLE_OID);

      if (tide_health_catalog_get_indexes (catalog, i)->has_alike)
        append_oid (alike, oid);
      if (tide_health_catalog_is_keyless (catalog, i))
        append_oid (keyless, oid);
      if (tide_result_get_int64 (catalog->tables, i, TIDE_TABLE_COUNTED) >= 1000 ||
          tide_result_get_int64 (catalog->tables, i, TIDE_TABLE_LIVE) >= 1000)
        append_oid (large, oid);
    }
  if (alike->len > 0)
    {
      g_autofree char *oids = dup_oids (alike);

      ask_further (self, &catalog->duplicate, DUPLICATE_SQL, oids, version >= 150000 ? ", x.indisunique AND x.indnullsnotdistinct" : "");
    }
  if (large->len > 0)
    {
      g_autofree char *oids = dup_oids (large);

      ask_further (self, &catalog->foreign, FOREIGN_SQL, oids);
    }
  if (keyless->len > 0)
    {
      g_autofree char *oids = dup_oids (keyless);

      ask_further (self, &catalog->members, MEMBERS_SQL, oids);
    }
}

/* What is asked of few of the tables, in one message and so in one transaction */
static gboolean
read_further (TideHealthCatalog *self,
              TideSession       *session,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(GString) script = g_string_new (NULL);
  g_autoptr(GPtrArray) places = g_ptr_array_new ();
  Further further = { self, script, places };
  g_autoptr(GPtrArray) results = NULL;

  if (tide_result_get_n_rows (self->tables) == 0)
    return TRUE;
  ask_for_sizes (&further);
  ask_for_unused (&further);
  ask_of_some (&further, tide_session_get_server_version (session));
  results = tide_health_run (session, script->str, cancellable, error);
  for (guint i = 0; results != NULL && i < places->len; i++)
    *(TideResult **) g_ptr_array_index (places, i) = tide_result_ref (g_ptr_array_index (results, i));
  return results != NULL;
}

/* (transfer full): the pages beyond one of each index that has some, by its oid */
static GHashTable *
put_pages_together (TideResult *result)
{
  g_autoptr(GArray) oids = parse_numbers (result, 0);
  g_autoptr(GArray) numbers = parse_numbers (result, 1);
  GHashTable *pages = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < oids->len; i++)
    g_hash_table_insert (pages, GSIZE_TO_POINTER (g_array_index (oids, gint64, i)), GSIZE_TO_POINTER (g_array_index (numbers, gint64, i)));
  return pages;
}

/* (transfer none): of the table @oid, new if need be */
static TideHealthIndexes *
ensure_indexes (GHashTable *by_table,
                gint64      oid)
{
  TideHealthIndexes *indexes = g_hash_table_lookup (by_table, GSIZE_TO_POINTER (oid));

  if (indexes == NULL)
    {
      indexes = g_new0 (TideHealthIndexes, 1);
      g_hash_table_insert (by_table, GSIZE_TO_POINTER (oid), indexes);
    }
  return indexes;
}

/* (transfer full) (element-type gsize TideHealthIndexes): by the oid of the table */
static GHashTable *
put_together (TideResult *page_arrays,
              TideResult *index_arrays)
{
  g_autoptr(GHashTable) pages = put_pages_together (page_arrays);
  g_autoptr(GArray) tables = parse_numbers (index_arrays, 0);
  g_autoptr(GArray) oids = parse_numbers (index_arrays, 1);
  g_autoptr(GArray) keys = parse_numbers (index_arrays, 2);
  g_autoptr(GArray) columns = parse_numbers (index_arrays, 3);
  /* Of each the one of the same table before it, counted from one */
  g_autofree guint *previous = g_new (guint, tables->len);
  GHashTable *by_table = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (guint i = 0; i < tables->len; i++)
    {
      TideHealthIndexes *indexes = ensure_indexes (by_table, g_array_index (tables, gint64, i));
      gpointer more = g_hash_table_lookup (pages, GSIZE_TO_POINTER (g_array_index (oids, gint64, i)));

      indexes->pages += 1 + (gint64) GPOINTER_TO_SIZE (more);
      indexes->is_keyed = indexes->is_keyed || g_array_index (keys, gint64, i);
      previous[i] = indexes->last;
      indexes->last = i + 1;
      for (guint k = previous[i]; k > 0 && !indexes->has_alike; k = previous[k - 1])
        indexes->has_alike = g_array_index (columns, gint64, k - 1) == g_array_index (columns, gint64, i);
    }
  return by_table;
}

/* (transfer full) (nullable): without their indexes; blocking, in one transaction */
TideHealthCatalog *
tide_health_catalog_read (TideSession   *session,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GPtrArray) results =
    tide_health_run (session, TABLES_SQL ";\n" PAGES_SQL ";\nSELECT current_setting('block_size')", cancellable, error);
  TideHealthCatalog *self;

  if (results == NULL)
    return NULL;
  self = g_new0 (TideHealthCatalog, 1);
  self->tables = tide_result_ref (g_ptr_array_index (results, 0));
  self->pages = tide_result_ref (g_ptr_array_index (results, 1));
  self->block_size = tide_result_get_int64 (g_ptr_array_index (results, 2), 0, 0);
  return self;
}

/* (transfer full) (nullable): what tide_health_catalog_finish() wants; blocking. Another session may read the tables meanwhile. */
TideResult *
tide_health_catalog_read_indexes (TideSession   *session,
                                  GCancellable  *cancellable,
                                  GError       **error)
{
  g_autoptr(GPtrArray) results = tide_health_run (session, INDEXES_SQL, cancellable, error);

  return results ? tide_result_ref (g_ptr_array_index (results, 0)) : NULL;
}

/* Puts the indexes to their tables, and asks for what is worth knowing of some; blocking */
gboolean
tide_health_catalog_finish (TideHealthCatalog  *self,
                            TideResult         *indexes,
                            TideSession        *session,
                            GCancellable       *cancellable,
                            GError            **error)
{
  self->indexes = put_together (self->pages, indexes);
  return read_further (self, session, cancellable, error);
}

void
tide_health_catalog_free (TideHealthCatalog *self)
{
  TideResult **const results[] = {
    &self->tables, &self->pages, &self->sizes, &self->unused, &self->duplicate, &self->foreign, &self->members,
  };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_clear_pointer (results[i], tide_result_unref);
  g_clear_pointer (&self->indexes, g_hash_table_unref);
  g_free (self);
}

/* (transfer full): the number of the row in @result (nullable) that tells of a table, and one, by its oid in the first column */
GHashTable *
tide_health_catalog_index (TideResult *result)
{
  GHashTable *rows = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    g_hash_table_insert (rows, (char *) tide_result_get_value (result, i, 0), GUINT_TO_POINTER (i + 1));
  return rows;
}

/* Pages with those of TOAST: a table that was filled since has some for its rows, too */
gint64
tide_health_catalog_estimate_heap (const TideHealthCatalog *self,
                                   guint                    row)
{
  return MAX (tide_result_get_int64 (self->tables, row, TIDE_TABLE_PAGES), tide_result_get_int64 (self->tables, row, TIDE_TABLE_LIVE) / 40);
}

/* (transfer none): of a table that has none all is nought */
const TideHealthIndexes *
tide_health_catalog_get_indexes (const TideHealthCatalog *self,
                                 guint                    row)
{
  static const TideHealthIndexes none;
  gint64 oid = tide_result_get_int64 (self->tables, row, TIDE_TABLE_OID);
  const TideHealthIndexes *found = g_hash_table_lookup (self->indexes, GSIZE_TO_POINTER (oid));

  return found ? found : &none;
}

/* Also one of an extension is: members tells those. A partition has the key of its whole. */
gboolean
tide_health_catalog_is_keyless (const TideHealthCatalog *self,
                                guint                    row)
{
  return *tide_result_get_value (self->tables, row, TIDE_TABLE_KIND) != 'm' &&
         !tide_result_get_boolean (self->tables, row, TIDE_TABLE_IS_PARTITION) && !tide_health_catalog_get_indexes (self, row)->is_keyed;
}

void
tide_health_catalog_judge (TideHealth              *health,
                           const TideHealthCatalog *self)
{
  tide_health_judge_indexes (health, self);
  tide_health_judge_tables (health, self);
}
