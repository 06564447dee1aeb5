/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-secrets"

#include "config.h"

#include <string.h>

#include "connect/tide-libsecret.h"
#include "connect/tide-secrets.h"
#include "tide-error.h"

static const SecretSchema schema = {
  "com.broxiva.Tidemark.Password", SECRET_SCHEMA_NONE,
  {
    { "profile_id", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
  },
};

typedef struct
{
  char     *profile_id;
  TideKind  kind;
  char     *label;
  char     *password;
} Request;

static void
request_free (Request *request)
{
  g_free (request->profile_id);
  g_free (request->label);
  tide_secrets_free (request->password);
  g_free (request);
}

/* libsecret's own words (bus names, "Object does not exist") help nobody; they go into the detail. */
static void
translate_error (GError      *secret_error,
                 const char  *what,
                 GError     **error)
{
  GError *failure;

  if (g_error_matches (secret_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, secret_error);
      return;
    }
  failure = tide_error_new (TIDE_ERROR_UNSUPPORTED,
                            "start or unlock the keyring of your desktop (gnome-keyring, KWallet, "
                            "KeePassXC), or choose to be asked for the password every time",
                            "%s: no keyring can be used here", what);
  tide_error_take_string (&tide_error_get_fields (failure)->detail, g_strdup (secret_error->message));
  g_error_free (secret_error);
  g_propagate_error (error, failure);
}

/* An item of an earlier kind of the same profile would be found as well. */
static void
clear_other_kinds (const TideLibsecret *libsecret,
                   const Request       *request,
                   GCancellable        *cancellable)
{
  for (TideKind kind = TIDE_KIND_UNKNOWN; kind <= TIDE_KIND_PRODUCTION; kind++)
    if (kind != request->kind)
      libsecret->secret_password_clear_sync (&schema, cancellable, NULL, "profile_id", request->profile_id,
                                             "kind", tide_kind_to_string (kind), NULL);
}

static void
store_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Request *request = task_data;
  GError *secret_error = NULL;
  GError *error = NULL;
  const TideLibsecret *libsecret = tide_libsecret_get (&secret_error);

  if (libsecret != NULL
      && libsecret->secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, request->label, request->password,
                                                cancellable, &secret_error, "profile_id", request->profile_id,
                                                "kind", tide_kind_to_string (request->kind), NULL))
    {
      clear_other_kinds (libsecret, request, cancellable);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (secret_error == NULL)
    secret_error = g_error_new_literal (libsecret->secret_error_get_quark (), SECRET_ERROR_IS_LOCKED, "the keyring is locked");
  translate_error (secret_error, "the password cannot be stored", &error);
  g_task_return_error (task, error);
}

static void
lookup_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Request *request = task_data;
  GError *error = NULL;
  char *password = tide_secrets_lookup (request->profile_id, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, password, (GDestroyNotify) tide_secrets_free);
}

static void
clear_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Request *request = task_data;
  GError *secret_error = NULL;
  GError *error = NULL;
  const TideLibsecret *libsecret = tide_libsecret_get (&secret_error);

  if (libsecret != NULL)
    libsecret->secret_password_clear_sync (&schema, cancellable, &secret_error, "profile_id", request->profile_id, NULL);
  if (secret_error == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  translate_error (secret_error, "the password cannot be removed", &error);
  g_task_return_error (task, error);
}

static void
run (Request             *request,
     GTaskThreadFunc      thread,
     gpointer             source_tag,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, thread);
}

static Request *
request_new (const char *profile_id)
{
  Request *request = g_new0 (Request, 1);

  request->profile_id = g_strdup (profile_id);
  return request;
}

/**
 * tide_secrets_store_async:
 * @profile_id: whose password it is
 * @kind: what the profile's database is for, to be seen in the keyring's own window
 * @label: what the keyring's own window shows
 * @password: the password, in place of an earlier one
 * @cancellable: (nullable): cancels
 * @callback: called when done
 * @user_data: for @callback
 *
 * The keyring may ask the person to unlock it.
 */
void
tide_secrets_store_async (const char          *profile_id,
                          TideKind             kind,
                          const char          *label,
                          const char          *password,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Request *request;

  g_return_if_fail (profile_id != NULL);
  g_return_if_fail (label != NULL);
  g_return_if_fail (password != NULL);

  request = request_new (profile_id);
  request->kind = kind;
  request->label = g_strdup (label);
  request->password = g_strdup (password);
  run (request, store_thread, tide_secrets_store_async, cancellable, callback, user_data);
}

/**
 * tide_secrets_store_finish:
 * @result: what the callback got
 * @error: (out) (optional): %TIDE_ERROR_UNSUPPORTED when there is no keyring, or it stays locked
 *
 * Returns: whether the password is in the keyring
 */
gboolean
tide_secrets_store_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tide_secrets_store_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tide_secrets_lookup_async:
 * @profile_id: whose password
 * @cancellable: (nullable): cancels
 * @callback: called when done
 * @user_data: for @callback
 *
 * The keyring may ask the person to unlock it.
 */
void
tide_secrets_lookup_async (const char          *profile_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (profile_id != NULL);

  run (request_new (profile_id), lookup_thread, tide_secrets_lookup_async, cancellable, callback, user_data);
}

/**
 * tide_secrets_lookup_finish:
 * @result: what the callback got
 * @error: (out) (optional): as tide_secrets_lookup()
 *
 * Returns: (transfer full) (nullable): as tide_secrets_lookup()
 */
char *
tide_secrets_lookup_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tide_secrets_lookup_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tide_secrets_lookup:
 * @profile_id: whose password
 * @cancellable: (nullable): cancels
 * @error: (out) (optional): only %G_IO_ERROR_CANCELLED
 *
 * Blocking. A keyring that is not there, or that the person does not unlock, holds no password:
 * a connection then asks for it.
 *
 * Returns: (transfer full) (nullable): the password, to free with tide_secrets_free(); %NULL without an
 *   error when there is none
 */
char *
tide_secrets_lookup (const char    *profile_id,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(GError) secret_error = NULL;
  const TideLibsecret *libsecret;
  char *password = NULL;

  g_return_val_if_fail (profile_id != NULL, NULL);

  libsecret = tide_libsecret_get (&secret_error);
  if (libsecret != NULL)
    password = libsecret->secret_password_lookup_sync (&schema, cancellable, &secret_error, "profile_id", profile_id, NULL);
  if (g_error_matches (secret_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&secret_error));
  else if (secret_error != NULL)
    g_debug ("no keyring: %s", secret_error->message);
  return password;
}

/**
 * tide_secrets_clear_async:
 * @profile_id: whose password
 * @cancellable: (nullable): cancels
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes the password of a profile, of whatever kind it was.
 */
void
tide_secrets_clear_async (const char          *profile_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (profile_id != NULL);

  run (request_new (profile_id), clear_thread, tide_secrets_clear_async, cancellable, callback, user_data);
}

/**
 * tide_secrets_clear_finish:
 * @result: what the callback got
 * @error: (out) (optional): %TIDE_ERROR_UNSUPPORTED when there is no keyring
 *
 * Returns: whether the keyring holds no password of the profile any more
 */
gboolean
tide_secrets_clear_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tide_secrets_clear_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tide_secrets_free:
 * @password: (transfer full) (nullable): a password
 *
 * Overwrites it and frees it.
 */
void
tide_secrets_free (char *password)
{
  if (password != NULL)
    explicit_bzero (password, strlen (password));
  g_free (password);
}
