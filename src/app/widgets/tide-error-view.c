/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-error-view"

#include "config.h"

#include <adwaita.h>

#include "widgets/tide-error-view.h"

#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-wrap-box.h"

struct _TideErrorView
{
  GtkWidget      parent_instance;

  /* Template widgets */
  AdwStatusPage *page;
  GtkLabel      *details;
  GtkWidget     *details_frame;
  GtkButton     *action_button;

  /* Owned */
  GError        *error;
};

enum
{
  PROP_HEADING = 1,
  PROP_ERROR,
  PROP_ACTION_LABEL,
  N_PROPS,
};

enum
{
  ACTION,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideErrorView, tide_error_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
copy_clicked_cb (GtkButton     *button,
                 TideErrorView *self)
{
  g_autofree char *text = self->error ? tide_error_dup_text (self->error) : NULL;

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
action_clicked_cb (GtkButton     *button,
                   TideErrorView *self)
{
  g_signal_emit (self, signals[ACTION], 0);
}

static void
tide_error_view_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_error_view_parent_class)->dispose (object);
}

static void
tide_error_view_finalize (GObject *object)
{
  g_clear_error (&TIDE_ERROR_VIEW (object)->error);
  G_OBJECT_CLASS (tide_error_view_parent_class)->finalize (object);
}

static void
tide_error_view_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TideErrorView *self = TIDE_ERROR_VIEW (object);

  switch (prop_id)
    {
    case PROP_HEADING: g_value_set_string (value, adw_status_page_get_title (self->page)); break;
    case PROP_ERROR: g_value_set_boxed (value, self->error); break;
    case PROP_ACTION_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->action_button));
      break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_error_view_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  TideErrorView *self = TIDE_ERROR_VIEW (object);
  const char *label;

  switch (prop_id)
    {
    case PROP_HEADING:
      adw_status_page_set_title (self->page, g_value_get_string (value));
      break;
    case PROP_ERROR:
      tide_error_view_set_error (self, g_value_get_boxed (value));
      break;
    case PROP_ACTION_LABEL:
      label = g_value_get_string (value);
      gtk_button_set_label (self->action_button, label ? label : "");
      gtk_widget_set_visible (GTK_WIDGET (self->action_button), label != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_error_view_class_init (TideErrorViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_error_view_dispose;
  object_class->finalize = tide_error_view_finalize;
  object_class->get_property = tide_error_view_get_property;
  object_class->set_property = tide_error_view_set_property;

  properties[PROP_HEADING] = g_param_spec_string ("heading", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_ACTION_LABEL] = g_param_spec_string ("action-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACTION] = g_signal_new ("action", TIDE_TYPE_ERROR_VIEW, G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-error-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideErrorView, page);
  gtk_widget_class_bind_template_child (widget_class, TideErrorView, details);
  gtk_widget_class_bind_template_child (widget_class, TideErrorView, details_frame);
  gtk_widget_class_bind_template_child (widget_class, TideErrorView, action_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, action_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_error_view_init (TideErrorView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What stands below the message: everything else that tide_error_dup_text() tells */
static char *
dup_details (const GError *error)
{
  g_autofree char *text = tide_error_dup_text (error);
  const char *rest = text + strlen (error->message);

  return g_strdup (*rest == '\n' ? rest + 1 : rest);
}

void
tide_error_view_set_error (TideErrorView *self,
                           const GError  *error)
{
  g_autofree char *message = NULL;
  g_autofree char *details = NULL;

  g_return_if_fail (TIDE_IS_ERROR_VIEW (self));

  g_clear_error (&self->error);
  self->error = error ? g_error_copy (error) : NULL;
  message = error ? g_markup_escape_text (error->message, -1) : g_strdup ("");
  details = error ? dup_details (error) : g_strdup ("");
  adw_status_page_set_description (self->page, message);
  gtk_label_set_label (self->details, details);
  gtk_widget_set_visible (self->details_frame, *details != '\0');
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}
