/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-outline"

#include "config.h"

#include <string.h>

#include "drift/tide-drift-outline.h"

struct _TideDriftOutline
{
  TideSchemaDiff  *diff;
  GPtrArray       *groups; /* (element-type TideDriftGroup) */
  TideDriftCounts  counts;
};

static void
entry_free (gpointer data)
{
  TideDriftEntry *self = data;

  g_free (self->name);
  g_ptr_array_unref (self->changes);
  g_free (self);
}

static void
group_free (gpointer data)
{
  TideDriftGroup *self = data;

  g_ptr_array_unref (self->entries);
  g_free (self);
}

static const TideSchemaObject *
get_shown (const TideDriftEntry *entry)
{
  return entry->to != NULL ? entry->to : entry->from;
}

TideChangeType
tide_drift_entry_get_change_type (const TideDriftEntry *entry)
{
  if (entry->from == NULL)
    return TIDE_CHANGE_ADDED;
  return entry->to == NULL ? TIDE_CHANGE_REMOVED : TIDE_CHANGE_CHANGED;
}

static TideDriftEntry *
add_entry (GHashTable             *entries,
           TideSchemaDiff         *diff,
           const TideSchemaChange *change)
{
  const TideSchemaObject *from, *to;
  TideDriftEntry *entry;

  tide_schema_diff_get_whole (diff, change, &from, &to);
  entry = g_hash_table_lookup (entries, from != NULL ? from : to);
  if (entry != NULL)
    return entry;
  entry = g_new0 (TideDriftEntry, 1);
  entry->from = from;
  entry->to = to;
  entry->name = tide_schema_object_dup_name (get_shown (entry));
  entry->changes = g_ptr_array_new ();
  g_hash_table_insert (entries, (gpointer) (from != NULL ? from : to), entry);
  return entry;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const TideDriftEntry *left = *(const TideDriftEntry *const *) a;
  const TideDriftEntry *right = *(const TideDriftEntry *const *) b;
  TideObjectKind left_kind = tide_schema_object_get_kind (get_shown (left));
  TideObjectKind right_kind = tide_schema_object_get_kind (get_shown (right));
  int order = g_strcmp0 (tide_schema_object_get_namespace (get_shown (left)),
                         tide_schema_object_get_namespace (get_shown (right)));

  if (order != 0)
    return order;
  if (left_kind != right_kind)
    return left_kind < right_kind ? -1 : 1;
  return strcmp (left->name, right->name);
}

static void
count (TideDriftCounts      *counts,
       const TideDriftEntry *entry)
{
  switch (tide_drift_entry_get_change_type (entry))
    {
    case TIDE_CHANGE_ADDED:
      counts->added++;
      break;
    case TIDE_CHANGE_REMOVED:
      counts->removed++;
      break;
    case TIDE_CHANGE_CHANGED:
    default:
      counts->changed++;
      break;
    }
}

/* @entry: (transfer full) */
static void
append (TideDriftOutline *self,
        TideDriftEntry   *entry)
{
  const TideSchemaObject *object = get_shown (entry);
  TideDriftGroup *group = self->groups->len == 0 ? NULL : g_ptr_array_index (self->groups, self->groups->len - 1);

  if (group == NULL || group->kind != tide_schema_object_get_kind (object)
      || g_strcmp0 (group->schema, tide_schema_object_get_namespace (object)) != 0)
    {
      group = g_new0 (TideDriftGroup, 1);
      group->schema = tide_schema_object_get_namespace (object);
      group->kind = tide_schema_object_get_kind (object);
      group->entries = g_ptr_array_new_with_free_func (entry_free);
      g_ptr_array_add (self->groups, group);
    }
  g_ptr_array_add (group->entries, entry);
  count (&group->counts, entry);
  count (&self->counts, entry);
}

TideDriftOutline *
tide_drift_outline_new (TideSchemaDiff *diff)
{
  TideDriftOutline *self = g_atomic_rc_box_new0 (TideDriftOutline);
  g_autoptr (GPtrArray) changes = tide_schema_diff_list_told (diff);
  g_autoptr (GHashTable) by_object = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  self->diff = tide_schema_diff_ref (diff);
  self->groups = g_ptr_array_new_with_free_func (group_free);
  for (guint i = 0; i < changes->len; i++)
    {
      TideSchemaChange *change = g_ptr_array_index (changes, i);
      guint n_before = g_hash_table_size (by_object);
      TideDriftEntry *entry = add_entry (by_object, diff, change);

      if (g_hash_table_size (by_object) > n_before)
        g_ptr_array_add (entries, entry);
      g_ptr_array_add (entry->changes, change);
    }
  g_ptr_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    append (self, g_ptr_array_index (entries, i));
  return self;
}

static void
outline_clear (gpointer data)
{
  TideDriftOutline *self = data;

  g_ptr_array_unref (self->groups);
  tide_schema_diff_unref (self->diff);
}

TideDriftOutline *
tide_drift_outline_ref (TideDriftOutline *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_drift_outline_unref (TideDriftOutline *self)
{
  g_atomic_rc_box_release_full (self, outline_clear);
}

GPtrArray *
tide_drift_outline_get_groups (TideDriftOutline *self)
{
  return self->groups;
}

TideDriftCounts
tide_drift_outline_get_counts (TideDriftOutline *self)
{
  return self->counts;
}
