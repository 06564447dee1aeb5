/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-view"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-command-view.h"
#include "widgets/tide-text-label.h"

static void
copy_clicked_cb (GtkWidget  *button,
                 const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
}

static void
text_free (gpointer  text,
           GClosure *closure)
{
  g_free (text);
}

static GtkWidget *
create (const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = tide_text_label_new (text, "monospace");
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (button, _("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_clicked_cb), g_strdup (text), text_free, 0);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  gtk_widget_add_css_class (box, "tide-command");
  return box;
}

/* Quoted where a shell would not take it as one word */
static char *
dup_word (const char *word)
{
  const char *plain = "_-./:=@%+,";

  for (const char *c = word; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (plain, *c) == NULL)
      return g_shell_quote (word);
  return *word ? g_strdup (word) : g_strdup ("''");
}

GtkWidget *
tide_command_view_new (const char *const *argv)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (argv != NULL, NULL);

  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *word = dup_word (argv[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
    }
  return create (text->str);
}

GtkWidget *
tide_command_view_new_lines (const char *const *lines)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (lines != NULL, NULL);

  text = g_strjoinv ("\n", (char **) lines);
  return create (text);
}
