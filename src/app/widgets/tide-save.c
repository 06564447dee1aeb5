/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-save"

#include "config.h"

#include "widgets/tide-save.h"

#include "tide-error.h"
#include "tide-file.h"
#include "widgets/tide-dialogs.h"

typedef struct
{
  GtkWidget *parent;
  GBytes    *bytes;
  char      *heading;
  char      *path;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  g_clear_object (&self->parent);
  g_bytes_unref (self->bytes);
  g_free (self->heading);
  g_free (self->path);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
write_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Saving *self = task_data;
  GError *error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (self->bytes, &size);

  if (tide_file_replace (self->path, data ? data : "", size, &error) ||
      tide_error_tell_file (&error, "the file is not saved"))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Saving *self = g_task_get_task_data (G_TASK (result));
  g_autoptr(GtkWidget) parent = g_steal_pointer (&self->parent);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    tide_dialog_show_error (parent, self->heading, error);
}

static void
on_path_chosen (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Saving) self = user_data;
  g_autoptr(GTask) task = NULL;

  self->path = tide_dialog_choose_path_finish (GTK_WIDGET (source), result);
  if (self->path == NULL)
    return;
  task = g_task_new (NULL, NULL, on_written, NULL);
  g_task_set_source_tag (task, on_path_chosen);
  g_task_set_task_data (task, g_steal_pointer (&self), saving_free);
  g_task_run_in_thread (task, write_in_thread);
}

void
tide_save_bytes (GtkWidget  *parent,
                 const char *title,
                 const char *name,
                 GBytes     *bytes,
                 const char *heading)
{
  Saving *self = g_new0 (Saving, 1);

  self->parent = g_object_ref (parent);
  self->bytes = g_bytes_ref (bytes);
  self->heading = g_strdup (heading);
  tide_dialog_save_path_async (parent, title, name, on_path_chosen, self);
}
