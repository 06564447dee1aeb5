/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-page"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-page.h"

#include "tide-workspace.h"
#include "widgets/tide-children.h"

struct _TideSqlPage
{
  GtkWidget      parent_instance;

  /* Children */
  GtkStack      *stack; /* of desks, by the key of their place */

  /* Owned */
  TideWorkspace *workspace;
  TideProfile   *profile;
  gboolean       of_profiles; /* never of environments */
};

enum
{
  PROP_WORKSPACE = 1,
  PROP_PROFILE,
  PROP_WRITING,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideSqlPage, tide_sql_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
on_writing_changed (TideSqlPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITING]);
}

static void
add_desk (TideSqlPage  *self,
          TideSqlPlace *place)
{
  GtkWidget *desk = g_object_new (TIDE_TYPE_SQL_DESK, "place", place, "workspace", self->workspace, NULL);

  g_signal_connect_object (desk, "notify::writing", G_CALLBACK (on_writing_changed), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, desk, tide_sql_place_get_key (place));
}

/* Desks of environments that are not there any more stay: their texts may be wanted, and their sessions are open. */
static void
show_desk (TideSqlPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideProject *project = tide_workspace_get_project (self->workspace);
  g_autoptr(TideSqlPlace) place = NULL;
  GtkWidget *desk;

  if (self->profile != NULL)
    place = tide_sql_place_new_for_profile (self->profile);
  else if (environment != NULL && !self->of_profiles)
    place = tide_sql_place_new_for_environment (environment, project ? tide_project_get_root (project) : NULL);
  if (place == NULL)
    return;
  desk = gtk_stack_get_child_by_name (self->stack, tide_sql_place_get_key (place));
  if (desk == NULL)
    add_desk (self, place);
  else
    tide_sql_place_take (tide_sql_desk_get_place (TIDE_SQL_DESK (desk)), place);
  gtk_stack_set_visible_child_name (self->stack, tide_sql_place_get_key (place));
  on_writing_changed (self);
}

static gboolean
tide_sql_page_grab_focus (GtkWidget *widget)
{
  TideSqlDesk *desk = tide_sql_page_get_desk (TIDE_SQL_PAGE (widget));

  return desk != NULL && gtk_widget_grab_focus (GTK_WIDGET (desk));
}

static void
tide_sql_page_constructed (GObject *object)
{
  TideSqlPage *self = TIDE_SQL_PAGE (object);

  G_OBJECT_CLASS (tide_sql_page_parent_class)->constructed (object);
  g_signal_connect_object (self->workspace, "notify::environment", G_CALLBACK (show_desk), self,
                           G_CONNECT_SWAPPED);
  show_desk (self);
}

static void
tide_sql_page_dispose (GObject *object)
{
  TideSqlPage *self = TIDE_SQL_PAGE (object);

  tide_children_unparent (GTK_WIDGET (self));
  self->stack = NULL;
  g_clear_object (&self->workspace);
  g_clear_object (&self->profile);
  G_OBJECT_CLASS (tide_sql_page_parent_class)->dispose (object);
}

static void
tide_sql_page_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  TideSqlPage *self = TIDE_SQL_PAGE (object);
  TideSqlDesk *desk = tide_sql_page_get_desk (self);
  gboolean writing = FALSE;

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;
    case PROP_PROFILE:
      g_value_set_object (value, self->profile);
      break;
    case PROP_WRITING:
      if (desk != NULL)
        g_object_get (desk, "writing", &writing, NULL);
      g_value_set_boolean (value, writing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sql_page_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  TideSqlPage *self = TIDE_SQL_PAGE (object);

  if (prop_id == PROP_WORKSPACE)
    self->workspace = g_value_dup_object (value);
  else if (prop_id == PROP_PROFILE)
    {
      g_set_object (&self->profile, g_value_get_object (value));
      self->of_profiles = self->of_profiles || self->profile != NULL;
      if (self->profile != NULL && self->workspace != NULL)
        show_desk (self);
    }
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_sql_page_class_init (TideSqlPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_sql_page_constructed;
  object_class->dispose = tide_sql_page_dispose;
  object_class->get_property = tide_sql_page_get_property;
  object_class->set_property = tide_sql_page_set_property;
  widget_class->grab_focus = tide_sql_page_grab_focus;
  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROFILE] = g_param_spec_object ("profile", NULL, NULL, TIDE_TYPE_PROFILE,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  properties[PROP_WRITING] = g_param_spec_boolean ("writing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_page_init (TideSqlPage *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_widget_set_parent (GTK_WIDGET (self->stack), GTK_WIDGET (self));
}

TideSqlDesk *
tide_sql_page_get_desk (TideSqlPage *self)
{
  GtkWidget *child;

  g_return_val_if_fail (TIDE_IS_SQL_PAGE (self), NULL);

  child = self->stack == NULL ? NULL : gtk_stack_get_visible_child (self->stack);
  return child == NULL ? NULL : TIDE_SQL_DESK (child);
}

gboolean
tide_sql_page_is_in_use (TideSqlPage  *self,
                         char        **why)
{
  g_return_val_if_fail (TIDE_IS_SQL_PAGE (self), FALSE);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (tide_sql_desk_is_in_use (TIDE_SQL_DESK (child), why))
      return TRUE;
  return FALSE;
}
