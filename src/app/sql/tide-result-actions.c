/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-result-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "query/tide-export.h"
#include "sql/tide-result-view-private.h"
#include "sql/tide-value-window.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

/* What is to be copied or saved */
typedef struct
{
  TideRowStore  *store;
  GBytes        *order;
  guint          n_rows;
  TideConninfo  *conninfo;  /* (nullable): run again there */
  char          *sql;       /* that */
  char          *path;      /* (nullable) */
  TideGridRange  range;
  TideRowFormat  format;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->store);
  g_clear_pointer (&request->order, g_bytes_unref);
  g_clear_pointer (&request->conninfo, tide_conninfo_unref);
  g_free (request->sql);
  g_free (request->path);
  g_free (request);
}

/* @range: (nullable): all */
static Request *
request_new (TideResultView      *self,
             const char          *format,
             const TideGridRange *range,
             GError             **error)
{
  Request *request = g_new0 (Request, 1);
  guint first = range ? range->first_row : 0;
  GError *failed = NULL;

  request->store = g_object_ref (self->store);
  request->n_rows = range ? range->last_row - first + 1 : tide_grid_get_n_rows (self->grid);
  request->order = tide_result_view_dup_shown (self, first, request->n_rows, &failed);
  if (range != NULL)
    request->range = *range;
  if (request->order != NULL)
    {
      request->range.first_row = 0;
      request->range.last_row -= first;
    }
  else if (failed == NULL && (self->order != NULL || self->rows != NULL))
    request->order = g_bytes_ref (self->order ? self->order : self->rows);
  tide_row_format_parse (format, &request->format);
  if (failed == NULL)
    return request;
  g_propagate_error (error, failed);
  request_free (request);
  return NULL;
}

static void
copy_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Request *request = data;
  const TideGridRange *range = &request->range;
  gboolean one_cell = range->first_row == range->last_row && range->first_column == range->last_column;
  gboolean header = request->format == TIDE_ROW_FORMAT_CSV || (request->format == TIDE_ROW_FORMAT_TSV && !one_cell);
  GString *text;

  if (one_cell && request->format == TIDE_ROW_FORMAT_TSV)
    {
      guint row = range->first_row;
      gsize size = 0;
      const guint32 *rows = request->order ? g_bytes_get_data (request->order, &size) : NULL;
      gsize length;
      g_autofree char *value = tide_row_store_dup_value (request->store, row < size / sizeof *rows ? rows[row] : row,
                                                         range->first_column, &length);

      g_task_return_pointer (task, g_utf8_make_valid (value ? value : "", value ? (gssize) length : 0), g_free);
      return;
    }
  text = tide_export_range (request->store, request->order, range->first_row, range->last_row, range->first_column,
                            range->last_column, request->format, header, NULL, NULL);
  g_task_return_pointer (task, g_utf8_make_valid (text->str, text->len), g_free);
  g_string_free (text, TRUE);
}

static void
copied (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(GtkWidget) view = data;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), NULL);

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (view), text);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TideResultView *self = TIDE_RESULT_VIEW (widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(GTask) task = NULL;
  TideGridRange range;
  Request *request;

  if (!tide_grid_get_range (self->grid, &range))
    return;
  request = request_new (self, g_variant_get_string (parameter, NULL), &range, &error);
  if (request == NULL)
    {
      tide_dialog_show_error (widget, _("The Rows Could Not Be Copied"), error);
      return;
    }
  task = g_task_new (NULL, NULL, copied, g_object_ref (self));
  g_task_set_source_tag (task, copy_action);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, copy_in_thread);
}

/* On a connection of its own, for the tab's may be at work, and without writing: what changed rows once must not do so again. */
static gpointer
export_again (TideJob   *job,
              Request   *request,
              GError   **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideSession) session = tide_session_open (request->conninfo, cancellable, error);
  g_autoptr(GPtrArray) results = NULL;
  gboolean done;

  if (session == NULL)
    return NULL;
  results = tide_session_run (session, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", cancellable, error);
  done = results != NULL &&
         tide_export_query_to_file (session, request->sql, request->format, request->path, job, NULL, error);
  tide_session_close (session);
  return done ? GINT_TO_POINTER (TRUE) : NULL;
}

static gpointer
export_job (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  Request *request = data;

  if (request->conninfo != NULL)
    return export_again (job, request, error);
  return tide_export_store_to_file (request->store, request->n_rows, request->order,
                                    request->format, request->path, job, error)
           ? GINT_TO_POINTER (TRUE)
           : NULL;
}

static void
exported (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(TideResultView) self = data;
  g_autoptr(GError) error = NULL;

  tide_job_run_finish (TIDE_JOB (source), result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    tide_dialog_show_error (GTK_WIDGET (self), _("The Rows Could Not Be Saved"), error);
}

static void
path_chosen (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  TideResultView *self = TIDE_RESULT_VIEW (source);
  Request *request = data;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autoptr(TideJob) job = NULL;

  request->path = tide_dialog_choose_path_finish (GTK_WIDGET (self), result);
  if (request->path == NULL)
    {
      request_free (request);
      return;
    }
  name = g_filename_display_basename (request->path);
  title = g_strdup_printf (_("Saving rows to %s"), name);
  job = tide_job_new (title);
  if (self->workspace != NULL)
    tide_workspace_run_job (self->workspace, job, export_job, request, request_free, NULL, exported, g_object_ref (self));
  else
    tide_job_run_async (job, export_job, request, request_free, NULL, exported, g_object_ref (self));
}

static void
export_action (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  TideResultView *self = TIDE_RESULT_VIEW (widget);
  g_autoptr(GError) error = NULL;
  Request *request = request_new (self, g_variant_get_string (parameter, NULL), NULL, &error);
  g_autofree char *name = NULL;
  guint n = tide_row_store_get_n_rows (self->store);
  g_autofree char *title = g_strdup (_("Save Rows"));

  if (request == NULL)
    {
      tide_dialog_show_error (widget, _("The Rows Could Not Be Saved"), error);
      return;
    }
  name = g_strdup_printf ("%s.%s", _("rows"), tide_row_format_get_extension (request->format));
  if (g_str_equal (action, "result.export-again"))
    {
      request->conninfo = tide_conninfo_ref (self->again);
      request->sql = g_strdup (self->again_sql ? self->again_sql : tide_row_store_get_statement (self->store));
    }
  else if (self->paged && tide_row_store_get_state (self->store) == TIDE_ROW_STORE_RUNNING)
    {
      g_free (title);
      title = g_strdup_printf (g_dngettext (NULL, "Save the First %'u Row, Which Was Read", "Save the First %'u Rows, Which Were Read", n), n);
    }
  tide_dialog_save_path_async (widget, title, name, path_chosen, request);
}

void
tide_result_view_show_value (TideResultView *self)
{
  g_autoptr(GBytes) shown = NULL;
  guint row, column, index;

  if (!tide_grid_get_cursor (self->grid, &row, &column))
    return;
  shown = tide_result_view_dup_shown (self, row, 1, NULL);
  index = shown ? *(const guint32 *) g_bytes_get_data (shown, NULL) : tide_result_view_find_row (self, row);
  if (index < tide_row_store_get_n_rows (self->store))
    tide_value_window_present (GTK_WIDGET (self), self->store, index, column);
}

static void
view_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  tide_result_view_show_value (TIDE_RESULT_VIEW (widget));
}

void
tide_result_actions_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "result.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "result.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "result.export-again", "s", export_action);
  gtk_widget_class_install_action (widget_class, "result.view", NULL, view_action);
  /* The last is the one that menus show. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_CONTROL_MASK, "result.copy", "s", "tsv");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "result.copy", "s", "tsv");
}
