/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-migration-text"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-script.h"
#include "timeline/tide-migration-text.h"

static const char *
mode_text (TideSqlRunMode mode)
{
  switch (mode)
    {
    case TIDE_SQL_RUN_STEPWISE:
      return _("Statement by statement");
    case TIDE_SQL_RUN_OWN:
      return _("As the file says: it controls its own transactions");
    case TIDE_SQL_RUN_ATOMIC:
    default:
      return _("In one transaction");
    }
}

static char *
dup_mode (TideSqlScript *script)
{
  TideSqlRunMode mode = tide_sql_script_get_run_mode (script);
  g_autofree char *reason = tide_sql_script_dup_reason (script);

  if (mode == TIDE_SQL_RUN_ATOMIC || reason == NULL || *reason == '\0')
    return g_strdup (mode_text (mode));
  return g_strdup_printf ("%s: %s", mode_text (mode), reason);
}

/* The text widget takes no NUL bytes and shows no million lines well. */
static char *
dup_shown (const char  *sql,
           gsize        size,
           char       **cut)
{
  g_autofree char *valid = g_utf8_make_valid (sql, MIN (size, TIDE_MIGRATION_TEXT_LIMIT));

  if (size > TIDE_MIGRATION_TEXT_LIMIT)
    {
      g_autofree char *shown = g_format_size (TIDE_MIGRATION_TEXT_LIMIT);
      g_autofree char *all = g_format_size (size);

      *cut = g_strdup_printf (_("The first %s of %s are shown"), shown, all);
    }
  return g_steal_pointer (&valid);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  TideMigration *migration = task_data;
  TideMigrationText *self;
  g_autoptr(TideSqlScript) script = NULL;
  const GError *problem = tide_migration_get_problem (migration);
  gsize size;

  if (problem != NULL)
    {
      g_task_return_error (task, g_error_copy (problem));
      return;
    }
  self = g_new0 (TideMigrationText, 1);
  size = tide_migration_get_sql_size (migration);
  script = tide_sql_script_new_for_bytes (tide_migration_get_bytes (migration));
  self->summary = tide_sql_script_dup_summary (script);
  self->mode = dup_mode (script);
  self->sql = dup_shown (tide_migration_get_sql (migration), size, &self->cut);
  g_task_return_pointer (task, self, (GDestroyNotify) tide_migration_text_free);
}

/**
 * tide_migration_text_load_async:
 * @migration: whose file to read
 * @cancellable: (nullable): a cancellable
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Reads and parses the file in a thread.
 */
void
tide_migration_text_load_async (TideMigration       *migration,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_migration_text_load_async);
  /* Behind the next frame: the window stands first. */
  g_task_set_priority (task, G_PRIORITY_LOW);
  g_task_set_task_data (task, tide_migration_ref (migration), (GDestroyNotify) tide_migration_unref);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * tide_migration_text_load_finish:
 * @result: what the callback got
 * @error: the migration's problem, or cancelled
 *
 * Returns: (transfer full) (nullable): the text
 */
TideMigrationText *
tide_migration_text_load_finish (GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tide_migration_text_free:
 * @self: a text
 */
void
tide_migration_text_free (TideMigrationText *self)
{
  g_free (self->sql);
  g_free (self->cut);
  g_free (self->summary);
  g_free (self->mode);
  g_free (self);
}
