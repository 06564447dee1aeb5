/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-secrets"

#include "config.h"

#include "connect/tide-secrets-prompt.h"

static void
on_performed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  const TideLibsecret *libsecret = tide_libsecret_get (NULL);
  GError *error = NULL;
  GVariant *answer = libsecret->secret_prompt_perform_finish ((SecretPrompt *) source, result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) g_variant_unref);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, libsecret->secret_error_get_quark (), SECRET_ERROR_IS_LOCKED, "the keyring was not unlocked");
}

static void
prompt_async (SecretService       *service,
              SecretPrompt        *prompt,
              const GVariantType  *return_type,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  GTask *task = g_task_new (service, cancellable, callback, user_data);

  g_task_set_source_tag (task, prompt_async);
  tide_libsecret_get (NULL)->secret_prompt_perform (prompt, NULL, return_type, cancellable, on_performed, task);
}

static GVariant *
prompt_finish (SecretService  *service,
               GAsyncResult   *result,
               GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tide_secrets_mend_prompt:
 * @libsecret: the library
 *
 * libsecret (0.20 to 0.21) takes a dismissed prompt for an error, has none to return, and returns
 * nothing: whoever waits for a password waits for ever. The class has virtual functions to replace how it
 * prompts; secret_password_lookup_sync() and the others use its one instance, so they are replaced in
 * the class and not in a subclass.
 */
void
tide_secrets_mend_prompt (const TideLibsecret *libsecret)
{
  static gsize klass;

  if (g_once_init_enter (&klass))
    {
      SecretServiceClass *service_class = g_type_class_ref (libsecret->secret_service_get_type ());

      service_class->prompt_async = prompt_async;
      service_class->prompt_finish = prompt_finish;
      g_once_init_leave (&klass, (gsize) service_class);
    }
}
