/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-load"

#include "config.h"

#include "tide-load.h"

static void
load_project_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *root = tide_project_find (task_data, &error);
  g_autoptr(TideProject) project = root ? tide_project_load (root, &error) : NULL;

  if (project != NULL)
    g_task_return_pointer (task, g_steal_pointer (&project), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
tide_load_project_async (const char          *root,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_load_project_async);
  g_task_set_task_data (task, g_strdup (root), g_free);
  g_task_run_in_thread (task, load_project_thread);
}

TideProject *
tide_load_project_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
load_authorship_thread (GTask        *task,
                        gpointer      source_object,
                        gpointer      task_data,
                        GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  TideAuthorship *authorship = tide_authorship_load (task_data, cancellable, &error);

  if (authorship != NULL)
    g_task_return_pointer (task, authorship, (GDestroyNotify) tide_authorship_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
tide_load_authorship_async (TideProject         *project,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_load_authorship_async);
  g_task_set_task_data (task, g_object_ref (project), g_object_unref);
  g_task_run_in_thread (task, load_authorship_thread);
}

TideAuthorship *
tide_load_authorship_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
