/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-environment"

#include "config.h"

#include "tide-environment.h"

#include "connect/tide-url.h"
#include "tide-environment-read.h"

struct _TideEnvironment
{
  GObject               parent_instance;

  /* Owned */
  TideProject          *project;
  char                 *name;
  char                 *url;
  char                 *label;
  TideTarget           *target;
  TideSession          *session;
  TideTimeline         *timeline;
  char                 *fingerprint; /* of the ledger that "timeline" was made from */
  char                 *server_version;
  GError               *error;
  GCancellable         *cancellable; /* of the read under way, NULL when there is none */

  TideKind              kind;
  TideEnvironmentState  state;
  gboolean              again;       /* asked to refresh while reading */
};

enum
{
  PROP_NAME = 1,
  PROP_KIND,
  PROP_LABEL,
  PROP_STATE,
  PROP_TIMELINE,
  PROP_N_PENDING,
  PROP_ERROR,
  PROP_TARGET,
  PROP_SERVER_VERSION,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideEnvironment, tide_environment, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

GType
tide_environment_state_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_ENVIRONMENT_IDLE, "TIDE_ENVIRONMENT_IDLE", "idle" },
    { TIDE_ENVIRONMENT_LOADING, "TIDE_ENVIRONMENT_LOADING", "loading" },
    { TIDE_ENVIRONMENT_READY, "TIDE_ENVIRONMENT_READY", "ready" },
    { TIDE_ENVIRONMENT_FAILED, "TIDE_ENVIRONMENT_FAILED", "failed" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideEnvironmentState", values));
  return type;
}

static void
tide_environment_set_state (TideEnvironment      *self,
                            TideEnvironmentState  state,
                            const GError         *error)
{
  if (self->error != NULL || error != NULL)
    {
      g_clear_error (&self->error);
      self->error = error ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
}

static void
tide_environment_take_target (TideEnvironment *self,
                              TideTarget      *target)
{
  if (target != NULL && self->target == target)
    return;

  g_clear_pointer (&self->target, tide_target_unref);
  g_free (self->label);
  self->target = target ? tide_target_ref (target) : NULL;
  self->label = target ? tide_conninfo_dup_label (tide_target_get_conninfo (target))
                       : tide_url_redact (self->url);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TARGET]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

/* @read: (nullable): nothing is known yet of the database that it means now */
static void
tide_environment_take_timeline (TideEnvironment     *self,
                                TideEnvironmentRead *read)
{
  if (read != NULL && read->timeline == NULL)
    return;

  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->server_version, g_free);
  if (read != NULL)
    {
      self->timeline = g_steal_pointer (&read->timeline);
      self->fingerprint = g_steal_pointer (&read->fingerprint);
      self->server_version = g_steal_pointer (&read->server_version);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMELINE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PENDING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER_VERSION]);
}

/* The task has no source object: its last reference may go in the thread, and we must not. */
static void
tide_environment_read_cb (GObject      *source_object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(TideEnvironment) self = user_data;
  g_autoptr(GError) error = NULL;
  TideEnvironmentRead *read = g_task_get_task_data (G_TASK (result));
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  /* Somebody who cancelled has also taken over: a newer read is under way, or we are being closed. */
  if (self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->cancellable);

  g_set_object (&self->session, read->session);
  tide_environment_take_target (self, read->target);
  if (ok)
    tide_environment_take_timeline (self, read);
  tide_environment_set_state (self, ok ? TIDE_ENVIRONMENT_READY : TIDE_ENVIRONMENT_FAILED, error);

  if (self->again)
    tide_environment_refresh (self);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (tide_environment_read_run (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
tide_environment_read (TideEnvironment *self,
                       gboolean         only_changes)
{
  g_autoptr(GTask) task = NULL;
  TideEnvironmentRead *read = g_new0 (TideEnvironmentRead, 1);

  g_assert (self->cancellable == NULL);

  read->project = g_object_ref (self->project);
  read->name = g_strdup (self->name);
  read->target = self->target ? tide_target_ref (self->target) : NULL;
  read->session = self->session ? g_object_ref (self->session) : NULL;
  read->fingerprint = g_strdup (self->fingerprint);
  read->only_changes = only_changes;
  read->n_running = self->timeline ? tide_timeline_count_running (self->timeline) : 0;

  self->again = FALSE;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, tide_environment_read_cb, g_object_ref (self));
  g_task_set_source_tag (task, tide_environment_read);
  g_task_set_task_data (task, read, (GDestroyNotify) tide_environment_read_free);
  g_task_run_in_thread (task, read_thread);
}

static void
tide_environment_cancel (TideEnvironment *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* The next read looks everything up again. */
static void
tide_environment_disconnect (TideEnvironment *self)
{
  tide_environment_cancel (self);
  g_clear_object (&self->session);
  tide_environment_take_target (self, NULL);
}

static void
tide_environment_dispose (GObject *object)
{
  TideEnvironment *self = TIDE_ENVIRONMENT (object);

  tide_environment_cancel (self);
  g_clear_object (&self->session);
  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_clear_pointer (&self->timeline, tide_timeline_unref);
  G_OBJECT_CLASS (tide_environment_parent_class)->dispose (object);
}

static void
tide_environment_finalize (GObject *object)
{
  TideEnvironment *self = TIDE_ENVIRONMENT (object);

  g_free (self->name);
  g_free (self->url);
  g_free (self->label);
  g_free (self->fingerprint);
  g_free (self->server_version);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_environment_parent_class)->finalize (object);
}

static void
tide_environment_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  TideEnvironment *self = TIDE_ENVIRONMENT (object);

  switch (prop_id)
    {
    case PROP_NAME: g_value_set_string (value, self->name); break;
    case PROP_KIND: g_value_set_enum (value, self->kind); break;
    case PROP_LABEL: g_value_set_string (value, self->label); break;
    case PROP_STATE: g_value_set_enum (value, self->state); break;
    case PROP_TIMELINE: g_value_set_boxed (value, self->timeline); break;
    case PROP_N_PENDING:
      g_value_set_uint (value, self->timeline ? tide_timeline_count_pending (self->timeline) : 0);
      break;
    case PROP_ERROR: g_value_set_boxed (value, self->error); break;
    case PROP_TARGET: g_value_set_boxed (value, self->target); break;
    case PROP_SERVER_VERSION: g_value_set_string (value, self->server_version); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_environment_class_init (TideEnvironmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_environment_dispose;
  object_class->finalize = tide_environment_finalize;
  object_class->get_property = tide_environment_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, TIDE_TYPE_KIND,
                                             TIDE_KIND_UNKNOWN, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, TIDE_TYPE_ENVIRONMENT_STATE,
                                              TIDE_ENVIRONMENT_IDLE, flags);
  properties[PROP_TIMELINE] = g_param_spec_boxed ("timeline", NULL, NULL, TIDE_TYPE_TIMELINE, flags);
  properties[PROP_N_PENDING] = g_param_spec_uint ("n-pending", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_TARGET] = g_param_spec_boxed ("target", NULL, NULL, TIDE_TYPE_TARGET, flags);
  properties[PROP_SERVER_VERSION] = g_param_spec_string ("server-version", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_environment_init (TideEnvironment *self)
{
}

TideEnvironment *
tide_environment_new (TideProject               *project,
                      const TideEnvironmentSpec *spec)
{
  TideEnvironment *self = g_object_new (TIDE_TYPE_ENVIRONMENT, NULL);

  self->name = g_strdup (spec->name);
  tide_environment_set_project (self, project, spec);
  return self;
}

/* Whether @url means the same database in both projects: "env:NAME" does while the variable's value stays. */
static gboolean
is_same_database (TideProject *before,
                  TideProject *after,
                  const char  *old_url,
                  const char  *new_url)
{
  const char *variable;

  if (before == NULL || g_strcmp0 (old_url, new_url) != 0)
    return FALSE;
  if (new_url == NULL || !g_str_has_prefix (new_url, "env:"))
    return TRUE;
  variable = new_url + strlen ("env:");
  return g_strcmp0 (tide_project_get_variable (before, variable),
                    tide_project_get_variable (after, variable)) == 0;
}

void
tide_environment_set_project (TideEnvironment           *self,
                              TideProject               *project,
                              const TideEnvironmentSpec *spec)
{
  gboolean same, same_kind;

  g_return_if_fail (TIDE_IS_ENVIRONMENT (self));
  g_return_if_fail (TIDE_IS_PROJECT (project));

  same = is_same_database (self->project, project, self->url, spec->url);
  same_kind = self->kind == spec->kind;
  tide_environment_cancel (self);
  g_set_object (&self->project, project);
  if (!same)
    {
      g_free (self->url);
      self->url = g_strdup (spec->url);
    }
  /* Its target tells the kind, too: one of the old kind must not stay. */
  self->kind = spec->kind;
  if (!same || !same_kind)
    tide_environment_disconnect (self);
  if (!same)
    tide_environment_take_timeline (self, NULL);
  if (!same_kind)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KIND]);
}

const char *
tide_environment_get_name (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), NULL);
  return self->name;
}

TideKind
tide_environment_get_kind (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), TIDE_KIND_UNKNOWN);
  return self->kind;
}

const char *
tide_environment_get_label (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), NULL);
  return self->label;
}

TideEnvironmentState
tide_environment_get_state (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), TIDE_ENVIRONMENT_IDLE);
  return self->state;
}

TideTimeline *
tide_environment_get_timeline (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), NULL);
  return self->timeline;
}

TideTarget *
tide_environment_get_target (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), NULL);
  return self->target;
}

const GError *
tide_environment_get_error (TideEnvironment *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT (self), NULL);
  return self->error;
}

void
tide_environment_refresh (TideEnvironment *self)
{
  g_return_if_fail (TIDE_IS_ENVIRONMENT (self));

  if (self->cancellable != NULL)
    {
      self->again = TRUE;
      return;
    }

  /* What failed starts anew: the password, the profile or the variable may be another by now. */
  if (self->state == TIDE_ENVIRONMENT_FAILED)
    tide_environment_disconnect (self);
  tide_environment_set_state (self, TIDE_ENVIRONMENT_LOADING, NULL);
  tide_environment_read (self, FALSE);
}

void
tide_environment_reconnect (TideEnvironment *self)
{
  g_return_if_fail (TIDE_IS_ENVIRONMENT (self));

  tide_environment_disconnect (self);
  tide_environment_refresh (self);
}

void
tide_environment_take_password (TideEnvironment *self,
                                const char      *password)
{
  g_autoptr(TideTarget) target = NULL;

  g_return_if_fail (TIDE_IS_ENVIRONMENT (self));
  g_return_if_fail (self->target != NULL);

  target = tide_target_with_password (self->target, password);
  tide_environment_disconnect (self);
  tide_environment_take_target (self, target);
  tide_environment_set_state (self, TIDE_ENVIRONMENT_LOADING, NULL);
  tide_environment_read (self, FALSE);
}

void
tide_environment_poll (TideEnvironment *self)
{
  g_return_if_fail (TIDE_IS_ENVIRONMENT (self));

  if (self->state == TIDE_ENVIRONMENT_READY && self->cancellable == NULL)
    tide_environment_read (self, TRUE);
}
