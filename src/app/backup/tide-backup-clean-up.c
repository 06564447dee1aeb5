/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-clean-up"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-actions.h"
#include "backup/tide-backup-clean-up.h"
#include "backup/tide-backup-library.h"
#include "backup/tide-proof-look.h"
#include "widgets/tide-format.h"

struct _TideBackupCleanUp
{
  AdwWindow            parent_instance;

  /* Template widgets */
  GtkSpinButton       *last;
  GtkSpinButton       *daily;
  GtkSpinButton       *weekly;
  GtkSpinButton       *monthly;
  AdwPreferencesGroup *preview;

  /* Owned */
  TideBackupPage      *page;
  GPtrArray           *chosen; /* TideBackup, which would go */
  GPtrArray           *rows;   /* in "preview" */
};

G_DEFINE_FINAL_TYPE (TideBackupCleanUp, tide_backup_clean_up, ADW_TYPE_WINDOW)

static void
add_row (TideBackupCleanUp *self,
         TideBackup        *backup)
{
  g_autoptr(TideBackupItem) item = tide_backup_item_new (backup);
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *badge = g_object_new (TIDE_TYPE_PILL, "valign", GTK_ALIGN_CENTER, "look",
                                   tide_proof_get_look (tide_backup_get_proof (backup)), NULL);

  g_object_get (item, "title", &title, "detail", &detail, NULL);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), badge);
  adw_preferences_group_add (self->preview, row);
  g_ptr_array_add (self->rows, row);
}

static void
update_heading (TideBackupCleanUp *self,
                guint              total)
{
  gint64 bytes = 0;
  g_autofree char *size = NULL;
  g_autofree char *heading = NULL;

  for (guint i = 0; i < self->chosen->len; i++)
    bytes += ((const TideBackup *) g_ptr_array_index (self->chosen, i))->bytes;
  size = g_format_size (bytes);
  heading = g_strdup_printf (_("%u of %u Would Go, %s"), self->chosen->len, total, size);
  adw_preferences_group_set_title (self->preview, self->chosen->len > 0 ? heading : _("Nothing Would Go"));
}

/* The one place that makes the preview agree with what was asked for */
static void
on_retention_changed (TideBackupCleanUp *self)
{
  GPtrArray *backups = self->page ? tide_backup_page_get_backups (self->page) : NULL;
  const TideRetention retention = {
    gtk_spin_button_get_value_as_int (self->last), gtk_spin_button_get_value_as_int (self->daily),
    gtk_spin_button_get_value_as_int (self->weekly), gtk_spin_button_get_value_as_int (self->monthly),
  };

  if (backups == NULL)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->preview, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  self->chosen = tide_retention_choose (backups, &retention, g_get_real_time ());
  for (guint i = 0; i < self->chosen->len; i++)
    add_row (self, g_ptr_array_index (self->chosen, i));
  update_heading (self, backups->len);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean-up.run", self->chosen->len > 0);
}

static void
run_clean_up (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  TideBackupCleanUp *self = TIDE_BACKUP_CLEAN_UP (widget);

  tide_backup_delete_all (self->page, self->chosen);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
tide_backup_clean_up_dispose (GObject *object)
{
  TideBackupCleanUp *self = TIDE_BACKUP_CLEAN_UP (object);

  g_clear_object (&self->page);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_backup_clean_up_parent_class)->dispose (object);
}

static void
tide_backup_clean_up_class_init (TideBackupCleanUpClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_backup_clean_up_dispose;

  gtk_widget_class_install_action (widget_class, "clean-up.run", NULL, run_clean_up);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-clean-up.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupCleanUp, last);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCleanUp, daily);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCleanUp, weekly);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCleanUp, monthly);
  gtk_widget_class_bind_template_child (widget_class, TideBackupCleanUp, preview);
  gtk_widget_class_bind_template_callback (widget_class, on_retention_changed);
}

static void
tide_backup_clean_up_init (TideBackupCleanUp *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_backup_clean_up_present (TideBackupPage *page)
{
  TideBackupCleanUp *self = g_object_new (TIDE_TYPE_BACKUP_CLEAN_UP, "transient-for",
                                          gtk_widget_get_root (GTK_WIDGET (page)), NULL);

  self->page = g_object_ref (page);
  on_retention_changed (self);
  gtk_window_present (GTK_WINDOW (self));
}
