/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-row"

#include "config.h"

#include "drift/tide-drift-node.h"
#include "drift/tide-drift-row.h"
#include "widgets/tide-children.h"

struct _TideDriftRow
{
  GtkWidget        parent_instance;

  /* Template widgets */
  GtkTreeExpander *expander;
  GtkImage        *icon;
  GtkInscription  *title;
  GtkLabel        *counts;
  GtkLabel        *sign;

  /* Owned */
  GtkTreeListRow  *row;
};

enum
{
  PROP_ROW = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideDriftRow, tide_drift_row, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* Most rows look like the one that the widget showed before: each call that changes nothing is one less that lays the row out. */
static void
show_node (TideDriftRow  *self,
           TideDriftNode *node)
{
  g_autofree char *title = NULL;
  g_autofree char *icon_name = NULL;
  g_autofree char *counts = NULL;
  g_autofree char *sign = NULL;
  g_autofree char *style = NULL;
  const char *classes[] = { "drift-sign", NULL, NULL };

  g_object_get (node, "title", &title, "icon-name", &icon_name, "counts", &counts, "sign", &sign, "style", &style, NULL);
  gtk_inscription_set_text (self->title, title);
  if (g_strcmp0 (gtk_image_get_icon_name (self->icon), icon_name) != 0)
    gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_label_set_label (self->counts, counts);
  gtk_widget_set_visible (GTK_WIDGET (self->counts), *counts != '\0');
  gtk_label_set_label (self->sign, sign);
  gtk_widget_set_visible (GTK_WIDGET (self->sign), *sign != '\0');
  classes[1] = *style == '\0' ? NULL : style;
  if (classes[1] == NULL || !gtk_widget_has_css_class (GTK_WIDGET (self->sign), style))
    gtk_widget_set_css_classes (GTK_WIDGET (self->sign), classes);
}

/* Made when it is asked for: a list that is scrolled shows none. */
static gboolean
tide_drift_row_query_tooltip (GtkWidget  *widget,
                              int         x,
                              int         y,
                              gboolean    keyboard_mode,
                              GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_inscription_get_text (TIDE_DRIFT_ROW (widget)->title));
  return TRUE;
}

static void
set_row (TideDriftRow   *self,
         GtkTreeListRow *row)
{
  if (!g_set_object (&self->row, row))
    return;
  gtk_tree_expander_set_list_row (self->expander, row);
  if (row != NULL)
    {
      g_autoptr (TideDriftNode) node = gtk_tree_list_row_get_item (row);

      show_node (self, node);
    }
}

static void
tide_drift_row_dispose (GObject *object)
{
  TideDriftRow *self = TIDE_DRIFT_ROW (object);

  g_clear_object (&self->row);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_DRIFT_ROW);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_drift_row_parent_class)->dispose (object);
}

static void
tide_drift_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  if (prop_id == PROP_ROW)
    g_value_set_object (value, TIDE_DRIFT_ROW (object)->row);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_drift_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  if (prop_id == PROP_ROW)
    set_row (TIDE_DRIFT_ROW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_drift_row_class_init (TideDriftRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_drift_row_dispose;
  object_class->get_property = tide_drift_row_get_property;
  object_class->set_property = tide_drift_row_set_property;
  widget_class->query_tooltip = tide_drift_row_query_tooltip;
  properties[PROP_ROW] = g_param_spec_object ("row", NULL, NULL, GTK_TYPE_TREE_LIST_ROW,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-drift-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDriftRow, expander);
  gtk_widget_class_bind_template_child (widget_class, TideDriftRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TideDriftRow, title);
  gtk_widget_class_bind_template_child (widget_class, TideDriftRow, counts);
  gtk_widget_class_bind_template_child (widget_class, TideDriftRow, sign);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_drift_row_init (TideDriftRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
