/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-drift"

#include "config.h"

#include <string.h>

#include "schema/tide-schema-diff-private.h"
#include "schema/tide-schema-drift.h"

static gboolean
has_objects_in (TideSchema *schema,
                const char *name)
{
  for (guint i = 0; i < tide_schema_get_n_objects (schema); i++)
    if (g_strcmp0 (tide_schema_object_get_namespace (tide_schema_get_object (schema, i)), name) == 0)
      return TRUE;
  return FALSE;
}

void
tide_schema_drift_set_aside (GPtrArray              *ignores,
                             const TideSchemaSource *from,
                             const TideSchemaSource *to,
                             TideSchema             *history,
                             TideSchema             *database,
                             GPtrArray              *notes)
{
  const char *own;
  guint first, end;

  if (ignores == NULL || !tide_schema_source_is_drift (from, to))
    return;
  own = tide_conninfo_get_schema (tide_schema_source_get_conninfo (to));
  tide_schema_get_range (database, TIDE_OBJECT_TABLE, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *table = tide_schema_get_object (database, i);
      const char *name = tide_schema_object_get_namespace (table);
      TideSchemaIgnore *ignore;

      /* Schemas are ignored by patterns. */
      if (!tide_schema_object_is_ledger (table) || g_strcmp0 (name, own) == 0 || strpbrk (name, "*?") != NULL ||
          has_objects_in (history, name))
        continue;
      ignore = g_new0 (TideSchemaIgnore, 1);
      ignore->schema = g_strdup (name);
      ignore->reason = g_strdup ("a migration ledger of its own");
      g_ptr_array_add (ignores, ignore);
      g_ptr_array_add (notes, g_strdup_printf ("schema \"%s\" has a migration ledger of its own: what is in it is not compared", name));
    }
}

TideSchemaDiff *
tide_schema_drift_read (TideProject  *project,
                        TideTarget   *target,
                        GPtrArray    *notes,
                        TideJob      *job,
                        GError      **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideSchemaSource) applied = tide_schema_source_new_applied (project, target, notes, cancellable, error);
  g_autoptr(TideSchemaSource) database = applied ? tide_schema_source_parse ("database", project, target, cancellable, error) : NULL;
  g_autoptr(GPtrArray) ignores = tide_schema_ignores_new (tide_project_get_ignores (project));
  g_autoptr(TideSchema) history = NULL;
  g_autoptr(TideSchema) live = NULL;

  if (database == NULL || !tide_schema_source_load_pair (applied, database, job, &history, &live, error))
    return NULL;
  tide_schema_drift_set_aside (ignores, applied, database, history, live, notes);
  return tide_schema_diff_new (history, live, &(TideSchemaDiffOptions) { .ignores = ignores });
}
