/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-reminder-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-reminder-bar.h"
#include "health/tide-reminder.h"
#include "widgets/tide-children.h"

struct _TideReminderBar
{
  GtkWidget    parent_instance;

  /* Children */
  GtkRevealer *revealer;
  GtkLabel    *label;

  /* Owned */
  GSettings   *settings;
  char        *project; /* (nullable): its folder */

  int          due;     /* a TideReminder, or -1 */
};

G_DEFINE_FINAL_TYPE (TideReminderBar, tide_reminder_bar, GTK_TYPE_WIDGET)

static const struct
{
  const char *text;
  const char *page; /* where it is done */
} reminders[N_TIDE_REMINDERS] = {
  [TIDE_REMINDER_STATUS] = { N_("A week has passed: are all environments where they should be?"), "timeline" },
  [TIDE_REMINDER_VACUUM] = { N_("A month has passed: the largest tables may want a VACUUM."), "health" },
  [TIDE_REMINDER_CLEAN_UP] = { N_("A quarter has passed: old backups can be cleaned up."), "backups" },
};

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
update (TideReminderBar *self)
{
  self->due = self->project && g_settings_get_boolean (self->settings, "reminders") ? tide_reminder_find_due (self->project, get_now ()) : -1;
  if (self->due >= 0)
    gtk_label_set_label (self->label, _(reminders[self->due].text));
  gtk_revealer_set_reveal_child (self->revealer, self->due >= 0);
  gtk_widget_set_visible (GTK_WIDGET (self), self->due >= 0);
}

static void
dismiss (TideReminderBar *self)
{
  if (self->due >= 0)
    tide_reminder_note (self->project, self->due, get_now ());
  update (self);
}

static void
go (TideReminderBar *self)
{
  if (self->due < 0)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-page", "s", reminders[self->due].page);
  dismiss (self);
}

static void
tide_reminder_bar_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  g_clear_object (&TIDE_REMINDER_BAR (object)->settings);
  g_clear_pointer (&TIDE_REMINDER_BAR (object)->project, g_free);
  G_OBJECT_CLASS (tide_reminder_bar_parent_class)->dispose (object);
}

static void
tide_reminder_bar_class_init (TideReminderBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_reminder_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
tide_reminder_bar_init (TideReminderBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *show = gtk_button_new_with_label (_("Show"));
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->due = -1;
  self->settings = g_settings_new (TIDE_APP_ID);
  g_signal_connect_object (self->settings, "changed::reminders", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->label = GTK_LABEL (label);
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (box, "tide-reminder");
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_set_tooltip_text (close, _("Not Now"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Not Now"), -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), show);
  gtk_box_append (GTK_BOX (box), close);
  gtk_revealer_set_child (self->revealer, box);
  gtk_widget_set_parent (GTK_WIDGET (self->revealer), GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_swapped (show, "clicked", G_CALLBACK (go), self);
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (dismiss), self);
}

void
tide_reminder_bar_set_project (TideReminderBar *self,
                               TideProject     *project)
{
  const char *root = project ? tide_project_get_root (project) : NULL;

  g_return_if_fail (TIDE_IS_REMINDER_BAR (self));

  if (g_strcmp0 (root, self->project) == 0)
    return;
  g_free (self->project);
  self->project = g_strdup (root);
  update (self);
}
