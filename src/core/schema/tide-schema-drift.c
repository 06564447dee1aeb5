/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-drift"

#include "config.h"

#include "schema/tide-schema-drift.h"

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
  return tide_schema_diff_new (history, live, &(TideSchemaDiffOptions) { .ignores = ignores });
}
