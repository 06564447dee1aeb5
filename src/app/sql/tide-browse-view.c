/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-browse-view"

#include "config.h"

#include "sql/tide-browse-view.h"

struct _TideBrowseView
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (TideBrowseView, tide_browse_view, GTK_TYPE_WIDGET)

static void
tide_browse_view_class_init (TideBrowseViewClass *klass)
{
}

static void
tide_browse_view_init (TideBrowseView *self)
{
}

GtkWidget *
tide_browse_view_new (TideConninfo *conninfo,
                      const char   *schema,
                      const char   *name)
{
  return g_object_new (TIDE_TYPE_BROWSE_VIEW, NULL);
}
