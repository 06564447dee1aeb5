/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-run-tables.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"

static const char server_sql[] =
  "SELECT pg_catalog.pg_is_in_recovery(), current_user, pg_catalog.current_schema(),\n"
  "       pg_catalog.has_schema_privilege(pg_catalog.current_schema(), 'CREATE'),\n"
  "       pg_catalog.current_database()";

/* Sessions that would make a migration wait: those with an open transaction and a lock on a table that it touches. */
static const char lockers_sql[] =
  "SELECT a.pid, a.usename, a.application_name, a.state, c.relname, l.mode,\n"
  "       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint,\n"
  "       pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 120)\n"
  "  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid\n"
  "       JOIN pg_catalog.pg_class c ON c.oid = l.relation\n"
  " WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_catalog.pg_backend_pid()\n"
  "   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())\n"
  "   AND l.relation = ANY ($1::pg_catalog.oid[]) AND a.application_name IS DISTINCT FROM $2\n"
  " ORDER BY a.xact_start, c.relname LIMIT 20";

static const char long_sql[] =
  "SELECT a.pid, a.usename, a.application_name, a.state,\n"
  "       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint\n"
  "  FROM pg_catalog.pg_stat_activity a\n"
  " WHERE a.datname = pg_catalog.current_database() AND a.xact_start < pg_catalog.clock_timestamp() - interval '1 minute'\n"
  "   AND a.pid <> pg_catalog.pg_backend_pid() AND a.backend_type = 'client backend' ORDER BY a.xact_start LIMIT 10";

static gboolean
check_server (TideRunbook  *self,
              GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autofree char *label = tide_conninfo_dup_label (tide_session_get_conninfo (self->session));
  g_autoptr(TideResult) result =
    tide_session_query (self->session, server_sql, NULL, 0, tide_pipeline_get_cancellable (pipeline), error);

  if (result == NULL)
    return FALSE;
  tide_pipeline_note (pipeline, N_("PostgreSQL %s, %s"), self->server_version, label);
  if (tide_result_get_boolean (result, 0, 0))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "name the primary server", "\"%s\" is a replica, which takes no changes", label);
      return FALSE;
    }
  if (tide_result_get_value (result, 0, 2) != NULL)
    tide_pipeline_note (pipeline, N_("it is the primary; role \"%s\", schema \"%s\""), tide_result_get_value (result, 0, 1),
                        tide_result_get_value (result, 0, 2));
  else
    tide_pipeline_note (pipeline, N_("it is the primary; role \"%s\", no schema"), tide_result_get_value (result, 0, 1));
  if (self->plan->len > 0 && !tide_result_get_boolean (result, 0, 3))
    tide_pipeline_warn (pipeline, N_("role \"%s\" may not make anything in that schema"), tide_result_get_value (result, 0, 1));
  return TRUE;
}

static gboolean
check_lockers (TideRunbook  *self,
               GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autofree char *oids = tide_run_tables_dup_oids (self->session, self->plan, tide_pipeline_get_cancellable (pipeline));
  g_autofree char *ours = tide_session_dup_parameter (self->session, "application_name");
  const char *params[] = { oids, ours };
  g_autoptr(TideResult) result = NULL;

  if (oids == NULL)
    return TRUE;
  result = tide_session_query (self->session, lockers_sql, params, 2, tide_pipeline_get_cancellable (pipeline), error);
  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    tide_pipeline_warn (pipeline, N_("process %s (user \"%s\", application \"%s\", %s) has held %s on \"%s\" for %s s: \"%s\""),
                        tide_result_get_value (result, i, 0), tide_result_get_value (result, i, 1),
                        tide_result_get_value (result, i, 2), tide_result_get_value (result, i, 3),
                        tide_result_get_value (result, i, 5), tide_result_get_value (result, i, 4),
                        tide_result_get_value (result, i, 6), tide_result_get_value (result, i, 7));
  if (result != NULL && tide_result_get_n_rows (result) > 0)
    tide_pipeline_note (pipeline, N_("the migrations will wait for them; --lock-timeout says for how long"));
  return result != NULL;
}

static gboolean
check_long_transactions (TideRunbook  *self,
                         GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(TideResult) result =
    tide_session_query (self->session, long_sql, NULL, 0, tide_pipeline_get_cancellable (pipeline), error);

  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    tide_pipeline_warn (pipeline, N_("process %s (user \"%s\", application \"%s\", %s) has had a transaction open for %s s"),
                        tide_result_get_value (result, i, 0), tide_result_get_value (result, i, 1),
                        tide_result_get_value (result, i, 2), tide_result_get_value (result, i, 3),
                        tide_result_get_value (result, i, 4));
  return result != NULL;
}

gboolean
tide_runbook_connect (TidePipeline  *pipeline,
                      GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);

  if (!check_server (self, error) || !check_lockers (self, error) || !check_long_transactions (self, error))
    return FALSE;
  tide_pipeline_status (pipeline, N_("PostgreSQL %s answers"), self->server_version);
  return TRUE;
}
