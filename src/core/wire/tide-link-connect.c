/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "tide-error.h"
#include "wire/tide-handshake.h"
#include "wire/tide-link-private.h"
#include "wire/tide-pg-error.h"
#include "wire/tide-resolve.h"
#include "wire/tide-worker.h"

#define DEFAULT_TIMEOUT 10

static void
set_up_done (TideCall *call,
             gpointer  data)
{
  const char *what = data;
  TideLink *self = call->link;

  if (call->error == NULL || self->end != NULL)
    return;
  if (call->error->domain == TIDE_ERROR)
    g_prefix_error (&call->error, "%s failed: ", what);
  tide_link_end (self, TIDE_LINK_CLOSED, g_steal_pointer (&call->error));
}

static void
add_set_up (TideLink   *self,
            const char *sql,
            const char *what)
{
  TideCall *call;

  if (sql == NULL || *sql == '\0')
    return;
  call = tide_call_new (TIDE_CALL_SCRIPT, sql, self->opening->cancellable,
                        set_up_done, (gpointer) what);
  tide_link_enqueue (self, call);
}

/* The opening call ends when it comes to the head of the queue, behind the set-up. */
static void
connected (TideLink *self)
{
  g_autofree char *settings = tide_conninfo_dup_settings (self->conninfo);

  tide_link_clear_source (&self->timeout);
  tide_link_unwatch (self);
  PQsetErrorVerbosity (self->conn, PQERRORS_DEFAULT);
  tide_link_listen (self);
  add_set_up (self, settings, "setting the schema and the read-only mode");
  add_set_up (self, tide_conninfo_get_startup_sql (self->conninfo), "the start-up SQL");
  g_queue_push_tail (&self->queue, g_steal_pointer (&self->opening));
  tide_link_pump (self);
}

static gboolean
connect_ready (int          fd,
               GIOCondition condition,
               gpointer     data)
{
  g_autoptr(TideLink) self = tide_link_ref (data);

  /* The poll may close the socket and open another one. */
  tide_link_unwatch (self);
  tide_handshake_begin (self->conn);
  switch (PQconnectPoll (self->conn))
    {
    case PGRES_POLLING_READING:
      tide_link_watch (self, G_IO_IN, connect_ready);
      break;

    case PGRES_POLLING_WRITING:
      tide_link_watch (self, G_IO_OUT, connect_ready);
      break;

    case PGRES_POLLING_OK:
      connected (self);
      break;

    case PGRES_POLLING_FAILED:
    case PGRES_POLLING_ACTIVE:
    default:
      tide_link_end (self, TIDE_LINK_CLOSED,
                     tide_pg_error_unreachable (self->conn, self->conninfo));
      break;
    }
  return G_SOURCE_REMOVE;
}

/* libpq's meaning: seconds, 0 waits for ever, 1 is too short to be meant; but for all hosts
 * together. It is ours to keep: PQconnectPoll() does not look at it. */
static guint
get_timeout (TideConninfo *conninfo)
{
  const char *text = tide_conninfo_get (conninfo, "connect_timeout");
  gint64 seconds = text ? g_ascii_strtoll (text, NULL, 10) : DEFAULT_TIMEOUT;

  return seconds == 1 ? 2 : (guint) CLAMP (seconds, 0, G_MAXINT);
}

static gboolean
connect_timed_out (gpointer data)
{
  g_autoptr(TideLink) self = tide_link_ref (data);

  tide_link_end (self, TIDE_LINK_CLOSED,
                 tide_pg_error_timed_out (self->conninfo, get_timeout (self->conninfo)));
  return G_SOURCE_REMOVE;
}

static PGconn *
start_connection (TideConninfo *conninfo)
{
  g_auto(GStrv) keywords = tide_conninfo_list_keywords (conninfo);
  guint n = g_strv_length (keywords);
  g_autofree const char **names = g_new0 (const char *, n + 3);
  g_autofree const char **values = g_new0 (const char *, n + 3);

  names[0] = "fallback_application_name";
  values[0] = "tidemark";
  for (guint i = 0; i < n; i++)
    {
      names[i + 1] = keywords[i];
      values[i + 1] = tide_conninfo_get (conninfo, keywords[i]);
    }
  /* Texts are UTF-8 in this program, whatever was asked for; here it costs no round trip. */
  names[n + 1] = "client_encoding";
  values[n + 1] = "UTF8";
  /* OpenSSL would ask on the terminal for the passphrase of a key; this hook takes sslpassword only. */
  PQsetSSLKeyPassHook_OpenSSL (PQdefaultSSLKeyPassHook_OpenSSL);
  return PQconnectStartParams (names, values, FALSE);
}

static void
ignore_notice (void           *data,
               const PGresult *source)
{
}

static void
start (TideLink     *self,
       TideConninfo *conninfo)
{
  tide_handshake_begin (NULL);
  self->conn = start_connection (conninfo);
  if (self->conn == NULL)
    g_error ("out of memory");
  if (PQstatus (self->conn) == CONNECTION_BAD)
    {
      tide_link_end (self, TIDE_LINK_CLOSED,
                     tide_pg_error_unreachable (self->conn, self->conninfo));
      return;
    }
  PQsetNoticeReceiver (self->conn, ignore_notice, NULL);
  PQsetErrorVerbosity (self->conn, PQERRORS_VERBOSE);
  /* As if it had last asked to write, says libpq's manual. */
  tide_link_watch (self, G_IO_OUT, connect_ready);
}

static void
resolved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(TideLink) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_resolve_finish (result, &error);

  if (self->end != NULL)
    return;
  if (conninfo != NULL)
    start (self, conninfo);
  else
    tide_link_end (self, TIDE_LINK_CLOSED, tide_pg_error_no_host (self->conninfo, error));
}

/**
 * tide_link_connect:
 * @self: a link with its opening call
 *
 * Makes the connection, step by step on the worker.
 */
void
tide_link_connect (TideLink *self)
{
  guint seconds = get_timeout (self->conninfo);

  if (seconds > 0)
    self->timeout = tide_worker_attach (g_timeout_source_new_seconds (seconds),
                                        connect_timed_out, self);
  if (!tide_resolve_is_needed (self->conninfo))
    {
      start (self, self->conninfo);
      return;
    }
  self->resolving = g_cancellable_new ();
  tide_resolve_async (self->conninfo, self->resolving, resolved, tide_link_ref (self));
}
