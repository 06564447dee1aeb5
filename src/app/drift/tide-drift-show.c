/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-show"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-show.h"
#include "widgets/tide-format.h"

void
tide_drift_show_summary (TideDriftComparison *comparison,
                         GtkLabel            *label)
{
  g_autofree char *text = NULL;

  if (comparison != NULL)
    {
      TideDriftCounts counts = tide_drift_outline_get_counts (comparison->outline);
      guint n_ignored = tide_schema_diff_get_ignored (comparison->diff)->len;
      g_autofree char *ignored = g_strdup_printf (g_dngettext (NULL, ", %u ignored", ", %u ignored", n_ignored), n_ignored);
      g_autofree char *moment = tide_format_moment (comparison->read_at);

      /* Translators: in two lines, and the last one is when */
      text = g_strdup_printf (_("%u added, %u removed, %u changed%s\nCompared %s"), counts.added, counts.removed, counts.changed,
                              n_ignored > 0 ? ignored : "", moment);
    }
  gtk_label_set_label (label, text == NULL ? "" : text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), text);
}

void
tide_drift_show_notes (TideDriftComparison *comparison,
                       gboolean             is_old,
                       GtkInfoBar          *bar,
                       GtkLabel            *label)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (comparison != NULL && is_old)
    {
      g_autofree char *moment = tide_format_moment (comparison->read_at);

      g_string_append_printf (text, _("This is how it was on %s. The database does not answer: what it is like now is not known."), moment);
    }
  for (guint i = 0; comparison != NULL && i < comparison->notes->len; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", (const char *) g_ptr_array_index (comparison->notes, i));
  gtk_label_set_label (label, text->str);
  gtk_info_bar_set_message_type (bar, is_old ? GTK_MESSAGE_WARNING : GTK_MESSAGE_INFO);
  gtk_info_bar_set_revealed (bar, text->len > 0);
}

void
tide_drift_show_equal (TideDriftComparison *comparison,
                       gboolean             is_old,
                       AdwStatusPage       *page)
{
  g_autofree char *moment = comparison == NULL ? NULL : tide_format_moment (comparison->read_at);
  g_autofree char *text = NULL;

  if (comparison == NULL)
    return;
  /* Where it is old, the bar above says of when it is. */
  text = is_old ? g_strdup (_("Both sides had the same schema: tables, views, functions, triggers, policies, grants and all the rest."))
                : g_strdup_printf (_("When they were compared, on %s, both sides had the same schema: tables, views, functions, "
                                     "triggers, policies, grants and all the rest."), moment);
  adw_status_page_set_title (page, is_old ? _("No Differences When Last Compared") : _("No Differences"));
  adw_status_page_set_description (page, text);
  adw_status_page_set_icon_name (page, is_old ? "dialog-warning-symbolic" : "emblem-ok-symbolic");
}

void
tide_drift_show_entry (TideDriftComparison  *comparison,
                       const TideDriftEntry *entry,
                       TideCompareView      *view)
{
  const TideSchemaObject *third = NULL;
  g_autofree char *left = tide_drift_dup_definition (entry->from);
  g_autofree char *right = tide_drift_dup_definition (entry->to);
  g_autofree char *beside = NULL;

  if (comparison->third != NULL)
    third = tide_schema_find_same (comparison->third, entry->to != NULL ? entry->to : entry->from);
  beside = tide_drift_dup_definition (third);
  tide_compare_view_set_texts (view, (const char *[]) { comparison->left_label, comparison->right_label, comparison->third_label },
                               (const char *[]) { left, right, beside }, comparison->third != NULL ? 3 : 2);
  tide_compare_view_step (view, 1);
}
