/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-resolve"

#include "config.h"

#include "tide-error.h"
#include "wire/tide-resolve.h"

typedef struct
{
  TideConninfo *conninfo;
  char        **hosts;
  char        **ports;
  GStrv        *addresses; /* of each host; NULL where the host is no name, or was not found */
  guint         n_pending;
} State;

typedef struct
{
  GTask *task;
  guint  index; /* of the host */
} Lookup;

static void
state_free (gpointer data)
{
  State *state = data;

  for (guint i = 0; state->hosts[i] != NULL; i++)
    g_strfreev (state->addresses[i]);
  g_free (state->addresses);
  g_strfreev (state->hosts);
  g_strfreev (state->ports);
  tide_conninfo_unref (state->conninfo);
  g_free (state);
}

static gboolean
is_name (const char *host)
{
  return *host != '\0' && *host != '/' && *host != '@' && !g_hostname_is_ip_address (host);
}

static void
set_list (TideConninfo *conninfo,
          const char   *keyword,
          GPtrArray    *entries)
{
  g_autofree char *value = NULL;

  g_ptr_array_add (entries, NULL);
  value = g_strjoinv (",", (char **) entries->pdata);
  tide_conninfo_set (conninfo, keyword, value);
}

/* (nullable) (transfer full): an entry for each address, or %NULL when there is none. libpq still
 * gets the names: it compares certificates and .pgpass with them. */
static TideConninfo *
make_conninfo (State *state)
{
  static char *no_address[] = { "", NULL };
  g_autoptr(GPtrArray) hosts = g_ptr_array_new ();
  g_autoptr(GPtrArray) addresses = g_ptr_array_new ();
  g_autoptr(GPtrArray) ports = g_ptr_array_new ();
  guint n_ports = g_strv_length (state->ports);
  TideConninfo *conninfo;

  for (guint i = 0; state->hosts[i] != NULL; i++)
    {
      GStrv found = is_name (state->hosts[i]) ? state->addresses[i] : no_address;

      for (guint j = 0; found != NULL && found[j] != NULL; j++)
        {
          g_ptr_array_add (hosts, state->hosts[i]);
          g_ptr_array_add (addresses, found[j]);
          /* One port may stand for all hosts. */
          g_ptr_array_add (ports, n_ports ? state->ports[MIN (i, n_ports - 1)] : (char *) "");
        }
    }
  if (hosts->len == 0)
    return NULL;

  conninfo = tide_conninfo_copy (state->conninfo);
  set_list (conninfo, "host", hosts);
  set_list (conninfo, "hostaddr", addresses);
  set_list (conninfo, "port", ports);
  return conninfo;
}

static void
finish (GTask  *task,
        GError *last_error)
{
  State *state = g_task_get_task_data (task);
  TideConninfo *conninfo = make_conninfo (state);

  if (conninfo != NULL)
    g_task_return_pointer (task, conninfo, (GDestroyNotify) tide_conninfo_unref);
  else
    g_task_return_error (task, g_error_copy (last_error));
}

static void
looked_up (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree Lookup *lookup = data;
  g_autoptr(GTask) task = lookup->task;
  g_autoptr(GError) error = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  State *state = g_task_get_task_data (task);
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  for (GList *iter = addresses; iter != NULL; iter = iter->next)
    {
      g_autofree char *address = g_inet_address_to_string (iter->data);

      g_strv_builder_add (builder, address);
    }
  g_resolver_free_addresses (addresses);
  state->addresses[lookup->index] = g_strv_builder_end (builder);
  if (--state->n_pending == 0)
    finish (task, error);
}

/**
 * tide_resolve_is_needed:
 * @conninfo: connection values
 *
 * Returns: whether a host in them has to be looked up
 */
gboolean
tide_resolve_is_needed (const TideConninfo *conninfo)
{
  const char *host = tide_conninfo_get (conninfo, "host");
  g_auto(GStrv) hosts = NULL;

  if (host == NULL || tide_conninfo_get (conninfo, "hostaddr") != NULL)
    return FALSE;
  hosts = g_strsplit (host, ",", -1);
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      if (is_name (hosts[i]))
        return TRUE;
    }
  return FALSE;
}

/**
 * tide_resolve_async:
 * @conninfo: connection values that need it
 * @cancellable: (nullable): gives up
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Looks up every host name in @conninfo.
 */
void
tide_resolve_async (TideConninfo        *conninfo,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GResolver) resolver = g_resolver_get_default ();
  const char *port = tide_conninfo_get (conninfo, "port");
  State *state = g_new0 (State, 1);

  g_task_set_source_tag (task, tide_resolve_async);
  g_task_set_task_data (task, state, state_free);
  state->conninfo = tide_conninfo_ref (conninfo);
  state->hosts = g_strsplit (tide_conninfo_get (conninfo, "host"), ",", -1);
  state->ports = g_strsplit (port ? port : "", ",", -1);
  state->addresses = g_new0 (GStrv, g_strv_length (state->hosts));
  for (guint i = 0; state->hosts[i] != NULL; i++)
    {
      Lookup *lookup;

      if (!is_name (state->hosts[i]))
        continue;
      lookup = g_new0 (Lookup, 1);
      lookup->task = g_object_ref (task);
      lookup->index = i;
      state->n_pending++;
      g_resolver_lookup_by_name_async (resolver, state->hosts[i], cancellable, looked_up, lookup);
    }
}

/**
 * tide_resolve_finish:
 * @result: what the callback got
 * @error: (out): a GIO error, when no host was found
 *
 * Returns: (transfer full) (nullable): the values with `hostaddr` for every name that was found
 */
TideConninfo *
tide_resolve_finish (GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
