/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-environment-row"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-environment-row.h"

#include "widgets/tide-kind-label.h"

struct _TideEnvironmentRow
{
  GtkListBoxRow    parent_instance;

  /* Owned */
  TideEnvironment *environment;
};

enum
{
  PROP_ENVIRONMENT = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideEnvironmentRow, tide_environment_row, GTK_TYPE_LIST_BOX_ROW)

static GParamSpec *properties[N_PROPS];

/* Which page of the row's status stack tells the most urgent thing */
static char *
format_status_page (GObject              *object,
                    TideEnvironmentState  state,
                    TideTimeline         *timeline)
{
  if (state == TIDE_ENVIRONMENT_FAILED)
    return g_strdup ("error");
  if (timeline == NULL)
    return g_strdup (state == TIDE_ENVIRONMENT_LOADING ? "loading" : "none");
  if (tide_timeline_count_running (timeline) > 0)
    return g_strdup ("running");
  if (tide_timeline_count_ended (timeline, TIDE_STATE_FAILED) > 0 ||
      tide_timeline_count (timeline, TIDE_STATE_EDITED) > 0 ||
      tide_timeline_count (timeline, TIDE_STATE_MISSING) > 0)
    return g_strdup ("attention");
  return g_strdup (tide_timeline_count_pending (timeline) > 0 ? "pending" : "current");
}

/* @text_of_count: (transfer full): nothing is said of none */
static void
append_count (GString *text,
              guint    count,
              char    *text_of_count)
{
  if (count > 0)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", text_of_count);
  g_free (text_of_count);
}

static char *
format_status_text (GObject              *object,
                    TideEnvironmentState  state,
                    TideTimeline         *timeline,
                    const GError         *error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint running, failed, edited, missing, pending;

  if (state == TIDE_ENVIRONMENT_FAILED)
    return g_strdup (error ? error->message : _("could not be read"));
  if (timeline == NULL)
    return g_strdup (_("being read"));

  running = tide_timeline_count_running (timeline);
  failed = tide_timeline_count_ended (timeline, TIDE_STATE_FAILED);
  edited = tide_timeline_count (timeline, TIDE_STATE_EDITED);
  missing = tide_timeline_count (timeline, TIDE_STATE_MISSING);
  pending = tide_timeline_count_pending (timeline);
  append_count (text, running, g_strdup_printf (g_dngettext (NULL, "%u running", "%u running", running), running));
  append_count (text, failed, g_strdup_printf (g_dngettext (NULL, "%u failed", "%u failed", failed), failed));
  append_count (text, edited, g_strdup_printf (g_dngettext (NULL, "%u edited after it was applied", "%u edited after they were applied", edited),
                                               edited));
  append_count (text, missing, g_strdup_printf (g_dngettext (NULL, "%u missing on disk", "%u missing on disk", missing), missing));
  append_count (text, pending, g_strdup_printf (g_dngettext (NULL, "%u pending", "%u pending", pending), pending));
  return g_strdup (text->len > 0 ? text->str : _("up to date"));
}

static char *
format_count (GObject *object,
              guint    count)
{
  return g_strdup_printf ("%u", count);
}

/* Assistive technology reads a row as one thing, not as the pieces it is drawn with. */
static void
tide_environment_row_update_label (TideEnvironmentRow *self)
{
  TideEnvironment *environment = self->environment;
  g_autofree char *status = NULL;
  g_autofree char *label = NULL;

  status = format_status_text (G_OBJECT (self), tide_environment_get_state (environment),
                               tide_environment_get_timeline (environment),
                               tide_environment_get_error (environment));
  label = g_strdup_printf ("%s, %s, %s", tide_environment_get_name (environment),
                           tide_kind_get_word (tide_environment_get_kind (environment)), status);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
tide_environment_row_constructed (GObject *object)
{
  TideEnvironmentRow *self = TIDE_ENVIRONMENT_ROW (object);

  G_OBJECT_CLASS (tide_environment_row_parent_class)->constructed (object);
  g_signal_connect_object (self->environment, "notify",
                           G_CALLBACK (tide_environment_row_update_label), self, G_CONNECT_SWAPPED);
  tide_environment_row_update_label (self);
}

static void
tide_environment_row_dispose (GObject *object)
{
  g_clear_object (&TIDE_ENVIRONMENT_ROW (object)->environment);
  G_OBJECT_CLASS (tide_environment_row_parent_class)->dispose (object);
}

static void
tide_environment_row_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  if (prop_id == PROP_ENVIRONMENT)
    g_value_set_object (value, TIDE_ENVIRONMENT_ROW (object)->environment);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_environment_row_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  if (prop_id == PROP_ENVIRONMENT)
    TIDE_ENVIRONMENT_ROW (object)->environment = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_environment_row_class_init (TideEnvironmentRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_environment_row_constructed;
  object_class->dispose = tide_environment_row_dispose;
  object_class->get_property = tide_environment_row_get_property;
  object_class->set_property = tide_environment_row_set_property;

  properties[PROP_ENVIRONMENT] =
    g_param_spec_object ("environment", NULL, NULL, TIDE_TYPE_ENVIRONMENT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-environment-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, format_status_page);
  gtk_widget_class_bind_template_callback (widget_class, format_status_text);
  gtk_widget_class_bind_template_callback (widget_class, format_count);
}

static void
tide_environment_row_init (TideEnvironmentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tide_environment_row_new (TideEnvironment *environment)
{
  return g_object_new (TIDE_TYPE_ENVIRONMENT_ROW, "environment", environment, NULL);
}

TideEnvironment *
tide_environment_row_get_environment (TideEnvironmentRow *self)
{
  g_return_val_if_fail (TIDE_IS_ENVIRONMENT_ROW (self), NULL);
  return self->environment;
}
