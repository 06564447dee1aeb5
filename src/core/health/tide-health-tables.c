/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-tables"

#include "config.h"

#include "health/tide-health-private.h"
#include "health/tide-health-text.h"

/* A share of dead rows that autovacuum should have seen to, and one that it has not */
#define DEAD_SHARE        0.2
#define DEAD_ROWS         1000
#define TOO_DEAD_SHARE    0.4
#define TOO_DEAD_ROWS     10000
#define UNCOUNTED_ROWS    1000
#define CHANGED_ROWS      10000

static int
compare_numbers (gint64 a,
                 gint64 b)
{
  return (a > b) - (a < b);
}

/* The largest first; partitioned tables last */
static int
compare_tables (gconstpointer a,
                gconstpointer b)
{
  const TideHealthTable *left = *(TideHealthTable * const *) a, *right = *(TideHealthTable * const *) b;
  int order = left->is_partitioned - right->is_partitioned;

  if (order == 0)
    order = compare_numbers (right->bytes, left->bytes);
  if (order == 0)
    order = compare_numbers (right->live_rows, left->live_rows);
  if (order == 0)
    order = strcmp (left->schema, right->schema);
  return order != 0 ? order : strcmp (left->table, right->table);
}

/* @sizes, @members: where a table is among those of the catalog */
static void
add_table (TideHealth              *health,
           const TideHealthCatalog *catalog,
           GHashTable              *sizes,
           GHashTable              *members,
           guint                    row)
{
  TideResult *result = catalog->tables;
  gint64 counted = tide_result_get_int64 (result, row, TIDE_TABLE_COUNTED);
  gint64 heap = tide_health_catalog_estimate_heap (catalog, row);
  gint64 indexes = tide_health_catalog_get_indexes (catalog, row)->pages;
  const char *oid = tide_result_get_value (result, row, TIDE_TABLE_OID);
  guint size = GPOINTER_TO_UINT (g_hash_table_lookup (sizes, oid));
  TideHealthTable *table = g_new0 (TideHealthTable, 1);

  if (size > 0 && tide_result_get_value (catalog->sizes, size - 1, 1) == NULL)
    size = 0; /* it was dropped meanwhile */
  table->schema = g_strdup (tide_result_get_value (result, row, TIDE_TABLE_SCHEMA));
  table->table = g_strdup (tide_result_get_value (result, row, TIDE_TABLE_NAME));
  table->live_rows = tide_result_get_int64 (result, row, TIDE_TABLE_LIVE);
  if (table->live_rows == 0)
    table->live_rows = MAX (counted, 0);
  table->dead_rows = tide_result_get_int64 (result, row, TIDE_TABLE_DEAD);
  table->index_bytes = size > 0 ? tide_result_get_int64 (catalog->sizes, size - 1, 2) : indexes * catalog->block_size;
  table->bytes = size > 0 ? tide_result_get_int64 (catalog->sizes, size - 1, 1) + table->index_bytes
                          : (heap + indexes) * catalog->block_size;
  table->vacuumed_at = tide_result_get_int64 (result, row, TIDE_TABLE_VACUUMED);
  table->analyzed_at = tide_result_get_int64 (result, row, TIDE_TABLE_ANALYZED);
  table->changed_rows = tide_result_get_int64 (result, row, TIDE_TABLE_CHANGED);
  table->is_estimate = size == 0;
  table->is_counted = counted >= 0 && tide_result_get_int64 (result, row, TIDE_TABLE_PAGES) > 0;
  table->is_partitioned = *tide_result_get_value (result, row, TIDE_TABLE_KIND) == 'p';
  table->lacks_key = tide_health_catalog_is_keyless (catalog, row) && !g_hash_table_contains (members, oid);
  g_ptr_array_add (health->tables, table);
}

static void
judge_sizes (TideHealth *health)
{
  TideHealthCheck *check = tide_health_add (health, "tables", "tables", _("Tables"));
  gint64 bytes = 0;
  gint64 indexes = 0;
  g_autofree char *size = NULL;
  g_autofree char *index_size = NULL;

  for (guint i = 0; i < health->tables->len; i++)
    {
      const TideHealthTable *table = g_ptr_array_index (health->tables, i);

      bytes += table->bytes;
      indexes += table->index_bytes;
    }
  size = g_format_size (bytes);
  index_size = g_format_size (indexes);
  check->value = g_strdup_printf (g_dngettext (NULL, "%u table, %s, %s of it indexes", "%u tables, %s, %s of it indexes",
                                               health->tables->len), health->tables->len, size, index_size);
}

static char *
dup_quoted (const TideHealthTable *table)
{
  g_autofree char *schema = tide_quote_identifier (table->schema);
  g_autofree char *name = tide_quote_identifier (table->table);

  return g_strdup_printf ("%s.%s", schema, name);
}

static TideHealthRow *
take_table_row (TideHealthCheck       *check,
                TideHealthState        state,
                const TideHealthTable *table,
                char                  *text)
{
  TideHealthRow *row = tide_health_check_take_row (check, state, g_strdup_printf ("%s.%s", table->schema, table->table), text);

  row->argument = dup_quoted (table);
  return row;
}

static void
judge_dead (TideHealth *health)
{
  TideHealthCheck *check = tide_health_add (health, "tables", "dead-rows", _("Dead rows"));
  gint64 n_dead = 0;
  g_autofree char *count = NULL;

  check->threshold = g_strdup (_("40 % of the live ones, from 10,000 on"));
  for (guint i = 0; i < health->tables->len; i++)
    {
      const TideHealthTable *table = g_ptr_array_index (health->tables, i);
      gint64 live = MAX (table->live_rows, 1);
      TideHealthState state = TIDE_HEALTH_NOTICE;
      g_autofree char *dead = NULL;

      n_dead += table->dead_rows;
      if (table->dead_rows < DEAD_ROWS || table->dead_rows < DEAD_SHARE * live)
        continue;
      if (table->dead_rows >= TOO_DEAD_ROWS && table->dead_rows >= TOO_DEAD_SHARE * live)
        state = TIDE_HEALTH_WARNING;
      tide_health_check_worsen (check, state);
      dead = tide_health_dup_count (table->dead_rows);
      if (check->rows->len < TIDE_HEALTH_MAX_ROWS)
        take_table_row (check, state, table,
                        g_strdup_printf (table->vacuumed_at ? _("%s dead, %.0f %% of the live ones")
                                                            : _("%s dead, %.0f %% of the live ones; never vacuumed"),
                                         dead, 100.0 * table->dead_rows / live))->action = TIDE_HEALTH_ACTION_VACUUM;
    }
  count = tide_health_dup_count (n_dead);
  check->value = check->rows->len == 0
                   ? g_strdup_printf (_("%s, nowhere too many"), count)
                   : g_strdup_printf (g_dngettext (NULL, "%s; too many in %u table", "%s; too many in %u tables", check->rows->len),
                                      count, check->rows->len);
  if (check->rows->len > 0)
    check->advice = g_strdup (_("VACUUM gives their space to new rows. If autovacuum does not keep up, something holds them back: "
                                "a long transaction, a slot; or the table needs a lower autovacuum_vacuum_scale_factor"));
}

static void
judge_statistics (TideHealth *health)
{
  TideHealthCheck *check = tide_health_add (health, "tables", "statistics", _("Planner statistics"));

  check->threshold = g_strdup (_("never counted with 1,000 rows, or half of the rows changed since"));
  for (guint i = 0; i < health->tables->len && check->rows->len < TIDE_HEALTH_MAX_ROWS; i++)
    {
      const TideHealthTable *table = g_ptr_array_index (health->tables, i);
      gint64 changed = table->changed_rows;
      gboolean never = table->analyzed_at == 0 && !table->is_counted;
      g_autofree char *count = NULL;

      if (never ? table->live_rows < UNCOUNTED_ROWS : changed < CHANGED_ROWS || changed < table->live_rows / 2)
        continue;
      count = tide_health_dup_count (changed);
      take_table_row (check, TIDE_HEALTH_NOTICE, table, never ? g_strdup (_("never analyzed"))
                                                              : g_strdup_printf (_("%s rows changed since it was analyzed"), count))
        ->action = TIDE_HEALTH_ACTION_ANALYZE;
    }
  if (check->rows->len == 0)
    {
      check->value = g_strdup (_("Up to date"));
      return;
    }
  check->value = g_strdup_printf (g_dngettext (NULL, "Stale for %u table", "Stale for %u tables", check->rows->len), check->rows->len);
  check->advice = g_strdup (_("The planner guesses: queries may take a slow way. ANALYZE takes seconds and blocks nobody"));
  check->action = TIDE_HEALTH_ACTION_ANALYZE;
}

static void
judge_keys (TideHealth *health)
{
  TideHealthCheck *check = tide_health_add (health, "schema", "no-primary-key", _("Tables without a primary key"));
  guint n = 0;

  check->threshold = g_strdup (_("any"));
  for (guint i = 0; i < health->tables->len; i++)
    {
      const TideHealthTable *table = g_ptr_array_index (health->tables, i);

      if (table->lacks_key && n++ < TIDE_HEALTH_MAX_ROWS)
        tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup_printf ("%s.%s", table->schema, table->table), NULL);
    }
  check->value = n == 0 ? g_strdup (_("None")) : g_strdup_printf ("%u", n);
  if (n > 0)
    check->advice = g_strdup (_("Nothing keeps rows from being there twice; Prisma ignores such tables, and logical replication "
                                "passes on no UPDATE or DELETE of them"));
}

void
tide_health_judge_tables (TideHealth              *health,
                          const TideHealthCatalog *catalog)
{
  g_autoptr(GHashTable) sizes = tide_health_catalog_index (catalog->sizes);
  g_autoptr(GHashTable) members = tide_health_catalog_index (catalog->members);
  guint n;

  for (guint i = 0; i < tide_result_get_n_rows (catalog->tables); i++)
    add_table (health, catalog, sizes, members, i);
  n = health->tables->len;
  g_ptr_array_sort (health->tables, compare_tables);
  judge_keys (health);
  while (n > 0 && ((TideHealthTable *) g_ptr_array_index (health->tables, n - 1))->is_partitioned)
    n--;
  g_ptr_array_set_size (health->tables, (int) n);
  judge_sizes (health);
  judge_dead (health);
  judge_statistics (health);
}
