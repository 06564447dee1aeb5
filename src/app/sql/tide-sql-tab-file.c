/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tab"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-tab-private.h"

#include "sql/tide-sql-file.h"
#include "widgets/tide-dialogs.h"

/* Reading or writing @path for a tab */
typedef struct
{
  TideSqlTab *tab;
  char       *path;
} Request;

static Request *
request_new (TideSqlTab *tab,
             const char *path)
{
  Request *request = g_new0 (Request, 1);

  request->tab = g_object_ref (tab);
  request->path = g_strdup (path);
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->tab);
  g_free (request->path);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(Request) request = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *title = g_path_get_basename (request->path);

  if (!tide_sql_file_save_finish (result, &error))
    {
      gtk_text_buffer_set_modified (tide_sql_editor_get_buffer (request->tab->editor), TRUE);
      tide_dialog_show_error (GTK_WIDGET (request->tab), _("The File Was Not Saved"), error);
      return;
    }
  tide_sql_tab_set_file (request->tab, title, request->path);
}

static void
save (TideSqlTab *self,
      const char *path)
{
  g_autofree char *text = tide_sql_tab_dup_text (self);

  gtk_text_buffer_set_modified (tide_sql_editor_get_buffer (self->editor), FALSE);
  tide_sql_file_save_async (path, text, on_saved, request_new (self, path));
}

static void
on_path_chosen (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (source), result);

  if (path != NULL)
    save (TIDE_SQL_TAB (source), path);
}

static void
activate_save (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  TideSqlTab *self = TIDE_SQL_TAB (widget);

  if (self->path != NULL && g_str_equal (action_name, "tab.save"))
    save (self, self->path);
  else
    tide_dialog_save_path_async (widget, _("Save the SQL"), self->title ? self->title : "query.sql", on_path_chosen, NULL);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(Request) request = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = tide_sql_file_load_finish (result, &error);
  g_autofree char *title = g_path_get_basename (request->path);

  if (text == NULL)
    {
      tide_dialog_show_error (GTK_WIDGET (request->tab), _("The File Was Not Opened"), error);
      return;
    }
  tide_sql_editor_set_text (request->tab->editor, text, 0);
  tide_sql_tab_set_file (request->tab, title, request->path);
}

void
tide_sql_tab_load (TideSqlTab *self,
                   const char *path)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_file_load_async (path, NULL, on_loaded, request_new (self, path));
}

void
tide_sql_tab_install_file (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "tab.save", NULL, activate_save);
  gtk_widget_class_install_action (widget_class, "tab.save-as", NULL, activate_save);
}
