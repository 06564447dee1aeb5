/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-model"

#include "config.h"

#include <gtk/gtk.h>

#include "backup/tide-backup-item.h"
#include "backup/tide-backup-model.h"

struct _TideBackupModel
{
  GObject    parent_instance;

  /* Owned */
  GPtrArray *backups;
  GPtrArray *shown;       /* TideBackup, which "backups" holds */
  char      *environment; /* NULL: all */
};

static GType
tide_backup_model_get_item_type (GListModel *model)
{
  return TIDE_TYPE_BACKUP_ITEM;
}

static guint
tide_backup_model_get_n_items (GListModel *model)
{
  return TIDE_BACKUP_MODEL (model)->shown->len;
}

static gpointer
tide_backup_model_get_item (GListModel *model,
                            guint       position)
{
  TideBackupModel *self = TIDE_BACKUP_MODEL (model);

  if (position >= self->shown->len)
    return NULL;
  return tide_backup_item_new (g_ptr_array_index (self->shown, position));
}

static void
tide_backup_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = tide_backup_model_get_item_type;
  iface->get_n_items = tide_backup_model_get_n_items;
  iface->get_item = tide_backup_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideBackupModel, tide_backup_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, tide_backup_model_list_init))

static gboolean
is_shown (TideBackupModel  *self,
          const TideBackup *backup)
{
  return self->environment == NULL
         || (backup->manifest != NULL && g_strcmp0 (backup->manifest->environment, self->environment) == 0);
}

static void
tide_backup_model_rebuild (TideBackupModel *self)
{
  guint removed = self->shown->len;

  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; self->backups != NULL && i < self->backups->len; i++)
    if (is_shown (self, g_ptr_array_index (self->backups, i)))
      g_ptr_array_add (self->shown, g_ptr_array_index (self->backups, i));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, self->shown->len);
}

static void
tide_backup_model_finalize (GObject *object)
{
  TideBackupModel *self = TIDE_BACKUP_MODEL (object);

  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->backups, g_ptr_array_unref);
  g_clear_pointer (&self->environment, g_free);
  G_OBJECT_CLASS (tide_backup_model_parent_class)->finalize (object);
}

static void
tide_backup_model_class_init (TideBackupModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_backup_model_finalize;
}

static void
tide_backup_model_init (TideBackupModel *self)
{
  self->shown = g_ptr_array_new ();
}

TideBackupModel *
tide_backup_model_new (void)
{
  return g_object_new (TIDE_TYPE_BACKUP_MODEL, NULL);
}

void
tide_backup_model_set_backups (TideBackupModel *self,
                               GPtrArray       *backups)
{
  g_autoptr(GPtrArray) old = NULL;

  g_return_if_fail (TIDE_IS_BACKUP_MODEL (self));

  /* What is shown points into it until it is built anew. */
  old = g_steal_pointer (&self->backups);
  self->backups = backups ? g_ptr_array_ref (backups) : NULL;
  tide_backup_model_rebuild (self);
}

void
tide_backup_model_set_environment (TideBackupModel *self,
                                   const char      *environment)
{
  g_return_if_fail (TIDE_IS_BACKUP_MODEL (self));

  if (g_strcmp0 (environment, self->environment) == 0)
    return;
  g_free (self->environment);
  self->environment = g_strdup (environment);
  tide_backup_model_rebuild (self);
}

guint
tide_backup_model_find (TideBackupModel *self,
                        const char      *path)
{
  g_return_val_if_fail (TIDE_IS_BACKUP_MODEL (self), GTK_INVALID_LIST_POSITION);

  for (guint i = 0; i < self->shown->len; i++)
    {
      const TideBackup *backup = g_ptr_array_index (self->shown, i);

      if (g_str_equal (backup->path, path))
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}
