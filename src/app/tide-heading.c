/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-heading"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-heading.h"

#include "tide-workspace.h"
#include "widgets/tide-children.h"
#include "widgets/tide-kind-label.h"

struct _TideHeading
{
  GtkWidget      parent_instance;

  /* Owned */
  TideWorkspace *workspace;
  TideProfile   *profile;
};

enum
{
  PROP_WORKSPACE = 1,
  PROP_PROFILE,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideHeading, tide_heading, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static char *
format_title (TideHeading *self,
              TideProject *project,
              TideProfile *profile)
{
  char *title = tide_heading_format (project, profile);

  return title ? title : g_strdup (_("Tidemark"));
}

static char *
format_place (TideHeading     *self,
              TideEnvironment *environment,
              TideProfile     *profile)
{
  g_autoptr(TideConninfo) conninfo = NULL;

  if (profile == NULL)
    return g_strdup (environment ? tide_environment_get_name (environment) : "");
  conninfo = tide_profile_dup_conninfo (profile, NULL);
  return tide_conninfo_dup_label (conninfo);
}

static TideKind
format_kind (TideHeading     *self,
             TideEnvironment *environment,
             TideProfile     *profile)
{
  if (profile != NULL)
    return tide_profile_get_kind (profile);
  return environment ? tide_environment_get_kind (environment) : TIDE_KIND_UNKNOWN;
}

static gboolean
format_has_database (TideHeading     *self,
                     TideEnvironment *environment,
                     TideProfile     *profile)
{
  return environment != NULL || profile != NULL;
}

static void
tide_heading_dispose (GObject *object)
{
  TideHeading *self = TIDE_HEADING (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_HEADING);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  g_clear_object (&self->profile);
  G_OBJECT_CLASS (tide_heading_parent_class)->dispose (object);
}

static void
tide_heading_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TideHeading *self = TIDE_HEADING (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE: g_value_set_object (value, self->workspace); break;
    case PROP_PROFILE: g_value_set_object (value, self->profile); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_heading_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TideHeading *self = TIDE_HEADING (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE: g_set_object (&self->workspace, g_value_get_object (value)); break;
    case PROP_PROFILE: g_set_object (&self->profile, g_value_get_object (value)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_heading_class_init (TideHeadingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_heading_dispose;
  object_class->get_property = tide_heading_get_property;
  object_class->set_property = tide_heading_set_property;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE, flags);
  properties[PROP_PROFILE] = g_param_spec_object ("profile", NULL, NULL, TIDE_TYPE_PROFILE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-heading.ui");
  gtk_widget_class_bind_template_callback (widget_class, format_title);
  gtk_widget_class_bind_template_callback (widget_class, format_place);
  gtk_widget_class_bind_template_callback (widget_class, format_kind);
  gtk_widget_class_bind_template_callback (widget_class, format_has_database);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
tide_heading_init (TideHeading *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

char *
tide_heading_format (TideProject *project,
                     TideProfile *profile)
{
  if (profile != NULL)
    return g_strdup (tide_profile_get_name (profile));
  return project ? tide_project_dup_name (project) : NULL;
}
