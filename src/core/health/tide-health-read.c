/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-read"

#include "config.h"

#include "health/tide-health-private.h"
#include "tide-error.h"

/* Nobody's lock is worth waiting for, and no catalog so large that it takes longer. One message is one transaction: they end with it.
 * The path makes the server qualify the names that it writes. Statistics are used as they are found: by default the server would make
 * a copy of each first. */
static const char *const settings[] = {
  "SET LOCAL search_path TO ''", "SET LOCAL lock_timeout = '200ms'", "SET LOCAL statement_timeout = '20s'", "SET LOCAL jit = off",
  "SET LOCAL stats_fetch_consistency = none",
};

/* What to ask for */
typedef enum
{
  ASK_QUICK = 1 << 0,
  ASK_LARGE = 1 << 1, /* of the quick form, too, but grows with the number of tables */
  ASK_SLOW  = 1 << 2,
} Ask;

/* (transfer full) (nullable) (element-type TideResult): one for each statement of @script */
GPtrArray *
tide_health_run (TideSession   *session,
                 const char    *script,
                 GCancellable  *cancellable,
                 GError       **error)
{
  guint n = tide_session_get_server_version (session) >= 150000 ? G_N_ELEMENTS (settings) : G_N_ELEMENTS (settings) - 1;
  g_autoptr(GString) text = g_string_new (NULL);
  GPtrArray *results;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s;\n", settings[i]);
  g_string_append (text, script);
  results = tide_session_run (session, text->str, cancellable, error);
  if (results != NULL)
    g_ptr_array_remove_range (results, 0, n);
  return results;
}

static GPtrArray *
choose_probes (Ask what)
{
  const TideHealthProbe *const rooms[] = {
    tide_health_server_probes, tide_health_session_probes, tide_health_index_probes, tide_health_schema_probes,
  };
  GPtrArray *probes = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    for (const TideHealthProbe *probe = rooms[i]; probe->id != NULL; probe++)
      if (what & (probe->large ? ASK_LARGE : probe->quick ? ASK_QUICK : ASK_SLOW))
        g_ptr_array_add (probes, (gpointer) probe);
  return probes;
}

static void
tell_unknown (TideHealth   *health,
              const char   *group,
              const char   *id,
              const char   *title,
              const GError *error)
{
  TideHealthCheck *check = tide_health_add (health, group, id, title);

  check->state = TIDE_HEALTH_UNKNOWN;
  check->value = g_strdup_printf (_("Not known: %s"), error->message);
}

/* Something in one of them went wrong: whatever can be known is. */
static gboolean
ask_one_by_one (TideHealth    *health,
                GPtrArray     *probes,
                TideSession   *session,
                GCancellable  *cancellable,
                GError       **error)
{
  for (guint i = 0; i < probes->len; i++)
    {
      const TideHealthProbe *probe = g_ptr_array_index (probes, i);
      g_autofree char *sql = probe->dup_sql (health->server_version);
      g_autoptr(GError) local_error = NULL;
      g_autoptr(GPtrArray) results = tide_health_run (session, sql, cancellable, &local_error);

      if (results != NULL)
        probe->judge (health, g_ptr_array_index (results, 0));
      else if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_SERVER))
        tell_unknown (health, probe->group, probe->id, _(probe->title), local_error);
      else
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  return TRUE;
}

/* (transfer full) (nullable): a result for each of @probes */
static GPtrArray *
ask_at_once (GPtrArray     *probes,
             TideSession   *session,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GString) script = g_string_new (NULL);

  for (guint i = 0; i < probes->len; i++)
    {
      const TideHealthProbe *probe = g_ptr_array_index (probes, i);
      g_autofree char *sql = probe->dup_sql (tide_session_get_server_version (session));

      g_string_append_printf (script, "%s%s", i > 0 ? ";\n" : "", sql);
    }
  return tide_health_run (session, script->str, cancellable, error);
}

static void
judge (TideHealth *health,
       GPtrArray  *probes,
       GPtrArray  *results)
{
  for (guint i = 0; i < probes->len; i++)
    ((const TideHealthProbe *) g_ptr_array_index (probes, i))->judge (health, g_ptr_array_index (results, i));
}

static gboolean
ask (TideHealth    *health,
     Ask            what,
     TideSession   *session,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GPtrArray) probes = choose_probes (what);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) results = ask_at_once (probes, session, cancellable, &local_error);

  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_SERVER))
    return ask_one_by_one (health, probes, session, cancellable, error);
  if (results == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  judge (health, probes, results);
  return TRUE;
}

/* What a thread reads meanwhile: the files of the project, while the server makes up its mind; then, by a connection of its own, the
 * catalog of tables, which takes as long as all else. It waits until the other is let in: who is not is not asked for twice. */
typedef struct
{
  TideProject       *project;  /* (nullable) */
  TideConninfo      *conninfo;
  GCancellable      *cancellable;
  GCancellable      *outer;    /* (nullable): the caller's */
  gulong             handler;
  GThread           *thread;   /* (nullable): no more */
  GThread           *tools;    /* (nullable): looks for the client programs, which may start one */
  GAsyncQueue       *let_in;   /* gets the struct itself once that is known */
  TideHealthCatalog *catalog;  /* (nullable): why it could not be read does not matter: it is asked for again */
} Aside;

static gpointer
read_aside (gpointer data)
{
  Aside *self = data;
  GPtrArray *migrations = self->project ? tide_project_get_migrations (self->project) : NULL;
  g_autoptr(TideSession) session = NULL;

  for (guint i = 0; migrations != NULL && i < migrations->len; i++)
    tide_migration_get_checksum (g_ptr_array_index (migrations, i));
  g_async_queue_pop (self->let_in);
  if (!g_cancellable_is_cancelled (self->cancellable))
    session = tide_session_open (self->conninfo, self->cancellable, NULL);
  if (session != NULL)
    self->catalog = tide_health_catalog_read (session, self->cancellable, NULL);
  return NULL;
}

static gpointer
look_for_tools (gpointer server_major)
{
  return tide_health_check_tools (GPOINTER_TO_INT (server_major));
}

static void
cancel_aside (GCancellable *outer,
              gpointer      cancellable)
{
  g_cancellable_cancel (cancellable);
}

static Aside *
aside_new (TideProject  *project,
           TideConninfo *conninfo,
           GCancellable *cancellable)
{
  Aside *self = g_new0 (Aside, 1);

  self->project = project ? g_object_ref (project) : NULL;
  self->conninfo = tide_conninfo_ref (conninfo);
  self->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancel_aside), self->cancellable, NULL);
    }
  self->let_in = g_async_queue_new ();
  self->thread = g_thread_new ("tide-health", read_aside, self);
  return self;
}

static void
aside_wait (Aside *self)
{
  if (self->thread != NULL)
    g_thread_join (self->thread);
  self->thread = NULL;
}

static void
aside_free (Aside *self)
{
  g_cancellable_disconnect (self->outer, self->handler);
  g_clear_object (&self->outer);
  g_cancellable_cancel (self->cancellable);
  g_async_queue_push (self->let_in, self);
  aside_wait (self);
  if (self->tools != NULL)
    tide_health_check_unref (g_thread_join (self->tools));
  g_object_unref (self->cancellable);
  tide_conninfo_unref (self->conninfo);
  g_clear_object (&self->project);
  g_async_queue_unref (self->let_in);
  g_clear_pointer (&self->catalog, tide_health_catalog_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Aside, aside_free)

/* (transfer full) (nullable): the indexes are read while another connection reads the tables */
static TideHealthCatalog *
read_catalog (Aside         *aside,
              TideSession   *session,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TideResult) indexes = tide_health_catalog_read_indexes (session, cancellable, error);
  g_autoptr(TideHealthCatalog) catalog = NULL;

  if (indexes == NULL)
    return NULL;
  if (aside != NULL)
    {
      aside_wait (aside);
      catalog = g_steal_pointer (&aside->catalog);
    }
  if (catalog == NULL)
    catalog = tide_health_catalog_read (session, cancellable, error);
  if (catalog == NULL || !tide_health_catalog_finish (catalog, indexes, session, cancellable, error))
    return NULL;
  return g_steal_pointer (&catalog);
}

static gboolean
ask_for_tables (TideHealth    *self,
                Aside         *aside,
                TideSession   *session,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideHealthCatalog) catalog = read_catalog (aside, session, cancellable, &local_error);

  if (catalog != NULL)
    tide_health_catalog_judge (self, catalog);
  else if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_SERVER))
    tell_unknown (self, "tables", "tables", _("Tables"), local_error);
  else
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
ask_quick (TideHealth      *self,
           TideSession     *session,
           TideHealthFunc   func,
           gpointer         user_data,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autoptr(TideHealth) quick = NULL;

  if (!ask (self, ASK_QUICK, session, cancellable, error))
    return FALSE;
  quick = tide_health_dup_so_far (self);
  func (quick, user_data);
  return TRUE;
}

/* @aside: (nullable) */
static TideHealth *
look (TideProject      *project,
      TideSession      *session,
      gboolean          full,
      Aside            *aside,
      TideHealthFunc    func,
      gpointer          user_data,
      GCancellable     *cancellable,
      GError          **error)
{
  g_autoptr(TideHealth) self = tide_health_new (session);
  gint64 start = g_get_monotonic_time ();
  int major = self->server_version / 10000;

  if (aside != NULL)
    aside->tools = g_thread_new ("tide-health-tools", look_for_tools, GINT_TO_POINTER (major));
  if (project != NULL)
    tide_health_look_at_project (self, project, session, cancellable);
  if (func != NULL && !ask_quick (self, session, func, user_data, cancellable, error))
    return NULL;
  if (!ask (self, (func == NULL ? ASK_QUICK : 0) | ASK_LARGE | (full ? ASK_SLOW : 0), session, cancellable, error))
    return NULL;
  if (full)
    {
      g_ptr_array_add (self->checks, aside != NULL ? g_thread_join (g_steal_pointer (&aside->tools))
                                                   : tide_health_check_tools (major));
      if (!ask_for_tables (self, aside, session, cancellable, error))
        return NULL;
    }
  tide_health_sort (self);
  self->is_full = full;
  self->duration = g_get_monotonic_time () - start;
  return g_steal_pointer (&self);
}

static TideHealth *
open_and_look (TideProject      *project,
               TideConninfo     *conninfo,
               gboolean          full,
               TideHealthFunc    func,
               gpointer          user_data,
               GCancellable     *cancellable,
               GError          **error)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr(Aside) aside = full ? aside_new (project, conninfo, cancellable) : NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, error);
  TideHealth *self;

  if (session == NULL)
    return NULL;
  if (aside != NULL)
    g_async_queue_push (aside->let_in, aside);
  self = look (project, session, full, aside, func, user_data, cancellable, error);
  if (self != NULL)
    self->duration = g_get_monotonic_time () - start;
  return self;
}

TideHealth *
tide_health_read_session (TideProject      *project,
                          TideSession      *session,
                          TideHealthFlags   flags,
                          GCancellable     *cancellable,
                          GError          **error)
{
  g_return_val_if_fail (TIDE_IS_SESSION (session), NULL);

  return look (project, session, (flags & TIDE_HEALTH_FULL) != 0, NULL, NULL, NULL, cancellable, error);
}

TideHealth *
tide_health_read (TideProject      *project,
                  TideConninfo     *conninfo,
                  TideHealthFlags   flags,
                  GCancellable     *cancellable,
                  GError          **error)
{
  g_return_val_if_fail (conninfo != NULL, NULL);

  return open_and_look (project, conninfo, (flags & TIDE_HEALTH_FULL) != 0, NULL, NULL, cancellable, error);
}

TideHealth *
tide_health_read_in_turn (TideProject     *project,
                          TideConninfo    *conninfo,
                          TideHealthFunc   func,
                          gpointer         user_data,
                          GCancellable    *cancellable,
                          GError         **error)
{
  g_return_val_if_fail (conninfo != NULL && func != NULL, NULL);

  return open_and_look (project, conninfo, TRUE, func, user_data, cancellable, error);
}
