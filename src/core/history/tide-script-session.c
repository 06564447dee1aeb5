/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-script-session"

#include "config.h"

#include "history/tide-script-session.h"

static const char begin_sql[] = "BEGIN; SELECT pg_catalog.txid_current()";

struct _TideScriptSession
{
  TideTransactionPlace  place;
  guint64               ahead; /* the transaction begun behind the last file; 0: none */

  /* Owned */
  TideConninfo         *conninfo;
  GCancellable         *cancellable; /* nullable */
  TidePendingCall      *connecting;  /* nullable */
  TideSession          *session;     /* nullable */
  char                 *settings;    /* what makes a used session a new one */
};

/*
 * What DISCARD ALL does, which itself refuses to stand beside other statements, and then what
 * connecting did, in a transaction of its own, since a transaction keeps the defaults it began
 * with. Thirty microseconds on the server: cheaper than asking whether it is needed.
 */
static char *
build_settings (const TideConninfo *conninfo,
                guint               lock_timeout_ms)
{
  g_autofree char *own = tide_conninfo_dup_settings (conninfo);
  GString *sql = g_string_new ("BEGIN; SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL;"
                               "DEALLOCATE ALL; CLOSE ALL; UNLISTEN *;"
                               "SELECT pg_catalog.pg_advisory_unlock_all();"
                               "DISCARD TEMP; DISCARD SEQUENCES;\n");

  if (own != NULL)
    g_string_append (sql, own);
  if (lock_timeout_ms > 0)
    g_string_append_printf (sql, "SET lock_timeout = %u;", lock_timeout_ms);
  g_string_append (sql, "COMMIT;\n");
  return g_string_free (sql, FALSE);
}

/**
 * tide_script_session_new:
 * @conninfo: where to run
 * @lock_timeout_ms: how long a statement may wait for a lock; 0: as the server says
 * @cancellable: (nullable): for all that it does
 *
 * Returns: (transfer full): a session that is not connected yet
 */
TideScriptSession *
tide_script_session_new (TideConninfo *conninfo,
                         guint         lock_timeout_ms,
                         GCancellable *cancellable)
{
  TideScriptSession *self = g_new0 (TideScriptSession, 1);

  self->conninfo = tide_conninfo_ref (conninfo);
  self->settings = build_settings (conninfo, lock_timeout_ms);
  g_set_object (&self->cancellable, cancellable);
  return self;
}

/**
 * tide_script_session_free:
 * @self: (transfer full): a session; its connection ends
 */
void
tide_script_session_free (TideScriptSession *self)
{
  if (self->connecting != NULL)
    self->session = tide_session_end_open (self->connecting, NULL);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  tide_conninfo_unref (self->conninfo);
  g_free (self->settings);
  g_free (self);
}

/**
 * tide_script_session_connect:
 * @self: a session that is not connected yet
 *
 * Begins to connect, while the caller does something else; how it went tells the first use.
 */
void
tide_script_session_connect (TideScriptSession *self)
{
  g_return_if_fail (self->session == NULL && self->connecting == NULL);

  self->connecting = tide_session_begin_open (self->conninfo, self->cancellable);
}

/* (transfer none) (nullable): as it is now; another one after the next file, where that had to be */
TideSession *
tide_script_session_get (const TideScriptSession *self)
{
  return self->session;
}

const TideTransactionPlace *
tide_script_session_get_place (const TideScriptSession *self)
{
  return &self->place;
}

/* (transfer container): the answers to @sql, sent behind what makes a used session new */
static GPtrArray *
send_on_new (TideScriptSession  *self,
             const char         *sql,
             GError            **error)
{
  const char *startup = tide_conninfo_get_startup_sql (self->conninfo);
  g_autofree char *all = NULL;

  if (startup == NULL)
    {
      all = g_strconcat (self->settings, sql, NULL);
      return tide_session_run (self->session, all, self->cancellable, error);
    }

  /* A person's own text stands alone: nobody knows how it ends. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) results =
        tide_session_run (self->session, i == 0 ? self->settings : startup, self->cancellable, error);

      if (results == NULL)
        return NULL;
    }
  return tide_session_run (self->session, sql, self->cancellable, error);
}

/* A file may leave a session in which not even that works: then a really new one takes its
 * place. */
static GPtrArray *
run_on_new (TideScriptSession  *self,
            const char         *sql,
            GError            **error)
{
  GPtrArray *results = NULL;

  self->ahead = 0;
  if (self->session != NULL)
    results = send_on_new (self, sql, NULL);
  if (results != NULL)
    return results;

  g_clear_object (&self->session);
  self->session = self->connecting ? tide_session_end_open (g_steal_pointer (&self->connecting), error)
                                   : tide_session_open (self->conninfo, self->cancellable, error);
  if (self->session == NULL
      || !tide_transaction_ask_place (self->session, &self->place, self->cancellable, error))
    return NULL;
  return send_on_new (self, sql, error);
}

/**
 * tide_script_session_renew:
 * @self: a session
 * @error: the server's, UNREACHABLE, or cancelled
 *
 * Returns: whether it is as new, outside of a transaction
 */
gboolean
tide_script_session_renew (TideScriptSession  *self,
                           GError            **error)
{
  g_autoptr(GPtrArray) results = run_on_new (self, "", error);

  return results != NULL;
}

/**
 * tide_script_session_begin:
 * @self: a session
 * @error: the server's, UNREACHABLE, or cancelled
 *
 * Returns: the id of a transaction that is open on a session as new; 0 on failure
 */
guint64
tide_script_session_begin (TideScriptSession  *self,
                           GError            **error)
{
  guint64 ahead = self->ahead;
  g_autoptr(GPtrArray) results = NULL;

  self->ahead = 0;
  if (ahead != 0 && !tide_session_is_lost (self->session))
    return ahead;

  results = run_on_new (self, begin_sql, error);
  if (results == NULL)
    return 0;
  return (guint64) tide_result_get_int64 (g_ptr_array_index (results, results->len - 1), 0, 0);
}

/* A person's own text stands between two files: then nothing is sent ahead of it. */
gboolean
tide_script_session_may_begin_ahead (const TideScriptSession *self)
{
  return tide_conninfo_get_startup_sql (self->conninfo) == NULL;
}

/**
 * tide_script_session_build_ahead:
 * @self: a session
 * @sql: what ends the transaction of one file
 *
 * Returns: (transfer full): @sql, and the transaction of the next file begun behind it, whose id is the last row that comes;
 *   it is for tide_script_session_set_ahead()
 */
char *
tide_script_session_build_ahead (const TideScriptSession *self,
                                 const char              *sql)
{
  return g_strconcat (sql, ";\n", self->settings, begin_sql, NULL);
}

/* @transaction: what the next tide_script_session_begin() finds; 0: nothing */
void
tide_script_session_set_ahead (TideScriptSession *self,
                               guint64            transaction)
{
  self->ahead = transaction;
}

/* Not cancellable: it must happen. A lost session has rolled back by itself. */
void
tide_script_session_roll_back (TideScriptSession *self)
{
  g_autoptr(GPtrArray) results = NULL;

  self->ahead = 0;
  if (self->session != NULL && !tide_session_is_lost (self->session))
    results = tide_session_run (self->session, "ROLLBACK", NULL, NULL);
}
