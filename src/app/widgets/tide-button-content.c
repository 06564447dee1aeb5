/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-button-content"

#include "config.h"

#include "widgets/tide-button-content.h"

#include "widgets/tide-children.h"

#define SPACING     6
#define LEAST_CHARS 4 /* fewer of them tell nothing */

struct _TideButtonContent
{
  GtkWidget  parent_instance;

  /* Children */
  GtkWidget *icon;
  GtkWidget *word;
};

enum
{
  PROP_ICON_NAME = 1,
  PROP_LABEL,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideButtonContent, tide_button_content, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
measure_child (GtkWidget      *child,
               GtkOrientation  orientation,
               int            *minimum,
               int            *natural)
{
  gtk_widget_measure (child, orientation, -1, minimum, natural, NULL, NULL);
}

static void
tide_button_content_measure (GtkWidget      *widget,
                             GtkOrientation  orientation,
                             int             for_size,
                             int            *minimum,
                             int            *natural,
                             int            *minimum_baseline,
                             int            *natural_baseline)
{
  TideButtonContent *self = TIDE_BUTTON_CONTENT (widget);
  int least_icon, icon, least_word, word;

  measure_child (self->icon, orientation, &least_icon, &icon);
  measure_child (self->word, orientation, &least_word, &word);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = icon;
      *natural = icon + SPACING + word;
    }
  else
    *minimum = *natural = MAX (icon, word);
}

static void
place (GtkWidget *child,
       int        x,
       int        width,
       int        height)
{
  int least, natural;

  measure_child (child, GTK_ORIENTATION_VERTICAL, &least, &natural);
  gtk_widget_size_allocate (child, &(GtkAllocation) { x, (height - natural) / 2, width, natural }, -1);
}

static void
tide_button_content_size_allocate (GtkWidget *widget,
                                   int        width,
                                   int        height,
                                   int        baseline)
{
  TideButtonContent *self = TIDE_BUTTON_CONTENT (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int least_icon, icon, least_word, word, x;
  gboolean has_word;

  measure_child (self->icon, GTK_ORIENTATION_HORIZONTAL, &least_icon, &icon);
  measure_child (self->word, GTK_ORIENTATION_HORIZONTAL, &least_word, &word);
  has_word = width >= icon + SPACING + least_word;
  word = MIN (word, width - icon - SPACING);
  gtk_widget_set_child_visible (self->word, has_word);
  if (!has_word)
    {
      place (self->icon, (width - icon) / 2, icon, height);
      return;
    }
  x = (width - icon - SPACING - word) / 2;
  place (self->icon, mirrored ? x + word + SPACING : x, icon, height);
  place (self->word, mirrored ? x : x + icon + SPACING, word, height);
}

/* A word that is left out would leave the button without a name. */
static void
name_button (TideButtonContent *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gtk_label_get_label (GTK_LABEL (self->word)), -1);
}

static void
tide_button_content_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_button_content_parent_class)->root (widget);
  name_button (TIDE_BUTTON_CONTENT (widget));
}

static void
tide_button_content_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_button_content_parent_class)->dispose (object);
}

static void
tide_button_content_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  TideButtonContent *self = TIDE_BUTTON_CONTENT (object);

  switch (prop_id)
    {
    case PROP_ICON_NAME: g_value_set_string (value, gtk_image_get_icon_name (GTK_IMAGE (self->icon))); break;
    case PROP_LABEL: g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->word))); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_button_content_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  TideButtonContent *self = TIDE_BUTTON_CONTENT (object);

  switch (prop_id)
    {
    case PROP_ICON_NAME: gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), g_value_get_string (value)); break;
    case PROP_LABEL:
      gtk_label_set_label (GTK_LABEL (self->word), g_value_get_string (value) ? g_value_get_string (value) : "");
      name_button (self);
      break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_button_content_class_init (TideButtonContentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_button_content_dispose;
  object_class->get_property = tide_button_content_get_property;
  object_class->set_property = tide_button_content_set_property;
  widget_class->measure = tide_button_content_measure;
  widget_class->size_allocate = tide_button_content_size_allocate;
  widget_class->root = tide_button_content_root;

  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_button_content_init (TideButtonContent *self)
{
  self->icon = gtk_image_new ();
  self->word = g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", LEAST_CHARS, NULL);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_parent (self->word, GTK_WIDGET (self));
}

void
tide_button_content_set (TideButtonContent *self,
                         const char        *icon_name,
                         const char        *label)
{
  g_return_if_fail (TIDE_IS_BUTTON_CONTENT (self));

  g_object_set (self, "icon-name", icon_name, "label", label, NULL);
}
