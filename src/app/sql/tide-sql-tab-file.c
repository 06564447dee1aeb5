/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tab"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-tab-private.h"

#include "sql/tide-sql-file.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

/* Writing @path for a tab */
typedef struct
{
  TideSqlTab *tab;
  char       *path;
  guint       n_edits; /* when it was asked for */
} Request;

static Request *
request_new (TideSqlTab *tab,
             const char *path)
{
  Request *request = g_new0 (Request, 1);

  request->tab = g_object_ref (tab);
  request->path = g_strdup (path);
  request->n_edits = tab->n_edits;
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

static void save (TideSqlTab *self,
                  const char *path,
                  const char *stamp);

/* What is lost is said before: the other program's text stands nowhere else. */
static void
on_overwrite_answered (GObject      *source,
                       GAsyncResult *result,
                       gpointer      data)
{
  g_autofree char *path = data;

  if (tide_dialog_confirm_finish (GTK_WIDGET (source), result))
    save (TIDE_SQL_TAB (source), path, NULL);
}

static void
tell_not_saved (TideSqlTab   *self,
                const char   *path,
                const GError *error)
{
  g_autofree char *text = tide_error_dup_text (error);

  if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_BUSY))
    tide_dialog_confirm_async (GTK_WIDGET (self), _("Overwrite What Another Program Wrote?"), text, NULL, _("_Overwrite"), NULL, TRUE,
                               on_overwrite_answered, g_strdup (path));
  else
    tide_dialog_show_error (GTK_WIDGET (self), _("The File Was Not Saved"), error);
}

/* Its window was closed meanwhile. The text is among the drafts, and comes back. */
static void
tell_elsewhere (const GError *error)
{
  GApplication *app = g_application_get_default ();
  GtkWindow *window = app ? gtk_application_get_active_window (GTK_APPLICATION (app)) : NULL;

  if (window != NULL)
    tide_dialog_show_error (GTK_WIDGET (window), _("The File Was Not Saved"), error);
  else
    g_message ("%s", error->message);
}

/* What was typed meanwhile is not in the file. */
static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(Request) request = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *title = g_path_get_basename (request->path);
  TideSqlTab *self = request->tab;
  g_autofree char *stamp = NULL;
  gboolean saved = tide_sql_file_save_finish (result, &stamp, &error);
  gboolean again = self->save_again && saved;

  self->saving = self->save_again = FALSE;
  if (self->console == NULL)
    {
      if (!saved)
        tell_elsewhere (error);
      return;
    }
  if (!saved)
    {
      gtk_text_buffer_set_modified (tide_sql_editor_get_buffer (self->editor), TRUE);
      tell_not_saved (self, request->path, error);
    }
  else
    {
      tide_sql_tab_set_file (self, title, request->path, stamp);
      if (self->n_edits == request->n_edits)
        gtk_text_buffer_set_modified (tide_sql_editor_get_buffer (self->editor), FALSE);
      else if (again)
        save (self, request->path, stamp);
    }
  if (!self->saving)
    g_signal_emit_by_name (self, "saved", saved);
}

static void
save (TideSqlTab *self,
      const char *path,
      const char *stamp)
{
  g_autofree char *text = tide_sql_tab_dup_text (self);

  self->saving = TRUE;
  tide_sql_file_save_async (path, text, stamp, on_saved, request_new (self, path));
}

static void
on_path_chosen (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (source), result);

  if (path != NULL)
    save (TIDE_SQL_TAB (source), path, NULL);
}

static void
activate_save (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  TideSqlTab *self = TIDE_SQL_TAB (widget);

  /* Two writers at once: the older text might be the one that stays. */
  if (self->saving)
    self->save_again = TRUE;
  else if (self->path != NULL && g_str_equal (action_name, "tab.save"))
    save (self, self->path, self->stamp);
  else
    tide_dialog_save_path_async (widget, _("Save the SQL"), self->title ? self->title : "query.sql", on_path_chosen, NULL);
}

void
tide_sql_tab_install_file (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "tab.save", NULL, activate_save);
  gtk_widget_class_install_action (widget_class, "tab.save-as", NULL, activate_save);
}
