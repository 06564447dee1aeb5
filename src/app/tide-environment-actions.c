/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-environment-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "connect/tide-secrets.h"
#include "project/tide-settings.h"
#include "tide-environment-actions.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

static void
on_password (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TideEnvironment) environment = user_data;
  char *password = tide_dialog_ask_password_finish (GTK_WIDGET (object), result);

  if (password != NULL && tide_environment_get_target (environment) != NULL)
    tide_environment_take_password (environment, password);
  tide_secrets_free (password);
}

/**
 * tide_environment_ask_password:
 * @parent: a widget of the window that asks
 * @environment: whose server wants a password
 *
 * Asks for a password, which is kept in memory only, and reads the environment with it.
 */
void
tide_environment_ask_password (GtkWidget       *parent,
                               TideEnvironment *environment)
{
  tide_dialog_ask_password_async (parent, _("Password"), tide_environment_get_label (environment),
                                  on_password, g_object_ref (environment));
}

/**
 * tide_environment_tell_kind:
 * @parent: a widget of the window
 * @workspace: what the window works on; it has a project
 * @environment: one of its environments
 * @kind: what its database is for
 *
 * Writes @kind into the project's `tidemark.json`.
 */
void
tide_environment_tell_kind (GtkWidget       *parent,
                            TideWorkspace   *workspace,
                            TideEnvironment *environment,
                            TideKind         kind)
{
  TideProject *project = tide_workspace_get_project (workspace);
  const TideEnvironmentSpec *spec = tide_project_find_environment (project, tide_environment_get_name (environment));
  g_autoptr(GError) error = NULL;

  /* One small file: not worth a thread. */
  if (spec != NULL && !tide_settings_write_kind (tide_project_get_root (project), spec->name, spec->url, kind, &error))
    tide_dialog_show_error (parent, _("Could Not Be Noted"), error);
  tide_workspace_refresh (workspace);
}

/**
 * tide_environment_check_target:
 * @parent: a widget of the window that asks
 * @environment: where something is to be done
 *
 * Returns: whether @environment has a target; if not, a dialog has told why
 */
gboolean
tide_environment_check_target (GtkWidget       *parent,
                               TideEnvironment *environment)
{
  const GError *error = tide_environment_get_error (environment);
  g_autoptr(GError) waiting = NULL;

  if (tide_environment_get_target (environment) != NULL)
    return TRUE;
  waiting = tide_error_new (TIDE_ERROR_BUSY, _("wait until its row in the sidebar says what it holds"),
                            _("\"%s\" has not answered yet"), tide_environment_get_name (environment));
  tide_dialog_show_error (parent, _("The Database Is Not Known"), error ? error : waiting);
  return FALSE;
}
