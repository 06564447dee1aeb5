/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-desktop"

#include "config.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "tide-desktop.h"

#include "tide-job-care.h"

struct _TideDesktop
{
  GObject          parent_instance;

  /* Owned */
  TideWorkspace *workspace;
  char          *reason;  /* nullable: of the inhibition that holds */

  guint          cookie;  /* of the inhibition; 0: none holds, or the desktop knows of none */
};

G_DEFINE_FINAL_TYPE (TideDesktop, tide_desktop, G_TYPE_OBJECT)

static gboolean
is_running (TideJob *job)
{
  TideJobState state = tide_job_get_state (job);

  return state == TIDE_JOB_WAITING || state == TIDE_JOB_RUNNING;
}

/* (nullable): why the session must stay, of the job that was started last */
static const char *
find_reason (TideDesktop *self)
{
  GListModel *jobs = tide_workspace_get_jobs (self->workspace);
  guint n = g_list_model_get_n_items (jobs);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideJob) job = g_list_model_get_item (jobs, i);

      if (is_running (job) && tide_job_get_inhibits (job) != NULL)
        return tide_job_get_inhibits (job);
    }
  return NULL;
}

static void
tide_desktop_inhibit (TideDesktop *self,
                      const char  *reason)
{
  GtkApplication *app = GTK_APPLICATION (g_application_get_default ());
  guint cookie;

  if (app == NULL || g_strcmp0 (self->reason, reason) == 0)
    return;
  g_free (self->reason);
  self->reason = g_strdup (reason);
  /* The new one first: between the two the session might end. */
  cookie = reason ? gtk_application_inhibit (app, gtk_application_get_active_window (app),
                                             GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND, reason)
                  : 0;
  if (self->cookie != 0)
    gtk_application_uninhibit (app, self->cookie);
  self->cookie = cookie;
}

/* Somebody looks at one of the program's windows, be it a dialog. */
static gboolean
is_looked_at (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (windows);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_is_active (window))
        return TRUE;
    }
  return FALSE;
}

static void
notify (TideJob               *job,
        const char            *title,
        const char            *body,
        GNotificationPriority  priority)
{
  g_autoptr(GNotification) notification = g_notification_new (title);
  GApplication *app = g_application_get_default ();
  g_autofree char *id = g_strdup_printf ("job-%p", (void *) job);
  const char *page = tide_job_get_page (job);

  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, priority);
  g_notification_set_default_action_and_target (notification, "app.show-page", "s", page ? page : "");
  if (app != NULL)
    g_application_send_notification (app, id, notification);
}

static void
tell_end (TideJob *job)
{
  g_autoptr(GError) error = tide_job_dup_error (job);
  const char *title = tide_job_get_title (job);

  switch (tide_job_get_state (job))
    {
    case TIDE_JOB_SUCCEEDED:
      notify (job, title, _("Done"), G_NOTIFICATION_PRIORITY_NORMAL);
      break;
    case TIDE_JOB_FAILED:
      notify (job, title, error ? error->message : _("Failed"), G_NOTIFICATION_PRIORITY_HIGH);
      break;
    case TIDE_JOB_CANCELLED: /* Whoever cancelled it knows. */
    case TIDE_JOB_WAITING:
    case TIDE_JOB_RUNNING:
    default:
      break;
    }
}

static void
job_notify_state_cb (TideJob     *job,
                     GParamSpec  *pspec,
                     TideDesktop *self)
{
  tide_desktop_inhibit (self, find_reason (self));
  if (!is_running (job) && !is_looked_at ())
    tell_end (job);
}

static void
jobs_changed_cb (GListModel  *jobs,
                 guint        position,
                 guint        removed,
                 guint        added,
                 TideDesktop *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(TideJob) job = g_list_model_get_item (jobs, i);

      g_signal_connect_object (job, "notify::state", G_CALLBACK (job_notify_state_cb), self, 0);
    }
}

static void
tide_desktop_dispose (GObject *object)
{
  TideDesktop *self = TIDE_DESKTOP (object);

  tide_desktop_inhibit (self, NULL);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (tide_desktop_parent_class)->dispose (object);
}

static void
tide_desktop_class_init (TideDesktopClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_desktop_dispose;
}

static void
tide_desktop_init (TideDesktop *self)
{
}

TideDesktop *
tide_desktop_new (TideWorkspace *workspace)
{
  TideDesktop *self = g_object_new (TIDE_TYPE_DESKTOP, NULL);

  self->workspace = g_object_ref (workspace);
  g_signal_connect_object (tide_workspace_get_jobs (workspace), "items-changed", G_CALLBACK (jobs_changed_cb), self, 0);
  return self;
}

void
tide_desktop_call (TideJob    *job,
                   const char *question)
{
  g_return_if_fail (TIDE_IS_JOB (job));

  if (!is_looked_at ())
    notify (job, tide_job_get_title (job), question, G_NOTIFICATION_PRIORITY_URGENT);
}
