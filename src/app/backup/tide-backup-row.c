/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-row"

#include "config.h"

#include "backup/tide-backup-row.h"
#include "backup/tide-proof-look.h"
#include "widgets/tide-children.h"

struct _TideBackupRow
{
  GtkWidget       parent_instance;

  /* Owned */
  TideBackupItem *item;
};

enum
{
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideBackupRow, tide_backup_row, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static gboolean
is_set (TideBackupRow *self,
        const char      *text)
{
  return text != NULL && *text != '\0';
}

static gpointer
get_look (TideBackupRow *self,
          TideProof      proof)
{
  return (gpointer) tide_proof_get_look (proof);
}

static void
tide_backup_row_dispose (GObject *object)
{
  TideBackupRow *self = TIDE_BACKUP_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_BACKUP_ROW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->item);
  G_OBJECT_CLASS (tide_backup_row_parent_class)->dispose (object);
}

static void
tide_backup_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, TIDE_BACKUP_ROW (object)->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_backup_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      if (g_set_object (&TIDE_BACKUP_ROW (object)->item, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_backup_row_class_init (TideBackupRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_backup_row_dispose;
  object_class->get_property = tide_backup_row_get_property;
  object_class->set_property = tide_backup_row_set_property;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, TIDE_TYPE_BACKUP_ITEM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, get_look);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "backuprow");
}

static void
tide_backup_row_init (TideBackupRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
