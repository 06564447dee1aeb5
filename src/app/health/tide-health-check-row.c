/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-check-row"

#include "config.h"

#include "health/tide-health-check-row.h"

/* What stands between the title and the text, and what a text wants to itself at least: in pixels */
#define SPACING   3
#define MIN_WIDTH 120

struct _TideHealthCheckRow
{
  AdwPreferencesRow parent_instance;

  /* Borrowed */
  GtkWidget *header;
  GtkWidget *title;
  GtkWidget *subtitle;
};

enum
{
  PROP_SUBTITLE = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideHealthCheckRow, tide_health_check_row, ADW_TYPE_PREFERENCES_ROW)

static GParamSpec *properties[N_PROPS];

static GtkSizeRequestMode
get_request_mode (GtkWidget *box)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_texts (GtkWidget      *box,
               GtkOrientation  orientation,
               int             for_size,
               int            *minimum,
               int            *natural,
               int            *minimum_baseline,
               int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : SPACING;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      gtk_widget_measure (child, orientation, for_size, &child_minimum, &child_natural, NULL, NULL);
      *minimum += child_minimum;
      *natural += child_natural;
    }
}

static void
allocate_texts (GtkWidget *box,
                int        width,
                int        height,
                int        baseline)
{
  GtkAllocation place = { 0, 0, width, 0 };

  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &place.height, NULL, NULL, NULL);
      gtk_widget_size_allocate (child, &place, -1);
      place.y += place.height + SPACING;
    }
}

static void
tide_health_check_row_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  if (prop_id == PROP_SUBTITLE)
    g_value_set_string (value, gtk_label_get_label (GTK_LABEL (TIDE_HEALTH_CHECK_ROW (object)->subtitle)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_health_check_row_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  GtkLabel *subtitle = GTK_LABEL (TIDE_HEALTH_CHECK_ROW (object)->subtitle);

  /* Most checks say the same when they are read again: nothing is to be laid out anew */
  if (prop_id == PROP_SUBTITLE && g_strcmp0 (gtk_label_get_label (subtitle), g_value_get_string (value)) != 0)
    gtk_label_set_markup (subtitle, g_value_get_string (value));
  else if (prop_id != PROP_SUBTITLE)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_health_check_row_class_init (TideHealthCheckRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = tide_health_check_row_get_property;
  object_class->set_property = tide_health_check_row_set_property;

  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_health_check_row_init (TideHealthCheckRow *self)
{
  GtkWidget *texts = g_object_new (GTK_TYPE_BOX, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);

  gtk_widget_set_layout_manager (texts, gtk_custom_layout_new (get_request_mode, measure_texts, allocate_texts));
  gtk_widget_add_css_class (texts, "title");
  self->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  self->subtitle = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  gtk_widget_add_css_class (self->title, "title");
  gtk_widget_add_css_class (self->subtitle, "subtitle");
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), self->subtitle);
  self->header = g_object_new (GTK_TYPE_BOX, "valign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (self->header, "header");
  gtk_box_append (GTK_BOX (self->header), texts);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), self->header);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->subtitle, NULL, -1);
}

GtkWidget *
tide_health_check_row_new (const char *title)
{
  TideHealthCheckRow *self = g_object_new (TIDE_TYPE_HEALTH_CHECK_ROW, "title", title, "use-markup", FALSE, "visible", FALSE, NULL);

  gtk_label_set_label (GTK_LABEL (self->title), title);
  return GTK_WIDGET (self);
}

void
tide_health_check_row_add_icon (TideHealthCheckRow *self,
                                GtkWidget          *icon)
{
  g_return_if_fail (TIDE_IS_HEALTH_CHECK_ROW (self));
  gtk_widget_set_margin_end (icon, 6); /* as wide as between the parts of an AdwActionRow */
  gtk_box_prepend (GTK_BOX (self->header), icon);
}

void
tide_health_check_row_add_button (TideHealthCheckRow *self,
                                  GtkWidget          *button)
{
  g_return_if_fail (TIDE_IS_HEALTH_CHECK_ROW (self));
  gtk_box_append (GTK_BOX (self->header), button);
}
