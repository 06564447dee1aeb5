/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pending-view"

#include "config.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "runbook/tide-pending-view.h"
#include "widgets/tide-pill.h"
#include "widgets/tide-sql-buffer.h"
#include "widgets/tide-text-label.h"

/* Characters of SQL that are shown; the file has all of it */
#define MAX_SQL (64 * 1024)

static const TideLook error_look = { N_("Danger"), NULL, "dialog-error-symbolic", "failed" };
static const TideLook warning_look = { N_("Warning"), NULL, "dialog-warning-symbolic", "edited" };
static const TideLook info_look = { N_("Note"), NULL, "dialog-information-symbolic", "rolled-back" };

static GtkWidget *
create_warning (const TideRunWarning *warning)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *pill = g_object_new (TIDE_TYPE_PILL, "valign", GTK_ALIGN_START, NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  GtkWidget *label;

  tide_pill_set_look (TIDE_PILL (pill), g_str_equal (warning->severity, "error") ? &error_look
                                        : g_str_equal (warning->severity, "info") ? &info_look : &warning_look);
  if (warning->line > 0)
    g_string_append_printf (text, _("Line %d: "), warning->line);
  g_string_append (text, warning->message);
  if (warning->advice != NULL && *warning->advice != '\0')
    g_string_append_printf (text, "\n%s", warning->advice);
  label = tide_text_label_new (text->str, NULL);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), pill);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static char *
dup_table (const TideRunTable *table)
{
  g_autofree char *size = g_format_size (table->bytes);
  g_autofree char *rows = NULL;

  if (table->rows < 0)
    return g_strdup_printf (_("%s.%s: %s"), table->schema, table->name, size);
  rows = g_strdup_printf ("%" G_GINT64_FORMAT, table->rows);
  return g_strdup_printf (g_dngettext (NULL, "%s.%s: %s, about %s row", "%s.%s: %s, about %s rows", table->rows),
                          table->schema, table->name, size, rows);
}

static GtkWidget *
create_sql (const char *sql)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  g_autoptr(GtkSourceBuffer) buffer = gtk_source_buffer_new (NULL);
  GtkWidget *view = gtk_source_view_new_with_buffer (buffer);
  g_autofree char *head = g_utf8_substring (sql, 0, MIN (g_utf8_strlen (sql, -1), MAX_SQL));

  tide_sql_buffer_prepare (buffer);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), head, -1);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_source_view_set_show_line_numbers (GTK_SOURCE_VIEW (view), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("SQL of the migration"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 280);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scroller), TRUE);
  return scroller;
}

/* A text view for each of four hundred migrations would take its time: they are made as they are unfolded. */
static void
expanded_cb (GtkExpander *expander,
             GParamSpec  *pspec,
             const char  *sql)
{
  if (gtk_expander_get_child (expander) == NULL)
    gtk_expander_set_child (expander, create_sql (sql));
}

static void
sql_free (gpointer  sql,
          GClosure *closure)
{
  g_free (sql);
}

static GtkWidget *
create_migration (const TideRunMigration *migration)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *expander = gtk_expander_new (_("SQL"));
  GtkWidget *name = tide_text_label_new (migration->name, "heading");

  tide_text_label_set_selectable (GTK_LABEL (name));
  gtk_box_append (GTK_BOX (box), name);
  if (migration->mode != NULL)
    gtk_box_append (GTK_BOX (box), tide_text_label_new (migration->mode, "dim-label"));
  for (guint i = 0; migration->tables != NULL && i < migration->tables->len; i++)
    {
      g_autofree char *table = dup_table (g_ptr_array_index (migration->tables, i));

      gtk_box_append (GTK_BOX (box), tide_text_label_new (table, "numeric"));
    }
  for (guint i = 0; migration->warnings != NULL && i < migration->warnings->len; i++)
    gtk_box_append (GTK_BOX (box), create_warning (g_ptr_array_index (migration->warnings, i)));
  g_signal_connect_data (expander, "notify::expanded", G_CALLBACK (expanded_cb),
                         g_strdup (migration->sql ? migration->sql : ""), sql_free, 0);
  gtk_box_append (GTK_BOX (box), expander);
  gtk_widget_add_css_class (box, "tide-migration");
  return box;
}

GtkWidget *
tide_pending_view_new (GPtrArray *pending)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  g_return_val_if_fail (pending != NULL, NULL);

  for (guint i = 0; i < pending->len; i++)
    gtk_box_append (GTK_BOX (box), create_migration (g_ptr_array_index (pending, i)));
  return box;
}
