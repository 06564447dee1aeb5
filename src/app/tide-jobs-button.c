/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-jobs-button"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-jobs-button.h"

#include "tide-job-row.h"
#include "widgets/tide-children.h"

struct _TideJobsButton
{
  GtkWidget       parent_instance;

  /* Template widgets */
  GtkMenuButton  *button;
  GtkStack       *icons;
  GtkSpinner     *spinner;
  GtkListBox     *list;

  /* Owned */
  TideWorkspace  *workspace;
};

enum
{
  PROP_WORKSPACE = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideJobsButton, tide_jobs_button, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

typedef struct
{
  guint running;
  guint failed;
  guint total;
} Tally;

static Tally
count_jobs (GListModel *jobs)
{
  Tally tally = { .total = g_list_model_get_n_items (jobs) };

  for (guint i = 0; i < tally.total; i++)
    {
      g_autoptr(TideJob) job = g_list_model_get_item (jobs, i);
      TideJobState state = tide_job_get_state (job);

      tally.running += state == TIDE_JOB_WAITING || state == TIDE_JOB_RUNNING;
      tally.failed += state == TIDE_JOB_FAILED;
    }
  return tally;
}

static char *
dup_summary (Tally tally)
{
  if (tally.running > 0)
    return g_strdup_printf (ngettext ("%u job is running", "%u jobs are running", tally.running),
                            tally.running);
  if (tally.failed > 0)
    return g_strdup_printf (ngettext ("%u job failed", "%u jobs failed", tally.failed), tally.failed);
  return g_strdup (_("Jobs that have ended"));
}

static void
tide_jobs_button_update (TideJobsButton *self)
{
  Tally tally = count_jobs (tide_workspace_get_jobs (self->workspace));
  g_autofree char *summary = dup_summary (tally);

  gtk_stack_set_visible_child_name (self->icons, tally.running > 0 ? "running"
                                                 : tally.failed > 0 ? "failed" : "done");
  gtk_spinner_set_spinning (self->spinner, tally.running > 0);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), summary);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, summary, -1);
}

static void
row_dismiss_cb (TideJobRow     *row,
                TideJobsButton *self)
{
  g_autoptr(TideJob) job = g_object_ref (tide_job_row_get_job (row));

  tide_workspace_dismiss_job (self->workspace, job);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  TideJobsButton *self = user_data;
  GtkWidget *row = tide_job_row_new (item);

  g_signal_connect_object (row, "dismiss", G_CALLBACK (row_dismiss_cb), self, 0);
  g_signal_connect_object (item, "notify::state", G_CALLBACK (tide_jobs_button_update), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
tide_jobs_button_set_workspace (TideJobsButton *self,
                                TideWorkspace  *workspace)
{
  GListModel *jobs;

  if (!g_set_object (&self->workspace, workspace) || workspace == NULL)
    return;

  jobs = tide_workspace_get_jobs (workspace);
  gtk_list_box_bind_model (self->list, jobs, create_row, self, NULL);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (tide_jobs_button_update), self,
                           G_CONNECT_SWAPPED);
  tide_jobs_button_update (self);
}

static void
tide_jobs_button_dispose (GObject *object)
{
  TideJobsButton *self = TIDE_JOBS_BUTTON (object);
  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  self->list = NULL;
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (tide_jobs_button_parent_class)->dispose (object);
}

static void
tide_jobs_button_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    g_value_set_object (value, TIDE_JOBS_BUTTON (object)->workspace);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_jobs_button_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    tide_jobs_button_set_workspace (TIDE_JOBS_BUTTON (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_jobs_button_class_init (TideJobsButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_jobs_button_dispose;
  object_class->get_property = tide_jobs_button_get_property;
  object_class->set_property = tide_jobs_button_set_property;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, TideJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, TideJobsButton, icons);
  gtk_widget_class_bind_template_child (widget_class, TideJobsButton, spinner);
  gtk_widget_class_bind_template_child (widget_class, TideJobsButton, list);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_jobs_button_init (TideJobsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
