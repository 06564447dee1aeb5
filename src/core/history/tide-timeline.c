/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline"

#include "config.h"

#include "history/tide-timeline.h"

#define N_STATES (TIDE_STATE_MISSING + 1)

struct _TideTimeline
{
  gatomicrefcount ref_count;
  GPtrArray      *entries; /* (element-type TideTimelineEntry) */
  GHashTable     *by_name; /* (element-type utf8 TideTimelineEntry): borrowed from entries */
  guint           counts[N_STATES];
  guint           n_running; /* of those that failed */
  gboolean        initialised;
  gboolean        up_to_date;
};

G_DEFINE_BOXED_TYPE (TideTimeline, tide_timeline, tide_timeline_ref, tide_timeline_unref)

GType
tide_migration_state_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_STATE_PENDING, "TIDE_STATE_PENDING", "pending" },
    { TIDE_STATE_APPLIED, "TIDE_STATE_APPLIED", "applied" },
    { TIDE_STATE_FAILED, "TIDE_STATE_FAILED", "failed" },
    { TIDE_STATE_ROLLED_BACK, "TIDE_STATE_ROLLED_BACK", "rolled_back" },
    { TIDE_STATE_EDITED, "TIDE_STATE_EDITED", "edited" },
    { TIDE_STATE_MISSING, "TIDE_STATE_MISSING", "missing" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideMigrationState", values));
  return type;
}

/**
 * tide_migration_state_to_string:
 * @state: a state
 *
 * Returns: (transfer none): its word in JSON output, stable between releases
 */
const char *
tide_migration_state_to_string (TideMigrationState state)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (TIDE_TYPE_MIGRATION_STATE);
  GEnumValue *value = g_enum_get_value (klass, state);

  g_return_val_if_fail (value != NULL, "pending");
  return value->value_nick;
}

static void
entry_free (gpointer data)
{
  TideTimelineEntry *entry = data;

  g_clear_pointer (&entry->migration, tide_migration_unref);
  g_ptr_array_unref (entry->rows);
  g_free (entry);
}

/* @name is borrowed from the migration or from the first row, both of which the entry holds. */
static TideTimelineEntry *
entry_new (const char    *name,
           TideMigration *migration)
{
  TideTimelineEntry *entry = g_new0 (TideTimelineEntry, 1);

  entry->name = name;
  entry->migration = migration ? tide_migration_ref (migration) : NULL;
  entry->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_ledger_row_unref);
  entry->duration = -1;
  return entry;
}

/* The rows that Prisma's engine compares since 7.9: those that were not rolled back. */
static void
find_rows (const TideTimelineEntry *entry,
           TideLedgerRow          **first_valid,
           TideLedgerRow          **last_failed,
           TideLedgerRow          **last)
{
  for (guint i = 0; i < entry->rows->len; i++)
    {
      TideLedgerRow *row = g_ptr_array_index (entry->rows, i);

      *last = row;
      if (tide_ledger_row_is_rolled_back (row))
        continue;
      if (*first_valid == NULL)
        *first_valid = row;
      if (tide_ledger_row_is_failed (row))
        *last_failed = row;
    }
}

/* A row written by `migrate resolve --applied` has no steps: its two times say nothing of a run. */
static gint64
row_duration (const TideLedgerRow *row)
{
  if (row->finished_at == 0 || row->applied_steps == 0)
    return -1;
  return MAX (row->finished_at - row->started_at, 0);
}

/*
 * The measured rules: any row that is neither finished nor rolled back makes the migration a failed
 * one, whatever else is recorded; an edit is judged by the first row that was not rolled back, so
 * that of two applied rows the older one decides.
 */
static void
entry_decide (TideTimelineEntry *entry)
{
  TideLedgerRow *first_valid = NULL;
  TideLedgerRow *last_failed = NULL;
  TideLedgerRow *last = NULL;

  find_rows (entry, &first_valid, &last_failed, &last);
  entry->row = last_failed ? last_failed : first_valid ? first_valid : last;
  entry->edited = first_valid != NULL && entry->migration != NULL
                  && !tide_migration_matches (entry->migration, first_valid->checksum);

  entry->running = last_failed != NULL && last_failed->runs;
  if (last_failed != NULL)
    entry->state = TIDE_STATE_FAILED;
  else if (first_valid == NULL)
    entry->state = last ? TIDE_STATE_ROLLED_BACK : TIDE_STATE_PENDING;
  else if (entry->migration == NULL)
    entry->state = TIDE_STATE_MISSING;
  else
    entry->state = entry->edited ? TIDE_STATE_EDITED : TIDE_STATE_APPLIED;

  if (entry->state != TIDE_STATE_PENDING)
    entry->duration = row_duration (entry->row);
}

static gboolean
entry_is_pending (const TideTimelineEntry *entry)
{
  return entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK;
}

static void
add_entry (TideTimeline      *self,
           TideTimelineEntry *entry)
{
  g_ptr_array_add (self->entries, entry);
  g_hash_table_insert (self->by_name, (gpointer) entry->name, entry);
}

static void
add_row (TideTimeline  *self,
         TideLedgerRow *row)
{
  TideTimelineEntry *entry = g_hash_table_lookup (self->by_name, row->name);

  if (entry == NULL)
    {
      entry = entry_new (row->name, NULL);
      add_entry (self, entry);
    }
  g_ptr_array_add (entry->rows, tide_ledger_row_ref (row));
}

/* Without its folder, a migration that was only rolled back is nothing any more. */
static void
drop_forgotten (TideTimeline *self)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      const TideTimelineEntry *entry = g_ptr_array_index (self->entries, i - 1);

      if (entry->migration != NULL || !entry_is_pending (entry))
        continue;
      g_hash_table_remove (self->by_name, entry->name);
      g_ptr_array_remove_index (self->entries, i - 1);
    }
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const TideTimelineEntry *const *left = a;
  const TideTimelineEntry *const *right = b;

  return tide_migration_compare_names ((*left)->name, (*right)->name);
}

/* Entries on disk came in Prisma's order and keep it; the missing ones behind them are merged
 * in. */
static void
place_missing (TideTimeline *self,
               guint         n_on_disk)
{
  g_autoptr(GPtrArray) all = NULL;
  guint disk = 0;

  if (self->entries->len == n_on_disk)
    return;

  all = g_steal_pointer (&self->entries);
  self->entries = g_ptr_array_new_full (all->len, entry_free);
  g_ptr_array_set_free_func (all, NULL);
  qsort (all->pdata + n_on_disk, all->len - n_on_disk, sizeof (gpointer), compare_entries);
  for (guint i = n_on_disk; i < all->len; i++)
    {
      while (disk < n_on_disk && compare_entries (&all->pdata[disk], &all->pdata[i]) < 0)
        g_ptr_array_add (self->entries, all->pdata[disk++]);
      g_ptr_array_add (self->entries, all->pdata[i]);
    }
  while (disk < n_on_disk)
    g_ptr_array_add (self->entries, all->pdata[disk++]);
}

static void
summarise (TideTimeline *self)
{
  gboolean later_applied = FALSE;

  for (guint i = self->entries->len; i > 0; i--)
    {
      TideTimelineEntry *entry = g_ptr_array_index (self->entries, i - 1);

      self->counts[entry->state]++;
      self->n_running += entry->running;
      if (entry_is_pending (entry))
        entry->out_of_order = later_applied;
      else if (entry->state == TIDE_STATE_APPLIED || entry->state == TIDE_STATE_EDITED)
        later_applied = TRUE;
    }
  self->up_to_date = self->counts[TIDE_STATE_APPLIED] == self->entries->len;
}

/**
 * tide_timeline_new:
 * @migrations: (element-type TideMigration): what is on disk, in Prisma's order
 * @rows: (nullable) (element-type TideLedgerRow): the ledger by `started_at`; %NULL when there is
 *   no ledger table
 *
 * Joins the two by the rules that Prisma's engine has followed since 7.9.
 *
 * Returns: (transfer full): the timeline
 */
TideTimeline *
tide_timeline_new (GPtrArray *migrations,
                   GPtrArray *rows)
{
  TideTimeline *self;

  g_return_val_if_fail (migrations != NULL, NULL);

  self = g_new0 (TideTimeline, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->initialised = rows != NULL;

  for (guint i = 0; i < migrations->len; i++)
    {
      TideMigration *migration = g_ptr_array_index (migrations, i);

      add_entry (self, entry_new (tide_migration_get_name (migration), migration));
    }
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    add_row (self, g_ptr_array_index (rows, i));

  for (guint i = 0; i < self->entries->len; i++)
    entry_decide (g_ptr_array_index (self->entries, i));
  drop_forgotten (self);
  place_missing (self, migrations->len);
  summarise (self);
  return self;
}

/**
 * tide_timeline_ref:
 * @self: a timeline
 *
 * Returns: (transfer full): @self
 */
TideTimeline *
tide_timeline_ref (TideTimeline *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * tide_timeline_unref:
 * @self: (transfer full): a timeline
 */
void
tide_timeline_unref (TideTimeline *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/**
 * tide_timeline_get_n_entries:
 * @self: a timeline
 *
 * Returns: how many migrations there are, on disk or in the ledger
 */
guint
tide_timeline_get_n_entries (const TideTimeline *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

/**
 * tide_timeline_get_entry:
 * @self: a timeline
 * @index: below tide_timeline_get_n_entries()
 *
 * Returns: (transfer none): a migration as the database sees it; lives as long as @self
 */
const TideTimelineEntry *
tide_timeline_get_entry (const TideTimeline *self,
                         guint               index)
{
  g_return_val_if_fail (self != NULL && index < self->entries->len, NULL);

  return g_ptr_array_index (self->entries, index);
}

/**
 * tide_timeline_find:
 * @self: a timeline
 * @name: a migration's name
 *
 * Returns: (transfer none) (nullable): its entry
 */
const TideTimelineEntry *
tide_timeline_find (const TideTimeline *self,
                    const char         *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_hash_table_lookup (self->by_name, name);
}

/**
 * tide_timeline_count:
 * @self: a timeline
 * @state: a state
 *
 * Returns: how many entries are in @state
 */
guint
tide_timeline_count (const TideTimeline *self,
                     TideMigrationState  state)
{
  g_return_val_if_fail (self != NULL && (guint) state < N_STATES, 0);

  return self->counts[state];
}

/**
 * tide_timeline_count_pending:
 * @self: a timeline
 *
 * Returns: how many migrations a deploy would run
 */
guint
tide_timeline_count_pending (const TideTimeline *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counts[TIDE_STATE_PENDING] + self->counts[TIDE_STATE_ROLLED_BACK];
}

/**
 * tide_timeline_count_running:
 * @self: a timeline
 *
 * Returns: how many of those that failed, as far as the ledger goes, are being applied at this moment
 */
guint
tide_timeline_count_running (const TideTimeline *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_running;
}

/**
 * tide_timeline_count_ended:
 * @self: a timeline
 * @state: a state
 *
 * Returns: how many entries are in @state and will not leave it by themselves: those that run are none of them
 */
guint
tide_timeline_count_ended (const TideTimeline *self,
                           TideMigrationState  state)
{
  return tide_timeline_count (self, state) - (state == TIDE_STATE_FAILED ? tide_timeline_count_running (self) : 0);
}

/**
 * tide_timeline_is_initialised:
 * @self: a timeline
 *
 * Returns: whether the database has a ledger table
 */
gboolean
tide_timeline_is_initialised (const TideTimeline *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->initialised;
}

/**
 * tide_timeline_is_up_to_date:
 * @self: a timeline
 *
 * Stricter than `prisma migrate status`, which calls edited and missing migrations up to date.
 *
 * Returns: whether every migration is applied as it stands on disk, and nothing else is in the
 *   ledger
 */
gboolean
tide_timeline_is_up_to_date (const TideTimeline *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->up_to_date;
}
