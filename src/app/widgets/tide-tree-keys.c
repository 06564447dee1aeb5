/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-tree-keys"

#include "config.h"

#include "widgets/tide-tree-keys.h"

static void
go_to (GtkWidget          *focus,
       GtkSingleSelection *selection,
       guint               position)
{
  GtkWidget *list = gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW);
  guint before = gtk_single_selection_get_selected (selection);

  gtk_single_selection_set_selected (selection, position);
  /* The keyboard goes from row to row, as there is no way to tell the list of one that is not drawn yet. */
  for (guint i = MIN (before, position); i < MAX (before, position); i++)
    gtk_widget_child_focus (list, position > before ? GTK_DIR_DOWN : GTK_DIR_UP);
}

static gboolean
on_key_pressed (GtkEventControllerKey *keys,
                guint                  key,
                guint                  code,
                GdkModifierType        state,
                gpointer               data)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (list));
  gboolean is_left = key == GDK_KEY_Left || key == GDK_KEY_KP_Left;
  gboolean is_right = key == GDK_KEY_Right || key == GDK_KEY_KP_Right;
  gboolean forward = gtk_widget_get_direction (list) == GTK_TEXT_DIR_RTL ? is_left : is_right;
  g_autoptr(GtkTreeListRow) child = NULL;
  g_autoptr(GtkTreeListRow) parent = NULL;
  g_autoptr(GtkSingleSelection) selection = NULL;
  GtkTreeListRow *row;

  if (focus == NULL || gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW) == NULL || !(is_left || is_right) || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  g_object_get (list, "model", &selection, NULL);
  row = selection == NULL ? NULL : gtk_single_selection_get_selected_item (selection);
  if (row == NULL)
    return GDK_EVENT_PROPAGATE;
  child = forward ? gtk_tree_list_row_get_child_row (row, 0) : NULL;
  parent = gtk_tree_list_row_get_parent (row);
  if (gtk_tree_list_row_is_expandable (row) && gtk_tree_list_row_get_expanded (row) != forward)
    gtk_tree_list_row_set_expanded (row, forward);
  else if (child != NULL)
    go_to (focus, selection, gtk_tree_list_row_get_position (child));
  else if (!forward && parent != NULL)
    go_to (focus, selection, gtk_tree_list_row_get_position (parent));
  return GDK_EVENT_STOP;
}

void
tide_tree_keys_follow (GtkWidget *list)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  /* Before the list takes them to move the keyboard sideways */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), NULL);
  gtk_widget_add_controller (list, keys);
}
