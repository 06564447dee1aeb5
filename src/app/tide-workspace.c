/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-workspace"

#include "config.h"

#include "tide-workspace.h"

#include "project/tide-project-monitor.h"
#include "tide-load.h"

#define DEFAULT_POLL_INTERVAL 5

/* What a start shows first must not wait for libgit2, whose own start keeps a processor busy. */
#define AUTHORSHIP_DELAY_MS 300

struct _TideWorkspace
{
  GObject             parent_instance;

  /* Owned */
  TideProject        *project;
  TideProjectMonitor *monitor;
  TideAuthorship     *authorship;
  GListStore         *environments;
  TideEnvironment    *environment;
  GListStore         *jobs;
  GCancellable       *cancellable; /* of what is read for the project that is open */
  GError             *error;

  guint               poll_interval;
  guint               poll_source;
  guint               authorship_source;
  gboolean            active;
  gboolean            loading;     /* the project that is open is being read again */
  gboolean            again;       /* asked to read it while it was being read */
};

enum
{
  PROP_PROJECT = 1,
  PROP_AUTHORSHIP,
  PROP_ENVIRONMENTS,
  PROP_ENVIRONMENT,
  PROP_JOBS,
  PROP_ACTIVE,
  PROP_POLL_INTERVAL,
  PROP_ERROR,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideWorkspace, tide_workspace, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
load_authorship_cb (GObject      *source_object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(TideWorkspace) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideAuthorship) authorship = tide_load_authorship_finish (result, &error);

  if (self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;

  /* Who wrote a migration is good to know, and nothing fails without it. */
  if (error != NULL)
    g_message ("authors are not shown: %s", error->message);

  g_clear_pointer (&self->authorship, tide_authorship_unref);
  self->authorship = g_steal_pointer (&authorship);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUTHORSHIP]);
}

static void
load_authorship (gpointer user_data)
{
  TideWorkspace *self = user_data;

  self->authorship_source = 0;
  tide_load_authorship_async (self->project, self->cancellable, load_authorship_cb,
                              g_object_ref (self));
}

static TideEnvironment *
tide_workspace_find_environment (TideWorkspace *self,
                                 const char    *name)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->environments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideEnvironment) environment = NULL;

      environment = g_list_model_get_item (G_LIST_MODEL (self->environments), i);
      if (g_strcmp0 (tide_environment_get_name (environment), name) == 0)
        return environment; /* the store holds it */
    }
  return NULL;
}

static gboolean
lists_the_same (GListModel *listed,
                GPtrArray  *environments)
{
  gboolean same = g_list_model_get_n_items (listed) == environments->len;

  for (guint i = 0; same && i < environments->len; i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (listed, i);

      same = environment == g_ptr_array_index (environments, i);
    }
  return same;
}

/* Environments of the same name stay the same objects, so that what is selected and shown stays, too.
 * @opened: (nullable): new ones of the project, which are being read already */
static void
tide_workspace_update_environments (TideWorkspace *self,
                                    gboolean       keep,
                                    GPtrArray     *opened)
{
  GPtrArray *specs = tide_project_get_environments (self->project);
  g_autoptr(GPtrArray) environments = g_ptr_array_new_with_free_func (g_object_unref);
  TideEnvironment *selected = NULL;

  for (guint i = 0; i < specs->len; i++)
    {
      const TideEnvironmentSpec *spec = g_ptr_array_index (specs, i);
      TideEnvironment *known = keep ? tide_workspace_find_environment (self, spec->name) : NULL;

      if (known != NULL)
        tide_environment_set_project (known, self->project, spec);
      g_ptr_array_add (environments, known ? g_object_ref (known)
                                     : opened ? g_object_ref (g_ptr_array_index (opened, i))
                                     : tide_environment_new (self->project, spec));
      if (known != NULL && known == self->environment)
        selected = known;
    }

  if (selected == NULL && environments->len > 0)
    selected = g_ptr_array_index (environments, 0);
  if (!lists_the_same (G_LIST_MODEL (self->environments), environments))
    g_list_store_splice (self->environments, 0,
                         g_list_model_get_n_items (G_LIST_MODEL (self->environments)),
                         environments->pdata, environments->len);
  tide_workspace_set_environment (self, selected);
  /* The same one may be of another kind by now. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
}

static void
tide_workspace_for_each (TideWorkspace *self,
                         void         (*func) (TideEnvironment *environment))
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->environments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideEnvironment) environment = NULL;

      environment = g_list_model_get_item (G_LIST_MODEL (self->environments), i);
      func (environment);
    }
}

static void
tide_workspace_set_error (TideWorkspace *self,
                          const GError  *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
tide_workspace_set_project (TideWorkspace *self,
                            TideProject   *project,
                            GPtrArray     *opened)
{
  gboolean keep = self->project != NULL &&
                  g_str_equal (tide_project_get_root (self->project), tide_project_get_root (project));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading = self->again = FALSE;

  g_set_object (&self->project, project);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  self->monitor = tide_project_monitor_new (project);
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (tide_workspace_refresh),
                           self, G_CONNECT_SWAPPED);

  if (!keep)
    g_clear_pointer (&self->authorship, tide_authorship_unref);
  tide_workspace_set_error (self, NULL);
  tide_workspace_update_environments (self, keep, opened);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
  if (!keep)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUTHORSHIP]);

  g_clear_handle_id (&self->authorship_source, g_source_remove);
  self->authorship_source = g_timeout_add_once (AUTHORSHIP_DELAY_MS, load_authorship, self);
  if (keep || opened == NULL)
    tide_workspace_for_each (self, tide_environment_refresh);
}

static gboolean
tide_workspace_poll (gpointer user_data)
{
  tide_workspace_for_each (user_data, tide_environment_poll);
  return G_SOURCE_CONTINUE;
}

static void
tide_workspace_update_polling (TideWorkspace *self)
{
  g_clear_handle_id (&self->poll_source, g_source_remove);
  if (!self->active || self->poll_interval == 0)
    return;

  tide_workspace_poll (self);
  self->poll_source = g_timeout_add_seconds (self->poll_interval, tide_workspace_poll, self);
}

static void
tide_workspace_dispose (GObject *object)
{
  TideWorkspace *self = TIDE_WORKSPACE (object);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->authorship_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->monitor);
  g_clear_object (&self->environment);
  g_clear_object (&self->environments);
  g_clear_object (&self->jobs);
  g_clear_object (&self->project);
  g_clear_pointer (&self->authorship, tide_authorship_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_workspace_parent_class)->dispose (object);
}

static void
tide_workspace_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  TideWorkspace *self = TIDE_WORKSPACE (object);

  switch (prop_id)
    {
    case PROP_PROJECT: g_value_set_object (value, self->project); break;
    case PROP_AUTHORSHIP: g_value_set_boxed (value, self->authorship); break;
    case PROP_ENVIRONMENTS: g_value_set_object (value, self->environments); break;
    case PROP_ENVIRONMENT: g_value_set_object (value, self->environment); break;
    case PROP_JOBS: g_value_set_object (value, self->jobs); break;
    case PROP_ACTIVE: g_value_set_boolean (value, self->active); break;
    case PROP_POLL_INTERVAL: g_value_set_uint (value, self->poll_interval); break;
    case PROP_ERROR: g_value_set_boxed (value, self->error); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_workspace_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  TideWorkspace *self = TIDE_WORKSPACE (object);

  switch (prop_id)
    {
    case PROP_ENVIRONMENT:
      tide_workspace_set_environment (self, g_value_get_object (value));
      break;
    case PROP_ACTIVE:
      if (self->active == g_value_get_boolean (value))
        return;
      self->active = g_value_get_boolean (value);
      tide_workspace_update_polling (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_POLL_INTERVAL:
      if (self->poll_interval == g_value_get_uint (value))
        return;
      self->poll_interval = g_value_get_uint (value);
      tide_workspace_update_polling (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_workspace_class_init (TideWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags both = readable | G_PARAM_WRITABLE;

  object_class->dispose = tide_workspace_dispose;
  object_class->get_property = tide_workspace_get_property;
  object_class->set_property = tide_workspace_set_property;

  properties[PROP_PROJECT] = g_param_spec_object ("project", NULL, NULL, TIDE_TYPE_PROJECT, readable);
  properties[PROP_AUTHORSHIP] = g_param_spec_boxed ("authorship", NULL, NULL, TIDE_TYPE_AUTHORSHIP,
                                                    readable);
  properties[PROP_ENVIRONMENTS] = g_param_spec_object ("environments", NULL, NULL, G_TYPE_LIST_MODEL,
                                                       readable);
  properties[PROP_ENVIRONMENT] = g_param_spec_object ("environment", NULL, NULL,
                                                      TIDE_TYPE_ENVIRONMENT, both);
  properties[PROP_JOBS] = g_param_spec_object ("jobs", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, both);
  properties[PROP_POLL_INTERVAL] = g_param_spec_uint ("poll-interval", NULL, NULL, 0, 3600,
                                                      DEFAULT_POLL_INTERVAL, both);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_workspace_init (TideWorkspace *self)
{
  self->environments = g_list_store_new (TIDE_TYPE_ENVIRONMENT);
  self->jobs = g_list_store_new (TIDE_TYPE_JOB);
  self->poll_interval = DEFAULT_POLL_INTERVAL;
}

TideWorkspace *
tide_workspace_new (void)
{
  return g_object_new (TIDE_TYPE_WORKSPACE, NULL);
}

static void
open_project_cb (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) opened = NULL;
  g_autoptr(TideProject) project = tide_load_opening_finish (result, &opened, &error);

  if (project == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  tide_workspace_set_project (g_task_get_source_object (task), project, opened);
  g_task_return_boolean (task, TRUE);
}

/**
 * tide_workspace_open_project_async:
 * @self: a workspace
 * @root: the project's folder, or one inside it
 * @cancellable: (nullable): a cancellable
 * @callback: called when the project has been read; its environments are read after that
 * @user_data: for @callback
 *
 * Opens another project in place of the one that is open; that one stays when the new one cannot be read.
 */
void
tide_workspace_open_project_async (TideWorkspace       *self,
                                   const char          *root,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TIDE_IS_WORKSPACE (self));
  g_return_if_fail (root != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tide_workspace_open_project_async);
  tide_load_opening_async (root, cancellable, open_project_cb, task);
}

gboolean
tide_workspace_open_project_finish (TideWorkspace  *self,
                                    GAsyncResult   *result,
                                    GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

TideProject *
tide_workspace_get_project (TideWorkspace *self)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), NULL);
  return self->project;
}

TideAuthorship *
tide_workspace_get_authorship (TideWorkspace *self)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), NULL);
  return self->authorship;
}

GListModel *
tide_workspace_get_environments (TideWorkspace *self)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), NULL);
  return G_LIST_MODEL (self->environments);
}

TideEnvironment *
tide_workspace_get_environment (TideWorkspace *self)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), NULL);
  return self->environment;
}

void
tide_workspace_set_environment (TideWorkspace   *self,
                                TideEnvironment *environment)
{
  g_return_if_fail (TIDE_IS_WORKSPACE (self));
  g_return_if_fail (environment == NULL || TIDE_IS_ENVIRONMENT (environment));

  if (g_set_object (&self->environment, environment))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
}

gboolean
tide_workspace_has_environment (TideWorkspace   *self,
                                TideEnvironment *environment)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), FALSE);
  return g_list_store_find (self->environments, environment, NULL);
}

GListModel *
tide_workspace_get_jobs (TideWorkspace *self)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), NULL);
  return G_LIST_MODEL (self->jobs);
}

static gboolean
job_is_running (TideJob *job)
{
  TideJobState state = tide_job_get_state (job);

  return state == TIDE_JOB_WAITING || state == TIDE_JOB_RUNNING;
}

/* Whatever a job did, the ledgers say what became of it. */
static void
job_notify_state_cb (TideJob       *job,
                     GParamSpec    *pspec,
                     TideWorkspace *self)
{
  if (!job_is_running (job))
    tide_workspace_refresh (self);
}

/**
 * tide_workspace_run_job:
 * @self: a workspace
 * @job: a job that has not been started
 * @func: its work
 * @data: (transfer full) (nullable): for @func
 * @data_free: (nullable): frees @data
 * @result_free: (nullable): frees a result that nobody fetched
 * @callback: as for tide_job_run_async(): its source object is @job
 * @user_data: for @callback
 *
 * Shows @job among the running ones and runs it. The project and the ledgers are read again when it has ended.
 */
void
tide_workspace_run_job (TideWorkspace       *self,
                        TideJob             *job,
                        TideJobFunc          func,
                        gpointer             data,
                        GDestroyNotify       data_free,
                        GDestroyNotify       result_free,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (TIDE_IS_WORKSPACE (self));
  g_return_if_fail (TIDE_IS_JOB (job));

  g_list_store_insert (self->jobs, 0, job);
  g_signal_connect_object (job, "notify::state", G_CALLBACK (job_notify_state_cb), self, 0);
  tide_job_run_async (job, func, data, data_free, result_free, callback, user_data);
}

void
tide_workspace_dismiss_job (TideWorkspace *self,
                            TideJob       *job)
{
  guint position;

  g_return_if_fail (TIDE_IS_WORKSPACE (self));
  g_return_if_fail (TIDE_IS_JOB (job));

  if (!job_is_running (job) && g_list_store_find (self->jobs, job, &position))
    g_list_store_remove (self->jobs, position);
}

gboolean
tide_workspace_has_running_job (TideWorkspace *self)
{
  guint n;

  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), FALSE);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      if (job_is_running (job))
        return TRUE;
    }
  return FALSE;
}

const GError *
tide_workspace_get_error (TideWorkspace *self)
{
  g_return_val_if_fail (TIDE_IS_WORKSPACE (self), NULL);
  return self->error;
}

static void
refresh_cb (GObject      *source_object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TideWorkspace) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = tide_load_project_finish (result, &error);

  gboolean again = self->again;

  if (self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;

  self->loading = self->again = FALSE;
  if (project != NULL)
    tide_workspace_set_project (self, project, NULL);
  else
    tide_workspace_set_error (self, error);
  if (again)
    tide_workspace_refresh (self);
}

void
tide_workspace_refresh (TideWorkspace *self)
{
  g_return_if_fail (TIDE_IS_WORKSPACE (self));

  if (self->project == NULL)
    return;

  self->again = self->loading;
  if (self->loading)
    return;

  self->loading = TRUE;
  tide_load_project_async (tide_project_get_root (self->project), self->cancellable,
                      refresh_cb, g_object_ref (self));
}

void
tide_workspace_reconnect (TideWorkspace *self)
{
  g_return_if_fail (TIDE_IS_WORKSPACE (self));

  tide_workspace_for_each (self, tide_environment_reconnect);
  tide_workspace_refresh (self);
}
