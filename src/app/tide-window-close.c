/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-window"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-window-private.h"

#include "sql/tide-sql-page.h"

#include "tide-job-care.h"
#include "widgets/tide-dialogs.h"

/* (transfer full) (element-type TideJob): newest first */
static GPtrArray *
list_running (TideWindow *self)
{
  GListModel *jobs = tide_workspace_get_jobs (self->workspace);
  guint n = g_list_model_get_n_items (jobs);
  GPtrArray *running = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideJob) job = g_list_model_get_item (jobs, i);
      TideJobState state = tide_job_get_state (job);

      if (state == TIDE_JOB_WAITING || state == TIDE_JOB_RUNNING)
        g_ptr_array_add (running, g_steal_pointer (&job));
    }
  return running;
}

static void
close_when_idle_cb (TideWindow *self)
{
  if (self->closing && !tide_workspace_has_running_job (self->workspace))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
tide_window_cancel_jobs (TideWindow *self)
{
  g_autoptr(GPtrArray) running = list_running (self);

  self->closing = TRUE;
  for (guint i = 0; i < running->len; i++)
    {
      TideJob *job = g_ptr_array_index (running, i);

      g_signal_connect_object (job, "notify::state", G_CALLBACK (close_when_idle_cb), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      tide_job_cancel (job);
    }
  close_when_idle_cb (self);
}

static void
confirm_close_cb (GObject      *source_object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  if (tide_dialog_confirm_finish (GTK_WIDGET (source_object), result))
    tide_window_cancel_jobs (TIDE_WINDOW (source_object));
}

static char *
dup_heading (GPtrArray *running)
{
  if (running->len == 1)
    return g_strdup_printf (_("Stop “%s”?"), tide_job_get_title (g_ptr_array_index (running, 0)));
  return g_strdup_printf (ngettext ("Stop %u Running Job?", "Stop %u Running Jobs?", running->len), running->len);
}

/* What each of them is at, and what becomes of it */
static char *
dup_body (GPtrArray *running)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < running->len; i++)
    {
      TideJob *job = g_ptr_array_index (running, i);
      g_autofree char *status = tide_job_dup_status (job);

      if (running->len > 1)
        g_string_append_printf (text, "%s\n", tide_job_get_title (job));
      if (status != NULL && *status != '\0')
        g_string_append_printf (text, _("Now: %s\n"), status);
      g_string_append_printf (text, "%s\n\n", tide_job_get_closing (job));
    }
  g_string_append (text, _("The window closes as soon as the server has stopped."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
confirm_sql_cb (GObject      *source_object,
                GAsyncResult *result,
                gpointer      user_data)
{
  TideWindow *self = TIDE_WINDOW (source_object);

  if (!tide_dialog_confirm_finish (GTK_WIDGET (self), result))
    return;
  self->closing_sql = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

/* What runs or is open on the SQL page: an answer holds for the one closing that was asked about. */
static gboolean
ask_for_sql (TideWindow *self)
{
  g_autofree char *why = self->closing_sql ? NULL : tide_window_dup_sql_use (self);

  self->closing_sql = FALSE;
  if (why == NULL)
    return FALSE;
  tide_dialog_confirm_async (GTK_WIDGET (self), _("Close the Window?"), why, NULL, _("_Close"), NULL, TRUE, confirm_sql_cb, NULL);
  return TRUE;
}

gboolean
tide_window_ask_to_close (TideWindow *self)
{
  g_autoptr(GPtrArray) running = list_running (self);
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  if (ask_for_sql (self))
    return TRUE;
  if (running->len == 0)
    return FALSE;
  heading = dup_heading (running);
  body = dup_body (running);
  tide_dialog_confirm_stop_async (GTK_WIDGET (self), heading, body, _("_Stop and Close"), confirm_close_cb, NULL);
  return TRUE;
}
