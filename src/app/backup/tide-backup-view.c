/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-view"

#include "config.h"

#include <adwaita.h>

#include "backup/tide-backup-details.h"
#include "backup/tide-backup-model.h"
#include "backup/tide-backup-row.h"
#include "backup/tide-backup-view.h"
#include "widgets/tide-children.h"

struct _TideBackupView
{
  GtkWidget           parent_instance;

  /* Template widgets */
  AdwLeaflet         *leaflet;
  GtkStack           *list_stack;
  GtkWidget          *detail_pane;
  TideBackupDetails  *details;
  GtkSingleSelection *selection;

  /* Owned */
  TideBackupModel    *model;
  char               *selected; /* the path last chosen, kept when the library is read again */

  gboolean            updating;
};

enum
{
  PROP_SELECTED_ITEM = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideBackupView, tide_backup_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
on_selection_changed (TideBackupView *self)
{
  TideBackup *backup = tide_backup_view_get_selected (self);

  if (self->updating)
    return;
  if (backup != NULL)
    {
      g_free (self->selected);
      self->selected = g_strdup (backup->path);
    }
  tide_backup_details_set_backup (self->details, backup);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ITEM]);
}

/* After the rows changed: the chosen backup is chosen again; one that is gone gives way to the newest. */
static void
tide_backup_view_restore (TideBackupView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  guint position = self->selected ? tide_backup_model_find (self->model, self->selected) : GTK_INVALID_LIST_POSITION;

  gtk_single_selection_set_selected (self->selection, position == GTK_INVALID_LIST_POSITION && n > 0 ? 0 : position);
  gtk_stack_set_visible_child_name (self->list_stack, n > 0 ? "rows" : "nothing");
  if (n == 0)
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  self->updating = FALSE;
  on_selection_changed (self);
}

static void
on_row_activated (TideBackupView *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->detail_pane);
}

static void
on_back (TideBackupView *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
tide_backup_view_dispose (GObject *object)
{
  TideBackupView *self = TIDE_BACKUP_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_BACKUP_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->model);
  g_clear_pointer (&self->selected, g_free);
  G_OBJECT_CLASS (tide_backup_view_parent_class)->dispose (object);
}

static void
tide_backup_view_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_SELECTED_ITEM)
    g_value_set_object (value, gtk_single_selection_get_selected_item (TIDE_BACKUP_VIEW (object)->selection));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_backup_view_class_init (TideBackupViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_backup_view_dispose;
  object_class->get_property = tide_backup_view_get_property;

  properties[PROP_SELECTED_ITEM] = g_param_spec_object ("selected-item", NULL, NULL, TIDE_TYPE_BACKUP_ITEM,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_BACKUP_DETAILS);
  g_type_ensure (TIDE_TYPE_BACKUP_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TideBackupView, list_stack);
  gtk_widget_class_bind_template_child (widget_class, TideBackupView, detail_pane);
  gtk_widget_class_bind_template_child (widget_class, TideBackupView, details);
  gtk_widget_class_bind_template_child (widget_class, TideBackupView, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_backup_view_init (TideBackupView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->model = tide_backup_model_new ();
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
}

/**
 * tide_backup_view_set_backups:
 * @self: a view
 * @backups: (nullable) (element-type TideBackup): what the library holds
 *
 * Shows the library as it was read again; what was chosen stays chosen while it is there.
 */
void
tide_backup_view_set_backups (TideBackupView *self,
                              GPtrArray      *backups)
{
  g_return_if_fail (TIDE_IS_BACKUP_VIEW (self));

  self->updating = TRUE;
  tide_backup_model_set_backups (self->model, backups);
  tide_backup_view_restore (self);
}

void
tide_backup_view_set_environment (TideBackupView *self,
                                  const char     *environment)
{
  g_return_if_fail (TIDE_IS_BACKUP_VIEW (self));

  self->updating = TRUE;
  tide_backup_model_set_environment (self->model, environment);
  tide_backup_view_restore (self);
}

TideBackup *
tide_backup_view_get_selected (TideBackupView *self)
{
  TideBackupItem *item;

  g_return_val_if_fail (TIDE_IS_BACKUP_VIEW (self), NULL);

  item = gtk_single_selection_get_selected_item (self->selection);
  return item ? tide_backup_item_get_backup (item) : NULL;
}
