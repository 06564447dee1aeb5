/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-outcome-view"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-command-view.h"
#include "runbook/tide-outcome-view.h"
#include "runbook/tide-step-look.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-text-label.h"

struct _TideOutcomeView
{
  GtkWidget   parent_instance;

  /* Template widgets */
  GtkWidget  *card;
  GtkImage   *icon;
  GtkLabel   *headline;
  GtkLabel   *database;
  GtkLabel   *failure;
  GtkListBox *ways;
  GtkBox     *back;
};

enum
{
  WAY,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideOutcomeView, tide_outcome_view, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

/* The words of the buttons; the row says more. */
static const struct
{
  const char *id;
  const char *label;
} labels[] = {
  { "retry", N_("_Try Again") },
  { "rollback-automatic", N_("_Roll Back…") },
  { "rollback-migration", N_("_Roll Back…") },
  { "rollback-emergency", N_("_Emergency…") },
  { "resolve", N_("_Show It") },
  { "swap-back", N_("_Undo…") },
  { "reopen", N_("_Allow Connections") },
  { "editor", N_("_Open in Editor") },
  { "diagnose", N_("_Diagnose") },
  { "report", N_("Open _Report") },
  { "journal", N_("Show _Journal") },
};

static const char *
find_label (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].id, id))
      return _(labels[i].label);
  return NULL;
}

static void
way_clicked_cb (GtkWidget       *button,
                TideOutcomeView *self)
{
  const char *id = g_object_get_data (G_OBJECT (button), "tide-way");
  const char *subject = g_object_get_data (G_OBJECT (button), "tide-subject");

  g_signal_emit (self, signals[WAY], 0, id, subject ? subject : "");
}

static void
add_way (TideOutcomeView *self,
         const char      *id,
         const char      *title,
         const char      *text,
         const char      *subject,
         gboolean         suggested)
{
  const char *word = find_label (id);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *button;

  gtk_box_append (GTK_BOX (texts), tide_text_label_new (title, "heading"));
  if (text != NULL && *text != '\0')
    gtk_box_append (GTK_BOX (texts), tide_text_label_new (text, "dim-label"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (box), texts);
  if (word != NULL)
    {
      button = gtk_button_new_with_mnemonic (word);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      if (suggested)
        gtk_widget_add_css_class (button, "suggested-action");
      g_object_set_data_full (G_OBJECT (button), "tide-way", g_strdup (id), g_free);
      g_object_set_data_full (G_OBJECT (button), "tide-subject", g_strdup (subject), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (way_clicked_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
  gtk_widget_add_css_class (box, "tide-way");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_append (self->ways, row);
}

/* Those of the run, best first */
static void
add_own_ways (TideOutcomeView *self,
              TideRunOutcome  *outcome)
{
  gboolean trouble = outcome->state != TIDE_RUN_DONE;

  for (guint i = 0; i < outcome->ways->len; i++)
    {
      const TideRunWay *way = g_ptr_array_index (outcome->ways, i);

      if (!g_str_equal (way->id, "journal"))
        add_way (self, way->id, _(way->title), way->text != NULL && *way->text != '\0' ? _(way->text) : NULL, way->subject,
                 trouble && i == 0);
    }
}

static void
add_ways (TideOutcomeView *self,
          TideRunOutcome  *outcome)
{
  add_own_ways (self, outcome);
  if (outcome->failed != NULL)
    add_way (self, "editor", outcome->failed, _("Its SQL, to mend what failed. Save it under its own name."), outcome->failed,
             FALSE);
  if (outcome->file != NULL)
    add_way (self, "editor", _("The corrective migration"), outcome->file, outcome->file, TRUE);
  if (outcome->state != TIDE_RUN_DONE)
    add_way (self, "diagnose", _("What is wrong with this database"), _("The Health page looks, and changes nothing."), NULL,
             FALSE);
  if (outcome->html != NULL)
    add_way (self, "report", _("Report"), outcome->html, outcome->html, FALSE);
  if (outcome->journal != NULL)
    add_way (self, "journal", _("Journal"), outcome->journal, outcome->journal, FALSE);
}

static void
add_back (TideOutcomeView *self,
          TideRunOutcome  *outcome)
{
  if (outcome->rollback != NULL)
    {
      gtk_box_append (self->back, tide_text_label_new (_("To bring back what was there before:"), "heading"));
      gtk_box_append (self->back, tide_command_view_new ((const char *const *) outcome->rollback));
    }
  if (outcome->rollback_by_hand != NULL && outcome->rollback_by_hand[0] != NULL)
    {
      gtk_box_append (self->back, tide_text_label_new (_("Without Tidemark, with PostgreSQL’s own programs:"), "heading"));
      gtk_box_append (self->back, tide_command_view_new_lines ((const char *const *) outcome->rollback_by_hand));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->back), gtk_widget_get_first_child (GTK_WIDGET (self->back)) != NULL);
}

static void
clear (TideOutcomeView *self)
{
  tide_children_remove (GTK_WIDGET (self->ways));
  tide_children_remove (GTK_WIDGET (self->back));
}

static void
tide_outcome_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TIDE_TYPE_OUTCOME_VIEW);
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_outcome_view_parent_class)->dispose (object);
}

static void
tide_outcome_view_class_init (TideOutcomeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_outcome_view_dispose;

  signals[WAY] = g_signal_new ("way", TIDE_TYPE_OUTCOME_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-outcome-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, card);
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, icon);
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, headline);
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, database);
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, failure);
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, ways);
  gtk_widget_class_bind_template_child (widget_class, TideOutcomeView, back);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_outcome_view_init (TideOutcomeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

char *
tide_outcome_dup_headline (TideRunOutcome *outcome,
                           const char     *done)
{
  const char *step = outcome->step ? tide_step_get_title_of (outcome->step) : NULL;

  switch (outcome->state)
    {
    case TIDE_RUN_DONE:
      return g_strdup (done);
    case TIDE_RUN_CANCELLED:
      return step ? g_strdup_printf (_("Stopped at “%s”"), step) : g_strdup (_("Stopped"));
    case TIDE_RUN_KILLED:
      return step ? g_strdup_printf (_("Broken Off in the Middle of “%s”"), step) : g_strdup (_("Broken Off in the Middle"));
    case TIDE_RUN_RUNNING:
      return step ? g_strdup_printf (_("Under Way, at “%s”"), step) : g_strdup (_("Under Way"));
    case TIDE_RUN_FAILED:
    default:
      return step ? g_strdup_printf (_("Failed at “%s”"), step) : g_strdup (_("Failed"));
    }
}

void
tide_outcome_view_set_outcome (TideOutcomeView *self,
                               TideRunOutcome  *outcome,
                               const char      *done)
{
  gboolean ok = outcome->state == TIDE_RUN_DONE;
  gboolean told = outcome->failure != NULL && !g_error_matches (outcome->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *headline = tide_outcome_dup_headline (outcome, done);
  g_autofree char *failure = told ? tide_error_dup_text (outcome->failure) : g_strdup ("");

  g_return_if_fail (TIDE_IS_OUTCOME_VIEW (self));

  clear (self);
  gtk_image_set_from_icon_name (self->icon, ok ? "emblem-ok-symbolic" : outcome->state == TIDE_RUN_FAILED
                                ? "dialog-error-symbolic" : "dialog-warning-symbolic");
  gtk_widget_remove_css_class (self->card, ok ? "failed" : "done");
  gtk_widget_add_css_class (self->card, ok ? "done" : "failed");
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->database, outcome->database ? outcome->database : "");
  gtk_widget_set_visible (GTK_WIDGET (self->database), outcome->database != NULL);
  gtk_label_set_label (self->failure, failure);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), told);
  add_ways (self, outcome);
  gtk_widget_set_visible (GTK_WIDGET (self->ways), gtk_widget_get_first_child (GTK_WIDGET (self->ways)) != NULL);
  add_back (self, outcome);
}
