/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-retention"

#include "config.h"

#include "backup/tide-backup-library.h"

/* From this level on its bytes are known to be what was written. */
#define PROVED 2

/* One rule: keeps the newest of each of the last @left periods that have one. */
typedef struct
{
  guint       left;
  const char *period; /* as g_date_time_format() writes it; NULL: each backup is one of its own */
  char       *last;
} Rule;

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const TideBackup *left = *(TideBackup *const *) a;
  const TideBackup *right = *(TideBackup *const *) b;

  return left->created_at == right->created_at ? 0 : left->created_at < right->created_at ? 1 : -1;
}

static gboolean
rule_keeps (Rule             *rule,
            const TideBackup *backup)
{
  g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc (backup->created_at / G_USEC_PER_SEC);
  g_autofree char *period = rule->period && moment ? g_date_time_format (moment, rule->period) : NULL;

  if (rule->left == 0 || (period != NULL && g_strcmp0 (period, rule->last) == 0))
    return FALSE;
  rule->left--;
  g_free (rule->last);
  rule->last = g_steal_pointer (&period);
  return TRUE;
}

/* Databases of the same name on two servers are two. */
static char *
make_key (const TideBackup *backup)
{
  const TideManifest *manifest = backup->manifest;

  return g_strdup_printf ("%s\n%s\n%s", manifest->database, manifest->host_label ? manifest->host_label : "",
                          manifest->environment ? manifest->environment : "");
}

static void
choose_of_database (GPtrArray           *backups,
                    const TideRetention *retention,
                    GPtrArray           *chosen)
{
  Rule rules[] = {
    { retention->last, NULL, NULL },
    { retention->daily, "%F", NULL },
    { retention->weekly, "%G-%V", NULL },
    { retention->monthly, "%Y-%m", NULL },
  };
  gboolean proved_seen = FALSE;

  for (guint i = 0; i < backups->len; i++)
    {
      TideBackup *backup = g_ptr_array_index (backups, i);
      gboolean proved = backup->manifest->level >= PROVED;
      gboolean kept = backup->manifest->pinned || (proved && !proved_seen);

      proved_seen = proved_seen || proved;
      for (guint j = 0; j < G_N_ELEMENTS (rules); j++)
        kept = rule_keeps (&rules[j], backup) || kept;
      if (!kept)
        g_ptr_array_add (chosen, tide_backup_ref (backup));
    }
  for (guint j = 0; j < G_N_ELEMENTS (rules); j++)
    g_free (rules[j].last);
}

/* (element-type utf8 GPtrArray): each newest first */
static GHashTable *
group_by_database (GPtrArray *backups,
                   gint64     now)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr(GPtrArray) sorted = g_ptr_array_copy (backups, NULL, NULL);

  /* The copy borrows. */
  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_newest_first);
  for (guint i = 0; i < sorted->len; i++)
    {
      TideBackup *backup = g_ptr_array_index (sorted, i);
      g_autofree char *key = NULL;
      GPtrArray *group;

      if (backup->manifest == NULL || backup->created_at > now)
        continue;
      key = make_key (backup);
      group = g_hash_table_lookup (groups, key);
      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, g_steal_pointer (&key), group);
        }
      g_ptr_array_add (group, backup);
    }
  return groups;
}

/**
 * tide_retention_choose:
 * @backups: (element-type TideBackup): all there are, in any order
 * @retention: how many to keep; 0 everywhere keeps all
 * @now: the time, in microseconds since the epoch
 *
 * For each database: the last N stay, and the newest of each of the last N days, (ISO) weeks and months (of UTC) that have one.
 * Pinned ones, the newest that is proved, those without a manifest (we did not make them) and those from the future (a clock was
 * wrong, so their age is not known) always stay.
 *
 * Returns: (transfer full) (element-type TideBackup): which would go, newest first within a database
 */
GPtrArray *
tide_retention_choose (GPtrArray           *backups,
                       const TideRetention *retention,
                       gint64               now)
{
  g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_backup_unref);
  g_autoptr(GHashTable) groups = NULL;
  GHashTableIter iter;
  gpointer group;

  g_return_val_if_fail (backups != NULL, NULL);
  g_return_val_if_fail (retention != NULL, NULL);

  if (retention->last + retention->daily + retention->weekly + retention->monthly == 0)
    return g_steal_pointer (&chosen);
  groups = group_by_database (backups, now);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    choose_of_database (group, retention, chosen);
  return g_steal_pointer (&chosen);
}
