/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sidebar"

#include "config.h"

#include "tide-sidebar.h"

#include "connections/tide-profile-row.h"
#include "tide-environment-row.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-lazy.h"

struct _TideSidebar
{
  GtkWidget         parent_instance;

  /* Template widgets */
  GtkListBox       *environment_list;
  GtkListBox       *profile_list;
  GtkWidget        *environment_section;
  GtkWidget        *notes_button;
  GtkLabel         *notes_label;
  GtkWidget        *no_profiles;
  GtkMenuButton    *add_button;
  GMenuModel       *add_menu;

  /* Owned */
  TideWorkspace    *workspace;
  TideProfileStore *profiles;
  GObject          *selected;
};

enum
{
  PROP_WORKSPACE = 1,
  PROP_PROFILES,
  PROP_SELECTED,
  N_PROPS,
};

enum
{
  ACTIVATED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideSidebar, tide_sidebar, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gpointer
row_get_item (GtkListBoxRow *row)
{
  if (TIDE_IS_ENVIRONMENT_ROW (row))
    return tide_environment_row_get_environment (TIDE_ENVIRONMENT_ROW (row));
  return tide_profile_row_get_profile (TIDE_PROFILE_ROW (row));
}

static GtkWidget *
create_environment_row (gpointer item,
                        gpointer user_data)
{
  return tide_environment_row_new (item);
}

static GtkWidget *
create_profile_row (gpointer item,
                    gpointer user_data)
{
  return tide_profile_row_new (item);
}

/* One selection over both lists: the row of "selected", wherever it stands */
static void
select_row_of (GtkListBox *list,
               GObject    *item)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
    if (row_get_item (row) == (gpointer) item)
      {
        gtk_list_box_select_row (list, row);
        return;
      }
  gtk_list_box_unselect_all (list);
}

/* What the command line warns of */
static void
update_notes (TideSidebar *self)
{
  TideProject *project = self->workspace ? tide_workspace_get_project (self->workspace) : NULL;
  GPtrArray *warnings = project ? tide_project_get_warnings (project) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    {
      g_autofree char *warning = tide_error_dup_text (g_ptr_array_index (warnings, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n\n" : "", warning);
    }
  gtk_label_set_label (self->notes_label, text->str);
  gtk_widget_set_visible (self->notes_button, text->len > 0);
}

static void
tide_sidebar_update_rows (TideSidebar *self)
{
  gboolean any_environment = FALSE;
  gboolean any_profile = FALSE;

  if (self->workspace != NULL)
    any_environment = g_list_model_get_n_items (tide_workspace_get_environments (self->workspace)) > 0;
  if (self->profiles != NULL)
    any_profile = g_list_model_get_n_items (G_LIST_MODEL (self->profiles)) > 0;

  update_notes (self);
  gtk_widget_set_visible (self->environment_section, any_environment);
  gtk_widget_set_visible (self->no_profiles, !any_profile);
  gtk_widget_set_visible (GTK_WIDGET (self->profile_list), any_profile);
  select_row_of (self->environment_list, self->selected);
  select_row_of (self->profile_list, self->selected);
}

static void
row_activated_cb (GtkListBox    *list,
                  GtkListBoxRow *row,
                  TideSidebar   *self)
{
  tide_sidebar_set_selected (self, row_get_item (row));
  g_signal_emit (self, signals[ACTIVATED], 0);
}

/* Arrow keys leave a list at its end for the next one. */
static gboolean
keynav_failed_cb (GtkListBox       *list,
                  GtkDirectionType  direction,
                  TideSidebar      *self)
{
  GtkListBox *other = list == self->environment_list ? self->profile_list : self->environment_list;

  if ((direction == GTK_DIR_DOWN) != (list == self->environment_list))
    return FALSE;
  return gtk_widget_child_focus (GTK_WIDGET (other), direction);
}

static void
tide_sidebar_set_workspace (TideSidebar   *self,
                            TideWorkspace *workspace)
{
  GListModel *environments;

  if (!g_set_object (&self->workspace, workspace) || workspace == NULL)
    return;

  environments = tide_workspace_get_environments (workspace);
  gtk_list_box_bind_model (self->environment_list, environments, create_environment_row, NULL, NULL);
  g_signal_connect_object (environments, "items-changed",
                           G_CALLBACK (tide_sidebar_update_rows), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (workspace, "notify::project", G_CALLBACK (update_notes), self, G_CONNECT_SWAPPED);
  tide_sidebar_update_rows (self);
}

static void
tide_sidebar_set_profiles (TideSidebar      *self,
                           TideProfileStore *profiles)
{
  if (!g_set_object (&self->profiles, profiles) || profiles == NULL)
    return;

  gtk_list_box_bind_model (self->profile_list, G_LIST_MODEL (profiles), create_profile_row, NULL, NULL);
  g_signal_connect_object (profiles, "items-changed", G_CALLBACK (tide_sidebar_update_rows), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  tide_sidebar_update_rows (self);
}

static void
tide_sidebar_dispose (GObject *object)
{
  TideSidebar *self = TIDE_SIDEBAR (object);

  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  g_clear_object (&self->profiles);
  g_clear_object (&self->selected);
  G_OBJECT_CLASS (tide_sidebar_parent_class)->dispose (object);
}

static void
tide_sidebar_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TideSidebar *self = TIDE_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE: g_value_set_object (value, self->workspace); break;
    case PROP_PROFILES: g_value_set_object (value, self->profiles); break;
    case PROP_SELECTED: g_value_set_object (value, self->selected); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sidebar_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TideSidebar *self = TIDE_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE: tide_sidebar_set_workspace (self, g_value_get_object (value)); break;
    case PROP_PROFILES: tide_sidebar_set_profiles (self, g_value_get_object (value)); break;
    case PROP_SELECTED: tide_sidebar_set_selected (self, g_value_get_object (value)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sidebar_class_init (TideSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_sidebar_dispose;
  object_class->get_property = tide_sidebar_get_property;
  object_class->set_property = tide_sidebar_set_property;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE, flags);
  properties[PROP_PROFILES] = g_param_spec_object ("profiles", NULL, NULL, TIDE_TYPE_PROFILE_STORE, flags);
  properties[PROP_SELECTED] = g_param_spec_object ("selected", NULL, NULL, G_TYPE_OBJECT, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACTIVATED] = g_signal_new ("activated", TIDE_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, environment_list);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, profile_list);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, environment_section);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, notes_button);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, notes_label);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, no_profiles);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, add_button);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, add_menu);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, keynav_failed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sidebar_init (TideSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_lazy_set_menu (self->add_button, self->add_menu);
}

void
tide_sidebar_set_selected (TideSidebar *self,
                           GObject     *item)
{
  g_return_if_fail (TIDE_IS_SIDEBAR (self));

  if (!g_set_object (&self->selected, item))
    return;
  tide_sidebar_update_rows (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}
