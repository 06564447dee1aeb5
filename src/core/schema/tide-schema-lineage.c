/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-lineage"

#include "config.h"

#include "schema/tide-schema-lineage.h"
#include "tide-error.h"

struct _TideSchemaLineage
{
  gatomicrefcount  ref_count;
  GHashTable      *events; /* (element-type utf8 GPtrArray): by dup_key() */
};

G_DEFINE_BOXED_TYPE (TideSchemaLineage, tide_schema_lineage, tide_schema_lineage_ref, tide_schema_lineage_unref)

static void
event_free (gpointer data)
{
  TideSchemaEvent *self = data;

  g_free (self->migration);
  g_free (self);
}

static char *
dup_key (const TideSchemaObject *object)
{
  const char *schema = tide_schema_object_get_namespace (object);
  g_autofree char *name = tide_schema_object_dup_name (object);

  return g_strdup_printf ("%d\n%s\n%s", tide_schema_object_get_kind (object), schema == NULL ? "" : schema, name);
}

/* One migration is told once of each object: what made it outweighs what it then did to it. */
static void
add_event (TideSchemaLineage      *self,
           const TideSchemaObject *object,
           const char             *migration,
           TideChangeType          type)
{
  g_autofree char *key = dup_key (object);
  GPtrArray *events = g_hash_table_lookup (self->events, key);
  TideSchemaEvent *last = events == NULL ? NULL : g_ptr_array_index (events, events->len - 1);

  if (last != NULL && g_str_equal (last->migration, migration))
    {
      if (last->type == TIDE_CHANGE_CHANGED)
        last->type = type;
      return;
    }
  if (events == NULL)
    {
      events = g_ptr_array_new_with_free_func (event_free);
      g_hash_table_insert (self->events, g_steal_pointer (&key), events);
    }
  last = g_new0 (TideSchemaEvent, 1);
  last->migration = g_strdup (migration);
  last->type = type;
  g_ptr_array_add (events, last);
}

static void
add_change (TideSchemaLineage      *self,
            const TideSchemaChange *change,
            const char             *migration)
{
  const TideSchemaObject *object = change->to != NULL ? change->to : change->from;

  add_event (self, object, migration, change->type);
  while ((object = tide_schema_object_get_parent (object)) != NULL)
    add_event (self, object, migration, TIDE_CHANGE_CHANGED);
}

static void
add_step (TideSchemaLineage *self,
          TideSchema        *before,
          TideSchema        *after,
          const char        *migration)
{
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (before, after, NULL);
  GPtrArray *changes = tide_schema_diff_get_changes (diff);

  for (guint i = 0; i < changes->len; i++)
    add_change (self, g_ptr_array_index (changes, i), migration);
}

/* (transfer full): after the first @n migrations */
static TideSchema *
load_point (TideProject  *project,
            const char   *schema,
            guint         n,
            TideJob      *job,
            GError      **error)
{
  GPtrArray *migrations = tide_project_get_migrations (project);
  g_autoptr (GPtrArray) part = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_migration_unref);
  g_autoptr (TideSchemaSource) source = NULL;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (part, tide_migration_ref (g_ptr_array_index (migrations, i)));
  source = tide_schema_source_new_history (project, part, schema,
                                           n == 0 ? "" : tide_migration_get_name (g_ptr_array_index (migrations, n - 1)));
  return tide_schema_source_load (source, job, error);
}

TideSchemaLineage *
tide_schema_lineage_new (TideProject  *project,
                         const char   *schema,
                         TideJob      *job,
                         GError      **error)
{
  GPtrArray *migrations = tide_project_get_migrations (project);
  g_autoptr (TideSchemaLineage) self = g_new0 (TideSchemaLineage, 1);
  g_autoptr (TideSchema) before = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->events = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  before = load_point (project, schema, 0, job, error);
  for (guint i = 0; before != NULL && i < migrations->len; i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (TideSchema) after = load_point (project, schema, i + 1, job, &failure);

      if (g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_INVALID))
        break;
      if (after == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      tide_job_set_fraction (job, (i + 1) / (double) migrations->len);
      add_step (self, before, after, tide_migration_get_name (g_ptr_array_index (migrations, i)));
      tide_schema_unref (before);
      before = g_steal_pointer (&after);
    }
  return before != NULL ? g_steal_pointer (&self) : NULL;
}

TideSchemaLineage *
tide_schema_lineage_ref (TideSchemaLineage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_schema_lineage_unref (TideSchemaLineage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->events);
  g_free (self);
}

GPtrArray *
tide_schema_lineage_lookup (TideSchemaLineage      *self,
                            const TideSchemaObject *object)
{
  g_autofree char *key = dup_key (object);

  return g_hash_table_lookup (self->events, key);
}
