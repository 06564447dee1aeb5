/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-step-row"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-question-view.h"
#include "runbook/tide-step-look.h"
#include "runbook/tide-step-row.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"

/* Lines of a log that are shown; the journal has all of them */
#define MAX_LINES 1000

struct _TideStepRow
{
  GtkListBoxRow      parent_instance;

  /* Template widgets */
  GtkLabel          *title;
  GtkLabel          *status;
  GtkLabel          *time;
  TidePill          *pill;
  GtkToggleButton   *unfold;
  GtkWidget         *waiting;
  GtkLabel          *waiting_label;
  GtkProgressBar    *bar;
  GtkBox            *question;
  GtkWidget         *fold;
  GtkLabel          *detail;
  GtkBox            *extra;
  GtkScrolledWindow *log_scroller;
  GtkTextBuffer     *log;

  /* Owned */
  TideRunStep       *step;

  guint              clock;     /* ticks while the step runs */
  gboolean           by_itself; /* its log unfolded it */
};

G_DEFINE_FINAL_TYPE (TideStepRow, tide_step_row, GTK_TYPE_LIST_BOX_ROW)

static gboolean
is_running (TideStepState state)
{
  return state == TIDE_STEP_RUNNING || state == TIDE_STEP_ASKING;
}

static void
update_time (TideStepRow *self)
{
  TideStepState state = tide_run_step_get_state (self->step);
  double seconds = tide_run_step_get_seconds (self->step);
  g_autofree char *text = NULL;

  if (state != TIDE_STEP_WAITING && state != TIDE_STEP_SKIPPED)
    /* A clock that runs shows whole seconds. */
    text = tide_format_duration ((is_running (state) ? (gint64) seconds : seconds) * G_USEC_PER_SEC);
  gtk_label_set_label (self->time, text ? text : "");
}

static gboolean
clock_cb (gpointer user_data)
{
  update_time (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
has_contents (TideStepRow *self)
{
  g_autofree char *detail = tide_run_step_dup_detail (self->step);

  return (detail != NULL && *detail != '\0') || gtk_text_buffer_get_char_count (self->log) > 0 ||
         gtk_widget_get_first_child (GTK_WIDGET (self->extra)) != NULL;
}

static void
update_fold (TideStepRow *self)
{
  gboolean contents = has_contents (self);

  gtk_widget_set_visible (GTK_WIDGET (self->unfold), contents);
  gtk_widget_set_visible (self->fold, contents && gtk_toggle_button_get_active (self->unfold));
  gtk_button_set_icon_name (GTK_BUTTON (self->unfold), gtk_toggle_button_get_active (self->unfold)
                                                         ? "pan-up-symbolic" : "pan-down-symbolic");
}

static void
update_texts (TideStepRow *self)
{
  g_autofree char *status = tide_run_step_dup_status (self->step);
  g_autofree char *detail = tide_run_step_dup_detail (self->step);
  g_autofree char *waiting_for = tide_run_step_dup_waiting_for (self->step);
  g_autofree char *waiting = waiting_for ? g_strdup_printf (_("Waiting: %s"), waiting_for) : NULL;

  gtk_label_set_label (self->status, status ? status : "");
  gtk_widget_set_visible (GTK_WIDGET (self->status), status != NULL && *status != '\0');
  gtk_label_set_label (self->detail, detail ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL && *detail != '\0' &&
                          gtk_widget_get_first_child (GTK_WIDGET (self->extra)) == NULL);
  gtk_label_set_label (self->waiting_label, waiting ? waiting : "");
  gtk_widget_set_visible (self->waiting, waiting != NULL);
  update_fold (self);
}

static void
update_bar (TideStepRow *self)
{
  double fraction = tide_run_step_get_fraction (self->step);

  gtk_widget_set_visible (GTK_WIDGET (self->bar),
                          fraction >= 0 && tide_run_step_get_state (self->step) == TIDE_STEP_RUNNING);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->bar, MIN (fraction, 1));
}

static void
clear_question (TideStepRow *self)
{
  tide_children_remove (GTK_WIDGET (self->question));
  gtk_widget_set_visible (GTK_WIDGET (self->question), FALSE);
}

static void
update_state (TideStepRow *self)
{
  TideStepState state = tide_run_step_get_state (self->step);
  const TideLook *look = tide_step_get_look (state);
  g_autofree char *label = g_strdup_printf ("%s, %s", tide_step_get_title (self->step), _(look->word));

  tide_pill_set_look (self->pill, look);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (state == TIDE_STEP_WAITING)
    gtk_widget_add_css_class (GTK_WIDGET (self), "tide-step-waiting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "tide-step-waiting");
  if (state != TIDE_STEP_ASKING)
    clear_question (self);
  if (is_running (state) && self->clock == 0)
    self->clock = g_timeout_add_seconds (1, clock_cb, self);
  else if (!is_running (state))
    g_clear_handle_id (&self->clock, g_source_remove);
  /* What went wrong is read without a click. */
  if (state == TIDE_STEP_FAILED || state == TIDE_STEP_WARNED)
    gtk_toggle_button_set_active (self->unfold, TRUE);
  else if (state == TIDE_STEP_PASSED && self->by_itself)
    gtk_toggle_button_set_active (self->unfold, FALSE);
  update_time (self);
  update_bar (self);
  update_fold (self);
}

static void
scroll_to_end (TideStepRow *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->log_scroller);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static void
log_cb (TideRunStep *step,
        const char  *line,
        TideStepRow *self)
{
  GtkTextIter end;
  GtkTextIter cut;
  gboolean first = gtk_text_buffer_get_char_count (self->log) == 0;

  gtk_text_buffer_get_end_iter (self->log, &end);
  if (!first)
    gtk_text_buffer_insert (self->log, &end, "\n", 1);
  gtk_text_buffer_insert (self->log, &end, line, -1);
  if (gtk_text_buffer_get_line_count (self->log) > MAX_LINES)
    {
      gtk_text_buffer_get_start_iter (self->log, &end);
      gtk_text_buffer_get_iter_at_line (self->log, &cut, gtk_text_buffer_get_line_count (self->log) - MAX_LINES);
      gtk_text_buffer_delete (self->log, &end, &cut);
    }
  if (!first)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->log_scroller), TRUE);
  self->by_itself = !gtk_toggle_button_get_active (self->unfold);
  gtk_toggle_button_set_active (self->unfold, TRUE);
  update_fold (self);
}

static void
tide_step_row_set_step (TideStepRow *self,
                        TideRunStep *step)
{
  const char *const texts[] = { "notify::status", "notify::detail", "notify::waiting-for" };
  const char *title = tide_step_get_title (step);
  g_autofree char *unfold = g_strdup_printf (_("Details of “%s”"), title);
  g_autofree char *log = g_strdup_printf (_("Log of “%s”"), title);

  self->step = g_object_ref (step);
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->unfold), GTK_ACCESSIBLE_PROPERTY_LABEL, unfold, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_scrolled_window_get_child (self->log_scroller)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, log, -1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_signal_connect_object (step, texts[i], G_CALLBACK (update_texts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::state", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::fraction", G_CALLBACK (update_bar), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "log", G_CALLBACK (log_cb), self, 0);
  update_texts (self);
  update_state (self);
}

static void
tide_step_row_dispose (GObject *object)
{
  TideStepRow *self = TIDE_STEP_ROW (object);

  g_clear_handle_id (&self->clock, g_source_remove);
  g_clear_object (&self->step);
  G_OBJECT_CLASS (tide_step_row_parent_class)->dispose (object);
}

static void
tide_step_row_class_init (TideStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_step_row_dispose;

  g_type_ensure (TIDE_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, title);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, status);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, time);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, pill);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, unfold);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, waiting);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, bar);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, question);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, fold);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, detail);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, extra);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, log_scroller);
  gtk_widget_class_bind_template_child (widget_class, TideStepRow, log);
  gtk_widget_class_bind_template_callback (widget_class, update_fold);
}

static void
tide_step_row_init (TideStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (gtk_scrolled_window_get_vadjustment (self->log_scroller), "notify::upper",
                            G_CALLBACK (scroll_to_end), self);
}

GtkWidget *
tide_step_row_new (TideRunStep *step)
{
  TideStepRow *self = g_object_new (TIDE_TYPE_STEP_ROW, NULL);

  tide_step_row_set_step (self, step);
  return GTK_WIDGET (self);
}

TideRunStep *
tide_step_row_get_step (TideStepRow *self)
{
  g_return_val_if_fail (TIDE_IS_STEP_ROW (self), NULL);
  return self->step;
}

void
tide_step_row_ask (TideStepRow     *self,
                   TideRunQuestion *question,
                   const char      *verb)
{
  GtkWidget *view;

  g_return_if_fail (TIDE_IS_STEP_ROW (self));

  clear_question (self);
  view = tide_question_view_new (question, verb);
  gtk_box_append (self->question, view);
  gtk_widget_set_visible (GTK_WIDGET (self->question), TRUE);
  tide_question_view_focus (TIDE_QUESTION_VIEW (view));
}

void
tide_step_row_add (TideStepRow *self,
                   GtkWidget   *extra)
{
  g_return_if_fail (TIDE_IS_STEP_ROW (self));

  gtk_box_append (self->extra, extra);
  gtk_widget_set_visible (GTK_WIDGET (self->extra), TRUE);
  update_texts (self);
}

void
tide_step_row_unfold (TideStepRow *self)
{
  g_return_if_fail (TIDE_IS_STEP_ROW (self));
  gtk_toggle_button_set_active (self->unfold, TRUE);
}
