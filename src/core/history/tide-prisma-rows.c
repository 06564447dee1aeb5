/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-prisma-rows"

#include "config.h"

#include "history/tide-prisma-rows.h"

/* What Prisma leaves of a success: one step, a time, no logs (so the note goes). */
#define FINISH_SQL                                                                                 \
  "UPDATE _prisma_migrations\n"                                                                    \
  "   SET finished_at = pg_catalog.clock_timestamp(),\n"                                           \
  "       applied_steps_count = applied_steps_count + 1, logs = NULL\n"                            \
  " WHERE id = %s"

#define START_SQL                                                                                  \
  "INSERT INTO _prisma_migrations\n"                                                               \
  "  (id, checksum, started_at, migration_name, logs)\n"                                           \
  "VALUES (%s, %s, pg_catalog.clock_timestamp(), %s, %s)"

#define PREPARED_KEY "tide-ledger-prepared"

char *
tide_prisma_build_finish (const char *id)
{
  g_autofree char *quoted = tide_quote_literal (id);

  return g_strdup_printf (FINISH_SQL, quoted);
}

/**
 * tide_prisma_prepare_rows:
 * @session: one that stays the same from one transaction to the next
 * @cancellable: (nullable): a cancellable
 *
 * Planning what is written for each migration costs the server more than running it, so @session keeps the plans. What is
 * wrong with the table tells the first row.
 *
 * Returns: whether it does
 */
gboolean
tide_prisma_prepare_rows (TideSession  *session,
                          GCancellable *cancellable)
{
  g_autofree char *sql = NULL;
  g_autoptr(GPtrArray) results = NULL;

  if (g_object_get_data (G_OBJECT (session), PREPARED_KEY) != NULL)
    return TRUE;

  sql = g_strdup_printf ("PREPARE tidemark_start AS " START_SQL ";\nPREPARE tidemark_finish AS " FINISH_SQL,
                         "$1", "$2", "$3", "$4", "$1");
  results = tide_session_run (session, sql, cancellable, NULL);
  if (results != NULL)
    g_object_set_data (G_OBJECT (session), PREPARED_KEY, GINT_TO_POINTER (TRUE));
  return results != NULL;
}

/**
 * tide_prisma_build_start:
 * @id: of the new row
 * @finished_id: (nullable): the row of the migration before
 * @migration: what is started
 * @note: what to keep in the row
 * @is_prepared: what tide_prisma_prepare_rows() says of the session
 * @lock_timeout_ms: how long to wait for a lock; 0: as the server says
 *
 * Returns: (transfer full): the start of one migration and, as the last statement, the end of the one before
 */
char *
tide_prisma_build_start (const char           *id,
                         const char           *finished_id,
                         TideMigration        *migration,
                         const TideLedgerNote *note,
                         gboolean              is_prepared,
                         guint                 lock_timeout_ms)
{
  g_autofree char *text = tide_ledger_note_to_string (note);
  g_autofree char *quoted_text = tide_quote_literal (text);
  g_autofree char *quoted_id = tide_quote_literal (id);
  g_autofree char *checksum = tide_quote_literal (tide_migration_get_checksum (migration));
  g_autofree char *name = tide_quote_literal (tide_migration_get_name (migration));
  GString *sql = g_string_new ("SET LOCAL synchronous_commit = off;\n");

  if (lock_timeout_ms > 0)
    g_string_append_printf (sql, "SET LOCAL lock_timeout = %u;\n", lock_timeout_ms);
  g_string_append_printf (sql, is_prepared ? "EXECUTE tidemark_start (%s, %s, %s, %s);\n" : START_SQL ";\n",
                          quoted_id, checksum, name, quoted_text);
  if (finished_id != NULL)
    {
      g_autofree char *quoted = tide_quote_literal (finished_id);

      g_string_append_printf (sql, is_prepared ? "EXECUTE tidemark_finish (%s)" : FINISH_SQL, quoted);
    }
  return g_string_free (sql, FALSE);
}

/* The text of `migrate resolve`: every attempt of the name that neither ended nor was given up. */
char *
tide_prisma_build_give_up (const char *name)
{
  g_autofree char *quoted = tide_quote_literal (name);

  return g_strdup_printf ("UPDATE _prisma_migrations SET rolled_back_at = now()\n"
                          " WHERE migration_name = %s\n"
                          "   AND finished_at IS NULL AND rolled_back_at IS NULL", quoted);
}
