/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-question"

#include "config.h"

#include "timeline/tide-kind-question.h"

#include "widgets/tide-wrap-box.h"

struct _TideKindQuestion
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (TideKindQuestion, tide_kind_question, GTK_TYPE_BOX)

static void
tide_kind_question_class_init (TideKindQuestionClass *klass)
{
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/com/broxiva/Tidemark/ui/tide-kind-question.ui");
}

static void
tide_kind_question_init (TideKindQuestion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
