/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-status"

#include "config.h"

#include <adwaita.h>

#include "tide-error.h"
#include "timeline/tide-timeline-status.h"
#include "widgets/tide-children.h"

struct _TideTimelineStatus
{
  GtkWidget      parent_instance;

  /* Template widgets */
  GtkStack      *stack;
  AdwStatusPage *error_page;
  GtkWidget     *password_button;
};

G_DEFINE_FINAL_TYPE (TideTimelineStatus, tide_timeline_status, GTK_TYPE_WIDGET)

static void
tide_timeline_status_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TIDE_TYPE_TIMELINE_STATUS);
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_timeline_status_parent_class)->dispose (object);
}

static void
tide_timeline_status_class_init (TideTimelineStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_timeline_status_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-timeline-status.ui");
  gtk_widget_class_bind_template_child (widget_class, TideTimelineStatus, stack);
  gtk_widget_class_bind_template_child (widget_class, TideTimelineStatus, error_page);
  gtk_widget_class_bind_template_child (widget_class, TideTimelineStatus, password_button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_timeline_status_init (TideTimelineStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_timeline_status_show (TideTimelineStatus *self,
                           const char         *name,
                           const GError       *error)
{
  const TideErrorFields *fields = error ? tide_error_get_fields (error) : NULL;
  g_autofree char *text = error ? tide_error_dup_text (error) : g_strdup ("");
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (TIDE_IS_TIMELINE_STATUS (self));

  adw_status_page_set_description (self->error_page, escaped);
  /* P1000: the server was reached and wants a password, or another one */
  gtk_widget_set_visible (self->password_button, fields != NULL && g_strcmp0 (fields->prisma_code, "P1000") == 0);
  gtk_stack_set_visible_child_name (self->stack, name);
}
