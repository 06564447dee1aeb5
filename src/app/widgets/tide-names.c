/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-names"

#include "config.h"

#include <adwaita.h>

#include "timeline/tide-timeline-row.h"
#include "widgets/tide-names.h"

static void
set_label (GtkWidget  *widget,
           const char *label)
{
  if (label != NULL && *label != '\0')
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
title_changed_cb (GtkWidget  *owner,
                  GParamSpec *pspec,
                  GtkWidget  *widget)
{
  g_autofree char *title = NULL;

  g_object_get (owner, "title", &title, NULL);
  set_label (widget, title);
}

/* @widget is called as @owner, which has a title. */
static void
follow_title (GtkWidget *widget,
              GtkWidget *owner)
{
  title_changed_cb (owner, NULL, widget);
  g_signal_connect_object (owner, "notify::title", G_CALLBACK (title_changed_cb), widget, 0);
}

/* The name that @owner was given for readers cannot be asked for, but be referred to. */
static void
refer_to (GtkWidget *widget,
          GtkWidget *owner)
{
  gtk_accessible_update_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY, owner, NULL, -1);
}

/* (nullable): what @widget belongs to and is called by: a row or a group of libadwaita, or else its window */
static GtkWidget *
find_titled (GtkWidget *widget)
{
  for (GtkWidget *owner = gtk_widget_get_parent (widget); owner != NULL; owner = gtk_widget_get_parent (owner))
    {
      g_autofree char *title = NULL;

      if (!ADW_IS_PREFERENCES_ROW (owner) && !ADW_IS_PREFERENCES_GROUP (owner) && !GTK_IS_WINDOW (owner))
        continue;
      g_object_get (owner, "title", &title, NULL);
      if (title != NULL && *title != '\0')
        return owner;
    }
  return NULL;
}

/* (nullable): the first words in @widget */
static GtkWidget *
find_words (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_LABEL (widget) || GTK_IS_INSCRIPTION (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_words (child);
  return found;
}

/* What a list view makes for each row: called as what is in it, which changes with the item. One that names it itself does so. */
static void
name_list_item (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);
  GtkWidget *words;

  if (child == NULL || TIDE_IS_TIMELINE_ROW (child))
    return;
  words = find_words (child);
  if (words != NULL)
    refer_to (widget, words);
}

static void
name (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  GtkWidget *titled = NULL;

  if (parent == NULL)
    return;
  if (GTK_IS_TOGGLE_BUTTON (widget) && (GTK_IS_MENU_BUTTON (parent) || GTK_IS_DROP_DOWN (parent)))
    refer_to (widget, parent);
  else if (ADW_IS_EXPANDER_ROW (widget))
    follow_title (widget, widget);
  else if (GTK_IS_BUTTON (widget) && gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW) != NULL)
    set_label (widget, gtk_widget_get_tooltip_text (widget));
  else if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkListItemWidget"))
    name_list_item (widget);
  else if (GTK_IS_SWITCH (widget) ? gtk_widget_get_ancestor (widget, ADW_TYPE_EXPANDER_ROW) != NULL
           : GTK_IS_LIST_BOX (widget) ? gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_GROUP) != NULL
           : GTK_IS_LIST_VIEW (widget) && gtk_widget_get_ancestor (widget, ADW_TYPE_COMBO_ROW) != NULL)
    titled = find_titled (widget);
  if (titled != NULL)
    follow_title (widget, titled);
}

static gboolean
realized_cb (GSignalInvocationHint *hint,
             guint                  n_values,
             const GValue          *values,
             gpointer               user_data)
{
  name (g_value_get_object (values));
  return TRUE;
}

void
tide_names_install (void)
{
  static gsize once;

  if (!g_once_init_enter (&once))
    return;
  g_type_ensure (GTK_TYPE_WIDGET);
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
  g_signal_add_emission_hook (g_signal_lookup ("realize", GTK_TYPE_WIDGET), 0, realized_cb, NULL, NULL);
  g_once_init_leave (&once, 1);
}
