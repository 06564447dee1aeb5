/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-pane"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-finding.h"
#include "timeline/tide-lint-pane.h"
#include "widgets/tide-children.h"
#include "widgets/tide-text-label.h"

struct _TideLintPane
{
  GtkWidget   parent_instance;

  /* Template widgets */
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (TideLintPane, tide_lint_pane, GTK_TYPE_WIDGET)

static guint line_signal;

static const struct
{
  const char *icon;
  const char *style;
  const char *word;
} looks[] = {
  [TIDE_LINT_INFO] = { "dialog-information-symbolic", "dim-label", N_("Note") },
  [TIDE_LINT_WARNING] = { "dialog-warning-symbolic", "warning", N_("Warning") },
  [TIDE_LINT_ERROR] = { "dialog-error-symbolic", "error", N_("Error") },
};

static GtkWidget *
new_text (const char *text,
          const char *style)
{
  GtkWidget *label = tide_text_label_new (text, style);

  gtk_label_set_width_chars (GTK_LABEL (label), 20);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static void
on_line_clicked (GtkWidget *button,
                 gpointer   user_data)
{
  int line = GPOINTER_TO_INT (user_data);

  g_signal_emit (gtk_widget_get_ancestor (button, TIDE_TYPE_LINT_PANE), line_signal, 0, line);
}

static GtkWidget *
new_button (const char *label,
            const char *action,
            guint       index)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", index);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
new_buttons (const TideLintFinding *finding,
             guint                  index)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *link = gtk_link_button_new_with_label (finding->url, _("Documentation"));

  gtk_widget_set_margin_top (box, 6);
  if (finding->line > 0)
    {
      g_autofree char *text = g_strdup_printf (_("Line %d"), finding->line);
      GtkWidget *button = gtk_button_new_with_label (text);

      g_signal_connect (button, "clicked", G_CALLBACK (on_line_clicked), GINT_TO_POINTER (finding->line));
      gtk_box_append (GTK_BOX (box), button);
    }
  if (finding->fix != NULL && !finding->accepted)
    gtk_box_append (GTK_BOX (box), new_button (_("_Fix…"), "timeline.fix-finding", index));
  if (tide_lint_finding_is_batch (finding) && !finding->accepted)
    gtk_box_append (GTK_BOX (box), new_button (_("In _Batches…"), "timeline.batch-finding", index));
  if (!finding->accepted)
    gtk_box_append (GTK_BOX (box), new_button (_("_Accept…"), "timeline.accept-finding", index));
  gtk_widget_set_halign (link, GTK_ALIGN_END);
  gtk_widget_set_hexpand (link, TRUE);
  gtk_box_append (GTK_BOX (box), link);
  return box;
}

static GtkWidget *
new_row (const TideLintFinding *finding,
         guint                  index)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *icon = gtk_image_new_from_icon_name (finding->accepted ? "emblem-ok-symbolic" : looks[finding->severity].icon);
  g_autofree char *size = tide_lint_finding_dup_size (finding);
  g_autofree char *message = size ? g_strdup_printf ("%s (%s)", finding->message, size) : g_strdup (finding->message);
  g_autofree char *accepted = finding->accepted ? g_strdup_printf (_("Accepted: %s"), finding->accepted_because) : NULL;

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 2);
  gtk_widget_add_css_class (icon, finding->accepted ? "dim-label" : looks[finding->severity].style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _(looks[finding->severity].word), -1);
  gtk_widget_set_tooltip_text (icon, _(looks[finding->severity].word));
  gtk_box_append (GTK_BOX (texts), new_text (message, "heading"));
  gtk_box_append (GTK_BOX (texts), new_text (finding->reason, "dim-label"));
  if (finding->advice != NULL)
    gtk_box_append (GTK_BOX (texts), new_text (finding->advice, NULL));
  if (accepted != NULL)
    gtk_box_append (GTK_BOX (texts), new_text (accepted, NULL));
  gtk_box_append (GTK_BOX (texts), new_buttons (finding, index));
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, message, -1);
  return row;
}

static void
tide_lint_pane_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TIDE_TYPE_LINT_PANE);
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_lint_pane_parent_class)->dispose (object);
}

static void
tide_lint_pane_class_init (TideLintPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_lint_pane_dispose;
  line_signal = g_signal_new ("line", TIDE_TYPE_LINT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-lint-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, TideLintPane, list);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_lint_pane_init (TideLintPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

guint
tide_lint_pane_set_findings (TideLintPane *self,
                             GPtrArray    *findings,
                             const char   *migration)
{
  guint n = 0;

  g_return_val_if_fail (TIDE_IS_LINT_PANE (self), 0);

  tide_children_remove (GTK_WIDGET (self->list));
  /* The worst first */
  for (int severity = TIDE_LINT_ERROR; findings != NULL && severity >= TIDE_LINT_INFO; severity--)
    for (guint i = 0; i < findings->len; i++)
      {
        const TideLintFinding *finding = g_ptr_array_index (findings, i);

        if ((int) finding->severity != severity || g_strcmp0 (finding->migration, migration) != 0)
          continue;
        gtk_list_box_append (self->list, new_row (finding, i));
        n++;
      }
  return n;
}
