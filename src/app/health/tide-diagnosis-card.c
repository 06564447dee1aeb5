/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnosis-card"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "health/tide-diagnosis-card.h"
#include "widgets/tide-text-label.h"

static GtkWidget *
create_label (const char *text,
              const char *css_class)
{
  GtkWidget *label = tide_text_label_new (text, css_class);

  tide_text_label_set_selectable (GTK_LABEL (label));
  return label;
}

static GtkWidget *
create_evidence (const TideDiagnosis *diagnosis)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_add_css_class (box, "explanation");
  for (guint i = 0; i < diagnosis->evidence->len; i++)
    gtk_box_append (GTK_BOX (box), create_label (g_ptr_array_index (diagnosis->evidence, i), NULL));
  return box;
}

static GtkWidget *
create_way (const TideWay *way)
{
  g_autofree char *description = g_markup_escape_text (way->description, -1);
  g_autofree char *label = g_markup_escape_text (way->label, -1);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", label, "subtitle", description, "activatable", TRUE, NULL);
  GtkWidget *arrow = gtk_image_new_from_icon_name (way->destructive ? "dialog-warning-symbolic" : "go-next-symbolic");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "diagnosis.take");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)", way->action, way->argument ? way->argument : "");
  if (way->destructive)
    gtk_widget_add_css_class (arrow, "error");
  else
    gtk_widget_add_css_class (arrow, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  way->destructive ? _("Cannot be taken back") : "", -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  return row;
}

GtkWidget *
tide_diagnosis_card_new (const TideDiagnosis *diagnosis)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *ways = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (ways), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (ways), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What to do next"), -1);
  gtk_widget_add_css_class (ways, "boxed-list");
  for (guint i = 0; i < diagnosis->ways->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (ways), create_way (g_ptr_array_index (diagnosis->ways, i)));
  gtk_box_append (GTK_BOX (box), create_label (diagnosis->title, "title-3"));
  gtk_box_append (GTK_BOX (box), create_label (diagnosis->explanation, NULL));
  if (diagnosis->evidence->len > 0)
    gtk_box_append (GTK_BOX (box), create_evidence (diagnosis));
  gtk_box_append (GTK_BOX (box), ways);
  return box;
}
