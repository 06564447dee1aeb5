/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-buffer"

#include "config.h"

#include <adwaita.h>

#include "widgets/tide-sql-buffer.h"

static void
update_scheme (AdwStyleManager *manager,
               GParamSpec      *pspec,
               GtkSourceBuffer *buffer)
{
  const char *name = adw_style_manager_get_dark (manager) ? "Adwaita-dark" : "Adwaita";

  gtk_source_buffer_set_style_scheme (
    buffer, gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (), name));
}

/* Our own; the one that comes with GtkSourceView knows neither dollar quotes nor most of the words. */
GtkSourceLanguage *
tide_sql_buffer_get_language (void)
{
  static GtkSourceLanguageManager *manager;

  if (manager == NULL)
    {
      manager = gtk_source_language_manager_new ();
      gtk_source_language_manager_append_search_path (manager, "resource:///com/broxiva/Tidemark/language-specs");
    }
  return gtk_source_language_manager_get_language (manager, "tidemark-postgresql");
}

void
tide_sql_buffer_prepare (GtkSourceBuffer *buffer)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  if (gtk_source_buffer_get_language (buffer) != NULL)
    return;
  gtk_source_buffer_set_language (buffer, tide_sql_buffer_get_language ());
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (update_scheme), buffer, 0);
  update_scheme (manager, NULL, buffer);
}

void
tide_sql_buffer_set_coloured (GtkSourceBuffer *buffer,
                              gboolean         coloured)
{
  gtk_source_buffer_set_language (buffer, coloured ? tide_sql_buffer_get_language () : NULL);
}
