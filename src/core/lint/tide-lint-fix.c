/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-fix"

#include "config.h"

#include <string.h>

#include "connect/tide-target.h"
#include "history/tide-history.h"
#include "lint/tide-lint-fix.h"
#include "sql/tide-sql-lexer.h"
#include "tide-error.h"

char *
tide_lint_fix_text (const char  *text,
                    gsize        size,
                    GPtrArray   *findings,
                    char       **follow_up,
                    guint       *n)
{
  GString *fixed = g_string_new (NULL);
  g_autoptr(GString) later = g_string_new (NULL);
  gsize at = 0;

  *n = 0;
  for (;;)
    {
      const TideLintFinding *next = NULL;

      for (guint i = 0; i < findings->len; i++)
        {
          const TideLintFinding *finding = g_ptr_array_index (findings, i);

          /* One that only puts something in counts at the same place no second time */
          if (finding->fix != NULL && !finding->accepted && finding->fix_start + finding->fix_length <= size
              && (finding->fix_start > at || (finding->fix_start == at && *n == 0))
              && (next == NULL || finding->fix_start < next->fix_start))
            next = finding;
        }
      if (next == NULL)
        break;
      g_string_append_len (fixed, text + at, next->fix_start - at);
      g_string_append (fixed, next->fix);
      g_string_append (later, next->follow_up ? next->follow_up : "");
      at = next->fix_start + next->fix_length;
      *n += 1;
    }
  g_string_append_len (fixed, text + at, size - at);
  *follow_up = later->len > 0 ? g_strdup (later->str) : NULL;
  return g_string_free (fixed, FALSE);
}

static gboolean
check_target (TideProject   *project,
              TideTarget    *target, /* (nullable): it could not be found, as @error says */
              const char    *place,
              const char    *name,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TideSession) session = target ? tide_session_open (tide_target_get_conninfo (target), cancellable, error) : NULL;
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideTimeline) timeline = session ? tide_history_read_timeline (history, project, session, cancellable, error) : NULL;
  const TideTimelineEntry *entry = timeline ? tide_timeline_find (timeline, name) : NULL;

  if (timeline == NULL)
    {
      g_prefix_error (error, "whether \"%s\" is applied to \"%s\" is not known: ", name, place);
      return FALSE;
    }
  if (entry == NULL || entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_REFUSED, "make a new migration that changes what it made",
                  "\"%s\" has run on \"%s\", and a file that has run is not changed", name, place);
  return FALSE;
}

/* What no environment is: DATABASE_URL, if it is set */
static gboolean
check_default (TideProject   *project,
               const char    *name,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(GError) unset = NULL;
  g_autoptr(TideTarget) target = tide_target_resolve (project, NULL, NULL, cancellable, &unset);

  if (g_error_matches (unset, TIDE_ERROR, TIDE_ERROR_NOT_FOUND) ||
      (target != NULL && tide_project_find_environment (project, tide_target_get_name (target)) != NULL))
    return TRUE;
  if (unset != NULL)
    g_propagate_error (error, g_steal_pointer (&unset));
  return check_target (project, target, target ? tide_target_get_name (target) : "DATABASE_URL", name, cancellable, error);
}

gboolean
tide_lint_check_not_applied (TideProject   *project,
                             const char    *url,
                             const char    *name,
                             GCancellable  *cancellable,
                             GError       **error)
{
  GPtrArray *environments = tide_project_get_environments (project);
  g_autoptr(TideTarget) given = NULL;

  for (guint i = 0; i < environments->len; i++)
    {
      const TideEnvironmentSpec *environment = g_ptr_array_index (environments, i);

      g_autoptr(TideTarget) target = tide_target_resolve (project, environment->name, NULL, cancellable, error);

      if (!check_target (project, target, environment->name, name, cancellable, error))
        return FALSE;
    }
  if (!check_default (project, name, cancellable, error))
    return FALSE;
  if (url == NULL)
    return TRUE;
  given = tide_target_resolve (project, NULL, url, cancellable, error);
  return check_target (project, given, "the given URL", name, cancellable, error);
}

gboolean
tide_lint_write_migration (TideMigration  *migration,
                           const char     *text,
                           GError        **error)
{
  const char *path = tide_migration_get_path (migration);
  g_autofree char *now = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &now, &size, error))
    return tide_error_tell_file (error, "the migration cannot be read");
  if (size != tide_migration_get_sql_size (migration) || memcmp (now, tide_migration_get_sql (migration), size) != 0)
    {
      tide_set_error (error, TIDE_ERROR_BUSY, "look at it again, and then once more at what is to be changed",
                      "\"%s\" has been changed meanwhile", tide_migration_get_name (migration));
      return FALSE;
    }
  return g_file_set_contents (path, text, -1, error) || tide_error_tell_file (error, "the migration cannot be written");
}

char *
tide_lint_accept_text (const char            *text,
                       const TideLintFinding *finding,
                       const char            *because)
{
  g_autofree char *comment = tide_lint_finding_dup_accept (finding, because);
  g_autoptr(GArray) statements = tide_sql_split (text, -1);
  gsize at = 0;

  for (guint i = 0; i < statements->len && finding->line > 0; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);

      if (finding->start >= statement->start && finding->start < statement->start + statement->length)
        at = statement->start;
    }
  return g_strdup_printf ("%.*s%s%s\n%s", (int) at, text, at > 0 && text[at - 1] != '\n' ? "\n" : "", comment, text + at);
}
