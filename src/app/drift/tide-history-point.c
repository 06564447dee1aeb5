/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-history-point"

#include "config.h"

#include <string.h>

#include "drift/tide-history-point.h"

#define PREFIX "migrations@"

int
tide_history_point_find (TideProject *project,
                         const char  *source)
{
  GPtrArray *migrations = tide_project_get_migrations (project);

  if (source == NULL || !g_str_has_prefix (source, PREFIX))
    return -1;
  for (guint i = 0; i < migrations->len; i++)
    if (g_str_equal (tide_migration_get_name (g_ptr_array_index (migrations, i)), source + strlen (PREFIX)))
      return i + 1;
  return -1;
}

char *
tide_history_point_dup (TideProject *project,
                        guint        n)
{
  GPtrArray *migrations = tide_project_get_migrations (project);

  return n == 0 ? g_strdup ("empty")
                : tide_history_point_dup_after (tide_migration_get_name (g_ptr_array_index (migrations, n - 1)));
}

char *
tide_history_point_dup_after (const char *migration)
{
  return g_strconcat (PREFIX, migration, NULL);
}

char *
tide_history_point_dup_before (TideProject *project,
                               const char  *migration)
{
  g_autofree char *after = tide_history_point_dup_after (migration);
  int n = tide_history_point_find (project, after);

  return tide_history_point_dup (project, n > 0 ? n - 1 : 0);
}
