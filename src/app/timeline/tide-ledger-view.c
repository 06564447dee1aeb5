/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-ledger-view"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "timeline/tide-ledger-view.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-text-label.h"

struct _TideLedgerView
{
  GtkWidget  parent_instance;

  /* Template widgets */
  GtkBox    *groups;
};

G_DEFINE_FINAL_TYPE (TideLedgerView, tide_ledger_view, GTK_TYPE_WIDGET)

static void
add_fact (AdwPreferencesGroup *group,
          const char          *title,
          char                *value)
{
  AdwActionRow *row;

  if (value != NULL && *value != '\0')
    {
      row = ADW_ACTION_ROW (adw_action_row_new ());
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (row, value);
      adw_action_row_set_title_lines (row, 1);
      adw_action_row_set_subtitle_lines (row, 0);
      gtk_widget_add_css_class (GTK_WIDGET (row), "property");
      tide_text_labels_keep_letters (GTK_WIDGET (row));
      adw_preferences_group_add (group, GTK_WIDGET (row));
    }
  g_free (value);
}

static char *
dup_moment (gint64 when)
{
  g_autofree char *moment = NULL;
  g_autofree char *ago = NULL;

  if (when == 0)
    return NULL;
  moment = tide_format_moment (when);
  ago = tide_format_ago (when);
  return g_strdup_printf ("%s (%s)", moment, ago);
}

static GtkWidget *
create_group (const TideLedgerRow *row,
              guint                attempt,
              guint                n_attempts)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  if (n_attempts > 1)
    {
      g_autofree char *title = g_strdup_printf (_("Attempt %u of %u"), attempt, n_attempts);

      adw_preferences_group_set_title (group, title);
    }
  add_fact (group, _("Started"), dup_moment (row->started_at));
  add_fact (group, _("Finished"), dup_moment (row->finished_at));
  add_fact (group, _("Rolled back"), dup_moment (row->rolled_back_at));
  add_fact (group, _("Applied steps"), g_strdup_printf ("%d", row->applied_steps));
  add_fact (group, _("Checksum"), g_strdup (row->checksum));
  add_fact (group, _("Row"), g_strdup (row->id));
  add_fact (group, _("Log"), g_strdup (row->logs));
  return GTK_WIDGET (group);
}

static void
tide_ledger_view_dispose (GObject *object)
{
  TideLedgerView *self = TIDE_LEDGER_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_LEDGER_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_ledger_view_parent_class)->dispose (object);
}

static void
tide_ledger_view_class_init (TideLedgerViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_ledger_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-ledger-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideLedgerView, groups);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_ledger_view_init (TideLedgerView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_ledger_view_set_rows:
 * @self: a ledger view
 * @rows: (nullable) (element-type TideLedgerRow): the rows by the time they were started
 *
 * Shows other rows.
 */
void
tide_ledger_view_set_rows (TideLedgerView *self,
                           GPtrArray      *rows)
{
  g_return_if_fail (TIDE_IS_LEDGER_VIEW (self));

  tide_children_remove (GTK_WIDGET (self->groups));
  for (guint i = rows ? rows->len : 0; i > 0; i--)
    gtk_box_append (self->groups, create_group (g_ptr_array_index (rows, i - 1), i, rows->len));
}
