/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-job-row"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-job-row.h"

#include "widgets/tide-dialogs.h"

/* How often a bar of unknown length moves */
#define PULSE_MS 150

struct _TideJobRow
{
  GtkListBoxRow   parent_instance;

  /* Template widgets */
  GtkProgressBar *bar;

  /* Owned */
  TideJob        *job;

  guint           pulse;
};

enum
{
  PROP_JOB = 1,
  N_PROPS,
};

enum
{
  DISMISS,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideJobRow, tide_job_row, GTK_TYPE_LIST_BOX_ROW)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
is_running (TideJobState state)
{
  return state == TIDE_JOB_WAITING || state == TIDE_JOB_RUNNING;
}

static gboolean
format_is_running (GObject      *object,
                   TideJobState  state)
{
  return is_running (state);
}

static gboolean
format_has_ended (GObject      *object,
                  TideJobState  state)
{
  return !is_running (state);
}

static gboolean
format_has_failed (GObject      *object,
                   TideJobState  state)
{
  return state == TIDE_JOB_FAILED;
}

static char *
format_icon_name (GObject      *object,
                  TideJobState  state)
{
  switch (state)
    {
    case TIDE_JOB_SUCCEEDED: return g_strdup ("emblem-ok-symbolic");
    case TIDE_JOB_FAILED: return g_strdup ("dialog-error-symbolic");
    case TIDE_JOB_CANCELLED: return g_strdup ("process-stop-symbolic");
    case TIDE_JOB_WAITING:
    case TIDE_JOB_RUNNING:
    default: return g_strdup ("system-run-symbolic");
    }
}

static char *
format_status (GObject      *object,
               TideJobState  state,
               const char   *status,
               const GError *error)
{
  switch (state)
    {
    case TIDE_JOB_WAITING: return g_strdup (_("Waiting"));
    case TIDE_JOB_SUCCEEDED: return g_strdup (_("Done"));
    case TIDE_JOB_CANCELLED: return g_strdup (_("Cancelled"));
    case TIDE_JOB_FAILED: return g_strdup (error ? error->message : _("Failed"));
    case TIDE_JOB_RUNNING:
    default: return g_strdup (status && *status ? status : _("Running"));
    }
}

static gboolean
pulse_cb (gpointer user_data)
{
  TideJobRow *self = user_data;

  gtk_progress_bar_pulse (self->bar);
  return G_SOURCE_CONTINUE;
}

static void
tide_job_row_update_bar (TideJobRow *self)
{
  double fraction = tide_job_get_fraction (self->job);
  gboolean pulsing = fraction < 0 && is_running (tide_job_get_state (self->job));

  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->bar, fraction);
  if (pulsing && self->pulse == 0)
    self->pulse = g_timeout_add (PULSE_MS, pulse_cb, self);
  else if (!pulsing)
    g_clear_handle_id (&self->pulse, g_source_remove);
}

static void
cancel_clicked_cb (GtkButton  *button,
                   TideJobRow *self)
{
  tide_job_cancel (self->job);
}

static void
details_clicked_cb (GtkButton  *button,
                    TideJobRow *self)
{
  g_autoptr(GError) error = tide_job_dup_error (self->job);

  if (error != NULL)
    tide_dialog_show_error (GTK_WIDGET (self), tide_job_get_title (self->job), error);
}

static void
dismiss_clicked_cb (GtkButton  *button,
                    TideJobRow *self)
{
  g_signal_emit (self, signals[DISMISS], 0);
}

static void
tide_job_row_constructed (GObject *object)
{
  TideJobRow *self = TIDE_JOB_ROW (object);

  G_OBJECT_CLASS (tide_job_row_parent_class)->constructed (object);
  g_signal_connect_object (self->job, "notify::fraction",
                           G_CALLBACK (tide_job_row_update_bar), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->job, "notify::state",
                           G_CALLBACK (tide_job_row_update_bar), self, G_CONNECT_SWAPPED);
  tide_job_row_update_bar (self);
}

static void
tide_job_row_dispose (GObject *object)
{
  TideJobRow *self = TIDE_JOB_ROW (object);

  g_clear_handle_id (&self->pulse, g_source_remove);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (tide_job_row_parent_class)->dispose (object);
}

static void
tide_job_row_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  if (prop_id == PROP_JOB)
    g_value_set_object (value, TIDE_JOB_ROW (object)->job);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_job_row_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  if (prop_id == PROP_JOB)
    TIDE_JOB_ROW (object)->job = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_job_row_class_init (TideJobRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_job_row_constructed;
  object_class->dispose = tide_job_row_dispose;
  object_class->get_property = tide_job_row_get_property;
  object_class->set_property = tide_job_row_set_property;

  properties[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, TIDE_TYPE_JOB,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DISMISS] = g_signal_new ("dismiss", TIDE_TYPE_JOB_ROW, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideJobRow, bar);
  gtk_widget_class_bind_template_callback (widget_class, format_is_running);
  gtk_widget_class_bind_template_callback (widget_class, format_has_ended);
  gtk_widget_class_bind_template_callback (widget_class, format_has_failed);
  gtk_widget_class_bind_template_callback (widget_class, format_icon_name);
  gtk_widget_class_bind_template_callback (widget_class, format_status);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_clicked_cb);
}

static void
tide_job_row_init (TideJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tide_job_row_new (TideJob *job)
{
  return g_object_new (TIDE_TYPE_JOB_ROW, "job", job, NULL);
}

TideJob *
tide_job_row_get_job (TideJobRow *self)
{
  g_return_val_if_fail (TIDE_IS_JOB_ROW (self), NULL);
  return self->job;
}
