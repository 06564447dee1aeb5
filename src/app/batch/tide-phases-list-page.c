/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phases-list-page"

#include "config.h"

#include "batch/tide-phase-row.h"
#include "batch/tide-phases-list-page.h"

struct _TidePhasesListPage
{
  TideWizardPage  parent_instance;

  /* Template widgets */
  GtkBox         *rows;
};

G_DEFINE_FINAL_TYPE (TidePhasesListPage, tide_phases_list_page, TIDE_TYPE_WIZARD_PAGE)

static void
tide_phases_list_page_class_init (TidePhasesListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-phases-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TidePhasesListPage, rows);
}

static void
tide_phases_list_page_init (TidePhasesListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
update (TidePhasesListPage *self,
        gboolean            anew)
{
  gboolean due = TRUE;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL; row = gtk_widget_get_next_sibling (row))
    due = tide_phase_row_update (TIDE_PHASE_ROW (row), due, anew);
}

static void
on_row_changed (TidePhasesListPage *self)
{
  update (self, FALSE);
}

void
tide_phases_list_page_enter (TidePhasesListPage *self,
                             TideWorkspace      *workspace,
                             GPtrArray          *phases)
{
  GtkWidget *child;

  g_return_if_fail (TIDE_IS_PHASES_LIST_PAGE (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, child);
  for (guint i = 0; i < phases->len; i++)
    {
      GtkWidget *row = tide_phase_row_new (workspace, phases, i);

      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->rows, row);
    }
  tide_phases_list_page_update (self);
}

void
tide_phases_list_page_update (TidePhasesListPage *self)
{
  g_return_if_fail (TIDE_IS_PHASES_LIST_PAGE (self));

  update (self, TRUE);
}
