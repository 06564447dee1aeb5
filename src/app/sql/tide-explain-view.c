/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain-view"

#include "config.h"

#include "sql/tide-explain-view.h"

struct _TideExplainView
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (TideExplainView, tide_explain_view, GTK_TYPE_WIDGET)

static void
tide_explain_view_class_init (TideExplainViewClass *klass)
{
}

static void
tide_explain_view_init (TideExplainView *self)
{
}

GtkWidget *
tide_explain_view_new (void)
{
  return g_object_new (TIDE_TYPE_EXPLAIN_VIEW, NULL);
}

void
tide_explain_view_set_explain (TideExplainView *self,
                               TideExplain     *explain)
{
}
