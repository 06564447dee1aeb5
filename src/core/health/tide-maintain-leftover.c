/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-maintain-leftover"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-maintain-leftover.h"
#include "tide-error.h"

/* The names that REINDEX CONCURRENTLY makes, with a number behind where they were taken; of one that runs now nobody touches them.
 * On a table of TOAST there are such, too. */
static const char list_sql[] =
  "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)\n"
  "  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid\n"
  "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
  " WHERE NOT x.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'\n"
  "   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.relid = x.indrelid)";

GHashTable *
tide_maintain_leftover_list (TideSession   *session,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(TideResult) result = tide_session_query (session, list_sql, NULL, 0, cancellable, error);
  GHashTable *oids;

  if (result == NULL)
    return NULL;
  oids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    g_hash_table_add (oids, g_strdup (tide_result_get_value (result, i, 0)));
  return oids;
}

static void
drop (TideSession  *session,
      const char   *index,
      TideJob      *job,
      GError      **failure)
{
  g_autofree char *sql = g_strdup_printf ("DROP INDEX CONCURRENTLY %s", index);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, NULL, &error);
  TideErrorFields *fields = tide_error_get_fields (*failure);

  if (result != NULL)
    {
      tide_job_log (job, "dropped the unfinished index %s", index);
      return;
    }
  tide_job_log (job, "the unfinished index %s is still there: %s; drop it with %s", index, error->message, sql);
  if (fields != NULL)
    tide_error_take_string (&fields->hint, g_strdup_printf ("an unfinished index is left: %s", sql));
}

void
tide_maintain_leftover_drop (TideConninfo  *conninfo,
                             GHashTable    *before,
                             TideJob       *job,
                             GError       **failure)
{
  /* The job may be cancelled: this must be done all the same. But a transaction that is open since long must not hold it up. */
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, NULL);
  g_autoptr(GPtrArray) settings = session ? tide_session_run (session, "SET statement_timeout = '20s'", NULL, NULL) : NULL;
  g_autoptr(TideResult) result = settings ? tide_session_query (session, list_sql, NULL, 0, NULL, NULL) : NULL;

  tide_job_set_status (job, _("takes away what is unfinished"));
  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    if (!g_hash_table_contains (before, tide_result_get_value (result, i, 0)))
      drop (session, tide_result_get_value (result, i, 1), job, failure);
}
