/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-check-item-row"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-check-item-row.h"
#include "widgets/tide-pill.h"
#include "widgets/tide-text-label.h"

static const TideLook looks[] = {
  [TIDE_CHECK_OK] = { N_("Checked"), NULL, "emblem-ok-symbolic", "applied" },
  [TIDE_CHECK_WARNING] = { N_("Look"), NULL, "dialog-warning-symbolic", "edited" },
  [TIDE_CHECK_BAD] = { N_("Wrong"), NULL, "dialog-error-symbolic", "failed" },
};

static GtkWidget *
create_texts (TideChecklistItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  const char *detail = tide_checklist_item_get_detail (item);
  GtkWidget *label;

  gtk_box_append (GTK_BOX (box), tide_text_label_new (tide_checklist_item_get_title (item), NULL));
  if (detail != NULL && *detail != '\0')
    {
      label = tide_text_label_new (detail, "caption");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

GtkWidget *
tide_check_item_row_new (TideChecklistItem *item)
{
  TideCheckState state;
  GtkWidget *box;
  GtkWidget *mark;

  g_return_val_if_fail (TIDE_IS_CHECKLIST_ITEM (item), NULL);

  state = tide_checklist_item_get_state (item);
  if (state == TIDE_CHECK_MANUAL)
    {
      GtkWidget *button = gtk_check_button_new ();

      gtk_check_button_set_child (GTK_CHECK_BUTTON (button), create_texts (item));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      tide_checklist_item_get_title (item), -1);
      g_object_bind_property (item, "ticked", button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
      gtk_widget_add_css_class (button, "tide-check");
      return button;
    }
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  mark = g_object_new (TIDE_TYPE_PILL, "valign", GTK_ALIGN_START, NULL);
  tide_pill_set_look (TIDE_PILL (mark), &looks[state]);
  gtk_box_append (GTK_BOX (box), create_texts (item));
  gtk_box_append (GTK_BOX (box), mark);
  return box;
}
