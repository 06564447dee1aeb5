/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tab"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "sql/tide-sql-tab.h"

#include "widgets/tide-children.h"
#include "widgets/tide-sql-buffer.h"

struct _TideSqlTab
{
  GtkWidget        parent_instance;

  /* Template widgets */
  GtkSourceView   *view;
  GtkSourceBuffer *buffer;

  /* Owned */
  TideSqlPlace    *place;
  char            *title;
};

enum
{
  PROP_PLACE = 1,
  PROP_TITLE,
  PROP_MODIFIED,
  PROP_BUSY,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideSqlTab, tide_sql_tab, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static gboolean
tide_sql_tab_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TIDE_SQL_TAB (widget)->view));
}

static void
tide_sql_tab_dispose (GObject *object)
{
  TideSqlTab *self = TIDE_SQL_TAB (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_TAB);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->place);
  g_clear_pointer (&self->title, g_free);
  G_OBJECT_CLASS (tide_sql_tab_parent_class)->dispose (object);
}

static void
tide_sql_tab_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TideSqlTab *self = TIDE_SQL_TAB (object);

  switch (prop_id)
    {
    case PROP_PLACE: g_value_set_object (value, self->place); break;
    case PROP_TITLE: g_value_set_string (value, self->title ? self->title : _("Query")); break;
    case PROP_MODIFIED: g_value_set_boolean (value, gtk_text_buffer_get_modified (GTK_TEXT_BUFFER (self->buffer))); break;
    case PROP_BUSY: g_value_set_boolean (value, FALSE); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sql_tab_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  if (prop_id == PROP_PLACE)
    TIDE_SQL_TAB (object)->place = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_sql_tab_class_init (TideSqlTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_sql_tab_dispose;
  object_class->get_property = tide_sql_tab_get_property;
  object_class->set_property = tide_sql_tab_set_property;
  widget_class->grab_focus = tide_sql_tab_grab_focus;
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, TIDE_TYPE_SQL_PLACE,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, readable);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, view);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, buffer);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_tab_init (TideSqlTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_sql_buffer_prepare (self->buffer);
}

TideSqlPlace *
tide_sql_tab_get_place (TideSqlTab *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), NULL);
  return self->place;
}

GtkSourceView *
tide_sql_tab_get_view (TideSqlTab *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), NULL);
  return self->view;
}

char *
tide_sql_tab_dup_text (TideSqlTab *self)
{
  char *text = NULL;

  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), NULL);

  g_object_get (self->buffer, "text", &text, NULL);
  return text;
}

void
tide_sql_tab_set_text (TideSqlTab *self,
                       const char *title,
                       const char *text)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  g_free (self->title);
  self->title = g_strdup (title);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), text, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}
