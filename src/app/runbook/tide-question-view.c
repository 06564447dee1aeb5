/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-question-view"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-check-item-row.h"
#include "runbook/tide-command-view.h"
#include "runbook/tide-question-view.h"
#include "widgets/tide-children.h"
#include "widgets/tide-text-label.h"
#include "widgets/tide-wrap-box.h"

struct _TideQuestionView
{
  GtkWidget        parent_instance;

  /* Template widgets */
  GtkLabel        *title;
  GtkLabel        *text;
  GtkBox          *body;
  GtkButton       *yes;
  GtkButton       *no;

  /* Children */
  GtkWidget       *entry; /* nullable */

  /* Owned */
  TideRunQuestion *question;
};

G_DEFINE_FINAL_TYPE (TideQuestionView, tide_question_view, GTK_TYPE_WIDGET)

static const char *
get_typed (TideQuestionView *self)
{
  return self->entry ? gtk_editable_get_text (GTK_EDITABLE (self->entry)) : NULL;
}

static gboolean
is_ticked (GListModel *items)
{
  guint n = items ? g_list_model_get_n_items (items) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideChecklistItem) item = g_list_model_get_item (items, i);

      if (tide_checklist_item_get_state (item) == TIDE_CHECK_MANUAL && !tide_checklist_item_get_ticked (item))
        return FALSE;
    }
  return TRUE;
}

static void
tide_question_view_update (TideQuestionView *self)
{
  gboolean ready = is_ticked (tide_run_question_get_items (self->question));

  if (self->entry != NULL)
    ready = tide_run_question_accepts (self->question, get_typed (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->yes), ready);
}

static void
tide_question_view_answer (TideQuestionView *self,
                           gboolean          yes)
{
  g_autofree char *typed = g_strdup (yes ? get_typed (self) : NULL);

  /* GTK 4.8's entry still hears of a focus that it loses while it goes. */
  gtk_root_set_focus (gtk_widget_get_root (GTK_WIDGET (self)), NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  tide_run_question_answer (self->question, yes, typed);
}

static void
yes_clicked_cb (TideQuestionView *self)
{
  tide_question_view_answer (self, TRUE);
}

static void
no_clicked_cb (TideQuestionView *self)
{
  tide_question_view_answer (self, FALSE);
}

static void
entry_activate_cb (TideQuestionView *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->yes)))
    tide_question_view_answer (self, TRUE);
}

static void
add_entry (TideQuestionView *self,
           const char       *prompt)
{
  GtkWidget *label = tide_text_label_new (prompt, NULL);

  self->entry = gtk_entry_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, prompt, -1);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (tide_question_view_update), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (entry_activate_cb), self);
  gtk_box_append (self->body, label);
  gtk_box_append (self->body, self->entry);
}

static void
add_items (TideQuestionView *self,
           GListModel       *items)
{
  guint n = g_list_model_get_n_items (items);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideChecklistItem) item = g_list_model_get_item (items, i);

      g_signal_connect_object (item, "notify::ticked", G_CALLBACK (tide_question_view_update), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->body, tide_check_item_row_new (item));
    }
}

static void
set_buttons (TideQuestionView *self,
             const char       *yes,
             const char       *yes_class,
             const char       *no)
{
  gtk_button_set_label (self->yes, yes);
  gtk_widget_add_css_class (GTK_WIDGET (self->yes), yes_class);
  gtk_button_set_label (self->no, no);
}

static void
tide_question_view_fill (TideQuestionView *self,
                         const char       *verb)
{
  const char *expected = tide_run_question_get_expected (self->question);
  g_autofree char *prompt = NULL;

  switch (tide_run_question_get_kind (self->question))
    {
    case TIDE_QUESTION_CHECKLIST:
      add_items (self, tide_run_question_get_items (self->question));
      set_buttons (self, _("_Go On"), "suggested-action", _("_Stop Here"));
      break;
    case TIDE_QUESTION_HOOK:
      gtk_box_append (self->body, tide_command_view_new (tide_run_question_get_argv (self->question)));
      set_buttons (self, _("_Approve This Command"), "suggested-action", _("_Leave It Out"));
      break;
    case TIDE_QUESTION_BACKUP:
      add_entry (self, _("Why there is no backup:"));
      set_buttons (self, _("Go On _Without a Backup"), "destructive-action", _("_Make a Backup"));
      gtk_widget_add_css_class (GTK_WIDGET (self->no), "suggested-action");
      break;
    case TIDE_QUESTION_CONFIRM:
      if (expected != NULL)
        {
          prompt = g_strdup_printf (_("Type “%s” to confirm:"), expected);
          add_entry (self, prompt);
        }
      set_buttons (self, verb, expected ? "destructive-action" : "suggested-action", _("_Stop Here"));
      break;
    case TIDE_QUESTION_PROCEED:
    default:
      set_buttons (self, _("_Go On All the Same"), "suggested-action", _("_Stop Here"));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->body), gtk_widget_get_first_child (GTK_WIDGET (self->body)) != NULL);
}

static void
tide_question_view_dispose (GObject *object)
{
  TideQuestionView *self = TIDE_QUESTION_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_QUESTION_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->question);
  G_OBJECT_CLASS (tide_question_view_parent_class)->dispose (object);
}

static void
tide_question_view_class_init (TideQuestionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_question_view_dispose;

  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-question-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideQuestionView, title);
  gtk_widget_class_bind_template_child (widget_class, TideQuestionView, text);
  gtk_widget_class_bind_template_child (widget_class, TideQuestionView, body);
  gtk_widget_class_bind_template_child (widget_class, TideQuestionView, yes);
  gtk_widget_class_bind_template_child (widget_class, TideQuestionView, no);
  gtk_widget_class_bind_template_callback (widget_class, yes_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_question_view_init (TideQuestionView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer full) (nullable): without the paragraphs that only a terminal needs: a command has a frame of its own here, a name an entry */
static char *
dup_text (TideRunQuestion *question)
{
  const char *text = tide_run_question_get_text (question);
  g_auto(GStrv) paragraphs = text ? g_strsplit (text, "\n\n", -1) : NULL;
  g_autoptr(GString) kept = g_string_new (NULL);

  for (guint i = 0; paragraphs != NULL && paragraphs[i] != NULL; i++)
    if (!g_str_has_prefix (paragraphs[i], "    "))
      g_string_append_printf (kept, "%s%s", kept->len > 0 ? "\n\n" : "", paragraphs[i]);
  return kept->len > 0 ? g_string_free (g_steal_pointer (&kept), FALSE) : NULL;
}

GtkWidget *
tide_question_view_new (TideRunQuestion *question,
                        const char      *verb)
{
  TideQuestionView *self = g_object_new (TIDE_TYPE_QUESTION_VIEW, NULL);
  g_autofree char *text = dup_text (question);

  self->question = g_object_ref (question);
  gtk_label_set_label (self->title, tide_run_question_get_title (question));
  gtk_label_set_label (self->text, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL);
  tide_question_view_fill (self, verb);
  tide_question_view_update (self);
  return GTK_WIDGET (self);
}

void
tide_question_view_focus (TideQuestionView *self)
{
  GtkWidget *target = GTK_WIDGET (self->no);

  g_return_if_fail (TIDE_IS_QUESTION_VIEW (self));

  if (self->entry != NULL)
    target = self->entry;
  else if (!gtk_widget_has_css_class (GTK_WIDGET (self->yes), "destructive-action") &&
           gtk_widget_get_sensitive (GTK_WIDGET (self->yes)))
    target = GTK_WIDGET (self->yes);
  gtk_widget_grab_focus (target);
}
