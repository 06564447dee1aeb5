/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-connection-facts"

#include "config.h"

#include <glib/gi18n.h>

#include "connections/tide-connection-facts.h"

#include "history/tide-history.h"
#include "wire/tide-session.h"

static const char *const facts_sql =
  "SELECT pg_catalog.current_setting('server_version'),"
  "       pg_catalog.current_database(),"
  "       current_user,"
  "       (SELECT ssl.version || ', ' || ssl.cipher"
  "          FROM pg_catalog.pg_stat_ssl AS ssl"
  "         WHERE ssl.pid = pg_catalog.pg_backend_pid() AND ssl.ssl),"
  "       pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(pg_catalog.current_database())),"
  "       (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)";

void
tide_connection_facts_free (TideConnectionFacts *self)
{
  g_free (self->server_version);
  g_free (self->database);
  g_free (self->user);
  g_free (self->address);
  g_free (self->tls);
  g_free (self->size);
  g_free (self);
}

static char *
dup_address (TideConninfo *conninfo)
{
  const char *host = tide_conninfo_get (conninfo, "host");
  const char *port = tide_conninfo_get (conninfo, "port");

  if (host == NULL)
    return g_strdup (_("local socket"));
  if (*host == '/')
    return g_strdup (host);
  return g_strdup_printf ("%s:%s", host, port ? port : "5432");
}

static TideConnectionFacts *
read_facts (TideSession   *session,
            TideConninfo  *conninfo,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(TideResult) facts = NULL;
  g_autoptr(TideHistory) history = tide_history_for_database ();
  g_autoptr(TideConnectionFacts) self = NULL;

  facts = tide_session_query (session, facts_sql, NULL, 0, cancellable, error);
  if (facts == NULL)
    return NULL;

  self = g_new0 (TideConnectionFacts, 1);
  self->server_version = g_strdup (tide_result_get_value (facts, 0, 0));
  self->database = g_strdup (tide_result_get_value (facts, 0, 1));
  self->user = g_strdup (tide_result_get_value (facts, 0, 2));
  self->tls = g_strdup (tide_result_get_value (facts, 0, 3));
  self->size = g_strdup (tide_result_get_value (facts, 0, 4));
  self->superuser = tide_result_get_boolean (facts, 0, 5);
  self->address = dup_address (conninfo);
  if (!tide_history_count_rows (history, session, &self->n_ledger_rows, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
facts_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  TideConninfo *conninfo = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, &error);
  TideConnectionFacts *facts = NULL;

  if (session != NULL)
    {
      facts = read_facts (session, conninfo, cancellable, &error);
      tide_session_close (session);
    }

  if (facts != NULL)
    g_task_return_pointer (task, facts, (GDestroyNotify) tide_connection_facts_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
tide_connection_facts_async (TideConninfo        *conninfo,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_connection_facts_async);
  g_task_set_task_data (task, tide_conninfo_ref (conninfo), (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, facts_thread);
}

TideConnectionFacts *
tide_connection_facts_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
