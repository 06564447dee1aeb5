/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-desk"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "sql/tide-sql-desk.h"

#include "widgets/tide-children.h"

struct _TideSqlDesk
{
  GtkWidget     parent_instance;

  /* Template widgets */
  AdwTabView   *tabs;
  AdwFlap      *flap;
  GtkStack     *sides;
  GtkBox       *side_buttons;

  /* Owned */
  TideSqlPlace *place;
};

enum
{
  PROP_PLACE = 1,
  PROP_WRITING,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideSqlDesk, tide_sql_desk, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static TideSqlTab *
add_tab (TideSqlDesk *self)
{
  GtkWidget *tab = g_object_new (TIDE_TYPE_SQL_TAB, "place", self->place, NULL);
  AdwTabPage *page = adw_tab_view_append (self->tabs, tab);

  g_object_bind_property (tab, "title", page, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (tab, "busy", page, "loading", G_BINDING_SYNC_CREATE);
  adw_tab_view_set_selected_page (self->tabs, page);
  return TIDE_SQL_TAB (tab);
}

static void
on_selected (TideSqlDesk *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITING]);
}

static gboolean
on_close_page (TideSqlDesk *self,
               AdwTabPage  *page)
{
  adw_tab_view_close_page_finish (self->tabs, page, TRUE);
  if (adw_tab_view_get_n_pages (self->tabs) == 0)
    add_tab (self);
  return GDK_EVENT_STOP;
}

static void
activate_new_tab (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (add_tab (TIDE_SQL_DESK (widget))));
}

static void
activate_close_tab (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  TideSqlDesk *self = TIDE_SQL_DESK (widget);
  AdwTabPage *page = adw_tab_view_get_selected_page (self->tabs);

  if (page != NULL)
    adw_tab_view_close_page (self->tabs, page);
}

/* The name of a side that is shown hides it; that of another one shows that one. */
static void
activate_side (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  TideSqlDesk *self = TIDE_SQL_DESK (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  const char *shown = gtk_stack_get_visible_child_name (self->sides);
  gboolean same = g_strcmp0 (name, shown) == 0;

  gtk_stack_set_visible_child_name (self->sides, name);
  adw_flap_set_reveal_flap (self->flap, !same || !adw_flap_get_reveal_flap (self->flap));
}

static gboolean
tide_sql_desk_grab_focus (GtkWidget *widget)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (TIDE_SQL_DESK (widget));

  return tab != NULL && gtk_widget_grab_focus (GTK_WIDGET (tab));
}

static void
tide_sql_desk_constructed (GObject *object)
{
  G_OBJECT_CLASS (tide_sql_desk_parent_class)->constructed (object);
  add_tab (TIDE_SQL_DESK (object));
}

static void
tide_sql_desk_dispose (GObject *object)
{
  TideSqlDesk *self = TIDE_SQL_DESK (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_DESK);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->place);
  G_OBJECT_CLASS (tide_sql_desk_parent_class)->dispose (object);
}

static void
tide_sql_desk_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  TideSqlDesk *self = TIDE_SQL_DESK (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;
    case PROP_WRITING:
      g_value_set_boolean (value, FALSE);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sql_desk_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  if (prop_id == PROP_PLACE)
    TIDE_SQL_DESK (object)->place = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_sql_desk_class_init (TideSqlDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_sql_desk_constructed;
  object_class->dispose = tide_sql_desk_dispose;
  object_class->get_property = tide_sql_desk_get_property;
  object_class->set_property = tide_sql_desk_set_property;
  widget_class->grab_focus = tide_sql_desk_grab_focus;
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, TIDE_TYPE_SQL_PLACE,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WRITING] = g_param_spec_boolean ("writing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "desk.new-tab", NULL, activate_new_tab);
  gtk_widget_class_install_action (widget_class, "desk.close-tab", NULL, activate_close_tab);
  gtk_widget_class_install_action (widget_class, "desk.side", "s", activate_side);

  g_type_ensure (TIDE_TYPE_SQL_TAB);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-desk.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, tabs);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, flap);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, sides);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, side_buttons);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_close_page);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_desk_init (TideSqlDesk *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

TideSqlPlace *
tide_sql_desk_get_place (TideSqlDesk *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), NULL);
  return self->place;
}

TideSqlTab *
tide_sql_desk_get_tab (TideSqlDesk *self)
{
  AdwTabPage *page;

  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), NULL);

  page = self->tabs == NULL ? NULL : adw_tab_view_get_selected_page (self->tabs);
  return page == NULL ? NULL : TIDE_SQL_TAB (adw_tab_page_get_child (page));
}

static gboolean
is_blank (TideSqlTab *tab)
{
  return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (tide_sql_tab_get_view (tab)))) == 0;
}

TideSqlTab *
tide_sql_desk_open_text (TideSqlDesk *self,
                         const char  *title,
                         const char  *text)
{
  TideSqlTab *tab;

  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  tab = tide_sql_desk_get_tab (self);
  if (tab == NULL || !is_blank (tab))
    tab = add_tab (self);
  tide_sql_tab_set_text (tab, title, text);
  gtk_widget_grab_focus (GTK_WIDGET (tab));
  return tab;
}

void
tide_sql_desk_add_side (TideSqlDesk *self,
                        GtkWidget   *side,
                        const char  *name,
                        const char  *title,
                        const char  *icon_name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  g_return_if_fail (TIDE_IS_SQL_DESK (self));

  gtk_stack_add_titled (self->sides, side, name, title);
  gtk_widget_set_tooltip_text (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "desk.side");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_box_append (self->side_buttons, button);
}

gboolean
tide_sql_desk_is_in_use (TideSqlDesk  *self,
                         char        **why)
{
  return FALSE;
}
