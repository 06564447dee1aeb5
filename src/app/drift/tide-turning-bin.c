/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-turning-bin"

#include "config.h"

#include "drift/tide-turning-bin.h"

/* Pixels below which the child stands upright */
#define NARROW 600

struct _TideTurningBin
{
  GtkWidget  parent_instance;

  /* Borrowed: the only child */
  GtkWidget *child;
};

enum
{
  PROP_CHILD = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideTurningBin, tide_turning_bin, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* The least width of @child if it stood @orientation: what it would ask for as it stands must not keep it from turning.
 * Returns: pixels */
static int
measure_width (GtkWidget      *child,
               GtkOrientation  orientation)
{
  gboolean lies = gtk_orientable_get_orientation (GTK_ORIENTABLE (child)) == GTK_ORIENTATION_HORIZONTAL;
  int spacing = GTK_IS_BOX (child) ? gtk_box_get_spacing (GTK_BOX (child)) : 0;
  int side_by_side = -spacing, upright = 0, around;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &around, NULL, NULL, NULL);
  for (GtkWidget *part = gtk_widget_get_first_child (child); part != NULL; part = gtk_widget_get_next_sibling (part))
    {
      int width;

      if (!gtk_widget_should_layout (part))
        continue;
      gtk_widget_measure (part, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
      side_by_side += width + spacing;
      upright = MAX (upright, width);
    }
  around -= lies ? side_by_side : upright;
  return around + (orientation == GTK_ORIENTATION_HORIZONTAL ? side_by_side : upright);
}

static void
tide_turning_bin_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  TideTurningBin *self = TIDE_TURNING_BIN (widget);

  if (self->child == NULL)
    return;
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, minimum_baseline, natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = measure_width (self->child, GTK_ORIENTATION_VERTICAL);
}

static gboolean
ask_again (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       data)
{
  gtk_widget_queue_resize (widget);
  return G_SOURCE_REMOVE;
}

static void
tide_turning_bin_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  TideTurningBin *self = TIDE_TURNING_BIN (widget);
  GtkOrientation orientation = GTK_ORIENTATION_HORIZONTAL;
  int least = 0;

  if (self->child == NULL)
    return;
  if (width < MAX (NARROW, measure_width (self->child, GTK_ORIENTATION_HORIZONTAL)))
    orientation = GTK_ORIENTATION_VERTICAL;
  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->child)) != orientation)
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->child), orientation);
      /* It may need another height than was asked for. Asked for while places are given, it would not be heard. */
      gtk_widget_add_tick_callback (widget, ask_again, NULL, NULL);
    }
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &least, NULL, NULL, NULL);
  gtk_widget_allocate (self->child, width, MAX (height, least), baseline, NULL);
}

static void
set_child (TideTurningBin *self,
           GtkWidget      *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
tide_turning_bin_dispose (GObject *object)
{
  set_child (TIDE_TURNING_BIN (object), NULL);
  G_OBJECT_CLASS (tide_turning_bin_parent_class)->dispose (object);
}

static void
tide_turning_bin_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_CHILD)
    g_value_set_object (value, TIDE_TURNING_BIN (object)->child);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_turning_bin_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (prop_id == PROP_CHILD)
    set_child (TIDE_TURNING_BIN (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_turning_bin_class_init (TideTurningBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_turning_bin_dispose;
  object_class->get_property = tide_turning_bin_get_property;
  object_class->set_property = tide_turning_bin_set_property;
  widget_class->measure = tide_turning_bin_measure;
  widget_class->size_allocate = tide_turning_bin_size_allocate;
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_turning_bin_init (TideTurningBin *self)
{
}
