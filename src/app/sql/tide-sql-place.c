/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-place"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-place.h"

#include "connect/tide-secrets.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

struct _TideSqlPlace
{
  GObject          parent_instance;

  TideEnvironment *environment; /* either */
  TideProfile     *profile;     /* or */
  char            *key;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideSqlPlace, tide_sql_place, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
emit_changed (TideSqlPlace *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_environment (TideSqlPlace    *self,
                  TideEnvironment *environment)
{
  if (self->environment != NULL)
    g_signal_handlers_disconnect_by_data (self->environment, self);
  g_set_object (&self->environment, environment);
  g_signal_connect_object (environment, "notify::target", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (environment, "notify::kind", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
}

static void
take_profile (TideSqlPlace *self,
              TideProfile  *profile)
{
  if (self->profile != NULL)
    g_signal_handlers_disconnect_by_data (self->profile, self);
  g_set_object (&self->profile, profile);
  g_signal_connect_object (profile, "notify", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
}

static void
tide_sql_place_finalize (GObject *object)
{
  TideSqlPlace *self = TIDE_SQL_PLACE (object);

  g_clear_object (&self->environment);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->key, g_free);
  G_OBJECT_CLASS (tide_sql_place_parent_class)->finalize (object);
}

static void
tide_sql_place_class_init (TideSqlPlaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_sql_place_finalize;
  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_SQL_PLACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_sql_place_init (TideSqlPlace *self)
{
}

TideSqlPlace *
tide_sql_place_new_for_environment (TideEnvironment *environment,
                                    const char      *project)
{
  TideSqlPlace *self = g_object_new (TIDE_TYPE_SQL_PLACE, NULL);

  take_environment (self, environment);
  self->key = g_strdup_printf ("environment %s of %s", tide_environment_get_name (environment), project ? project : "");
  return self;
}

TideSqlPlace *
tide_sql_place_new_for_profile (TideProfile *profile)
{
  TideSqlPlace *self = g_object_new (TIDE_TYPE_SQL_PLACE, NULL);

  take_profile (self, profile);
  self->key = g_strdup_printf ("connection %s", tide_profile_get_id (profile));
  return self;
}

void
tide_sql_place_take (TideSqlPlace *self,
                     TideSqlPlace *other)
{
  g_return_if_fail (TIDE_IS_SQL_PLACE (self) && TIDE_IS_SQL_PLACE (other));
  g_return_if_fail (g_str_equal (self->key, other->key));

  if (self->environment == other->environment && self->profile == other->profile)
    return;
  if (other->environment != NULL)
    take_environment (self, other->environment);
  if (other->profile != NULL)
    take_profile (self, other->profile);
  emit_changed (self);
}

const char *
tide_sql_place_get_key (TideSqlPlace *self)
{
  return self->key;
}

const char *
tide_sql_place_get_name (TideSqlPlace *self)
{
  return self->profile != NULL ? tide_profile_get_name (self->profile) : tide_environment_get_name (self->environment);
}

TideKind
tide_sql_place_get_kind (TideSqlPlace *self)
{
  return self->profile != NULL ? tide_profile_get_kind (self->profile) : tide_environment_get_kind (self->environment);
}

gboolean
tide_sql_place_asks (TideSqlPlace *self)
{
  return self->profile != NULL && tide_profile_get_ask_password (self->profile);
}

gboolean
tide_sql_place_is_read_only (TideSqlPlace *self)
{
  gboolean read_only = FALSE;

  if (self->profile != NULL)
    g_object_get (self->profile, "read-only", &read_only, NULL);
  return read_only || tide_sql_place_get_kind (self) == TIDE_KIND_PRODUCTION;
}

gboolean
tide_sql_place_is_at (TideSqlPlace       *self,
                      const TideConninfo *conninfo)
{
  TideTarget *target = self->environment == NULL ? NULL : tide_environment_get_target (self->environment);
  g_autoptr(TideConninfo) now = NULL;

  g_return_val_if_fail (TIDE_IS_SQL_PLACE (self) && conninfo != NULL, FALSE);

  if (self->profile != NULL)
    now = tide_profile_dup_conninfo (self->profile, NULL);
  else if (target != NULL)
    now = tide_conninfo_copy (tide_target_get_conninfo (target));
  return now != NULL && tide_conninfo_is_same_way (now, conninfo);
}

static void
return_profile (GTask      *task,
                const char *password)
{
  TideSqlPlace *self = g_task_get_source_object (task);

  g_task_return_pointer (task, tide_profile_dup_conninfo (self->profile, password), (GDestroyNotify) tide_conninfo_unref);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(GTask) task = data;
  char *password = tide_dialog_ask_password_finish (GTK_WIDGET (source), result);

  if (password != NULL)
    return_profile (task, password);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("No password was given"));
  tide_secrets_free (password);
}

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(GTask) task = data;
  char *password = tide_secrets_lookup_finish (result, NULL);

  /* Without a keyring there may still be a .pgpass, or no password at all: the server has the word. */
  return_profile (task, password);
  tide_secrets_free (password);
}

static void
find_environment (TideSqlPlace *self,
                  GTask        *task)
{
  TideTarget *target = tide_environment_get_target (self->environment);
  const GError *error = tide_environment_get_error (self->environment);

  if (target != NULL)
    g_task_return_pointer (task, tide_conninfo_copy (tide_target_get_conninfo (target)),
                           (GDestroyNotify) tide_conninfo_unref);
  else if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_error (task, tide_error_new (TIDE_ERROR_BUSY, _("try again in a moment"),
                                               _("the environment \"%s\" is still being looked up"),
                                               tide_environment_get_name (self->environment)));
}

void
tide_sql_place_find_async (TideSqlPlace        *self,
                           GtkWidget           *parent,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (TIDE_IS_SQL_PLACE (self));

  g_task_set_source_tag (task, tide_sql_place_find_async);
  if (self->profile == NULL)
    find_environment (self, task);
  else if (tide_profile_get_ask_password (self->profile))
    {
      g_autoptr(TideConninfo) conninfo = tide_profile_dup_conninfo (self->profile, NULL);
      g_autofree char *label = tide_conninfo_dup_label (conninfo);

      tide_dialog_ask_password_async (parent, _("Password"), label, on_asked, g_steal_pointer (&task));
    }
  else
    tide_secrets_lookup_async (tide_profile_get_id (self->profile), cancellable, on_looked_up, g_steal_pointer (&task));
}

TideConninfo *
tide_sql_place_find_finish (TideSqlPlace  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
