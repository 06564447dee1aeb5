/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#include "support/tide-test.h"
#include "wire-proxy.h"

struct _Proxy
{
  GSocketService *service;
  GMainContext   *context;
  GMainLoop      *loop;
  GThread        *thread;
  TideConninfo   *conninfo;
  char           *folder;
  char           *server_path;

  GMutex          mutex;
  GCond           changed;
  gboolean        stalled;
  guint           n_taken;
  guint           n_open;
  GPtrArray      *sockets; /* of the made connections */
};

typedef struct
{
  GIOStream *from;
  GIOStream *to;
} Pipe;

/* Until either side ends; then both end. */
static gpointer
copy (gpointer data)
{
  Pipe *pipe = data;
  char buffer[16384];
  gssize n;

  while ((n = g_input_stream_read (g_io_stream_get_input_stream (pipe->from), buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      if (!g_output_stream_write_all (g_io_stream_get_output_stream (pipe->to), buffer, n, NULL, NULL, NULL))
        break;
    }
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (pipe->from)), TRUE, TRUE, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (pipe->to)), TRUE, TRUE, NULL);
  return NULL;
}

static GSocketConnection *
take (Proxy             *self,
      GSocketConnection *client)
{
  g_autoptr(GSocketClient) connector = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (self->server_path);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_open++;
  self->n_taken++;
  while (self->stalled)
    g_cond_wait (&self->changed, &self->mutex);
  g_ptr_array_add (self->sockets, g_object_ref (g_socket_connection_get_socket (client)));
  return g_socket_client_connect (connector, G_SOCKET_CONNECTABLE (address), NULL, NULL);
}

static gboolean
serve (GThreadedSocketService *service,
       GSocketConnection      *client,
       GObject                *source,
       gpointer                data)
{
  Proxy *self = data;
  g_autoptr(GSocketConnection) server = take (self, client);
  Pipe there = { G_IO_STREAM (client), G_IO_STREAM (server) };
  Pipe back = { G_IO_STREAM (server), G_IO_STREAM (client) };

  if (server != NULL)
    {
      GThread *thread = g_thread_new ("proxy-back", copy, &back);

      copy (&there);
      g_thread_join (thread);
    }
  g_mutex_lock (&self->mutex);
  self->n_open--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gpointer
proxy_main (gpointer data)
{
  Proxy *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

Proxy *
proxy_new (TideConninfo *server)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  g_autofree char *path = NULL;
  Proxy *self = g_new0 (Proxy, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->folder = tide_test_make_folder ();
  self->server_path = g_strdup_printf ("%s/.s.PGSQL.%s", tide_conninfo_get (server, "host"),
                                       tide_conninfo_get (server, "port"));
  self->conninfo = tide_conninfo_copy (server);
  tide_conninfo_set (self->conninfo, "host", self->folder);
  path = g_strdup_printf ("%s/.s.PGSQL.%s", self->folder, tide_conninfo_get (server, "port"));
  address = g_unix_socket_address_new (path);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (100);
  g_signal_connect (self->service, "run", G_CALLBACK (serve), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_main_context_pop_thread_default (self->context);
  self->thread = g_thread_new ("proxy", proxy_main, self);
  return self;
}

void
proxy_free (Proxy *self)
{
  proxy_set_stalled (self, FALSE);
  proxy_cut (self);
  g_mutex_lock (&self->mutex);
  while (self->n_open > 0)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  /* GLib loses a source now and then that is cancelled while another thread looks at it; and the
   * accept that is cancelled frees what it holds only when it is told so. */
  g_socket_service_stop (self->service);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  tide_test_remove_folder (self->folder);
  tide_conninfo_unref (self->conninfo);
  g_ptr_array_unref (self->sockets);
  g_free (self->server_path);
  g_free (self->folder);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

TideConninfo *
proxy_get_conninfo (Proxy *self)
{
  return self->conninfo;
}

void
proxy_set_stalled (Proxy    *self,
                   gboolean  stalled)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->stalled = stalled;
  g_cond_broadcast (&self->changed);
}

guint
proxy_get_n_taken (Proxy *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_taken;
}

void
proxy_cut (Proxy *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->sockets->len; i++)
    g_socket_shutdown (g_ptr_array_index (self->sockets, i), TRUE, TRUE, NULL);
}
