/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-contents-page"

#include "config.h"

#include "backup/tide-check-list.h"
#include "backup/tide-restore-contents-page.h"
#include "backup/tide-restore-tree.h"

struct _TideRestoreContentsPage
{
  TideWizardPage  parent_instance;

  /* Template widgets */
  GtkStack       *stack;
  TideCheckList  *list;

  /* Owned */
  GPtrArray      *toc;
  TideCheckNode  *root; /* nullable: nothing can be chosen */
};

G_DEFINE_FINAL_TYPE (TideRestoreContentsPage, tide_restore_contents_page, TIDE_TYPE_WIZARD_PAGE)

static void
tide_restore_contents_page_update (TideRestoreContentsPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, self->root ? "list" : "whole");
  tide_check_list_set_root (self->list, self->root);
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self),
                                 self->root == NULL || tide_check_node_get_n_active (self->root) > 0);
}

static void
tide_restore_contents_page_finalize (GObject *object)
{
  TideRestoreContentsPage *self = TIDE_RESTORE_CONTENTS_PAGE (object);

  g_clear_pointer (&self->toc, g_ptr_array_unref);
  g_clear_object (&self->root);
  G_OBJECT_CLASS (tide_restore_contents_page_parent_class)->finalize (object);
}

static void
tide_restore_contents_page_class_init (TideRestoreContentsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_restore_contents_page_finalize;

  g_type_ensure (TIDE_TYPE_CHECK_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-restore-contents-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideRestoreContentsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreContentsPage, list);
}

static void
tide_restore_contents_page_init (TideRestoreContentsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_restore_contents_page_set_toc (TideRestoreContentsPage *self,
                                    GPtrArray               *toc)
{
  g_return_if_fail (TIDE_IS_RESTORE_CONTENTS_PAGE (self));

  if (toc == self->toc)
    return;
  g_clear_pointer (&self->toc, g_ptr_array_unref);
  g_clear_object (&self->root);
  self->toc = g_ptr_array_ref (toc);
  self->root = tide_restore_tree_new (toc);
  if (tide_check_node_get_children (self->root) == NULL)
    g_clear_object (&self->root);
  else
    g_signal_connect_object (self->root, "notify::n-active", G_CALLBACK (tide_restore_contents_page_update), self,
                             G_CONNECT_SWAPPED);
  tide_restore_contents_page_update (self);
}

char **
tide_restore_contents_page_dup_only (TideRestoreContentsPage *self)
{
  g_return_val_if_fail (TIDE_IS_RESTORE_CONTENTS_PAGE (self), NULL);

  if (self->root == NULL || tide_check_node_is_active (self->root))
    return NULL;
  return tide_check_node_dup_keys (self->root);
}
