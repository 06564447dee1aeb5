/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose-ledger"

#include "config.h"

#include "health/tide-diagnosis-private.h"

/* Who holds Prisma's lock, as core/history/tide-prisma-lock.c tells it in words */
static const char holder_sql[] =
  "SELECT l.pid, (extract(epoch FROM a.backend_start) * 1000000)::pg_catalog.int8, a.usename, nullif(a.application_name, ''),\n"
  "  coalesce(pg_catalog.host(a.client_addr), 'local'), pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'),\n"
  "  a.state, extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::pg_catalog.int8,\n"
  "  pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 200)\n"
  "  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid\n"
  " WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()\n"
  "   AND l.classid = 0 AND l.objid = 72707369 AND l.objsubid = 1\n"
  "   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) LIMIT 1";

void
tide_diagnose_lock (TideDiagnoseWork *work)
{
  g_autoptr(TideResult) result = tide_session_query (work->session, holder_sql, NULL, 0, work->cancellable, NULL);
  TideDiagnosis *self;
  g_autofree char *session = NULL;
  const char *state;

  if (result == NULL || tide_result_get_n_rows (result) == 0)
    return;
  self = tide_diagnosis_new ("lock-held", g_strdup (_("Somebody holds the migration lock")),
                             _("Prisma and this program take one lock before they migrate a database. While another session holds "
                               "it, a deploy waits ten seconds and gives up (P1002)"));
  state = tide_result_get_value (result, 0, 6);
  tide_diagnosis_take_evidence (self, g_strdup_printf (_("Process %s, user %s, application %s, from %s"),
                                                       tide_result_get_value (result, 0, 0),
                                                       tide_result_get_value (result, 0, 2) ? tide_result_get_value (result, 0, 2) : "?",
                                                       tide_result_get_value (result, 0, 3) ? tide_result_get_value (result, 0, 3) : "?",
                                                       tide_result_get_value (result, 0, 4)));
  if (tide_result_get_value (result, 0, 5) != NULL)
    tide_diagnosis_take_evidence (self, g_strdup_printf (_("Connected since %s"), tide_result_get_value (result, 0, 5)));
  if (state != NULL)
    tide_diagnosis_take_evidence (self, g_strdup_printf (g_str_equal (state, "active") ? _("Running for %s s: %s")
                                                                                      : _("Idle for %s s, after: %s"),
                                                         tide_result_get_value (result, 0, 7), tide_result_get_value (result, 0, 8)));
  tide_diagnosis_add_way (self, TIDE_WAY_RETRY, NULL, _("Look Again"), _("A deploy that runs ends by itself: wait for it"));
  if (tide_result_get_value (result, 0, 1) != NULL)
    {
      session = g_strdup_printf ("%s@%s", tide_result_get_value (result, 0, 0), tide_result_get_value (result, 0, 1));
      tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_END_SESSION, session, _("End Session…"),
                              _("The last resort, when nobody is at work there: what it has not committed is undone, and its "
                                "migration is left as failed"))->destructive = TRUE;
    }
  g_ptr_array_add (work->found, self);
}

/* What no Prisma of today writes: more columns than it knows, and the tables of its next generation */
static const char newer_sql[] =
  "SELECT (SELECT pg_catalog.string_agg(attname, ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute\n"
  "         WHERE attrelid = pg_catalog.to_regclass('_prisma_migrations') AND attnum > 0 AND NOT attisdropped\n"
  "           AND attname NOT IN ('id', 'checksum', 'finished_at', 'migration_name', 'logs', 'rolled_back_at', 'started_at',\n"
  "                               'applied_steps_count')),\n"
  "  (SELECT pg_catalog.string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_catalog.pg_class c\n"
  "     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'prisma_contract' AND c.relkind IN ('r', 'p'))";

void
tide_diagnose_ledger (TideDiagnoseWork *work)
{
  g_autoptr(TideResult) result = tide_session_query (work->session, newer_sql, NULL, 0, work->cancellable, NULL);
  const char *columns = result ? tide_result_get_value (result, 0, 0) : NULL;
  const char *tables = result ? tide_result_get_value (result, 0, 1) : NULL;
  TideDiagnosis *self;

  if (columns == NULL && tables == NULL)
    return;
  self = tide_diagnosis_new ("newer-ledger", g_strdup (_("A newer Prisma was at work here")),
                             _("The database holds what Prisma 6 and 7 do not write. They and this program go by the ledger that they "
                               "know, which may not be the whole truth any more"));
  if (columns != NULL)
    tide_diagnosis_take_evidence (self, g_strdup_printf (_("_prisma_migrations has further columns: %s"), columns));
  if (tables != NULL)
    tide_diagnosis_take_evidence (self, g_strdup_printf (_("The schema prisma_contract, which Prisma 8 makes, has: %s"), tables));
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_DRIFT, NULL, _("Compare with the Database"),
                          _("Shows what the database has that the migrations here did not make; deploy with the Prisma that "
                            "the team uses for it"));
  g_ptr_array_add (work->found, self);
}
