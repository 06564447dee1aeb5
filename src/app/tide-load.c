/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-load"

#include "config.h"

#include "tide-load.h"

#include "tide-environment.h"

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

typedef struct
{
  TideProject *project;
  GPtrArray   *environments;
} Opening;

static void
opening_free (Opening *opening)
{
  g_clear_object (&opening->project);
  g_clear_pointer (&opening->environments, g_ptr_array_unref);
  g_free (opening);
}

static void
load_opening_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *root = tide_project_find (task_data, &error);
  g_autoptr(TideProject) project = root ? tide_project_load (root, &error) : NULL;
  GPtrArray *specs = project ? tide_project_get_environments (project) : NULL;
  Opening *opening;

  if (project == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  opening = g_new0 (Opening, 1);
  opening->environments = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < specs->len; i++)
    {
      g_ptr_array_add (opening->environments, tide_environment_new (project, g_ptr_array_index (specs, i)));
      tide_environment_refresh (g_ptr_array_index (opening->environments, i));
    }
  opening->project = g_steal_pointer (&project);
  g_task_return_pointer (task, opening, (GDestroyNotify) opening_free);
}

void
tide_load_opening_async (const char          *folder,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_load_opening_async);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, load_opening_thread);
}

TideProject *
tide_load_opening_finish (GAsyncResult  *result,
                          GPtrArray    **environments,
                          GError       **error)
{
  Opening *opening;
  TideProject *project;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  opening = g_task_propagate_pointer (G_TASK (result), error);
  if (opening == NULL)
    return NULL;
  project = g_steal_pointer (&opening->project);
  *environments = g_steal_pointer (&opening->environments);
  opening_free (opening);
  return project;
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
